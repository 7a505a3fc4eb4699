// The ledger as it is read: by the person it is about, a page at a time and folded when wanted; and by auditors and the
// operator, who search it. Knows no sentence: entries become words elsewhere.

package import Domain
internal import SQLite

/// Days, in Amsterdam; both ends included, and open where nil.
package struct LedgerPeriod: Sendable, Equatable {
    package var from: CivilDate?
    package var until: CivilDate?

    /// A period from its ends.
    package init(from: CivilDate? = nil, until: CivilDate? = nil) {
        self.from = from
        self.until = until
    }

    fileprivate var start: Int64 { from.map { AmsterdamTime.start(of: $0).milliseconds } ?? .min }
    fileprivate var end: Int64 { until.map { AmsterdamTime.start(of: $0.adding(days: 1)).milliseconds } ?? .max }
}

/// An entry as the person it is about may read it.
package struct DisclosureLine: Sendable, Equatable {
    package var sequence: Int64
    package var at: Instant
    package var role: Role
    package var organisation: OrganisationName
    package var action: String
    package var purpose: String
    package var fields: [String]
    /// Empty in entries from before grounds were written down.
    package var grounds: [DisclosureGround]
    package var result: DisclosureResult
    /// Who looked along with the person; nil for the person, and for everybody else.
    package var trustedPerson: String?
    /// By which token and as part of which request; nil to who checks on nobody.
    package var source: LedgerSource?
    /// How many entries of one day this line stands for, of which it shows the latest.
    package var count = 1

    /// Whether the emergency button was used.
    package var isEmergency: Bool {
        grounds.contains(.vitalInterests) || DisclosureDeed(action: action) == .emergency
    }

    /// Whether both say the same of one day in Amsterdam.
    fileprivate func isSameDeed(as other: DisclosureLine, onDay day: CivilDate) -> Bool {
        role == other.role && trustedPerson == other.trustedPerson && organisation.id == other.organisation.id
            && source?.token == other.source?.token && action == other.action
            && purpose == other.purpose && fields == other.fields && grounds == other.grounds
            && result == other.result && day == AmsterdamTime.day(of: other.at)
    }
}

/// Where an entry came from: who exactly it was (NEN 7513), for who checks on those who look.
package struct LedgerSource: Sendable, Equatable {
    package var token: TokenID
    package var trace: RequestTrace

    /// Whether it was whoever can run commands on the machine, who has no token.
    package var isLocalOperator: Bool { token == LedgerAuthor.localOperator.token }
}

/// An entry with all of its columns but the hashes.
package struct LedgerLine: Sendable, Equatable {
    package var disclosure: DisclosureLine
    /// `nobody` in an entry about nobody.
    package var referral: ReferralID
    package var object: Identifier<Any>
    package var source: LedgerSource
    package var responsible: OrganisationID?
}

/// What to search the ledger for; parts that are nil do not count.
package struct LedgerSearch: Sendable {
    package var referral: ReferralID?
    package var organisation: OrganisationID?
    package var role: Role?
    package var token: TokenID?
    package var action: String?
    /// Only what was seen or done in an emergency.
    package var isEmergency = false
    package var requestID: String?
    package var period = LedgerPeriod()

    /// A search for everything.
    package init() {}
}

extension LedgerStore {
    /// The most entries that one folded page looks through; who polls every minute fills a page with a day.
    static let foldedEntriesPerPage = 10_000
    /// The most entries that one page of a search looks through: some tens of milliseconds.
    static let searchedEntriesPerPage: Int64 = 100_000

    private static let head = """
        SELECT l.sequence, l.at, l.role, l.organisation_id, coalesce(o.name, 'Thuispunt'), l.action, l.purpose,
            l.field_groups, l.ground, l.result, l.token_id, l.responsible_id, l.request_id, l.trace_id, l.address,
            (SELECT k.label FROM access_token k WHERE k.id = l.token_id AND k.delegate = 1), l.entries,
            iif(l.again IS NULL, l.subjects, (SELECT d.subjects FROM ledger d WHERE d.sequence = l.again))
        FROM ledger l LEFT JOIN organisation o ON o.id = l.organisation_id
        """

    /// A page of the entries about a referral, newest first. Folded, entries that say the same of one day are one line
    /// with a count; a day that runs over the end of a page goes on in the next with lines of its own.
    ///
    /// - Parameter withSource: Whether each says by which token and request it came about.
    package func list(
        about referral: ReferralID, during period: LedgerPeriod = LedgerPeriod(), folded: Bool = false,
        withSource: Bool = false, page: PageRequest<Int64>
    ) throws -> Page<DisclosureLine, Int64> {
        let most = folded ? Self.foldedEntriesPerPage : page.limit
        var lines: [DisclosureLine] = []
        var walk = EntryWalk(db)
        try walk.run(about: referral, before: page.after ?? .max) { entry, row in
            var line = try self.line(row, period, withSource)
            line?.sequence = entry
            if let line { lines.append(line) }
            return lines.count <= most
        }
        return folded
            ? Self.folded(lines, limit: page.limit) : Page(lines, limit: page.limit) { $0.sequence }
    }

