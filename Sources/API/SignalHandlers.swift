// The routes of signals: early warnings, from whoever notices, and what was done about them.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum SignalHandlers {
    static func give(_ exchange: Exchange) async throws -> Answer {
        let role = exchange.caller.actor.role
        let draft = try exchange.form {
            SignalForms.draft(&$0, role: role, own: exchange.caller.actor.referral, today: exchange.today)
        }
        return try await changed(exchange) { try GiveSignal.run(draft, by: $0, in: $1) }
    }

    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        var filter = SignalFilter()
        filter.state = query.choice("status", as: SignalState.self)
        filter.kind = query.choice("kind", as: SignalKind.self)
        let page = query.page { Cursor.id($0, of: SignalTag.self) }
        try query.finish()
        return try await exchange.look {
            try Signals.list(filter, page: page, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
                SignalJSON.write($1, for: exchange.caller.actor, to: &$0)
            }
        }
    }

    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: SignalTag.self)
        return try await exchange.look {
            try Signals.find(id, by: exchange.caller, in: $0)
        } answer: { signal in
            Answer.ok(version: signal.version) { writer in
                writer.object { SignalJSON.write(signal, for: exchange.caller.actor, isWhole: true, to: &$0) }
            }
        }
    }

    static func respond(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: SignalTag.self)
        let (outcome, referral, note) = try exchange.form(SignalForms.response)
        let precondition = try exchange.optionalPrecondition()
        return try await changed(exchange) {
            try Signals.respond(to: id, outcome, referral: referral, note: note, if: precondition, by: $0, in: $1)
        }
    }

    private static func changed(
        _ exchange: Exchange, _ change: @escaping @Sendable (Caller, WriteTransaction) throws -> Signal
    ) async throws -> Answer {
        let caller = exchange.caller
        return try await exchange.write { tx in
            let signal = try change(caller, tx)
            let groups = AccessPolicy.groups(caller.actor.role, .signal(signal.stage(for: caller.actor)))
            return .created(
                at: "/v1/signals/\(signal.id)", version: signal.version,
                showing: Showing(groups, of: .signal(signal.id), about: signal.referral)
            ) { writer in
                writer.object { SignalJSON.write(signal, for: caller.actor, isWhole: true, to: &$0) }
            }
        }
    }
}

enum SignalForms {
    static func draft(
        _ form: inout ObjectReader, role: Role, own: ReferralID?, today: CivilDate
    ) -> SignalDraft? {
        let kind = form.choice("kind", as: SignalKind.self)
        let subject = Self.subject(&form, own, today)
        let note = form.string("note", .optional, length: 1...2000)
        let isNeeded = kind == .arrears && role != .candidate
        let said = form.object("arrears", .optional) { Self.preconditions(&$0, areNeeded: isNeeded) }
        guard let kind else { return nil }
        if form.has("arrears"), kind != .arrears {
            form.fault("arrears", code: "unknown-field", text: "Belongs to a signal of arrears.")
        }
        if isNeeded, !form.has("arrears") {
            for condition in ArrearsPrecondition.allCases {
                form.fault("arrears", code: "required", text: text(condition))
            }
        }
        guard let subject else { return nil }
        return SignalDraft(kind: kind, subject: subject, note: note, preconditions: said ?? [])
    }

    // A fault for each that is missing, so that a landlord can tell what has to be done first.
    private static func preconditions(
        _ form: inout ObjectReader, areNeeded: Bool
    ) -> Set<ArrearsPrecondition>? {
        var said: Set<ArrearsPrecondition> = []
        for condition in ArrearsPrecondition.allCases {
            guard form.boolean(condition.rawValue, .optional) != true else {
                said.insert(condition)
                continue
            }
            if areNeeded { form.fault(condition.rawValue, code: "required", text: text(condition)) }
        }
        return said
    }

    private static func text(_ condition: ArrearsPrecondition) -> String {
        "Arrears can be reported only when \(condition.words); say so with \(condition.rawValue): true."
    }

