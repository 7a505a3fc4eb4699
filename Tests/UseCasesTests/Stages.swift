// Ready-made people and homes, and the way from the door to the key in steps that can stop anywhere.

import Domain
import Storage
import Testing
import UseCases

enum Sample {
    static let bsns = ["999990019", "111222333", "999900006", "999996770"]

    /// A referral as a provider posts it, with every part filled in.
    static func draft(
        familyName: String = "Jansen", bsn: String? = nil, reference: String? = nil,
        consents: [ConsentPurpose] = [.intake, .matching, .shareWithLandlord]
    ) throws -> ReferralDraft {
        ReferralDraft(
            opening: .answered(missedSignals: "Arrears since spring", neededTwoYearsAgo: "Somebody who called back"),
            route: .shelterExit, municipality: try #require(Municipality(code: "GM0153")),
            identity: Identity(
                givenName: "Sanne", infix: "van der", familyName: familyName,
                birthDate: try #require(CivilDate(iso: "1990-02-28"))),
            contact: Contact(phone: "06 12345678", email: "sanne@example.org"),
            bsn: bsn.flatMap { CitizenServiceNumber($0) },
            screening: Screening(
                legalResidence: true, acuteDanger: false, lasting24hSupervision: false, ownStrengthSuffices: false,
                homelessTonight: false),
            wishes: [Wish(form: .independent, municipalities: [try #require(Municipality(code: "GM0153"))])],
            supportNeeds: [.money], consents: consents, externalReference: reference,
            household: Household(adults: 1, children: 1, pets: false), accessibility: [.lift], health: "Asthma",
            finances: Finances(incomePerMonth: 180_000, debts: 500_000))
    }

    /// The same of somebody who is in no hurry: nothing is to be done today.
    static func calmDraft(familyName: String = "Jansen") throws -> ReferralDraft {
        var draft = try draft(familyName: familyName)
        draft.screening.homelessTonight = false
        return draft
    }

    static func dwelling(reference: String? = nil, kind: TenancyKind = .regular) throws -> DwellingDraft {
        DwellingDraft(
            form: .independent, municipality: try #require(Municipality(code: "GM0153")), neighbourhood: "Centrum",
            address: Address(street: "Marktstraat", houseNumber: "1a", postcode: "7511 AB", city: "Enschede"), rooms: 3,
            rent: 60_000, serviceCost: 2_000, accessibility: [.lift], householdMaximum: 3, petsAllowed: false,
            tenancyKind: kind, availableFrom: try #require(CivilDate(iso: "2026-06-15")), externalReference: reference)
    }

    static let report = ReportDraft(
        summary: "Ready for a home", conditions: [ConditionLevel(condition: .health, level: 3, note: "")],
        skills: [SkillLevel(skill: .money, level: 2)], risks: [.lastingDebts], supportNeeds: [.money],
        advisedForm: .independent, incomePerMonth: 190_000, personalPlanReceived: true, clientSupportOffered: true)
}

extension Region {
    @discardableResult
    func move(_ id: ReferralID, _ request: MoveRequest, by actor: Actor? = nil) async throws -> MadeMove {
        try await run(actor ?? intaker) { try MoveReferral.run(id, request, if: .any, by: $0, in: $1) }
    }

    func open(by actor: Actor? = nil, _ draft: ReferralDraft? = nil) async throws -> ReferralID {
        let draft = try draft ?? Sample.draft()
        return try await run(actor ?? referrer) { try OpenReferral.run(draft, by: $0, in: $1) }.standing.id
    }

    /// Takes a submitted referral to `reported`, with a report the candidate agrees with.
    func report(_ id: ReferralID) async throws {
        try await move(id, .startIntake)
        try await run(intaker) { try Converse.write(report: Sample.report, of: id, by: $0, in: $1) }
        try await move(id, .completeReport)
        try await run(intaker) { try Converse.respond(agrees: true, remarks: nil, of: id, by: $0, in: $1) }
    }

    static let admission = MoveRequest.admit(
        urgency: .urgent, ground: "Shelter closes", form: .independent, agreementWaived: nil, reason: nil)

    /// A referral that waits.
    func waiting(_ draft: ReferralDraft? = nil) async throws -> ReferralID {
        let id = try await open(draft)
        try await report(id)
        try await move(id, Self.admission)
        return id
    }

    func offerDwelling(by actor: Actor? = nil, _ draft: DwellingDraft? = nil) async throws -> DwellingID {
        let draft = try draft ?? Sample.dwelling()
        return try await run(actor ?? allocator) { try OfferDwelling.run(draft, of: nil, by: $0, in: $1) }.id
    }

    func propose(_ id: ReferralID, _ dwelling: DwellingID, offering: Bool = true) async throws -> MatchID {
        try await run(coordinator) {
            try ProposeMatch.run(
                referral: id, dwelling: dwelling, reason: "Longest waiting", offering: offering, by: $0, in: $1)
        }.id
    }

    @discardableResult
    func answer(
        _ match: MatchID, _ answer: MatchAnswer, by actor: Actor, onBehalfOf party: MatchParty? = nil
    ) async throws -> MatchView {
        try await run(actor) { try AnswerMatch.run(match, answer, onBehalfOf: party, by: $0, in: $1) }
    }

    /// A referral with a dwelling, offered to both.
    func matched() async throws -> (referral: ReferralID, dwelling: DwellingID, match: MatchID) {
        let id = try await waiting()
        let dwelling = try await offerDwelling()
        return (id, dwelling, try await propose(id, dwelling))
    }

    /// A match both sides accepted.
    func accepted() async throws -> (referral: ReferralID, dwelling: DwellingID, match: MatchID) {
        let made = try await matched()
        try await answer(made.match, .accept, by: allocator)
        try await answer(made.match, .accept, by: coordinator, onBehalfOf: .candidate)
        return made
    }

    func ask(_ id: ReferralID, _ provider: OrganisationID) async throws -> SupportRequestID {
        try await run(intaker) {
            try ArrangeSupport.ask(
                SupportAsk(
                    provider: provider, hoursPerWeek: 6, needs: [.money], wantedFrom: nil, note: nil, isAgreed: true),
                for: id,
                by: $0, in: $1)
        }.id
    }

    /// A provider that commits itself from a number of days after today.
    @discardableResult
    func support(_ id: ReferralID, startingIn days: Int = 0) async throws -> SupportRequestID {
        let request = try await ask(id, provider)
        let day = today.adding(days: days)
        try await run(supporter) {
            try ArrangeSupport.answer(
                request, .accept(startsOn: day, hoursPerWeek: 4, contactName: "Kim", contactPhone: "0612345678"),
                by: $0, in: $1)
        }
        return request
    }

    /// Somebody who lives in a home.
    func housed() async throws -> (referral: ReferralID, dwelling: DwellingID, match: MatchID) {
        let made = try await accepted()
        try await support(made.referral)
        let day = today
        try await run(allocator) {
            try RegisterTenancy.run(match: made.match, startsOn: day, kind: nil, convertOn: nil, by: $0, in: $1)
        }
        return made
    }
}
