// An objection to a refusal (bezwaar; Awb, chapter 6): lodged within its term, decided by somebody, and kept with its
// outcome. Knows no storage.

/// An objection, as the subject of an identifier.
package enum ObjectionTag {}
/// The name of an objection.
package typealias ObjectionID = Identifier<ObjectionTag>

/// What came of an objection.
package enum ObjectionOutcome: String, CaseIterable, Sendable {
    case founded
    case partlyFounded = "partly_founded"
    case unfounded
    /// The person took it back.
    case withdrawn
}

/// One objection.
package struct Objection: Sendable, Equatable {
    /// Within how long it is decided on (Awb, article 7:10(1)).
    package static let decisionTerm = ClockTerm.days(6 * 7)

    package var id: ObjectionID
    package var lodgedAt: Instant
    package var lodgedBy: Role
    /// Nil once the dossier is destroyed.
    package var text: String?
    /// The last day for the decision on it.
    package var dueOn: CivilDate
    package var outcome: ObjectionOutcome?
    package var note: String?
    package var decidedAt: Instant?

    /// An objection that nobody has decided on. The term begins after the term for objecting has ended.
    package init(id: ObjectionID, lodgedAt: Instant, lodgedBy: Role, text: String?, objectionDueOn: CivilDate) {
        self.id = id
        self.lodgedAt = lodgedAt
        self.lodgedBy = lodgedBy
        self.text = text
        dueOn = Self.decisionTerm.lastDay(from: objectionDueOn, isLegal: true)
    }
}
