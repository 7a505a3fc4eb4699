// The routes of the conversation: report, wishes and consents of one referral.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum ConversationHandlers {
    static func report(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try Look.report(id, by: exchange.caller, in: $0)
        } answer: { report in
            Answer.ok(version: report.number) { $0.object { ConversationJSON.write(report, to: &$0) } }
        }
    }

    static func writeReport(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let draft = try exchange.form(ConversationForms.report)
        return try await recorded(exchange, id) { try Converse.write(report: draft, of: id, by: $0, in: $1) }
    }

    static func answerReport(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let (agrees, remarks) = try exchange.form(ConversationForms.response)
        let precondition = try exchange.optionalPrecondition()
        return try await recorded(exchange, id) {
            try Converse.respond(agrees: agrees, remarks: remarks, of: id, if: precondition, by: $0, in: $1)
        }
    }

    private static func recorded(
        _ exchange: Exchange, _ id: ReferralID,
        _ record: @escaping @Sendable (Caller, WriteTransaction) throws -> Report
    ) async throws -> Answer {
        let caller = exchange.caller
        return try await exchange.write { tx in
            let report = try record(caller, tx)
            return .created(
                at: "/v1/referrals/\(id)/intake", version: report.number,
                showing: Showing([.care, .finances], of: id)
            ) { writer in
                writer.object { ConversationJSON.write(report, to: &$0) }
            }
        }
    }

    static func wishes(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try Look.wishes(id, by: exchange.caller, in: $0)
        } answer: { versions in
            Answer.ok { $0.items(versions) { ConversationJSON.write($1, now: exchange.now, to: &$0) } }
        }
    }

    static func writeWishes(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let (phase, wishes) = try exchange.form(ConversationForms.wishes)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let version = try Converse.write(wishes: wishes, phase: phase, of: id, by: caller, in: tx)
            return .created(at: "/v1/referrals/\(id)/wishes", showing: Showing(.wishes, of: id)) { writer in
                writer.object { ConversationJSON.write(version, now: tx.now, to: &$0) }
            }
        }
    }

    static func consents(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try Look.consents(id, by: exchange.caller, in: $0)
        } answer: { consents in
            Answer.ok { $0.items(consents) { ConversationJSON.write($1, today: exchange.today, to: &$0) } }
        }
    }

    static func giveConsent(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let (purpose, recipient, endsOn) = try exchange.form(ConversationForms.consent)
        return try await consented(exchange, id) {
            try Converse.give(purpose, to: recipient, until: endsOn, of: id, by: $0, in: $1)
        }
    }

    static func withdrawConsent(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let consent = try exchange.id(1, of: ConsentTag.self)
        let reason = try exchange.form(ConversationForms.withdrawal)
        return try await consented(exchange, id) {
            try Converse.withdraw(consent, of: id, reason: reason.text, by: $0, in: $1)
        }
    }

    private static func consented(
        _ exchange: Exchange, _ id: ReferralID,
        _ change: @escaping @Sendable (Caller, WriteTransaction) throws -> Consent
    ) async throws -> Answer {
        let caller = exchange.caller
        return try await exchange.write { tx in
            let consent = try change(caller, tx)
            let today = AmsterdamTime.day(of: tx.now)
            return .created(at: "/v1/referrals/\(id)/consents", showing: Showing(.consents, of: id)) { writer in
                writer.object { ConversationJSON.write(consent, today: today, to: &$0) }
            }
        }
    }
}

enum ConversationForms {
    static func report(_ form: inout ObjectReader) -> ReportDraft? {
        let summary = form.string("summary", length: 1...20_000)
        let conditions = form.objects("conditions", .optional, count: 0...5, condition)
        let skills = form.objects("skills", .optional, count: 0...5, skill)
        let risks = form.choices("risks", .optional, as: RiskFactor.self, count: 0...7)
        let needs = form.choices("supportNeeds", .optional, as: SupportNeed.self, count: 0...12)
        let advised = form.choice("advisedForm", as: HousingForm.self)
        let income = form.integer("incomePerMonth", .optional, in: AmountLimits.incomePerMonth)
        let plan = form.boolean("personalPlanReceived")
        let support = form.boolean("clientSupportOffered")
        let names = (conditions ?? []).map(\.condition)
        if Set(names).count != names.count {
            form.fault("conditions", code: "duplicate", text: "Each condition of existence stands here once.")
        }
        let skillNames = (skills ?? []).map(\.skill)
        if Set(skillNames).count != skillNames.count {
            form.fault("skills", code: "duplicate", text: "Each skill stands here once.")
        }
        guard let summary, let advised, let plan, let support else { return nil }
        return ReportDraft(
            summary: summary, conditions: conditions ?? [], skills: skills ?? [], risks: risks ?? [],
            supportNeeds: needs ?? [], advisedForm: advised, incomePerMonth: income, personalPlanReceived: plan,
            clientSupportOffered: support)
    }

    private static func condition(_ form: inout ObjectReader) -> ConditionLevel? {
        let condition = form.choice("condition", as: ConditionOfExistence.self)
        let level = form.integer("level", in: 1...5)
        let note = form.string("note", .optional, length: 1...2000)
        guard let condition, let level else { return nil }
        return ConditionLevel(condition: condition, level: Int(level), note: note ?? "")
    }

