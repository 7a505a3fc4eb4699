// What can be wrong with a question, and where. The text names positions, never ids: an id may belong to a person.

/// The first fault found in a `MatchInput`, with its place, such as `candidates[3].edges[0]: unknown dwelling`.
package struct MatchInstanceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of fault; the raw value is the plain text.
    package enum Fault: String, CaseIterable, Sendable {
        /// The list is longer than a run may be.
        case tooMany = "too many entries"
        /// An id or a limit code has no characters.
        case empty = "empty text"
        /// The id stands earlier in the same list.
        case duplicateID = "duplicate id"
        /// No dwelling has this id.
        case unknownDwelling = "unknown dwelling"
        /// The candidate already has an edge or a near edge to this dwelling.
        case repeatedDwelling = "dwelling named twice for one candidate"
        /// The score lies outside plus or minus 10^12.
        case scoreOutOfRange = "score out of range"
        /// No group has this id.
        case unknownGroup = "unknown group"
        /// The dwelling already names this group.
        case repeatedGroup = "group named twice for one dwelling"
        /// A capacity or a cap is below zero.
        case negative = "negative number"
    }

    /// Where, in the order in which the caller gave the lists.
    package let place: String
    /// What.
    package let fault: Fault

    /// A fault at a place.
    package init(place: String, fault: Fault) {
        self.place = place
        self.fault = fault
    }

    /// One line: the place, a colon, the fault.
    package var description: String { "\(place): \(fault.rawValue)" }
}