    /// What a row tells of each of its entries; nil when it is of another time.
    private func line(_ row: Int64, _ period: LedgerPeriod, _ withSource: Bool) throws -> DisclosureLine? {
        var select = SelectSQL(Self.head, where: Scope(clause: "l.sequence = ?", values: [.integer(row)]))
        if period != LedgerPeriod() {
            select.and("l.at >= ? AND l.at < ?", .integer(period.start), .integer(period.end))
        }
        return try select.first(db) { row in
            var line = Self.disclosure(row)
            if withSource { line.source = Self.source(row) }
            return line
        }
    }

    private static func folded(_ entries: [DisclosureLine], limit: Int) -> Page<DisclosureLine, Int64> {
        var lines: [DisclosureLine] = []
        var dayStart = 0
        var day: CivilDate?
        var last: Int64?
        for entry in entries.prefix(foldedEntriesPerPage) {
            let today = AmsterdamTime.day(of: entry.at)
            if today != day { (day, dayStart) = (today, lines.count) }
            if let place = lines[dayStart...].firstIndex(where: { $0.isSameDeed(as: entry, onDay: today) }) {
                lines[place].count += 1
            } else if lines.count < limit {
                lines.append(entry)
            } else {
                return Page(items: lines, next: last)
            }
            last = entry.sequence
        }
        return Page(items: lines, next: entries.count > foldedEntriesPerPage ? last : nil)
    }

    /// The newest entries that fit a search.
    package func search(_ search: LedgerSearch, limit: Int) throws -> [LedgerLine] {
        var select = Self.select(search)
        if let referral = search.referral {
            let rows = """
                (SELECT (SELECT min(x.sequence) FROM ledger x WHERE x.sequence >= p.sequence)
                FROM ledger_person p WHERE p.referral_id = ?)
                """
            select.and("(l.sequence IN \(rows) OR l.again IN \(rows))", referral.value, referral.value)
        }
        select.order(by: "l.sequence DESC", limit: limit)
        let found = try select.all(db, read: Self.lines)
        let lines = found.joined().filter { search.referral == nil || $0.referral == search.referral }
        return Array(lines.prefix(limit))
    }

    /// A page of the entries that fit a search, newest first, about those whom `visibility` has. It looks through so many
    /// entries and no more, so that a page may be short, or empty, and the list still go on.
    package func search(
        _ search: LedgerSearch, in visibility: ReferralVisibility, page: PageRequest<Int64>
    ) throws -> Page<LedgerLine, Int64> {
        let isSeen = try sieve(visibility)
        let before = try min(page.after ?? .max, head().sequence + 1)
        var lines: [LedgerLine] = []
        if let referral = search.referral {
            var walk = EntryWalk(db)
            guard try isSeen(referral) else { return Page(items: [], next: nil) }
            try walk.run(about: referral, before: before) { entry, row in
                lines += try rows(search, from: row, below: row + 1, limit: 1).joined().filter {
                    $0.disclosure.sequence == entry
                }
                return lines.count <= page.limit
            }
            return Page(lines, limit: page.limit) { $0.disclosure.sequence }
        }
        let from = max(1, before - Self.searchedEntriesPerPage)
        var bound = before
        while lines.count <= page.limit {
            let found = try rows(search, from: from, below: bound, limit: page.limit)
            guard let last = found.last?.last else {
                return Page(items: lines, next: from > 1 ? min(from, bound) : nil)
            }
            lines += try found.joined().filter { try $0.disclosure.sequence < bound && isSeen($0.referral) }
            bound = last.disclosure.sequence
        }
        return Page(lines, limit: page.limit) { $0.disclosure.sequence }
    }

    /// The entries of each row that fits a search and has some below one entry, as long as its last is none before another.
    private func rows(
        _ search: LedgerSearch, from: Int64, below bound: Int64, limit: Int
    ) throws -> [[LedgerLine]] {
        var select = Self.select(search)
        select.and(
            "l.sequence >= ? AND l.sequence < ? AND l.sequence - l.entries < ?", .integer(from),
            .integer(bound + Int64(EngineLimits.entriesPerRow)), .integer(bound - 1))
        select.order(by: "l.sequence DESC", limit: limit)
        return try select.all(db, read: Self.lines)
    }

