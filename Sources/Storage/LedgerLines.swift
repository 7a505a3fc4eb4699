// The ledger as it is read: by the person it is about, a page at a time and folded when wanted; and by the operator, who
// searches it. Knows no sentence: entries become words elsewhere.

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
    /// How many entries of one day this line stands for, of which it shows the latest.
    package var count = 1

    /// Whether the emergency button was used.
    package var isEmergency: Bool {
        grounds.contains(.vitalInterests) || DisclosureDeed(action: action) == .emergency
    }

    /// Whether both say the same of one day in Amsterdam.
    fileprivate func isSameDeed(as other: DisclosureLine, onDay day: CivilDate) -> Bool {
        role == other.role && trustedPerson == other.trustedPerson && organisation.id == other.organisation.id
            && action == other.action
            && purpose == other.purpose && fields == other.fields && grounds == other.grounds
            && result == other.result && day == AmsterdamTime.day(of: other.at)
    }
}

/// An entry with all of its columns but the hashes.
package struct LedgerLine: Sendable, Equatable {
    package var disclosure: DisclosureLine
    package var referral: ReferralID
    package var object: Identifier<Any>
    package var token: TokenID
    package var responsible: OrganisationID?
    package var trace: RequestTrace
}

/// What to search the ledger for; parts that are nil do not count.
package struct LedgerSearch: Sendable {
    package var referral: ReferralID?
    package var organisation: OrganisationID?
    package var role: Role?
    package var action: String?
    package var requestID: String?
    package var period = LedgerPeriod()

    /// A search for everything.
    package init() {}
}

extension LedgerStore {
    /// The most entries that one folded page looks through; who polls every minute fills a page with a day.
    static let foldedEntriesPerPage = 10_000

    private static let head = """
        SELECT l.sequence, l.at, l.role, l.organisation_id, coalesce(o.name, 'Thuispunt'), l.action, l.purpose,
            l.field_groups, l.ground, l.result, l.referral_id, l.object_id, l.token_id, l.responsible_id, l.request_id,
            l.trace_id, l.address, (SELECT k.label FROM access_token k WHERE k.id = l.token_id AND k.delegate = 1)
        FROM ledger l LEFT JOIN organisation o ON o.id = l.organisation_id
        """

    /// A page of the entries about a referral, newest first. Folded, entries that say the same of one day are one line
    /// with a count; a day that runs over the end of a page goes on in the next with lines of its own.
    package func list(
        about referral: ReferralID, during period: LedgerPeriod = LedgerPeriod(), folded: Bool = false,
        page: PageRequest<Int64>
    ) throws -> Page<DisclosureLine, Int64> {
        var select = SelectSQL(Self.head, where: Scope(clause: "l.referral_id = ?", values: [referral.value]))
        select.and("l.sequence < ?", .integer(page.after ?? .max))
        if period != LedgerPeriod() {
            select.and("l.at >= ? AND l.at < ?", .integer(period.start), .integer(period.end))
        }
        guard folded else {
            select.order(by: "l.sequence DESC", limit: page.limit)
            return Page(try select.all(db, read: Self.disclosure), limit: page.limit) { $0.sequence }
        }
        select.order(by: "l.sequence DESC", limit: Self.foldedEntriesPerPage)
        return Self.folded(try select.all(db, read: Self.disclosure), limit: page.limit)
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
        var select = SelectSQL(Self.head, where: .everything)
        if let referral = search.referral { select.and("l.referral_id = ?", referral.value) }
        if let organisation = search.organisation { select.and("l.organisation_id = ?", organisation.value) }
        if let role = search.role { select.and("l.role = ?", .text(role.rawValue)) }
        if let action = search.action { select.and("l.action = ?", .text(action)) }
        if let request = search.requestID { select.and("l.request_id = ?", .text(request)) }
        select.and("l.at >= ? AND l.at < ?", .integer(search.period.start), .integer(search.period.end))
        select.order(by: "l.sequence DESC", limit: limit)
        let found = try select.all(db) { row in
            LedgerLine(
                disclosure: Self.disclosure(row), referral: row.id(10), object: row.id(11), token: row.id(12),
                responsible: row.optionalID(13),
                trace: RequestTrace(requestID: row.text(14), traceID: row.text(15), address: row.text(16)))
        }
        return Array(found.prefix(limit))
    }

    private static func disclosure(_ row: borrowing Row) -> DisclosureLine {
        var line = DisclosureLine(
            sequence: row.int64(0), at: row.instant(1), role: row.code(2, otherwise: .auditor),
            organisation: row.organisation(3), action: row.text(5), purpose: row.text(6),
            fields: row.text(7).split(separator: " ").map(String.init), grounds: row.codes(8),
            result: row.code(9, otherwise: .ok))
        line.trustedPerson = row.optionalText(17)
        return line
    }
}
