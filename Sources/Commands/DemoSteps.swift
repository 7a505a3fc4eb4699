// Performs one step of a story through the use cases, as the party whose step it is, so that its event, its ledger entry
// and every rule are those of real work. Knows which party does what; the rules are the use cases' own.

internal import Domain
internal import Storage
internal import UseCases

/// A referral on its way through its story.
struct DemoCase: Sendable {
    let index: Int
    /// The numbers of the moments of its steps, see DemoCalendar.
    let moments: [Int]
    /// The step that comes next.
    var next = 0
    var referral = ReferralID(high: 0, low: 0)
    var match = MatchID(high: 0, low: 0)
    var dwelling = DwellingID(high: 0, low: 0)
    var supportRequest = SupportRequestID(high: 0, low: 0)
    var dwellings = 0
    var asks = 0

    /// When the next step happens; nil when the story has been told.
    var nextMoment: Int? { next < moments.count ? moments[next] : nil }
}

struct DemoSteps {
    let cast: DemoCast
    let seed: UInt64
    /// The day from which ages are counted, the same for every step.
    let ageDay: CivilDate
    let tx: WriteTransaction

    private var today: CivilDate { AmsterdamTime.day(of: tx.now) }

    /// Performs the next step of a case.
    func perform(_ story: inout DemoCase) throws {
        let person = DemoPerson(story.index, seed: seed, cast: cast)
        var dice = DemoDice(seed: seed, index: story.index, purpose: 4 + UInt64(story.next))
        let step = person.life.moments[story.next].step
        story.next += 1
        switch step {
        case .submit: try submit(person, &story)
        case .askInformation:
            try move(story, .askInformation(question: dice.pick(DemoTexts.questions)))
        case .giveInformation:
            let note = dice.pick(DemoTexts.information)
            try move(story, .giveInformation(note: note), by: cast.referrers[person.referrer])
        case .startIntake: try move(story, .startIntake)
        case .writeReport: try writeReport(person, story, &dice)
        case .agree:
            _ = try Converse.respond(agrees: true, remarks: nil, of: story.referral, by: cast.intaker, in: tx)
        case .completeReport: try move(story, .completeReport)
        case .admit: try admit(person, story, &dice)
        case .redirect: try move(story, .redirect(advice: [.neighbourhoodTeam], reason: DemoTexts.redirection))
        case .reject: try move(story, .reject(advice: [.longTermCare], grounds: DemoTexts.rejection))
        case .hold:
            let until = today.adding(days: dice.within(120...200))
            try move(story, .hold(reason: dice.pick(DemoTexts.holds), until: until))
        case .resume: try move(story, .resume)
        case .withdraw: try move(story, .withdraw(reason: dice.pick(DemoTexts.withdrawals)))
        case .loseHome: try move(story, .loseHome(reason: dice.pick(DemoTexts.lossReasons)), by: cast.coordinator)
        case .close:
            let outcome: ClosingOutcome = dice.chance(70) ? .settled : .settledWithLightSupport
            try move(story, .close(outcome: outcome, reason: nil), by: cast.coordinator)
        case .renewWishes:
            _ = try Converse.write(
                wishes: person.wishes(), phase: .rebuilding, of: story.referral, by: cast.intaker, in: tx)
        case .askSupport: try askSupport(person, &story, &dice)
        case .acceptSupport, .declineSupport:
            try answerSupport(isAccepted: step == .acceptSupport, person, story, &dice)
        case .offerDwelling: try offerDwelling(person, &story, &dice)
        case .withdrawDwelling:
            let withdrawn = DwellingChanges(state: .withdrawn) { $0 }
            _ = try OfferDwelling.change(story.dwelling, withdrawn, if: .any, by: landlord(of: person), in: tx)
        case .propose: try propose(&story, &dice)
        case .offer: _ = try ProposeMatch.offer(story.match, by: cast.coordinator, in: tx)
        case .landlordAccepts: try answer(story, .accept, by: landlord(of: person))
        case .landlordDeclines:
            let note = DemoTexts.landlordDecline
            try answer(story, .decline(.dwellingUnavailable, note: note), by: landlord(of: person))
        case .candidateAccepts: try answer(story, .accept, for: .candidate, by: cast.coordinator)
        case .candidateDeclines:
            let (reason, note) = dice.pick(DemoTexts.candidateDeclines)
            try answer(story, .decline(reason, note: note), for: .candidate, by: cast.coordinator)
        case .letExpire: try answer(story, .expire, by: cast.coordinator)
        case .withdrawMatch: try answer(story, .withdraw(note: DemoTexts.matchWithdrawal), by: cast.coordinator)
        case .moveIn: try moveIn(person, story, &dice)
        }
    }

    // MARK: The conversation

    private func submit(_ person: DemoPerson, _ story: inout DemoCase) throws {
        let base = person.life.trait == .twin ? DemoPerson(0, seed: seed, cast: cast) : person
        let draft = person.draft(base: base, on: ageDay, seed: seed)
        story.referral = try OpenReferral.run(draft, by: cast.referrers[person.referrer], in: tx).standing.id
    }

    /// Makes a move; the intake point's intaker does, unless told otherwise.
    private func move(_ story: DemoCase, _ request: MoveRequest, by caller: Caller? = nil) throws {
        _ = try MoveReferral.run(story.referral, request, if: .any, by: caller ?? cast.intaker, in: tx)
    }