    /// Whether an entry is about somebody whom a visibility has, each asked once.
    private func sieve(_ visibility: ReferralVisibility) throws -> (ReferralID) throws -> Bool {
        guard visibility != .everything else { return { _ in true } }
        let referrals = ReferralStore(db)
        var known: [ReferralID: Bool] = [:]
        return { referral in
            if let known = known[referral] { return known }
            let isSeen = try referrals.find(referral, in: visibility) != nil
            known[referral] = isSeen
            return isSeen
        }
    }

    /// What fits a search, whomever it is about.
    private static func select(_ search: LedgerSearch) -> SelectSQL {
        var select = SelectSQL(head, where: .everything)
        if let organisation = search.organisation { select.and("l.organisation_id = ?", organisation.value) }
        if let role = search.role { select.and("l.role = ?", .text(role.rawValue)) }
        if let token = search.token { select.and("l.token_id = ?", token.value) }
        if let action = search.action { select.and("l.action = ?", .text(action)) }
        if search.isEmergency {
            // As `DisclosureLine.isEmergency` has it.
            select.and(
                "(instr(l.ground, ?) OR l.action GLOB 'break*' OR l.action GLOB 'emergency*')",
                .text(DisclosureGround.vitalInterests.rawValue))
        }
        if let request = search.requestID { select.and("l.request_id = ?", .text(request)) }
        select.and("l.at >= ? AND l.at < ?", .integer(search.period.start), .integer(search.period.end))
        return select
    }

    /// The entries of a row, newest first.
    private static func lines(_ row: borrowing Row) -> [LedgerLine] {
        let disclosure = disclosure(row)
        let subjects = row.blob(17)
        let whole = LedgerLine(
            disclosure: disclosure, referral: .nobody, object: Identifier(high: 0, low: 0), source: source(row),
            responsible: row.optionalID(11))
        return (0..<row.int(16)).map { back in
            var line = whole
            let place = subjects.count - LedgerHash.subjectByteCount * (back + 1)
            line.disclosure.sequence = disclosure.sequence - Int64(back)
            line.referral = subjects.identifier(at: max(0, place))
            line.object = subjects.identifier(at: max(0, place) + 16)
            return line
        }
    }

    private static func source(_ row: borrowing Row) -> LedgerSource {
        LedgerSource(
            token: row.id(10),
            trace: RequestTrace(requestID: row.text(12), traceID: row.text(13), address: row.text(14)))
    }

    private static func disclosure(_ row: borrowing Row) -> DisclosureLine {
        var line = DisclosureLine(
            sequence: row.int64(0), at: row.instant(1), role: row.code(2, otherwise: .auditor),
            organisation: row.organisation(3), action: row.text(5), purpose: row.text(6),
            fields: row.text(7).split(separator: " ").map(String.init), grounds: row.codes(8),
            result: row.code(9, otherwise: .ok))
        line.trustedPerson = row.optionalText(15)
        return line
    }
}

/// Goes along the entries about one person, newest first.
///
/// The list of persons names the entries of rows that list their people themselves; each of those may be repeated by later
/// rows, at most `furthestRepeat` entries on. So what was found is held back until nothing that is yet to come can be newer.
private struct EntryWalk {
    private struct Ended: Error {}

    private let db: Connection
    private var waiting: [(entry: Int64, row: Int64)] = []

    init(_ db: Connection) { self.db = db }

    /// Visits entries with the row that each is in, until `visit` says no.
    mutating func run(
        about referral: ReferralID, before: Int64, _ visit: (_ entry: Int64, _ row: Int64) throws -> Bool
    ) throws {
        var listed: Int64?
        do {
            try db.forEach(
                """
                SELECT p.sequence, l.sequence, a.sequence
                FROM ledger_person p
                    JOIN ledger l ON l.sequence = (SELECT min(sequence) FROM ledger WHERE sequence >= p.sequence)
                    LEFT JOIN ledger a ON a.again = l.sequence
                WHERE p.referral_id = ? AND p.sequence < ? ORDER BY p.sequence DESC
                """, referral, before
            ) { row in
                let (entry, original) = (row.int64(0), row.int64(1))
                if listed != entry {
                    listed = entry
                    try release(above: original + EngineLimits.furthestRepeat, visit)
                    waiting.append((entry, original))
                }
                if let again = row.optionalInt64(2), again - (original - entry) < before {
                    waiting.append((again - (original - entry), again))
                }
            }
            try release(above: 0, visit)
        } catch is Ended {}
    }

    /// Visits what is newer than an entry.
    private mutating func release(
        above bound: Int64, _ visit: (_ entry: Int64, _ row: Int64) throws -> Bool
    ) throws {
        let ready = waiting.filter { $0.entry > bound }.sorted { $0.entry > $1.entry }
        guard !ready.isEmpty else { return }
        waiting.removeAll { $0.entry > bound }
        for (entry, row) in ready {
            guard try visit(entry, row) else { throw Ended() }
        }
    }
}