    private static func skill(_ form: inout ObjectReader) -> SkillLevel? {
        let skill = form.choice("skill", as: Skill.self)
        let level = form.integer("level", in: 1...5)
        guard let skill, let level else { return nil }
        return SkillLevel(skill: skill, level: Int(level))
    }

    static func response(_ form: inout ObjectReader) -> (agrees: Bool, remarks: String?)? {
        let agrees = form.boolean("agrees")
        let remarks = form.string("remarks", .optional, length: 1...10_000)
        if agrees == false && !form.has("remarks") {
            form.fault(
                "remarks", code: "required", text: "Who does not agree says why; the remarks stay with the report.")
        }
        return agrees.map { ($0, remarks) }
    }

    static func wishes(_ form: inout ObjectReader) -> (phase: RecoveryPhase?, wishes: [Wish])? {
        let phase = form.choice("phase", .optional, as: RecoveryPhase.self)
        let wishes = form.objects("wishes", .required, count: 1...10, ReferralForms.wish)
        return wishes.map { (phase, $0) }
    }

    static func consent(
        _ form: inout ObjectReader
    ) -> (purpose: ConsentPurpose, recipient: OrganisationID?, endsOn: CivilDate?)? {
        let purpose = form.choice("purpose", as: ConsentPurpose.self)
        let recipient = form.identifier("recipient", .optional, of: OrganisationTag.self)
        let endsOn = form.date("endsOn", .optional)
        return purpose.map { ($0, recipient, endsOn) }
    }

    struct Reason: Sendable {
        var text: String?
    }

    static func withdrawal(_ form: inout ObjectReader) -> Reason? {
        Reason(text: form.string("reason", .optional, length: 1...1000))
    }
}

enum ConversationJSON {
    static func write(_ version: WishVersion, now: Instant, to writer: inout JSONWriter) {
        writer.field("version", version.number)
        writer.field("phase", ifPresent: version.phase)
        writer.field("writtenAt", version.writtenAt)
        writer.field("writtenBy", version.writtenBy)
        writer.field("stale", AmsterdamTime.day(of: now) > version.askAgainAfter)
        write(version.wishes, to: &writer)
    }

    private static func near(_ place: WishPlace, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("municipality", place.municipality.code)
            writer.field("neighbourhood", ifPresent: place.neighbourhood)
        }
    }

    static func write(_ wishes: [Wish], to writer: inout JSONWriter) {
        writer.array("wishes") { writer in
            for (index, wish) in wishes.enumerated() {
                writer.object { writer in
                    writer.field("rank", index + 1)
                    writer.field("form", wish.form)
                    writer.field("municipalities", wish.municipalities.map(\.code))
                    if !wish.surroundings.isEmpty { writer.field("surroundings", wish.surroundings) }
                    writer.field("livingWith", ifPresent: wish.livingWith)
                    writer.field("pets", ifPresent: wish.pets)
                    writer.field("closeTo", ifPresent: wish.closeTo)
                    if !wish.near.isEmpty { writer.array("near") { writer in wish.near.forEach { near($0, &writer) } } }
                    writer.field("note", ifPresent: wish.note)
                }
            }
        }
    }

    static func write(_ consent: Consent, today: CivilDate, to writer: inout JSONWriter) {
        writer.field("id", consent.id)
        writer.field("purpose", consent.purpose)
        if let recipient = consent.recipient { writer.field("recipient", recipient) }
        writer.field("givenAt", consent.givenAt)
        writer.field("endsOn", ifPresent: consent.endsOn)
        writer.field("withdrawnAt", ifPresent: consent.withdrawnAt)
        writer.field("inForce", consent.isInForce(on: today))
    }

    static func write(_ report: Report, to writer: inout JSONWriter) {
        let content = report.content
        writer.field("version", report.number)
        writer.field("writtenAt", report.writtenAt)
        writer.field("summary", content.summary)
        writer.array("conditions") { writer in
            for condition in content.conditions {
                writer.object { writer in
                    writer.field("condition", condition.condition)
                    writer.field("level", condition.level)
                    if !condition.note.isEmpty { writer.field("note", condition.note) }
                }
            }
        }
        writer.array("skills") { writer in
            for skill in content.skills {
                writer.object { writer in
                    writer.field("skill", skill.skill)
                    writer.field("level", skill.level)
                }
            }
        }
        writer.field("risks", content.risks)
        writer.field("supportNeeds", content.supportNeeds)
        writer.field("advisedForm", content.advisedForm)
        writer.field("incomePerMonth", ifPresent: content.incomePerMonth)
        writer.field("personalPlanReceived", content.personalPlanReceived)
        writer.field("clientSupportOffered", content.clientSupportOffered)
        guard let response = report.response else { return }
        writer.object("response") { writer in
            writer.field("agrees", response.agrees)
            writer.field("remarks", ifPresent: response.remarks)
            writer.field("at", response.at)
            writer.field("by", response.by)
        }
    }
}
