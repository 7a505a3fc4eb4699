// The settings of a region that has not set any: the defaults of the field, version 0. No municipality is listed, so none
// is outside; the rent norm is a share of the income alone.

extension RegionSettings {
    /// The version of the defaults; what a region applies counts from 1.
    package static let standardVersion = 0

    /// The defaults.
    package static let standard = RegionSettings(
        name: "", municipalities: [],
        terms: Dictionary(uniqueKeysWithValues: ClockKind.allCases.map { ($0, $0.defaultTerm) }),
        profiles: HousingForm.allCases.map(ExitProfile.standard), criteria: [.standard],
        advice: Advice.allCases.map(AdviceContact.standard),
        rents: [], caps: [], agreements: [], conditions: PartyCondition.standard)
}

extension EntryCriteria {
    /// All questions, and registration from six months before the 18th birthday.
    package static let standard = EntryCriteria(
        version: 1, validFrom: CivilDate(dayNumber: 0), municipalities: [], questions: ScreeningQuestion.allCases,
        minimumAgeMonths: 18 * 12 - 6)
}

extension ExitProfile {
    /// The default of a form. `housing_first` asks no readiness at all, and a self-managed facility's panel decides for
    /// itself.
    package static func standard(_ form: HousingForm) -> ExitProfile {
        let levels = Skill.allCases.map { ($0, standardLevel(of: $0, for: form)) }.filter { $0.1 > 1 }
        let (availability, hours) = standardSupport(form)
        return ExitProfile(
            form: form, version: 1, minimumLevels: Dictionary(uniqueKeysWithValues: levels),
            compensable: Skill.allCases, availability: availability, hoursPerWeek: hours,
            signatures: ProfileParty.allCases.map {
                ProfileSignature(party: $0, by: "Thuispunt", on: CivilDate(dayNumber: 0))
            })
    }

    private static func standardLevel(of skill: Skill, for form: HousingForm) -> Int {
        switch form {
        case .independent: skill == .neighbours || skill == .money ? 4 : 3
        case .independentAmbulatory: 2
        case .clustered, .shared: skill == .neighbours ? 2 : 1
        case .protectedHome, .housingFirst, .selfManaged: 1
        }
    }

    private static func standardSupport(_ form: HousingForm) -> (SupportAvailability, Int?) {
        switch form {
        case .independent: (.none, nil)
        case .independentAmbulatory: (.visits, 2)
        case .clustered, .shared: (.nearby, 4)
        case .protectedHome: (.aroundTheClock, 8)
        case .housingFirst: (.visits, 6)
        case .selfManaged: (.nearby, nil)
        }
    }
}

extension AdviceContact {
    fileprivate static func standard(_ advice: Advice) -> AdviceContact {
        let (name, why) = words(advice)
        return AdviceContact(advice: advice, name: name, why: why, phone: nil, url: nil)
    }

    private static func words(_ advice: Advice) -> (name: String, why: String) {
        switch advice {
        case .youthCare: ("Youth care (jeugdhulp)", "Somebody this young has a right to youth care first.")
        case .nationalContactPoint:
            ("National contact point (landelijk loket)", "Without legal residence another desk can help at once.")
        case .crisisService: ("Crisis service (crisisdienst)", "Acute danger can not wait for an intake.")
        case .longTermCare:
            ("Long-term care, CIZ (Wlz)", "A lasting need of care around the clock is for the long-term care act.")
        case .neighbourhoodTeam: ("Neighbourhood team (wijkteam)", "Help close to home may be enough.")
        case .shelterFirst: ("Shelter (opvang)", "A bed for tonight comes first; the referral goes on.")
        case .otherRegion: ("Another region", "Ties elsewhere may give a better chance there; nobody is sent away.")
        case .otherMunicipality: ("Another municipality", "Another municipality of the region is the right desk.")
        }
    }
}

extension PartyCondition {
    fileprivate static let standard: [PartyCondition] = [
        PartyCondition(party: .debtHelp, gives: .debtPlan, needs: [.address, .income]),
        PartyCondition(party: .housingCorporation, gives: .tenancy, needs: [.income, .support]),
        PartyCondition(party: .benefitsOffice, gives: .benefit, needs: [.registration, .bankAccount]),
        PartyCondition(party: .municipality, gives: .registration, needs: [.address, .identityDocument]),
        PartyCondition(party: .bank, gives: .bankAccount, needs: [.identityDocument, .registration]),
        PartyCondition(party: .careProvider, gives: .support, needs: [.careDecision]),
    ]
}
