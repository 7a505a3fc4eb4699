// Who may enter, as advice and never as a bare no: each question that fails points to the door that fits. Knows no
// storage; the answers come from the referrer, the age from the birth date.

/// The answers to the five questions at the door.
package struct Screening: Sendable, Equatable {
    package var legalResidence: Bool
    package var acuteDanger: Bool
    package var lasting24hSupervision: Bool
    package var ownStrengthSuffices: Bool
    package var homelessTonight: Bool

    /// The answers as given.
    package init(
        legalResidence: Bool, acuteDanger: Bool, lasting24hSupervision: Bool, ownStrengthSuffices: Bool,
        homelessTonight: Bool
    ) {
        self.legalResidence = legalResidence
        self.acuteDanger = acuteDanger
        self.lasting24hSupervision = lasting24hSupervision
        self.ownStrengthSuffices = ownStrengthSuffices
        self.homelessTonight = homelessTonight
    }

    /// Where this person is pointed to as well, in the order of the questions; the referral goes on all the same.
    package func advice(
        bornOn birthDate: CivilDate, from municipality: Municipality, today: CivilDate, in region: RegionSettings
    ) -> (advice: [Advice], criteriaVersion: Int) {
        let criteria = region.criteria(of: municipality, on: today) ?? .standard
        // Shelter is open to anyone in the country: no tie to the region leads to a handover, if anything.
        let ties: [Advice] = region.isOutside(municipality) ? [.otherRegion] : []
        return (advice(bornOn: birthDate, today: today, by: criteria) + ties, criteria.version)
    }

    /// Where this person is pointed to by criteria, in the order of the questions.
    package func advice(bornOn birthDate: CivilDate, today: CivilDate, by criteria: EntryCriteria) -> [Advice] {
        criteria.questions.filter { !passes($0, bornOn: birthDate, today, criteria) }.map(\.advice)
    }

    private func passes(
        _ question: ScreeningQuestion, bornOn birthDate: CivilDate, _ today: CivilDate, _ criteria: EntryCriteria
    ) -> Bool {
        switch question {
        case .age: birthDate.adding(months: criteria.minimumAgeMonths) <= today
        case .legalResidence: legalResidence
        case .acuteDanger: !acuteDanger
        case .lasting24hSupervision: !lasting24hSupervision
        case .ownStrength: !ownStrengthSuffices
        case .homelessTonight: !homelessTonight
        }
    }

    /// Whether somebody has to act today, whatever else comes of the referral.
    package var isUrgent: Bool { acuteDanger || homelessTonight }
}

/// A question at the door; each that fails has an advice.
package enum ScreeningQuestion: String, CaseIterable, Sendable {
    /// Old enough to be registered.
    case age
    case legalResidence = "legal_residence"
    case acuteDanger = "acute_danger"
    case lasting24hSupervision = "lasting_24h_supervision"
    case ownStrength = "own_strength"
    case homelessTonight = "homeless_tonight"

    /// Where somebody is pointed to when it fails.
    package var advice: Advice {
        switch self {
        case .age: .youthCare
        case .legalResidence: .nationalContactPoint
        case .acuteDanger: .crisisService
        case .lasting24hSupervision: .longTermCare
        case .ownStrength: .neighbourhoodTeam
        case .homelessTonight: .shelterFirst
        }
    }
}