    private func writeReport(_ person: DemoPerson, _ story: DemoCase, _ dice: inout DemoDice) throws {
        let conditions = DemoTexts.conditionNotes.map { condition, notes in
            ConditionLevel(condition: condition, level: dice.within(1...4), note: dice.pick(notes))
        }
        let skills = Skill.allCases.map { SkillLevel(skill: $0, level: dice.within(2...5)) }
        let draft = ReportDraft(
            summary: dice.pick(DemoTexts.summaries), conditions: conditions, skills: skills,
            risks: dice.some(dice.below(3), of: RiskFactor.allCases), supportNeeds: person.supportNeeds,
            advisedForm: person.form, incomePerMonth: person.incomePerMonth, personalPlanReceived: dice.chance(30),
            clientSupportOffered: true)
        _ = try Converse.write(report: draft, of: story.referral, by: cast.intaker, in: tx)
    }

    private func admit(_ person: DemoPerson, _ story: DemoCase, _ dice: inout DemoDice) throws {
        let grounds =
            switch person.urgency {
            case .acute: DemoTexts.acuteGrounds
            case .urgent: DemoTexts.urgentGrounds
            case .regular: DemoTexts.regularGrounds
            }
        let ground = dice.pick(grounds)
        try move(
            story,
            .admit(urgency: person.urgency, ground: ground, form: person.form, agreementWaived: nil, reason: nil))
    }

    // MARK: Support

    private func provider(of person: DemoPerson, _ story: DemoCase) -> Int {
        // The second that is asked is another one.
        (person.provider + story.asks - 1) % cast.supporters.count
    }

    private func askSupport(_ person: DemoPerson, _ story: inout DemoCase, _ dice: inout DemoDice) throws {
        story.asks += 1
        let ask = SupportAsk(
            provider: cast.careProviders[provider(of: person, story)], hoursPerWeek: dice.within(2...8),
            needs: person.supportNeeds, wantedFrom: today.adding(days: 14),
            note: dice.chance(50) ? dice.pick(DemoTexts.supportNotes) : nil, isAgreed: true)
        story.supportRequest = try ArrangeSupport.ask(ask, for: story.referral, by: cast.coordinator, in: tx).id
    }

    private func answerSupport(
        isAccepted: Bool, _ person: DemoPerson, _ story: DemoCase, _ dice: inout DemoDice
    ) throws {
        let provider = provider(of: person, story)
        let answer: SupportAnswer =
            isAccepted
            ? .accept(
                startsOn: today.adding(days: 7), hoursPerWeek: nil, contactName: dice.pick(DemoTexts.workers),
                contactPhone: "+31600009\(100 + provider)")
            : .decline(.noCapacity, note: DemoTexts.supportDecline)
        _ = try ArrangeSupport.answer(story.supportRequest, answer, by: cast.supporters[provider], in: tx)
    }

    // MARK: The home

    private func landlord(of person: DemoPerson) -> Caller {
        person.life.trait == .selfManaged ? cast.panel : cast.allocators[person.landlord]
    }

    private func offerDwelling(_ person: DemoPerson, _ story: inout DemoCase, _ dice: inout DemoDice) throws {
        story.dwellings += 1
        let isFacility = person.life.trait == .selfManaged
        let affordable = RentNorm.maximumRent(incomeCentsPerMonth: person.incomePerMonth)
        let address = Address(
            street: dice.pick(DemoTexts.streets), houseNumber: String(dice.within(1...250)),
            // SS is never issued as the letters of a postcode.
            postcode: "\(dice.within(7400...7699)) SS", city: DemoTexts.name(of: person.municipality))
        let draft = DwellingDraft(
            form: person.form, municipality: person.municipality, neighbourhood: dice.pick(DemoTexts.neighbourhoods),
            address: address, rooms: person.household.size + dice.within(1...2),
            rent: affordable * Int64(dice.within(60...92)) / 100, serviceCost: Int64(dice.within(5...30)) * 100,
            accessibility: person.accessibility, householdMaximum: person.household.size + dice.below(2),
            petsAllowed: person.household.pets || dice.chance(50),
            tenancyKind: person.life.trait == .viaProvider ? .viaProvider : dice.chance(30) ? .threeParty : .regular,
            availableFrom: today, externalReference: "DEMO-\(person.index + 1)-\(story.dwellings)")
        // A facility's places are entered by the coordinator.
        story.dwelling = try OfferDwelling.run(
            draft, of: isFacility ? cast.facility : nil, by: isFacility ? cast.coordinator : landlord(of: person),
            in: tx
        ).id
    }

    private func propose(_ story: inout DemoCase, _ dice: inout DemoDice) throws {
        story.match = try ProposeMatch.run(
            referral: story.referral, dwelling: story.dwelling, reason: dice.pick(DemoTexts.matchReasons),
            offering: false, by: cast.coordinator, in: tx
        ).id
    }

    private func answer(
        _ story: DemoCase, _ answer: MatchAnswer, for party: MatchParty? = nil, by caller: Caller
    ) throws {
        // Residents answer by a vote, enough of them and by more than half.
        let isVoted = caller.actor.role == .panel && answer == .accept
        _ = try AnswerMatch.run(
            story.match, answer, onBehalfOf: party, vote: isVoted ? PanelVote(present: 5, inFavour: 4) : nil,
            by: caller,
            in: tx)
    }

    private func moveIn(_ person: DemoPerson, _ story: DemoCase, _ dice: inout DemoDice) throws {
        let startsOn = today.adding(days: dice.within(7...14))
        let convertOn = person.life.trait == .viaProvider ? startsOn.adding(months: 18) : nil
        _ = try RegisterTenancy.run(
            match: story.match, startsOn: startsOn, kind: nil, convertOn: convertOn, by: landlord(of: person), in: tx)
    }
}
