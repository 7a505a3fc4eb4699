// Who a story of the demo region is about: everything that stays the same through it, rolled from the seed and the
// story's number. Made-up people, each with a citizen service number of the range that is kept for tests, or none.

internal import Domain

struct DemoPerson: Sendable {
    let index: Int
    let life: DemoLife
    let route: ReferralRoute
    let municipality: Municipality
    let form: HousingForm
    let household: Household
    let accessibility: [Accessibility]
    /// Euro cents.
    let incomePerMonth: Int64
    let urgency: UrgencyClass
    let supportNeeds: [SupportNeed]
    /// Places in the lists of DemoCast.
    let referrer: Int
    let provider: Int
    let landlord: Int
    /// The stream for what is only told once.
    private let dice: DemoDice
    private let wishedMunicipalities: [Municipality]

    /// The stories told once come from and go to the organisations whose tokens are handed out, as far as they can.
    init(_ index: Int, seed: UInt64, cast: DemoCast) {
        var dice = DemoDice(seed: seed, index: index, purpose: 3)
        let life = DemoLife.of(index, seed: seed)
        self.index = index
        self.life = life
        let isFirst = index < DemoLife.all.count
        route =
            switch life.trait {
            case .selfManaged: .shelterExit
            case .twin, .viaProvider, .housingFirst, .fitsElsewhere, nil: dice.pick(Self.routes)
            }
        let anywhere = dice.pick(cast.municipalities)
        let isNear = life.trait == .selfManaged || isFirst && index % 2 == 0
        municipality = isNear ? cast.policyMunicipality : anywhere
        let second = dice.pick(cast.municipalities)
        wishedMunicipalities = second == municipality ? [municipality] : [municipality, second]
        let isFamily = dice.chance(25)
        let wished = dice.pick(isFamily ? Self.familyForms : Self.forms)
        form =
            switch life.trait {
            case .selfManaged: .selfManaged
            case .housingFirst: .housingFirst
            case .twin, .viaProvider, .fitsElsewhere, nil: wished
            }
        household = Household(
            adults: isFamily && dice.chance(40) ? 2 : 1, children: isFamily ? dice.within(1...3) : 0,
            pets: dice.chance(15))
        accessibility = dice.chance(15) ? [.groundFloor, .stepFree] : []
        incomePerMonth = Int64(dice.within(120...190)) * 1000
        urgency = life.trait == .housingFirst || dice.chance(10) ? .acute : dice.chance(35) ? .urgent : .regular
        supportNeeds = dice.some(dice.within(1...3), of: SupportNeed.allCases)
        let anyReferrer = dice.below(cast.referrers.count)
        let anyProvider = dice.below(cast.supporters.count)
        let anyLandlord = dice.below(cast.allocators.count)
        referrer =
            life.trait == .twin || isFirst && index % 3 == 2 ? max(2, anyReferrer) : isFirst ? 0 : anyReferrer
        provider = isFirst ? 1 : anyProvider
        landlord = isFirst ? 0 : anyLandlord
        self.dice = dice
    }

    private static let routes: [ReferralRoute] = [
        .shelterExit, .shelterExit, .shelterExit, .shelterIntake, .protectedLivingExit, .protectedLivingExit,
        .protectedLivingIntake, .youthCareExit, .clinicExit, .detentionExit, .prevention, .prevention,
    ]
    private static let familyForms: [HousingForm] = [.independentAmbulatory, .independentAmbulatory, .independent]
    private static let forms: [HousingForm] = [
        .independentAmbulatory, .independentAmbulatory, .independentAmbulatory, .independent, .clustered, .shared,
        .protectedHome,
    ]

    /// The referral as it is handed in. `base` is who the story is about: itself, or the one it is the twin of. Ages are
    /// counted back from `day`.
    func draft(base: DemoPerson, on day: CivilDate, seed: UInt64) -> ReferralDraft {
        var dice = dice
        let opening: Opening =
            dice.chance(12)
            ? .declined
            : .answered(
                missedSignals: dice.pick(DemoTexts.missedSignals),
                neededTwoYearsAgo: dice.pick(DemoTexts.neededTwoYearsAgo))
        let isElsewhere = life.trait == .fitsElsewhere
        let number = String(base.index)
        let phone = "+3160000" + String(repeating: "0", count: max(0, 4 - number.count)) + number.suffix(4)
        return ReferralDraft(
            opening: opening, route: route, municipality: municipality, identity: base.identity(on: day),
            contact: Contact(phone: phone, email: dice.chance(60) ? "demo-\(number)@voorbeeld.example" : nil),
            bsn: Self.citizenServiceNumber(base.index, seed: seed),
            screening: Screening(
                legalResidence: true, acuteDanger: false, lasting24hSupervision: isElsewhere && dice.chance(50),
                ownStrengthSuffices: isElsewhere, homelessTonight: dice.chance(8)),
            wishes: wishes(), supportNeeds: supportNeeds, consents: [.intake, .matching, .shareWithLandlord],
            externalReference: "DEMO-\(index + 1)", household: household, accessibility: accessibility,
            health: dice.chance(50) ? dice.pick(DemoTexts.health) : nil,
            finances: Finances(
                incomePerMonth: dice.chance(70) ? incomePerMonth : nil,
                debts: dice.chance(45) ? Int64(dice.within(2...40)) * 50_000 : nil))
    }

    /// What the person wants, first wish first.
    func wishes() -> [Wish] {
        var dice = dice
        let note = dice.chance(60) ? dice.pick(DemoTexts.wishNotes) : nil
        var wishes = [Wish(form: form, municipalities: wishedMunicipalities, note: note)]
        if dice.chance(30), form != .clustered { wishes.append(Wish(form: .clustered, municipalities: [municipality])) }
        return wishes
    }

    private func identity(on day: CivilDate) -> Identity {
        var dice = dice
        let name = dice.pick(DemoTexts.familyNames)
        let years = route == .youthCareExit ? 18...22 : 19...68
        let days = dice.within(years) * 366 + dice.below(360)
        return Identity(
            givenName: dice.pick(DemoTexts.givenNames), infix: name.infix, familyName: name.name,
            birthDate: day.adding(days: -days))
    }

    /// 9999 and four digits that no other story has, with the digit that makes the eleven-test come out: numbers that are
    /// given to nobody. Nil where no such digit exists, for the numbers of the documentation's own examples, and once the
    /// ten thousand are used up.
    static func citizenServiceNumber(_ index: Int, seed: UInt64) -> CitizenServiceNumber? {
        guard index < 10_000 else { return nil }
        // 7919 has no divisor in common with 10,000, so every index gets another number.
        let serial = (index * 7919 + Int(seed % 10_000)) % 10_000
        let isInDocumentation = serial / 10 == 900
        let digits = [9, 9, 9, 9, serial / 1000, serial / 100 % 10, serial / 10 % 10, serial % 10]
        let check = zip(digits, [9, 8, 7, 6, 5, 4, 3, 2]).reduce(0) { $0 + $1.0 * $1.1 } % 11
        guard check < 10, !isInDocumentation else { return nil }
        return CitizenServiceNumber((digits + [check]).map(String.init).joined())
    }
}