    // One of three, but for a candidate, whose own referral it is when nothing is said.
    private static func subject(_ form: inout ObjectReader, _ own: ReferralID?, _ today: CivilDate) -> SignalSubject? {
        let referral = form.identifier("referral", .optional, of: ReferralTag.self)
        let tenancy = form.identifier("tenancy", .optional, of: TenancyTag.self)
        let person = form.object("person", .optional) { Self.person(&$0, today) }
        let municipality = form.municipality("municipality", form.has("person") ? .required : .optional)
        let named = ["referral", "tenancy", "person"].filter { form.has($0) }
        if named.isEmpty, let own { return .referral(own) }
        guard named.count == 1 else {
            form.fault(
                named.isEmpty ? nil : named[1], code: named.isEmpty ? "required" : "conflict",
                text: "Say whom it is about: a referral, a tenancy, or a person who is not known here.")
            return nil
        }
        if let referral { return .referral(referral) }
        if let tenancy { return .tenancy(tenancy) }
        guard let person, let municipality else { return nil }
        return .person(person, municipality)
    }

    private static func person(_ form: inout ObjectReader, _ today: CivilDate) -> SignalPerson? {
        let given = form.string("givenName", .optional, length: 1...100)
        let infix = form.string("infix", .optional, length: 1...30)
        let family = form.string("familyName", length: 1...100)
        let birth = form.birthDate("birthDate", .optional, today: today)
        let phone = form.phone("phone", .optional)
        let email = form.email("email", .optional)
        if !form.has("phone"), !form.has("email") {
            form.fault("phone", code: "required", text: "Give a phone number or an e-mail address to reach them by.")
        }
        guard let family else { return nil }
        return SignalPerson(
            givenName: given, infix: infix, familyName: family, birthDate: birth,
            contact: Contact(phone: phone, email: email))
    }

    static func response(_ form: inout ObjectReader) -> (SignalOutcome, referral: ReferralID?, note: String?)? {
        let outcome = form.choice("outcome", as: SignalOutcome.self)
        let note = form.string("note", .optional, length: 1...2000)
        guard let outcome else {
            _ = form.anything("referral", .optional)
            return nil
        }
        guard outcome == .linked else { return (outcome, nil, note) }
        return form.identifier("referral", of: ReferralTag.self).map { (outcome, $0, note) }
    }
}

enum SignalJSON {
    static func write(_ signal: Signal, for actor: Actor, isWhole: Bool = false, to writer: inout JSONWriter) {
        let groups = AccessPolicy.groups(actor.role, .signal(signal.stage(for: actor)))
        let isIntakePoint = groups.contains(.duplicates)
        writer.field("id", signal.id)
        writer.field("kind", signal.kind)
        writer.field("status", signal.state)
        // Whose it turned out to be is not told to who gave it.
        if let referral = signal.referral, groups.contains(.dossier),
            isIntakePoint || !signal.isLinked || signal.stage(for: actor) == .others
        {
            writer.field("referral", referral)
        }
        if let tenancy = signal.tenancy, isIntakePoint || !signal.isLinked { writer.field("tenancy", tenancy) }
        writer.field("municipality", signal.municipality.code)
        writer.field("own", signal.stage(for: actor) == .own)
        if groups.contains(.decision) { writer.field("role", signal.role) }
        writer.field("at", signal.at)
        writer.field("closedAt", ifPresent: signal.closedAt)
        writer.field("note", ifPresent: signal.note)
        if let person = signal.person {
            writer.object("person") { writer in
                writer.field("givenName", ifPresent: person.givenName)
                writer.field("infix", ifPresent: person.infix)
                writer.field("familyName", person.familyName)
                writer.field("birthDate", ifPresent: person.birthDate)
                writer.field("phone", ifPresent: person.contact.phone)
                writer.field("email", ifPresent: person.contact.email)
            }
        }
        if isWhole, groups.contains(.decision) {
            writer.array("responses") { writer in
                for response in signal.responses { writer.object { write(response, to: &$0) } }
            }
        }
        if isWhole, isIntakePoint {
            writer.array("possibleReferrals") { writer in
                for other in signal.possibleReferrals {
                    writer.object { writer in
                        writer.field("id", other.id)
                        writer.field("basis", other.basis)
                    }
                }
            }
        }
        writer.field("version", signal.version)
    }

    private static func write(_ response: SignalResponse, to writer: inout JSONWriter) {
        writer.field("outcome", response.outcome)
        writer.field("at", response.at)
        writer.field("role", response.role)
        writer.field("note", ifPresent: response.note)
    }
}
