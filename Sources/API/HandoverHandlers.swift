// The routes of handovers, and the package: what is sent, in the very form in which another instance of this service takes a
// referral.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum HandoverHandlers {
    static func ask(_ exchange: Exchange) async throws -> Answer {
        let draft = try exchange.form { HandoverForms.draft(&$0, today: exchange.today) }
        return try await changed(exchange) { try HandOver.ask(draft, by: $0, in: $1) }
    }

    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let state = query.choice("status", as: HandoverState.self)
        let page = query.page { Cursor.id($0, of: HandoverTag.self) }
        try query.finish()
        return try await exchange.look {
            try HandOver.list(state, page: page, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
                HandoverJSON.write($1, for: exchange.caller.actor.role, to: &$0)
            }
        }
    }

    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: HandoverTag.self)
        return try await exchange.look {
            try HandOver.find(id, by: exchange.caller, in: $0)
        } answer: { handover in
            Answer.ok(version: handover.version) {
                $0.object { HandoverJSON.write(handover, for: exchange.caller.actor.role, to: &$0) }
            }
        }
    }

    static func package(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: HandoverTag.self)
        return try await exchange.look {
            try HandOver.package(id, by: exchange.caller, in: $0)
        } answer: { package in
            var answer = Answer.ok { $0.object { HandoverJSON.write(package, to: &$0) } }
            answer.fields = [("Content-Disposition", "attachment; filename=\"handover-\(id).json\"")]
            return answer
        }
    }

    static func answer(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: HandoverTag.self)
        let answer = try exchange.form(HandoverForms.answer)
        let precondition = try exchange.optionalPrecondition()
        return try await changed(exchange) { try HandOver.answer(id, answer, if: precondition, by: $0, in: $1) }
    }

    private static func changed(
        _ exchange: Exchange, _ change: @escaping @Sendable (Caller, WriteTransaction) throws -> Handover
    ) async throws -> Answer {
        let caller = exchange.caller
        return try await exchange.write { tx in
            let handover = try change(caller, tx)
            let groups = AccessPolicy.groups(caller.actor.role, .handover(handover.state.stage))
                .intersection([.status, .origin, .dossier])
            return .created(
                at: "/v1/handovers/\(handover.id)", version: handover.version,
                showing: Showing(groups, of: .handover(handover.id), about: handover.content.referral)
            ) { writer in
                writer.object { HandoverJSON.write(handover, for: caller.actor.role, to: &$0) }
            }
        }
    }
}

enum HandoverForms {
    static func draft(_ form: inout ObjectReader, today: CivilDate) -> HandoverDraft? {
        let referral = form.identifier("referral", of: ReferralTag.self)
        let recipient = form.object("to", .required, recipient)
        let reason = form.string("reason", length: 1...2000)
        let advice = form.choice("advice", .optional, as: Advice.self)
        let items = form.objects("parts", count: 3...7, item)
        let agreed = form.date("consentGivenOn", .optional)
        if let agreed, agreed > today {
            form.fault("consentGivenOn", code: "range", text: "Must be today or a day before.")
        }
        guard let referral, let recipient, let reason, let items, check(items, agreed, &form) else { return nil }
        return HandoverDraft(
            referral: referral, recipient: recipient, reason: reason, advice: advice ?? .otherRegion, items: items,
            consentGivenOn: agreed)
    }

    private static func recipient(_ form: inout ObjectReader) -> HandoverRecipient? {
        let organisation = form.identifier("organisation", .optional, of: OrganisationTag.self)
        // An organisation that is known here has its own name.
        let name = form.string("name", form.has("organisation") ? .optional : .required, length: 1...200)
        let contact = form.string("contact", .optional, length: 1...200)
        guard organisation != nil || name != nil else { return nil }
        return HandoverRecipient(name: name ?? "-", contact: contact, organisation: organisation)
    }

    private static func item(_ form: inout ObjectReader) -> HandoverItem? {
        let part = form.choice("part", as: HandoverPart.self)
        let ground = form.choice("ground", as: HandoverGround.self)
        // Debts and income go on only when the person agreed without doubt (Wmo 2015, article 5.1.1(4)).
        if part == .finances, ground == .municipalTask {
            form.fault("ground", code: "enum", text: "Finances are sent only with the person's consent.")
        }
        guard let part, let ground else { return nil }
        return HandoverItem(part, on: ground)
    }

