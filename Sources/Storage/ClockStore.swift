// The tables `clock` and `clock_pause`: the clocks of referrals. What starts and ends them is said in Domain/ClockRules.

package import Domain
package import SQLite

/// The clocks.
package struct ClockStore {
    let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Every clock of a referral, oldest first.
    package func list(of referral: ReferralID) throws -> [Clock] {
        let pauses = try db.all(
            """
            SELECT clock_id, ground, from_on, until_on FROM clock_pause WHERE referral_id = ? ORDER BY clock_id, number
            """, referral
        ) { row in
            (
                clock: row.id(0, of: ClockTag.self),
                pause: ClockPause(
                    ground: row.code(1, otherwise: .forceMajeure), from: row.date(2), until: row.optionalDate(3))
            )
        }
        return try db.all(
            """
            SELECT id, kind, object_id, started_on, working_days, days, region_version, ended_on, outcome
            FROM clock WHERE referral_id = ? ORDER BY id
            """, referral
        ) { row in
            var clock = Self.clock(row)
            clock.pauses = pauses.filter { $0.clock == clock.id }.map(\.pause)
            return clock
        }
    }

    private static func clock(_ row: borrowing Row) -> Clock {
        let days = row.optionalInt64(5).map { ClockTerm.days(Int($0)) }
        var clock = Clock(
            row.code(1, otherwise: .promise), id: row.id(0), object: row.optionalID(2), startedOn: row.date(3),
            term: days ?? .workingDays(row.int(4)), regionVersion: row.int(6))
        clock.endedOn = row.optionalDate(7)
        clock.outcome = row.optionalCode(8)
        return clock
    }

    /// The clocks of a referral that run or stand still, about one object when it is given; without their pauses unless
    /// they have one open.
    package func running(of referral: ReferralID) throws -> [Clock] {
        try list(of: referral).filter { $0.endedOn == nil }
    }

    /// Clocks whose last day was before one, in the order of their last days, with the place after the last of them; those
    /// of one referral and day together, and so a few less than `limit` when there are more.
    package func breached(
        before day: CivilDate, after place: (day: CivilDate, id: ReferralID)?, limit: Int
    ) throws -> (clocks: [(referral: ReferralID, clock: Clock)], last: (day: CivilDate, id: ReferralID)?) {
        let from = place ?? (CivilDate(dayNumber: .min), ReferralID(high: 0, low: 0))
        let rows = try db.all(
            """
            SELECT id, kind, object_id, started_on, working_days, days, region_version, ended_on, outcome, due_on,
                referral_id
            FROM clock INDEXED BY clock_due
            WHERE ended_on IS NULL AND paused_on IS NULL AND kind NOT IN ('personal_plan', 'objection')
                AND due_on < ? AND (due_on, referral_id) > (?, ?)
            ORDER BY due_on, referral_id LIMIT ?
            """, day, from.day, from.id, limit
        ) { (clock: Self.clock($0), place: (day: $0.date(9), id: $0.id(10, of: ReferralTag.self))) }
        var whole = rows[...]
        if rows.count == limit, let cut = rows.last?.place, rows.first.map({ $0.place != cut }) == true {
            whole = whole.prefix { $0.place != cut }
        }
        return (whole.map { (referral: $0.place.id, clock: $0.clock) }, whole.last?.place)
    }

    /// Adds clocks that start.
    ///
    /// - Throws: `SQLiteError`, a unique violation when one of the kind runs about the same already.
    package func insert(_ clocks: [Clock], of referral: ReferralID) throws {
        try db.insert(
            """
            INSERT INTO clock (id, referral_id, kind, object_id, started_on, working_days, days, region_version, due_on)
            VALUES
            """, "(?, ?, ?, ?, ?, ?, ?, ?, ?)", for: clocks
        ) { clock, batch, place in
            let (workingDays, days): (Int?, Int?) =
                switch clock.term {
                case .workingDays(let count): (count, nil)
                case .days(let count): (nil, count)
                }
            try batch.bind(
                from: place, clock.id, referral, Code(clock.kind), clock.object, clock.startedOn, workingDays, days,
                clock.regionVersion, clock.dueOn(on: clock.startedOn))
        }
    }

    /// Writes how a clock stands now: its pauses, its last day, its end.
    package func update(_ clock: Clock, of referral: ReferralID, on day: CivilDate) throws {
        try db.run(
            "UPDATE clock SET due_on = ?, paused_on = ?, ended_on = ?, outcome = ? WHERE referral_id = ? AND id = ?",
            clock.dueOn(on: day), clock.pause?.from, clock.endedOn, clock.outcome.code, referral, clock.id)
        for (place, pause) in clock.pauses.enumerated() {
            try db.run(
                """
                INSERT INTO clock_pause (referral_id, clock_id, number, ground, from_on, until_on)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (referral_id, clock_id, number) DO UPDATE SET until_on = excluded.until_on
                    WHERE until_on IS NOT excluded.until_on
                """,
                referral, clock.id, place + 1, Code(pause.ground), pause.from, pause.until)
        }
    }
}
