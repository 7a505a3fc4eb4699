// Walks the ledger from its first entry and says where it is no longer as it was written: an edit, a removal or a swap
// breaks the chain; the removal of the newest entries, or a chain that was made anew, contradicts an anchor. It knows
// anchors as facts and not where they are kept.

package import Domain
internal import SQLite

/// Where the ledger once ended: a fact kept outside the database.
package struct LedgerAnchor: Sendable, Equatable {
    /// The last entry's sequence; 0 of an empty ledger.
    package var sequence: Int64
    /// The last entry's hash.
    package var hash: [UInt8]
    /// When that was written down.
    package var at: Instant

    /// An anchor from its parts.
    package init(sequence: Int64, hash: [UInt8], at: Instant) {
        self.sequence = sequence
        self.hash = hash
        self.at = at
    }
}

/// What a walk along the ledger found.
package struct LedgerVerdict: Sendable, Equatable {
    /// A place that is not as it was written, with what was expected there.
    package struct Break: Sendable, Equatable {
        /// The first wrong sequence.
        package var sequence: Int64
        /// What is wrong with it, in words.
        package var text: String
    }

    /// The entries that were looked at: up to the break when there is one.
    package var entries: Int64 = 0
    /// The anchors that fitted.
    package var anchors = 0
    /// The first place that is wrong; nil when the ledger is whole.
    package var broken: Break?
}

extension LedgerStore {
    /// Walks the whole chain and holds it against anchors, which come in any order.
    package func check(against anchors: [LedgerAnchor] = []) throws -> LedgerVerdict {
        var walk = LedgerWalk(anchors: anchors.sorted { $0.sequence < $1.sequence })
        try db.forEach(SQL(dynamic: "SELECT \(LedgerRow.columns) FROM ledger ORDER BY sequence")) { row in
            if walk.verdict.broken == nil { walk.visit(LedgerRow(row)) }
        }
        walk.end()
        return walk.verdict
    }

    /// The first sequence that is not as it was written; nil when the chain is whole.
    package func firstBrokenSequence() throws -> Int64? { try check().broken?.sequence }
}

/// A walk from entry to entry.
private struct LedgerWalk {
    private(set) var verdict = LedgerVerdict()
    private let anchors: [LedgerAnchor]
    private var nextAnchor = 0
    private var previous = LedgerHash.origin
    /// The last entry that an anchor confirmed.
    private var confirmed: Int64 = 0

    init(anchors: [LedgerAnchor]) {
        self.anchors = anchors
        meetAnchors(at: 0, hash: LedgerHash.origin)
    }

    mutating func visit(_ row: LedgerRow) {
        let expected = verdict.entries + 1
        if row.sequence != expected {
            fail(expected, "entry \(expected) is missing; entry \(row.sequence) stands in its place")
        } else if row.previous != previous {
            fail(expected, "entry \(expected) does not follow entry \(expected - 1): it names another hash before it")
        } else if !row.isAsWritten {
            fail(expected, "entry \(expected) is not as it was written: its hash is not that of its fields")
        } else {
            meetAnchors(at: expected, hash: row.hash)
        }
        guard verdict.broken == nil else { return }
        verdict.entries = expected
        previous = row.hash
    }

    mutating func end() {
        guard verdict.broken == nil, nextAnchor < anchors.count, let last = anchors.last else { return }
        let first = verdict.entries + 1
        fail(
            first,
            "entry \(first) is missing: the ledger ends at entry \(verdict.entries), but at \(last.at) it ended at "
                + "entry \(last.sequence)")
    }

    private mutating func meetAnchors(at sequence: Int64, hash: [UInt8]) {
        while nextAnchor < anchors.count, anchors[nextAnchor].sequence <= sequence {
            let anchor = anchors[nextAnchor]
            guard anchor.sequence == sequence, anchor.hash == hash else {
                let place = confirmed < sequence ? confirmed + 1 : sequence
                return fail(
                    place,
                    "the chain was made anew from entry \(place) or later: at \(anchor.at) entry \(anchor.sequence) had "
                        + "another hash")
            }
            nextAnchor += 1
            verdict.anchors += 1
            confirmed = sequence
        }
    }

    private mutating func fail(_ sequence: Int64, _ text: String) {
        if verdict.broken == nil { verdict.broken = LedgerVerdict.Break(sequence: sequence, text: text) }
    }
}