    private static func check(
        _ items: [HandoverItem], _ agreed: CivilDate?, _ form: inout ObjectReader
    ) -> Bool {
        let parts = items.map(\.part)
        let missing = HandoverPart.needed.filter { !parts.contains($0) }
        if !missing.isEmpty {
            let names = missing.map(\.rawValue).joined(separator: ", ")
            form.fault("parts", code: "required", text: "A referral can't be without: \(names).")
        }
        if Set(parts).count != parts.count {
            form.fault("parts", code: "duplicate", text: "Each part stands in the list once.")
        }
        if agreed == nil, items.contains(where: { $0.ground == .consent }) {
            form.fault("consentGivenOn", code: "required", text: "Say when the person agreed to what rests on consent.")
        }
        return true
    }

    private enum Word: String, CaseIterable {
        case accept
        case decline
        case withdraw
    }

    static func answer(_ form: inout ObjectReader) -> HandoverAnswer? {
        switch form.choice("answer", as: Word.self) {
        case .accept: return form.reference("reference").map { .accept(reference: $0) }
        case .decline:
            let reason = form.choice("reason", as: HandoverDecline.self)
            let note = form.string("note", .optional, length: 1...2000)
            return reason.map { .decline($0, note: note) }
        case .withdraw: return .withdraw(note: form.string("note", .optional, length: 1...2000))
        case nil:
            for key in ["reference", "reason", "note"] { _ = form.anything(key, .optional) }
            return nil
        }
    }

    /// Where a referral was before, as a package says it.
    static func provenance(_ form: inout ObjectReader) -> Provenance? {
        let name = form.string("name", length: 1...200)
        let reference = form.reference("reference")
        guard let name, let reference else { return nil }
        return Provenance(name: name, reference: reference)
    }
}

enum HandoverJSON {
    static func write(_ handover: Handover, for role: Role, to writer: inout JSONWriter) {
        let groups = AccessPolicy.groups(role, .handover(handover.state.stage))
        writer.field("id", handover.id)
        writer.field("status", handover.state)
        if groups.contains(.dossier) { writer.field("referral", handover.content.referral) }
        writer.object("to") { writer in
            writer.field("name", handover.content.recipient.name)
            writer.field("contact", ifPresent: handover.content.recipient.contact)
            if let organisation = handover.content.recipient.organisation {
                writer.field("organisation", organisation)
            }
        }
        if groups.contains(.origin) { writer.field("reason", handover.content.reason) }
        writer.field("advice", handover.content.advice)
        writer.array("parts") { writer in
            for item in handover.content.items {
                writer.object { writer in
                    writer.field("part", item.part)
                    writer.field("ground", item.ground)
                }
            }
        }
        writer.field("consentGivenOn", ifPresent: handover.content.consentGivenOn)
        writer.field("askedAt", handover.askedAt)
        writer.field("answerDueOn", handover.answerDueOn)
        writer.field("answeredAt", ifPresent: handover.answeredAt)
        writer.field("declineReason", ifPresent: handover.declineReason)
        if groups.contains(.origin) { writer.field("note", ifPresent: handover.note) }
        writer.field("reference", ifPresent: handover.reference)
        writer.field("version", handover.version)
    }

    /// The body that the other side posts.
    static func write(_ package: HandOver.Package, to writer: inout JSONWriter) {
        let view = package.view
        if let opening = view.origin?.opening { ReferralJSON.write(opening, to: &writer) }
        writer.field("route", view.standing.route)
        writer.field("municipality", view.standing.municipality.code)
        if let identity = view.identity {
            writer.object("person") { writer in
                ReferralJSON.write(identity, to: &writer)
                if let contact = view.contact { ReferralJSON.write(contact, to: &writer) }
            }
        }
        if let care = view.care {
            writer.object("screening") { ReferralJSON.write(care.screening, to: &$0) }
            writer.field("supportNeeds", care.supportNeeds)
            writer.field("health", ifPresent: care.health)
        }
        if let finances = view.finances, finances != Finances() {
            writer.object("finances") { writer in
                writer.field("incomePerMonth", ifPresent: finances.incomePerMonth)
                writer.field("debts", ifPresent: finances.debts)
            }
        }
        ReferralJSON.housingNeeds(view.household, view.accessibility, to: &writer)
        if let wishes = view.wishes {
            writer.array("wishes") { writer in
                for wish in wishes.wishes {
                    writer.object { writer in
                        writer.field("form", wish.form)
                        writer.field("municipalities", wish.municipalities.map(\.code))
                        writer.field("note", ifPresent: wish.note)
                    }
                }
            }
        }
        // Who posts the same package twice is told so by this.
        writer.field("externalReference", package.handover.id.description)
        writer.object("handedOverFrom") { writer in
            writer.field("name", package.sender)
            writer.field("reference", view.standing.candidateNumber)
        }
    }
}
