// Tells the stories of the demo region in the order of time: moves the clock from moment to moment of the past year and
// performs what falls in each, many steps to a commit. A marker says that loading began and another that it ended, so
// that a load that was stopped halfway can be told from one that is whole.

internal import Domain
internal import Storage
internal import UseCases

struct DemoLoader {
    /// Steps in one commit: enough for a sync to cost little, and few when one fails half way and all are run again.
    static let stepsPerCommit = 200

    /// Lives that are lived one by one. More people than that are copies of them: their lives are as true, and
    /// copying does not live them again.
    static let livesLimit = 5_000

    /// Settings: a load began; a load is whole.
    static let startedKey = "demo-started"
    static let loadedKey = "demo"

    let database: Database
    let clock: DemoClock
    let seed: UInt64
    /// People who live their lives; `copies` of all of it come after that.
    let count: Int
    let copies: Int
    /// The moment it really is.
    let now: Instant

    private var today: CivilDate { AmsterdamTime.day(of: now) }

    /// Whether a database holds the demo region.
    ///
    /// - Throws: `CommandFault` when it holds anything else, or half of it.
    static func isLoaded(_ tx: ReadTransaction, path: String) throws -> Bool {
        let settings = SettingStore(tx.db)
        if try settings.find(loadedKey) != nil { return true }
        if try settings.find(startedKey) != nil {
            throw CommandFault(
                "an earlier load of the demo region was stopped halfway; remove \(path), then: thuispunt migrate up")
        }
        guard try OrganisationStore(tx.db).list().isEmpty else {
            throw CommandFault("\(path) holds organisations already; the demo region goes into an empty database only")
        }
        return false
    }

    /// Loads everything, and hands the names and values of `demo-tokens.env` to `keep` before the load is called whole.
    func run(
        living: (_ done: Int, _ total: Int) -> Void, copying: (_ done: Int, _ total: Int) -> Void,
        keep: ([(name: String, value: String)]) throws -> Void
    ) async throws {
        let calendar = DemoCalendar(today: today, stories: count)
        clock.move(to: calendar.moment(0).adding(seconds: -3600))
        let cast = try await start()
        let candidate = try await tell(calendar, cast, living)

        clock.move(to: now)
        try await copy(copying)
        let values = try await database.write { tx in
            try cast.handOver(candidate: candidate, environment: .system, in: tx)
        }
        try keep(values)
        let note = "seed \(seed), referrals \(count * (copies + 1))"
        try await database.write { tx in try SettingStore(tx.db).update(Self.loadedKey, to: note) }
    }

    private func copy(_ progress: (_ done: Int, _ total: Int) -> Void) async throws {
        guard copies > 0 else { return }
        let copier = try database.read(lane: 0) { try RegionCopier(copies: copies, in: $0) }
        for (number, step) in copier.steps.enumerated() {
            try await database.write { try copier.take(step, in: $0) }
            progress(number + 1, copier.steps.count)
        }
        // The change feed is told in parts, with every commit one.
        while try database.read(lane: 0, { try FeedStore($0.db).isBehind }) { try await database.write { _ in } }
    }

    private func start() async throws -> DemoCast {
        let path = database.path
        let note = "seed \(seed), referrals \(count * (copies + 1))"
        return try await database.write { tx in
            // Once more under the lock: another process may have begun meanwhile.
            guard try !Self.isLoaded(tx.reading, path: path) else {
                throw CommandFault("another process has just loaded the demo region")
            }
            try SettingStore(tx.db).update(Self.startedKey, to: note)
            return try DemoCast(in: tx, environment: .system)
        }
    }

    /// Tells every story; gives the referral of the first.
    private func tell(
        _ calendar: DemoCalendar, _ cast: DemoCast, _ progress: (_ done: Int, _ total: Int) -> Void
    ) async throws -> ReferralID {
        var (beginnings, total) = beginnings(calendar)
        var waiting = [[DemoCase]](repeating: [], count: calendar.count)
        var first = ReferralID(high: 0, low: 0)
        var done = 0
        for number in 0..<calendar.count {
            var due = waiting[number]
            waiting[number] = []
            due += beginnings[number].map { index in
                let life = DemoLife.of(Int(index), seed: seed)
                return DemoCase(
                    index: Int(index), moments: calendar.moments(of: life, seed: seed, index: Int(index)))
            }
            beginnings[number] = []
            clock.move(to: calendar.moment(number))
            for start in stride(from: 0, to: due.count, by: Self.stepsPerCommit) {
                let batch = Array(due[start..<min(start + Self.stepsPerCommit, due.count)])
                for story in try await perform(batch, cast) {
                    if story.index == 0 { first = story.referral }
                    if let next = story.nextMoment { waiting[next].append(story) }
                }
                done += batch.count
                progress(done, total)
            }
        }
        return first
    }

    private func perform(_ batch: [DemoCase], _ cast: DemoCast) async throws -> [DemoCase] {
        let seed = seed
        let ageDay = today
        return try await database.writeAll(
            batch.map { story in
                { @Sendable tx in
                    var story = story
                    try DemoSteps(cast: cast, seed: seed, ageDay: ageDay, tx: tx).perform(&story)
                    return story
                }
            })
    }

    /// Which stories begin at each moment, and the number of steps in all.
    private func beginnings(_ calendar: DemoCalendar) -> (byMoment: [[UInt32]], steps: Int) {
        var byMoment = [[UInt32]](repeating: [], count: calendar.count)
        var steps = 0
        for index in 0..<count {
            let life = DemoLife.of(index, seed: seed)
            let moments = calendar.moments(of: life, seed: seed, index: index)
            steps += moments.count
            if let first = moments.first { byMoment[first].append(UInt32(clamping: index)) }
        }
        return (byMoment, steps)
    }
}
