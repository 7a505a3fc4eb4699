// Walks the ledger from its first entry and says where it is no longer as it was written: an edit, a removal or a swap
// breaks the chain; the removal of the newest entries, or a chain that was made anew, contradicts an anchor; and which
// entries are about whom is held against the list of persons both ways. It knows anchors as facts and not where they
// are kept.

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
    /// Walks the whole chain and holds it against anchors, which come in any order, and against the list of persons.
    package func check(against anchors: [LedgerAnchor] = []) throws -> LedgerVerdict {
        var walk = LedgerWalk(anchors: anchors.sorted { $0.sequence < $1.sequence })
        try db.forEach(SQL(dynamic: "SELECT \(LedgerRow.columns) FROM ledger ORDER BY sequence")) { row in
            guard walk.verdict.broken == nil else { return }
            let row = LedgerRow(row)
            walk.visit(row, original: try row.again.flatMap(entries), unlisted: try unlisted(row))
        }
        walk.end(unfounded: walk.verdict.broken == nil ? try unfounded() : nil)
        return walk.verdict
    }

    /// How many people a row lists itself; nil when there is no such row.
    private func entries(of row: Int64) throws -> Int? {
        try db.first("SELECT entries FROM ledger WHERE sequence = ? AND again IS NULL", row) { $0.int(0) }
    }

    /// The first entry of a row that is not in the list of persons; nil when all are.
    private func unlisted(_ row: LedgerRow) throws -> Int64? {
        for (place, referral) in row.referrals.enumerated() {
            let entry = row.first &+ Int64(place)
            let isListed = try db.first(
                "SELECT 1 FROM ledger_person WHERE referral_id = ? AND sequence = ?", referral, entry
            ) { _ in true }
            if isListed == nil { return entry }
        }
        return nil
    }

    /// The first entry in the list of persons that no row has, or has about somebody else; nil when there is none.
    private func unfounded() throws -> Int64? {
        try db.first(
            """
            SELECT min(p.sequence) FROM ledger_person p
                LEFT JOIN ledger l ON l.sequence = (SELECT min(sequence) FROM ledger WHERE sequence >= p.sequence)
            WHERE l.sequence IS NULL OR l.again IS NOT NULL
                OR substr(l.subjects, 32 * (p.sequence - l.sequence + l.entries - 1) + 1, 16) <> p.referral_id
            """
        ) { $0.optionalInt64(0) } ?? nil
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

    /// Looks at the next row. `original`: how many people the row lists that it shows again; `unlisted`: the first of its
    /// entries that the list of persons lacks.
    mutating func visit(_ row: LedgerRow, original: Int?, unlisted: Int64?) {
        let expected = verdict.entries + 1
        let these = Entries(first: expected, last: max(expected, row.sequence))
        let found = Entries(first: row.first, last: row.sequence)
        if row.first != expected {
            fail(expected, "entry \(expected) is missing; \(found.name) \(found.verb("stands", "stand")) in its place")
        } else if row.previous != previous {
            fail(
                expected,
                "\(these.name) \(these.verb("does", "do")) not follow entry \(expected - 1): "
                    + "\(these.verb("it names", "they name")) another hash before \(these.verb("it", "them"))")
        } else if !row.isAsWritten {
            fail(
                expected,
                "\(these.name) \(these.verb("is not as it was", "are not as they were")) written: "
                    + "\(these.verb("its", "their")) hash is not that of \(these.verb("its", "their")) fields")
        } else if let again = row.again, original != row.entries {
            fail(expected, "\(these.name) repeat entry \(again), which does not list as many people")
        } else if let unlisted {
            fail(unlisted, "entry \(unlisted) is not in the list of persons: who it is about would not be told of it")
        } else {
            meetAnchors(at: row.sequence, hash: row.hash)
        }
        guard verdict.broken == nil else { return }
        verdict.entries = row.sequence
        previous = row.hash
    }

    /// After the last row. `unfounded`: the first entry in the list of persons that no row bears out.
    mutating func end(unfounded: Int64?) {
        if verdict.broken == nil, nextAnchor < anchors.count, let last = anchors.last {
            let first = verdict.entries + 1
            fail(
                first,
                "entry \(first) is missing: the ledger ends at entry \(verdict.entries), but at \(last.at) it ended at "
                    + "entry \(last.sequence)")
        } else if let unfounded {
            fail(unfounded, "the list of persons has an entry \(unfounded) that the ledger does not bear out")
        }
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

/// The entries of a row as a verdict names them.
private struct Entries {
    let first: Int64
    let last: Int64

    var name: String { first == last ? "entry \(first)" : "entries \(first) to \(last)" }

    func verb(_ one: String, _ many: String) -> String { first == last ? one : many }
}
