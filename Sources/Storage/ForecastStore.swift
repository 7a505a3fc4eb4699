// What the forecast of the promise rests on: the queue in its order with what each waits for, what was let lately, and what is
// free. Reads no name and nothing else about anybody.

package import Domain
package import SQLite

/// The numbers behind the forecast.
package struct ForecastStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Everybody who waits, in the order of the queue.
    package func queue(in visibility: ReferralVisibility) throws -> [QueueEntry] {
        let scope = ScopeSQL.referrals(visibility)
        var queue: [QueueEntry] = []
        try db.forEach(
            SQL(
                dynamic: """
                    SELECT r.id, r.number, r.municipality, r.promise_due_on, r.form, w.form, w.municipalities
                    FROM referral r INDEXED BY referral_queue
                    LEFT JOIN wish w ON w.referral_id = r.id
                        AND w.version = (SELECT max(v.number) FROM wish_version v WHERE v.referral_id = r.id)
                    WHERE r.status = 'waiting' AND r.promise_due_on IS NOT NULL AND (\(scope.clause))
                    ORDER BY r.urgency_rank, r.waiting_since, r.id
                    """), Values(scope.values)
        ) { row in
            let id: ReferralID = row.id(0)
            if queue.last?.referral != id {
                queue.append(
                    QueueEntry(
                        referral: id, number: row.int(1), municipality: row.municipality(2), promisedBy: row.date(3),
                        options: []))
                // What was admitted to counts too, where they live; after the wishes, which lead.
                if let admitted: HousingForm = row.optionalCode(4), row.isNull(5) {
                    queue[queue.count - 1].options.append(WaitingFor(admitted, in: [row.municipality(2)]))
                }
            }
            if let wished: HousingForm = row.optionalCode(5) {
                queue[queue.count - 1].options.append(WaitingFor(wished, in: row.municipalities(6)))
            }
        }
        return queue
    }

    /// What was let since a moment, and what is free on a day.
    package func supply(since start: Instant, on day: CivilDate) throws -> [SupplyLine] {
        var lines: [SupplyLine] = []
        func add(_ row: borrowing Row, _ change: (inout SupplyLine, Int) -> Void) {
            let (form, municipality): (HousingForm, Municipality) = (
                row.code(0, otherwise: .independent), row.municipality(1)
            )
            let count = row.int(2)
            if let known = lines.firstIndex(where: { $0.form == form && $0.municipality == municipality }) {
                change(&lines[known], count)
            } else {
                var line = SupplyLine(form: form, municipality: municipality, delivered: 0, free: 0)
                change(&line, count)
                lines.append(line)
            }
        }
        // Ids have the moment of their making in front, so those since a moment are one range of the key.
        let first = TenancyID(high: UInt64(clamping: start.milliseconds) << 16, low: 0)
        try db.forEach(
            """
            SELECT d.form, d.municipality, count(*) FROM tenancy t CROSS JOIN dwelling d ON d.id = t.dwelling_id
            WHERE t.id >= ? GROUP BY d.form, d.municipality
            """, first
        ) { add($0) { $0.delivered += $1 } }
        try db.forEach(
            """
            SELECT d.form, d.municipality, count(*) FROM dwelling d INDEXED BY dwelling_status
            WHERE d.status = 'free' AND d.available_from <= ? GROUP BY d.form, d.municipality
            """, day
        ) { add($0) { $0.free += $1 } }
        return lines
    }
}
