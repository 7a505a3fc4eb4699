// The small rules: advice at the door, names that are alike, rent and income, consent in force, exit profiles, and the
// codes people and scripts read.

import Domain
import Testing

@Suite struct ScreeningTests {
    struct Case: Sendable {
        var residence = true
        var danger = false
        var supervision = false
        var ownStrength = false
        var homeless = false
        var advice: [Advice]
    }

    @Test(arguments: [
        Case(advice: []),
        Case(residence: false, advice: [.nationalContactPoint]),
        Case(danger: true, advice: [.crisisService]),
        Case(supervision: true, advice: [.longTermCare]),
        Case(ownStrength: true, advice: [.neighbourhoodTeam]),
        Case(homeless: true, advice: [.shelterFirst]),
        Case(
            residence: false, danger: true, supervision: true, ownStrength: true, homeless: true,
            advice: [.nationalContactPoint, .crisisService, .longTermCare, .neighbourhoodTeam, .shelterFirst]),
    ])
    func eachQuestionHasItsDoor(_ answers: Case) throws {
        let screening = Screening(
            legalResidence: answers.residence, acuteDanger: answers.danger,
            lasting24hSupervision: answers.supervision, ownStrengthSuffices: answers.ownStrength,
            homelessTonight: answers.homeless)
        let adult = try #require(CivilDate(iso: "1990-01-01"))
        let child = try #require(CivilDate(iso: "2012-01-01"))
        let today = try #require(CivilDate(iso: "2026-11-22"))
        #expect(screening.advice(bornOn: adult, today: today, by: .standard) == answers.advice)
        #expect(screening.advice(bornOn: child, today: today, by: .standard) == [.youthCare] + answers.advice)
    }

