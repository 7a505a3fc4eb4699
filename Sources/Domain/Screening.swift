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
    ///
    /// Registration opens six months before the 18th birthday, so only those younger than that go to youth care.
    package func advice(bornOn birthDate: CivilDate, today: CivilDate) -> [Advice] {
        var advice: [Advice] = []
        if birthDate.adding(months: 18 * 12 - 6) > today { advice.append(.youthCare) }
        if !legalResidence { advice.append(.nationalContactPoint) }
        if acuteDanger { advice.append(.crisisService) }
        if lasting24hSupervision { advice.append(.longTermCare) }
        if ownStrengthSuffices { advice.append(.neighbourhoodTeam) }
        if homelessTonight { advice.append(.shelterFirst) }
        return advice
    }
}
