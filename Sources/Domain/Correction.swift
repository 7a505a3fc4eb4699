// A person's right to have what is wrong put right (GDPR, article 16; Wmo 2015, article 5.3.2(6)): the request in their own
// words, what came of it, and what stood there before a change. Knows no table and no route.

/// A request for a correction, as the subject of an identifier.
package enum CorrectionTag {}
/// The name of a request for a correction.
package typealias CorrectionID = Identifier<CorrectionTag>

/// What came of a request for a correction.
package enum CorrectionOutcome: String, CaseIterable, Sendable {
    /// It was changed, where that belongs: by a PATCH, a new report, new wishes.
    case corrected
    /// It stays; why is said, and the person's statement stands beside it when they want that.
    case refused
}

/// A person's request for a correction, as far as its reader may see it.
package struct CorrectionRequest: Sendable, Equatable {
    /// The most requests about one person that wait for a decision.
    package static let openLimit = 20

    package var id: CorrectionID
    package var requestedAt: Instant
    /// Who recorded it: the person, or the intake point on their word.
    package var role: Role
    /// The groups of fields that it is about.
    package var groups: FieldGroups
    /// What is wrong, and what it should be; nil for who may only read the statement.
    package var text: String?
    package var dueOn: CivilDate
    package var outcome: CorrectionOutcome?
    /// Why not, or what was changed; nil for who may only read the statement.
    package var note: String?
    package var decidedAt: Instant?
    /// What the person wants to stand beside what was not changed.
    package var statement: String?

    /// A request that is made.
    package init(id: CorrectionID, requestedAt: Instant, role: Role, groups: FieldGroups, text: String?) {
        self.id = id
        self.requestedAt = requestedAt
        self.role = role
        self.groups = groups
        self.text = text
        dueOn = TaskKind.decideCorrection.dueOn(madeAt: requestedAt)
    }

    /// The groups that a person can ask to have corrected: those that they see of their own referral.
    package static let correctable = AccessPolicy.groups(ofReferralFor: .candidate)

    /// The groups as they are named for who sees these: a person asks about the end of a BSN, which is all they see of
    /// it, and means the whole.
    package static func named(_ groups: FieldGroups, for seen: FieldGroups) -> FieldGroups {
        groups.contains(.bsnTail) && seen.contains(.bsn) ? groups.subtracting(.bsnTail).union(.bsn) : groups
    }
}

/// A field that a PATCH of a referral changes; the raw value is its place in the patch (RFC 6901).
package enum TracedField: String, CaseIterable, Sendable {
    case externalReference = "/externalReference"
    case route = "/route"
    case municipality = "/municipality"
    case givenName = "/person/givenName"
    case infix = "/person/infix"
    case familyName = "/person/familyName"
    case birthDate = "/person/birthDate"
    case bsn = "/person/bsn"
    case phone = "/person/phone"
    case email = "/person/email"
    case adults = "/household/adults"
    case children = "/household/children"
    case pets = "/household/pets"
    case accessibility = "/accessibility"
    case supportNeeds = "/supportNeeds"
    case health = "/health"
    case incomePerMonth = "/finances/incomePerMonth"
    case debts = "/finances/debts"

    /// The group of fields it belongs to.
    package var group: FieldGroups {
        switch self {
        case .externalReference: .origin
        case .route, .municipality: .status
        case .givenName, .infix, .familyName, .birthDate: .identity
        case .bsn: .bsn
        case .phone, .email: .contact
        case .adults, .children, .pets, .accessibility: .housingNeeds
        case .supportNeeds, .health: .care
        case .incomePerMonth, .debts: .finances
        }
    }

    /// The fields whose earlier values may be seen by who sees these groups. Of a BSN only the end is, by who sees no
    /// more of it.
    package static func visible(in groups: FieldGroups) -> [TracedField] {
        allCases.filter { field in
            groups.contains(field.group) || field == .bsn && groups.contains(.bsnTail)
        }
    }
}

/// What stood in a field before a change.
package struct FieldTrace: Sendable, Equatable {
    package var field: TracedField
    /// Nil when nothing stood there.
    package var before: String?

    /// A trace.
    package init(_ field: TracedField, before: String?) {
        self.field = field
        self.before = before
    }
}

extension ReferralChanges {
    /// What these changes replace in a referral that is seen whole; a field that is set to what it was leaves no trace.
    package func traces(on view: ReferralView) -> [FieldTrace] {
        let (person, household) = (view.identity, view.household)
        let found: [FieldTrace?] = [
            trace(.externalReference, view.origin?.externalReference, externalReference) { $0 },
            trace(.route, view.standing.route, .init(route)) { $0.rawValue },
            trace(.municipality, view.standing.municipality, .init(municipality)) { $0.code },
            trace(.givenName, person?.givenName, .init(givenName)) { $0 },
            trace(.infix, person?.infix, infix) { $0 },
            trace(.familyName, person?.familyName, .init(familyName)) { $0 },
            trace(.birthDate, person?.birthDate, .init(birthDate)) { "\($0)" },
            trace(.bsn, view.bsn, bsn) { $0.disclosedDigits },
            trace(.phone, view.contact?.phone, phone) { $0 },
            trace(.email, view.contact?.email, email) { $0 },
            trace(.adults, household?.adults, .init(adults)) { String($0) },
            trace(.children, household?.children, .init(children)) { String($0) },
            trace(.pets, household?.pets, .init(pets)) { String($0) },
            trace(.accessibility, view.accessibility, .init(accessibility)) { Self.codes($0) },
            trace(.supportNeeds, view.care?.supportNeeds, .init(supportNeeds)) { Self.codes($0) },
            trace(.health, view.care?.health, health) { $0 },
            trace(.incomePerMonth, view.finances?.incomePerMonth, incomePerMonth) { String($0) },
            trace(.debts, view.finances?.debts, debts) { String($0) },
        ]
        return found.compactMap(\.self)
    }

    private func trace<Value: Equatable>(
        _ field: TracedField, _ old: Value?, _ change: FieldChange<Value>, _ text: (Value) -> String
    ) -> FieldTrace? {
        guard change.isChange, change.applied(to: old) != old else { return nil }
        let before = old.map(text)
        return FieldTrace(field, before: before?.isEmpty == true ? nil : before)
    }

    private static func codes<Code: RawRepresentable<String>>(_ codes: [Code]) -> String {
        codes.map(\.rawValue).joined(separator: " ")
    }
}

extension FieldChange {
    /// A change that a nil leaves out.
    fileprivate init(_ new: Value?) { self = new.map(FieldChange.set) ?? .keep }
}