    /// From six months before the 18th birthday somebody is welcome.
    @Test(arguments: [
        ("2009-05-22", "2026-11-21", true), ("2009-05-22", "2026-11-22", false), ("2009-05-23", "2026-11-22", true),
        ("2008-08-31", "2026-02-27", true), ("2008-08-31", "2026-02-28", false), ("2008-11-22", "2026-11-22", false),
        ("2010-02-28", "2027-08-27", true), ("2010-02-28", "2027-08-28", false),
    ])
    func seventeenAndAHalf(born: String, today: String, youthCare: Bool) throws {
        let screening = Screening(
            legalResidence: true, acuteDanger: false, lasting24hSupervision: false, ownStrengthSuffices: false,
            homelessTonight: false)
        let advice = screening.advice(
            bornOn: try #require(CivilDate(iso: born)), today: try #require(CivilDate(iso: today)), by: .standard)
        #expect(advice == (youthCare ? [.youthCare] : []))
    }
}

@Suite struct PersonNameTests {
    @Test(arguments: [
        ("Jansen", "jansen"), ("JANSEN", "jansen"), ("Müller", "muller"), ("Mu\u{308}ller", "muller"),
        ("Çelik", "celik"), ("Şahin", "sahin"), ("Yıldız", "yildiz"), ("İnan", "inan"), ("Groß", "gross"),
        ("Ærø", "aero"), ("d'Hondt", "dhondt"), ("O’Brien", "obrien"), ("Jansen-de Vries", "jansendevries"),
        ("  El  Amrani ", "elamrani"), ("ĳsbrandy", "ijsbrandy"), ("Łukasz", "lukasz"), ("", ""), ("-'. ", ""),
        ("Ștefan", "stefan"), ("Țurcanu", "turcanu"), ("阿明", "阿明"), ("3Pauw", "3pauw"),
    ])
    func folding(name: String, folded: String) { #expect(PersonName.folded(name) == folded) }

    /// A tussenvoegsel may stand in the field of its own or before the family name: the same person either way.
    @Test(arguments: [
        ("Berg", "berg"), ("van der Berg", "berg"), ("Van den Berg", "berg"), ("v.d. Berg", "berg"),
        ("de Vries", "vries"), ("'t Hooft", "hooft"), ("’t Hooft", "hooft"), ("in 't Veld", "veld"),
        ("d'Hondt", "hondt"), ("ter Horst", "horst"), ("De", "de"), ("Van", "van"), ("van de", "de"),
        ("O'Brien", "obrien"), ("Vandenberg", "vandenberg"), ("Vries van der", "vriesvander"),
        ("van der Meer-de Wit", "meerdewit"), ("", ""),
    ])
    func familyNamesWithoutInfix(name: String, key: String) { #expect(PersonName.familyKey(name) == key) }

    @Test(arguments: [
        ("Jan", "jan"), ("Jan", "Jantje"), ("José", "Jose"), ("Mohammed", "Mohamed"), ("Mohammed", "Muhammed"),
        ("Mohammed", "Muhamed"), ("Sanne", "Sannne"), ("Fatima", "Faitma"), ("Anna", "Anne"), ("Kees", "Keas"),
        ("J", "Johanna"), ("Jean-Pierre", "Jeanpierre"), ("Renée", "Rene"), ("Eva", "Ava"),
    ])
    func alike(left: String, right: String) {
        #expect(PersonName.areSimilar(left, right))
        #expect(PersonName.areSimilar(right, left))
    }

    @Test(arguments: [
        ("Jan", "Piet"), ("Jan", ""), ("", ""), ("Anna", "Emma"), ("Sara", "Lisa"), ("Al", "Bo"), ("Mohammed", "Ahmed"),
        ("Kees", "Klaas"), ("-", "Jan"), ("Ab", "Ac"),
    ])
    func different(left: String, right: String) {
        #expect(!PersonName.areSimilar(left, right))
        #expect(!PersonName.areSimilar(right, left))
    }

    /// Holding one name against many says the same as holding two against each other: of all names of few letters.
    @Test func oneAgainstManyIsAsTwo() {
        let short = (1...4).reduce(into: [""]) { names, _ in
            names += names.flatMap { name in ["a", "B", "é", "-"].map { name + $0 } }
        }
        let names =
            Set(short).sorted() + [
                "Annemarie", "Anemarei", "Bnnemarib", "Nanemaria", "Jo Ann", String(repeating: "a", count: 61),
            ]
        for given in names {
            let likeness = NameLikeness(givenName: given, familyName: "x")
            let wrong = names.filter { likeness.isLike(givenName: $0) != PersonName.areSimilar(given, $0) }
            #expect(wrong == [], "\(given)")
        }
    }

    /// The same of family names: of some that are a few changes apart, with and without tussenvoegsels and second names.
    @Test func oneFamilyAgainstManyIsAsTwo() {
        let letters = Array("abdetvrxé3- ")
        var names: Set<String> = ["", "Jansen", "Hendriksen", "Oosterhuizen", "Berg", "Vandenberg", "De", "Wit", "Ou"]
        var bits: UInt64 = 7
        func pick(_ count: Int) -> Int {
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(bits >> 33) % count
        }
        while names.count < 500 {
            var name = Array(names.sorted()[pick(names.count)])
            let (place, letter) = (pick(name.count + 1), letters[pick(letters.count)])
            switch pick(5) {
            case 0: name.insert(letter, at: place)
            case 1: name.replaceSubrange(place..<min(place + 1, name.count), with: [letter])
            case 2: name.removeSubrange(place..<min(place + 1, name.count))
            case 3: if place + 1 < name.count { name.swapAt(place, place + 1) }
            default: name = Array(["van", "Van der ", "ter", "de ", "Wit-"][pick(5)]) + name
            }
            if name.count < 20 { names.insert(String(name)) }
        }
        var alike = 0
        for family in names {
            let likeness = NameLikeness(givenName: "x", familyName: family)
            for other in names {
                let areAlike = PersonName.areSimilarFamilyNames(family, other)
                alike += areAlike ? 1 : 0
                #expect(likeness.isLike(familyName: other) == areAlike, "\(family), \(other)")
            }
        }
        #expect(alike > 2 * names.count)
    }

    @Test func longNamesCostLittle() {
        let long = String(repeating: "a", count: 100_000)
        #expect(PersonName.areSimilar(long, long + "b"))
        #expect(!PersonName.areSimilar(long, String(repeating: "b", count: 100_000)))
    }
}

@Suite struct RentNormTests {
    @Test(
        arguments: [
            (150_000, 60_000, true), (150_000, 60_001, false), (0, 0, true), (0, 1, false), (99, 39, true),
            (99, 40, false),
            (187_543, 75_017, true), (187_543, 75_018, false),
        ] as [(Int64, Int64, Bool)])
    func fortyPercent(income: Int64, rent: Int64, fits: Bool) {
        #expect(RentNorm.fits(rentCents: rent, incomeCentsPerMonth: income) == fits)
    }

    @Test func unknownAndHuge() {
        #expect(RentNorm.fits(rentCents: 1, incomeCentsPerMonth: nil) == nil)
        #expect(RentNorm.maximumRent(incomeCentsPerMonth: .max) == 3_689_348_814_741_910_322)
    }
}

@Suite struct ConsentTests {
    private let corporation = OrganisationID(high: 1, low: 1)
    private let other = OrganisationID(high: 1, low: 2)

    private func consent(
        _ purpose: ConsentPurpose, to recipient: OrganisationID? = nil, until end: String? = nil,
        withdrawn: Bool = false
    ) -> Consent {
        Consent(
            id: ConsentID(high: 0, low: 0), purpose: purpose, recipient: recipient, givenAt: Instant(milliseconds: 0),
            endsOn: end.flatMap { CivilDate(iso: $0) }, withdrawnAt: withdrawn ? Instant(milliseconds: 1) : nil)
    }

    @Test func inForce() throws {
        let today = try #require(CivilDate(iso: "2026-11-22"))
        #expect(consent(.matching).isInForce(on: today))
        #expect(consent(.matching, until: "2026-11-22").isInForce(on: today))
        #expect(!consent(.matching, until: "2026-11-21").isInForce(on: today))
        #expect(!consent(.matching, withdrawn: true).isInForce(on: today))
        #expect(!consent(.matching, until: "2027-01-01", withdrawn: true).isInForce(on: today))
    }

    @Test func forAPurposeAndARecipient() throws {
        let today = try #require(CivilDate(iso: "2026-11-22"))
        #expect(![Consent]().allow(.matching, on: today))
        #expect(![consent(.intake)].allow(.matching, on: today))
        #expect([consent(.shareWithLandlord)].allow(.shareWithLandlord, to: corporation, on: today))
        #expect([consent(.shareWithLandlord, to: corporation)].allow(.shareWithLandlord, to: corporation, on: today))
        #expect(![consent(.shareWithLandlord, to: other)].allow(.shareWithLandlord, to: corporation, on: today))
        #expect(![consent(.shareWithLandlord, to: other)].allow(.shareWithLandlord, on: today))
        let mixed = [
            consent(.shareWithLandlord, withdrawn: true), consent(.shareWithLandlord, until: "2026-01-01"),
            consent(.shareWithLandlord, to: corporation),
        ]
        #expect(mixed.allow(.shareWithLandlord, to: corporation, on: today))
        #expect(!mixed.allow(.shareWithLandlord, to: other, on: today))
    }
}

@Suite struct ExitProfileTests {
    /// Minimum levels: housekeeping, money, self-care, neighbours, day structure.
    @Test(arguments: [
        (HousingForm.independent, [3, 4, 3, 4, 3]), (.independentAmbulatory, [2, 2, 2, 2, 2]),
        (.clustered, [1, 1, 1, 2, 1]), (.shared, [1, 1, 1, 2, 1]), (.protectedHome, [1, 1, 1, 1, 1]),
        (.housingFirst, [1, 1, 1, 1, 1]), (.selfManaged, [1, 1, 1, 1, 1]),
    ])
    func gapsBelowTheMinimum(form: HousingForm, minimum: [Int]) {
        for level in 1...5 {
            let levels = Skill.allCases.map { SkillLevel(skill: $0, level: level) }
            let expected = zip(Skill.allCases, minimum).filter { level < $0.1 }.map(\.0)
            #expect(ExitProfile.standard(form).gaps(levels) == expected)
        }
        #expect(ExitProfile.standard(form).gaps([]).isEmpty)
    }
}

@Suite struct CodeTests {
    @Test(arguments: [(1, "K-000001"), (999_999, "K-999999"), (1_234_567, "K-1234567")])
    func candidateNumbers(number: Int, text: String) {
        #expect(CandidateNumber.text(number) == text)
        #expect(CandidateNumber.parse(text) == number)
    }

    @Test(arguments: [
        "", "K-", "K-1", "K-00001", "K-000000", "k-000001", "K000001", "K-0000001", "K-00000１", "K- 00001",
        "K--00001", "K-99999999999999999999999", "K-000001 ",
    ])
    func refusedCandidateNumbers(text: String) { #expect(CandidateNumber.parse(text) == nil) }

    @Test(arguments: [
        ("GM0153", true), ("GM0000", true), ("gm0153", false), ("GM153", false), ("GM01533", false),
        ("GM01a3", false), ("", false), ("GM-153", false), ("XX0153", false), ("GM015３", false),
    ])
    func municipalities(code: String, valid: Bool) {
        #expect((Municipality(code: code) != nil) == valid)
    }

    @Test func municipalityNumber() throws {
        #expect(try #require(Municipality(code: "GM0153")).number == 153)
        #expect(try #require(Municipality(code: "GM1774")).number == 1774)
    }

    @Test func urgencyComesFirst() {
        #expect(UrgencyClass.allCases.sorted { $0.rank < $1.rank } == [.acute, .urgent, .regular])
    }

    @Test func organisationsOfRoles() {
        let expected: [Role: [OrganisationKind]] = [
            .referrer: [.careProvider, .municipality], .supporter: [.careProvider], .policymaker: [.municipality],
            .intaker: [.intakePoint], .coordinator: [.intakePoint], .allocator: [.housingCorporation],
            .panel: [.selfManagedFacility], .candidate: [.intakePoint], .auditor: [.intakePoint, .municipality],
            .admin: [.intakePoint],
        ]
        for role in Role.allCases { #expect(role.organisationKinds == expected[role]) }
        for role in Role.allCases { #expect(RoleSet(role).roles == [role]) }
        #expect(RoleSet.everyone.roles == Role.allCases)
    }
}
