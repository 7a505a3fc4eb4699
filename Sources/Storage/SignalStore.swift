// The tables `signal`, `signal_person` and `signal_response`: early warnings, whom they are about while that is nobody known
// here, and what was done. A part that a reader may not see of a signal is not read.

package import Domain
package import SQLite

/// What a list of signals is narrowed to.
package struct SignalFilter: Sendable, Equatable {
    package var state: SignalState?
    package var kind: SignalKind?
    package var referral: ReferralID?

    /// Every signal.
    package init() {}
}

/// The signals.
package struct SignalStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    // MARK: Reading

    /// A signal, if it is in what its reader may know of, with what the reader may see of it.
    package func find(_ id: SignalID, for actor: Actor) throws -> Signal? {
        for one in ScopeSQL.oneSignal(AccessPolicy.signals(visibleTo: actor)) {
            var select = SelectSQL(Self.head(one.source, for: actor), where: one.scope)
            select.and("\(one.key) = ?", id.value)
            if let signal = try select.first(db, read: Self.signal) { return try whole(signal, for: actor) }
        }
        return nil
    }

    /// A page of signals, newest first, without what was done about each.
    package func list(
        _ filter: SignalFilter, for actor: Actor, page: PageRequest<SignalID>
    ) throws -> Page<Signal, SignalID> {
        let visibility = AccessPolicy.signals(visibleTo: actor)
        var select = SelectSQL(
            Self.head("signal g LEFT JOIN referral r ON r.id = g.referral_id", for: actor),
            where: ScopeSQL.signals(visibility))
        if let state = filter.state { select.and("g.status = ?", .text(state.rawValue)) }
        if let kind = filter.kind { select.and("g.kind = ?", .text(kind.rawValue)) }
        if let referral = filter.referral { select.and("g.referral_id = ?", referral.value) }
        if let id = page.after { select.and("g.id < ?", id.value) }
        select.order(by: "g.id DESC", limit: page.limit)
        return Page(try select.all(db, read: Self.signal), limit: page.limit) { $0.id }
    }

    /// Every signal about a referral, oldest first, for who may see it.
    package func list(of referral: ReferralID, for actor: Actor) throws -> [Signal] {
        var filter = SignalFilter()
        filter.referral = referral
        return try list(filter, for: actor, page: PageRequest(limit: 1000)).items.reversed()
            .map { try whole($0, for: actor) }
    }

    // Whether the reader gave a signal; written with the reader's own id, which is no text of anybody's.
    private static func isOwn(_ actor: Actor) -> String {
        let hex = actor.organisation.bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        return "(g.organisation_id = x'\(hex)' AND (g.role = 'candidate') = \(actor.role == .candidate ? 1 : 0))"
    }

    /// `column` as far as a group of fields is shown of one's own signals and of others'.
    private static func shown(_ column: String, _ group: FieldGroups, to actor: Actor) -> String {
        let stages = SignalStage.allCases.map { AccessPolicy.groups(actor.role, .signal($0)).contains(group) }
        switch (stages[0], stages[1]) {
        case (true, true): return column
        case (true, false): return "iif(\(isOwn(actor)), \(column), NULL)"
        case (false, true): return "iif(\(isOwn(actor)), NULL, \(column))"
        case (false, false): return "NULL"
        }
    }

    private static func head(_ source: String, for actor: Actor) -> String {
        let name = ["given_name", "infix", "family_name", "birth_date"].map { shown("p.\($0)", .identity, to: actor) }
        let contact = ["phone", "email"].map { shown("p.\($0)", .contact, to: actor) }
        return """
            SELECT g.id, g.kind, g.status, g.referral_id, g.tenancy_id, g.municipality, g.organisation_id, g.role, g.at,
                g.closed_at, g.version, \(shown("g.note", .signalWords, to: actor)), g.is_linked,
                \((name + contact).joined(separator: ", "))
            FROM \(source) LEFT JOIN signal_person p ON p.signal_id = g.id
            """
    }

    private static func signal(_ row: borrowing Row) -> Signal {
        var signal = Signal(
            id: row.id(0), kind: row.code(1, otherwise: .crisis), referral: row.optionalID(3),
            tenancy: row.optionalID(4), municipality: row.municipality(5), organisation: row.id(6),
            role: row.code(7, otherwise: .intaker), at: row.instant(8))
        signal.state = row.code(2, otherwise: .open)
        signal.closedAt = row.optionalInstant(9)
        signal.version = row.int(10)
        signal.note = row.optionalText(11)
        signal.isLinked = row.bool(12)
        if let family = row.optionalText(15) {
            signal.person = SignalPerson(
                givenName: row.optionalText(13), infix: row.optionalText(14), familyName: family,
                birthDate: row.optionalDate(16),
                contact: Contact(phone: row.optionalText(17), email: row.optionalText(18)))
        }
        return signal
    }

    // With what was done, and who it may be, for those who may know that.
    private func whole(_ signal: Signal, for actor: Actor) throws -> Signal {
        let groups = AccessPolicy.groups(actor.role, .signal(signal.stage(for: actor)))
        var whole = signal
        if groups.contains(.decision) { whole.responses = try responses(to: signal.id) }
        if groups.contains(.duplicates), let identity = signal.person?.identity {
            whole.possibleReferrals = try LinkStore(db).likely(
                nil, identity: identity, bsn: nil, openOnly: false, in: AccessPolicy.referrals(visibleTo: actor)
            ).map { PossibleDuplicate(id: $0.id, basis: $0.basis) }
        }
        return whole
    }

    private func responses(to signal: SignalID) throws -> [SignalResponse] {
        try db.all("SELECT outcome, at, role, note FROM signal_response WHERE signal_id = ? ORDER BY id", signal) {
            SignalResponse(
                outcome: $0.code(0, otherwise: .notReached), at: $0.instant(1), role: $0.code(2, otherwise: .intaker),
                note: $0.optionalText(3))
        }
    }

    // MARK: Writing

    /// Adds a signal, with the person when they are not known here.
    package func insert(
        _ signal: Signal, landlord: OrganisationID?, preconditions: Set<ArrearsPrecondition>, by token: TokenID
    ) throws {
        let said = ArrearsPrecondition.allCases.filter(preconditions.contains)
        try db.run(
            """
            INSERT INTO signal (id, referral_id, tenancy_id, landlord_id, municipality, kind, preconditions, note,
                organisation_id, role, token_id, at, status, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', 1)
            """,
            signal.id, signal.referral, signal.tenancy, landlord, signal.municipality, Code(signal.kind), said.codes,
            signal.note, signal.organisation, Code(signal.role), token, signal.at)
        guard let person = signal.person else { return }
        try db.run(
            """
            INSERT INTO signal_person (signal_id, given_name, infix, family_name, birth_date, phone, email)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            signal.id, person.givenName, person.infix, person.familyName, person.birthDate, person.contact.phone,
            person.contact.email)
    }

    /// Adds what somebody did about a signal.
    package func insert(
        _ response: SignalResponse, id: Identifier<SignalResponse>, to signal: SignalID, by token: TokenID
    ) throws {
        try db.run(
            "INSERT INTO signal_response (id, signal_id, outcome, at, role, token_id, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
            id, signal, Code(response.outcome), response.at, Code(response.role), token, response.note)
    }

    /// Writes how a signal stands now, if its row still has the version before; false when somebody was first. Once it is
    /// about a referral, that knows the person, and the signal forgets them.
    package func update(_ signal: Signal, landlord: OrganisationID? = nil) throws -> Bool {
        let written =
            try db.run(
                """
                UPDATE signal SET referral_id = ?, is_linked = ?, tenancy_id = ?, landlord_id = coalesce(?, landlord_id),
                    status = ?, closed_at = ?, version = ?
                WHERE id = ? AND version = ?
                """,
                signal.referral, signal.isLinked, signal.tenancy, landlord, Code(signal.state), signal.closedAt,
                signal.version, signal.id, signal.version - 1) > 0
        if written, signal.referral != nil,
            try db.run("DELETE FROM signal_person WHERE signal_id = ?", signal.id) > 0
        {
            // They stand in the answer as well that is kept for whoever gave it.
            try IdempotencyStore(db).forget(about: signal.id)
        }
        return written
    }

    /// Takes the person and every word from signals about nobody's referral that were closed before a moment; how many.
    package func forget(closedBefore moment: Instant, limit: Int) throws -> Int {
        let old: [SignalID] = try db.all(
            """
            SELECT p.signal_id FROM signal_person p JOIN signal g ON g.id = p.signal_id
            WHERE g.status = 'closed' AND g.closed_at < ? ORDER BY p.signal_id LIMIT ?
            """, moment, limit
        ) { $0.id(0) }
        for id in old {
            try db.run("DELETE FROM signal_person WHERE signal_id = ?", id)
            try db.run("UPDATE signal SET note = NULL WHERE id = ?", id)
            try db.run("UPDATE signal_response SET note = NULL WHERE signal_id = ?", id)
            let tasks = TaskStore.about("VALUES (?1)")
            try db.run(SQL(dynamic: "UPDATE task SET note = NULL WHERE id IN (\(tasks))"), id)
            try db.run(SQL(dynamic: "UPDATE task_event SET note = NULL WHERE task_id IN (\(tasks))"), id)
        }
        return old.count
    }
}
