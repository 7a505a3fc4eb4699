// The bodies of the referral routes, read into values with all their faults at once. Knows the API's names and limits;
// the rules behind them are the domain's.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum ReferralForms {
    /// The values of the parameter `clock`.
    enum ClockQuery: String, CaseIterable {
        /// The last day has passed.
        case breached
        /// The last day is today or within a week.
        case due

        func filter(on today: CivilDate) -> ClockFilter {
            switch self {
            case .breached: .breached(before: today)
            case .due: .due(today...today.adding(days: 7))
            }
        }
    }

    /// The values of the parameter `signal`.
    enum SignalQuery: String, CaseIterable {
        case open
    }

    /// A referral as it is posted.
    static func draft(_ form: inout ObjectReader, today: CivilDate) -> ReferralDraft? {
        let opening = form.object("opening", .required, Self.opening)
        let route = form.choice("route", as: ReferralRoute.self)
        let municipality = form.municipality("municipality")
        let person = form.object("person") { Self.person(&$0, today: today) }
        let screening = form.object("screening", .required, Self.screening)
        let wishes = form.objects("wishes", .optional, count: 0...10, Self.wish)
        let needs = form.choices("supportNeeds", .optional, as: SupportNeed.self, count: 0...12)
        let consents = form.choices("consents", .optional, as: ConsentPurpose.self, count: 0...4)
        let reference = form.reference("externalReference", .optional)
        let household = form.object("household", .optional, Self.household)
        let access = form.choices("accessibility", .optional, as: Accessibility.self, count: 0...4)
        let health = form.string("health", .optional, length: 1...4000)
        let finances = form.object("finances", .optional, Self.finances)
        let consultation = form.identifier("consultation", .optional, of: ConsultationTag.self)
        let before = form.object("handedOverFrom", .optional, HandoverForms.provenance)
        guard let opening, let route, let municipality, let person, let screening else { return nil }
        var draft = ReferralDraft(
            opening: opening, route: route, municipality: municipality, identity: person.identity,
            contact: person.contact, bsn: person.bsn, screening: screening, wishes: wishes ?? [],
            supportNeeds: needs ?? [], consents: consents ?? [], externalReference: reference,
            household: household ?? Household(), accessibility: access ?? [], health: health,
            finances: finances ?? Finances())
        draft.consultation = consultation
        draft.handedOverFrom = before
        return draft
    }

    static func opening(_ form: inout ObjectReader) -> Opening? {
        if form.has("declined") {
            let declined = form.boolean("declined")
            if declined == false { form.fault("declined", code: "enum", text: "Must be true, or left out.") }
            for key in ["missedSignals", "neededTwoYearsAgo"] where form.has(key) {
                _ = form.anything(key, .optional)
                form.fault(key, code: "conflict", text: "Not together with declined.")
            }
            return declined == true ? .declined : nil
        }
        let missed = form.string("missedSignals", length: 1...4000)
        let needed = form.string("neededTwoYearsAgo", length: 1...4000)
        guard let missed, let needed else { return nil }
        return .answered(missedSignals: missed, neededTwoYearsAgo: needed)
    }

    private static func person(
        _ form: inout ObjectReader, today: CivilDate
    ) -> (identity: Identity, contact: Contact, bsn: CitizenServiceNumber?)? {
        let given = form.string("givenName", length: 1...100)
        let infix = form.string("infix", .optional, length: 1...30)
        let family = form.string("familyName", length: 1...100)
        let birth = form.birthDate("birthDate", today: today)
        let bsn = form.bsn("bsn", .optional)
        let phone = form.phone("phone", .optional)
        let email = form.email("email", .optional)
        guard let given, let family, let birth else { return nil }
        return (
            Identity(givenName: given, infix: infix, familyName: family, birthDate: birth),
            Contact(phone: phone, email: email), bsn
        )
    }

    private static func screening(_ form: inout ObjectReader) -> Screening? {
        let residence = form.boolean("legalResidence")
        let danger = form.boolean("acuteDanger")
        let supervision = form.boolean("lasting24hSupervision")
        let strength = form.boolean("ownStrengthSuffices")
        let homeless = form.boolean("homelessTonight")
        guard let residence, let danger, let supervision, let strength, let homeless else { return nil }
        return Screening(
            legalResidence: residence, acuteDanger: danger, lasting24hSupervision: supervision,
            ownStrengthSuffices: strength, homelessTonight: homeless)
    }

    /// One wish; its rank is its place in the list.
    static func wish(_ form: inout ObjectReader) -> Wish? {
        let kind = form.choice("form", as: HousingForm.self)
        let places = form.customs(
            "municipalities", .optional, count: 0...20, expecting: "a municipality's code, GM and four digits"
        ) { Municipality(code: $0) }
        let around = form.choices("surroundings", .optional, as: Surroundings.self, count: 0...7)
        let company = form.choice("livingWith", .optional, as: LivingWith.self)
        let pets = form.boolean("pets", .optional)
        let closeTo = form.string("closeTo", .optional, length: 1...500)
        let near = form.objects("near", .optional, count: 0...20) { form -> WishPlace? in
            let municipality = form.custom("municipality", expecting: "a municipality's code, GM and four digits") {
                Municipality(code: $0)
            }
            let neighbourhood = form.string("neighbourhood", .optional, length: 1...100)
            return municipality.map { WishPlace($0, neighbourhood) }
        }
        let note = form.string("note", .optional, length: 1...1000)
        return kind.map {
            Wish(
                form: $0, municipalities: places ?? [], surroundings: around ?? [], livingWith: company, pets: pets,
                closeTo: closeTo, near: near ?? [], note: note)
        }
    }

    private static func household(_ form: inout ObjectReader) -> Household? {
        let adults = form.integer("adults", in: 1...20)
        let children = form.integer("children", in: 0...20)
        let pets = form.boolean("pets")
        guard let adults, let children, let pets else { return nil }
        return Household(adults: Int(adults), children: Int(children), pets: pets)
    }

    private static func finances(_ form: inout ObjectReader) -> Finances? {
        let income = form.integer("incomePerMonth", .optional, in: AmountLimits.incomePerMonth)
        let debts = form.integer("debts", .optional, in: AmountLimits.debts)
        return Finances(incomePerMonth: income, debts: debts)
    }

    /// A merge patch of a referral.
    static func changes(_ form: inout ObjectReader, today: CivilDate) -> ReferralChanges? {
        var changes = ReferralChanges()
        changes.externalReference = form.change("externalReference") { $0.reference($1) }
        changes.route = form.choice("route", .optional, as: ReferralRoute.self)
        changes.municipality = form.municipality("municipality", .optional)
        _ = form.object("person", .optional) { person in
            changes.givenName = person.string("givenName", .optional, length: 1...100)
            changes.infix = person.change("infix") { $0.string($1, length: 1...30) }
            changes.familyName = person.string("familyName", .optional, length: 1...100)
            changes.birthDate = person.birthDate("birthDate", .optional, today: today)
            changes.bsn = person.change("bsn") { $0.bsn($1) }
            changes.phone = person.change("phone") { $0.phone($1) }
            changes.email = person.change("email") { $0.email($1) }
            return true
        }
        _ = form.object("household", .optional) { household in
            changes.adults = household.integer("adults", .optional, in: 1...20).map { Int($0) }
            changes.children = household.integer("children", .optional, in: 0...20).map { Int($0) }
            changes.pets = household.boolean("pets", .optional)
            return true
        }
        changes.accessibility = form.choices("accessibility", .optional, as: Accessibility.self, count: 0...4)
        changes.supportNeeds = form.choices("supportNeeds", .optional, as: SupportNeed.self, count: 0...12)
        changes.health = form.change("health") { $0.string($1, length: 1...4000) }
        _ = form.object("finances", .optional) { finances in
            changes.incomePerMonth = finances.change("incomePerMonth") {
                $0.integer($1, in: AmountLimits.incomePerMonth)
            }
            changes.debts = finances.change("debts") { $0.integer($1, in: AmountLimits.debts) }
            return true
        }
        return changes
    }

    /// A search: at least one part, and every part must fit.
    ///
    /// With `emergency` also restricted people are found, for the reason given.
    static func search(_ form: inout ObjectReader) -> (ReferralStore.Search, emergency: String?)? {
        var search = ReferralStore.Search()
        search.bsn = form.bsn("bsn", .optional)
        search.familyName = form.string("familyName", .optional, length: 1...100)
        search.birthDate = form.date("birthDate", .optional)
        search.number = form.custom("candidateNumber", .optional, expecting: "a candidate number such as K-000123") {
            CandidateNumber.parse($0)
        }
        search.externalReference = form.reference("externalReference", .optional)
        // A day alone is no search for somebody: it would list everybody born on it.
        if form.has("birthDate"), !form.has("familyName") {
            form.fault("familyName", code: "required", text: "Search by birth date together with the family name.")
        }
        if form.isEmpty { form.fault(nil, code: "required", text: "Give at least one thing to search by.") }
        let emergency = form.object("emergency", .optional) { $0.string("reason", length: 10...1000) }
        return (search, emergency)
    }

    /// A move. Only the members that belong to it may be there.
    static func move(_ form: inout ObjectReader) -> MoveRequest? {
        guard let move = form.choice("move", as: ReferralMove.self) else {
            // Without a move no other member can be judged; they are not faults of their own.
            form.skipUnknown([
                "reason", "urgency", "urgencyGround", "form", "agreementWaived", "advice", "until", "outcome",
                "handoverTo",
            ])
            return nil
        }
        switch move {
        case .askInformation: return reason(&form).map { .askInformation(question: $0) }
        case .giveInformation: return .giveInformation(note: optionalReason(&form))
        case .startIntake: return .startIntake
        case .completeReport: return .completeReport
        case .admit: return admit(&form)
        case .redirect:
            let advice = form.choices("advice", as: Advice.self, count: 1...8)
            let reason = reason(&form)
            let handoverTo = form.string("handoverTo", .optional, length: 1...200)
            guard let advice, let reason else { return nil }
            return .redirect(advice: advice, reason: reason, handoverTo: handoverTo)
        case .reject:
            let advice = form.choices("advice", as: Advice.self, count: 1...8)
            let reason = reason(&form)
            guard let advice, let reason else { return nil }
            return .reject(advice: advice, grounds: reason)
        case .loseHome: return reason(&form).map { .loseHome(reason: $0) }
        case .close:
            let outcome = form.choice("outcome", as: ClosingOutcome.self)
            let reason = optionalReason(&form)
            return outcome.map { .close(outcome: $0, reason: reason) }
        case .hold:
            let reason = reason(&form)
            let until = form.date("until")
            guard let reason, let until else { return nil }
            return .hold(reason: reason, until: until)
        case .resume: return .resume
        case .withdraw: return reason(&form).map { .withdraw(reason: $0) }
        case .offer, .returnToQueue, .accept, .fallThrough, .moveIn:
            let through = move.madeBy == .tenancy ? "a tenancy (POST /v1/tenancies)" : "a match (POST /v1/matches)"
            form.fault("move", code: "follows", text: "This move follows from \(through).")
            return nil
        }
    }

    private static func admit(_ form: inout ObjectReader) -> MoveRequest? {
        let urgency = form.choice("urgency", as: UrgencyClass.self)
        let ground = form.string("urgencyGround", length: 1...1000)
        let kind = form.choice("form", as: HousingForm.self)
        let waived = form.string("agreementWaived", .optional, length: 1...1000)
        let reason = optionalReason(&form)
        guard let urgency, let ground, let kind else { return nil }
        return .admit(urgency: urgency, ground: ground, form: kind, agreementWaived: waived, reason: reason)
    }

    private static func reason(_ form: inout ObjectReader) -> String? { form.string("reason", length: 1...4000) }

    private static func optionalReason(_ form: inout ObjectReader) -> String? {
        form.string("reason", .optional, length: 1...4000)
    }
}

extension ObjectReader {
    /// Takes members as known without looking at them.
    fileprivate mutating func skipUnknown(_ keys: [String]) {
        for key in keys { _ = anything(key, .optional) }
    }
}
