// What a test has to find in a database without the road that leads there: a clock that runs, a question that waits for a
// decision, a restriction that nobody at hand made.

package import Domain
internal import SQLite
internal import Storage

extension ScratchDatabase {
    /// Restricts a referral to the bearers of tokens, and to nobody who broke the glass before.
    package func restrict(_ referral: String, to people: [String]) async throws {
        let id = try Self.id(referral, of: ReferralTag.self)
        let tokens = try people.map { try Self.id($0, of: TokenTag.self) }
        try await database.write { tx in
            let store = RestrictionStore(tx.db)
            _ = try store.end(id)
            try store.restrict(id, to: tokens, reason: "Threats.", at: tx.now)
        }
    }

    /// A task to find out why somebody's step takes longer, for a role, of an organisation where it is not the candidate's.
    package func addTask(about referral: String, for role: Role, of organisation: String?) async throws -> String {
        let id = try Self.id(referral, of: ReferralTag.self)
        let owner = try organisation.map { try Self.id($0, of: OrganisationTag.self) }
        return try await database.write { tx in
            let task = CaseTask(.stalledStep, id: tx.newIdentifier(), about: id, role: role, of: owner, at: tx.now)
            _ = try TaskStore(tx.db).insert(task, by: Actor.clockwork.token)
            return task.id.description
        }
    }

    /// A clock that runs, or stands still on a ground given by hand.
    package func addClock(of referral: String, isPaused: Bool) async throws -> String {
        let id = try Self.id(referral, of: ReferralTag.self)
        return try await database.write { tx in
            let today = AmsterdamTime.day(of: tx.now)
            var clock = Clock(
                .decision, id: tx.newIdentifier(), object: tx.newIdentifier(), startedOn: today, term: .days(30),
                regionVersion: 0)
            try ClockStore(tx.db).insert([clock], of: id)
            if isPaused, clock.pause(.forceMajeure, on: today) {
                try ClockStore(tx.db).update(clock, of: id, on: today)
            }
            return clock.id.description
        }
    }

    /// A request to be forgotten that nobody has decided on: the one that waits, or another.
    package func addErasureRequest(of referral: String) async throws -> String {
        let id = try Self.id(referral, of: ReferralTag.self)
        return try await database.write { tx in
            let store = ErasureStore(tx.db)
            if let open = try store.list(of: id).first(where: { $0.outcome == nil }) { return open.id.description }
            let request = ErasureRequest(id: tx.newIdentifier(), requestedAt: tx.now, role: .candidate)
            try store.insert(request, of: id)
            return request.id.description
        }
    }

    /// An objection that nobody has decided on, to a decision like the last.
    package func addObjection(of referral: String) async throws -> String {
        let id = try Self.id(referral, of: ReferralTag.self)
        return try await database.write { tx in
            let decision = tx.newIdentifier(of: Decision.self)
            try tx.db.run(
                """
                INSERT INTO decision (id, referral_id, kind, at, form, profile_version, urgency, advice)
                VALUES (?, ?, 'admit', ?, 'independent', 1, 'regular', '')
                """, decision, id, tx.now)
            let objection = Objection(
                id: tx.newIdentifier(), lodgedAt: tx.now, lodgedBy: .candidate, text: "I was not heard.",
                objectionDueOn: AmsterdamTime.day(of: tx.now))
            try ObjectionStore(tx.db).insert(objection, to: decision, of: id)
            return objection.id.description
        }
    }

    /// An access in an emergency, by the bearer of a token, that nobody has judged.
    package func addEmergency(of referral: String, by token: String) async throws -> String {
        let id = try Self.id(referral, of: ReferralTag.self)
        let bearer = try Self.id(token, of: TokenTag.self)
        return try await database.write { tx in
            let access = EmergencyAccess(
                id: tx.newIdentifier(), referral: id, token: bearer, reason: "Somebody is in danger.", openedAt: tx.now)
            try RestrictionStore(tx.db).insert(access)
            return access.id.description
        }
    }

    /// Refuses a request for a correction.
    package func refuseCorrection(_ request: String, of referral: String) async throws {
        let id = try Self.id(referral, of: ReferralTag.self)
        try await database.write { tx in
            let store = CorrectionStore(tx.db)
            for var found in try store.list(of: id) where found.id.description == request {
                found.outcome = .refused
                found.note = "The clinic says so."
                found.decidedAt = tx.now
                _ = try store.decide(found)
            }
        }
    }

    private struct NotAnIdentifier: Error {}

    private static func id<Tag>(_ text: String, of tag: Tag.Type) throws -> Identifier<Tag> {
        guard let id = Identifier<Tag>(text) else { throw NotAnIdentifier() }
        return id
    }
}
