// Who waits for news: callers that have read all there was and want to be woken by the next change that concerns them. The
// writer tells after each commit whom it concerns; what another process commits is seen by a look from time to time, while
// somebody waits.

package import Domain
internal import Lock
internal import SQLite
internal import Synchronization

/// The callers that wait on one open database.
package final class FeedWatch: Sendable {
    /// A caller that waits, until `end`.
    package final class Watcher: Sendable {
        fileprivate let audiences: [FeedAudience]
        fileprivate let kinds: Set<FeedKind>?
        fileprivate let wake: @Sendable () -> Void

        fileprivate init(
            _ audiences: [FeedAudience], _ kinds: Set<FeedKind>?, wake: @escaping @Sendable () -> Void
        ) {
            self.audiences = audiences
            self.kinds = kinds
            self.wake = wake
        }
    }

    private let circles = Lock<[FeedAudience: [ObjectIdentifier: Watcher]]>([:])
    /// How many watch: looked at without the lock on every commit.
    private let count = Atomic(0)
    private let path: String
    private let environment: Environment
    /// Nil until somebody watches: a command that only writes needs neither a thread nor another connection.
    private let looking: Lock<LookingThread?> = Lock(nil)

    /// Watches nothing yet.
    ///
    /// - Parameter path: The file, to look at what other processes commit.
    init(path: String, environment: Environment) {
        self.path = path
        self.environment = environment
    }

    /// How many watch now.
    package var watching: Int { count.load(ordering: .relaxed) }

    /// From now on `wake` is called after each commit that tells one of `audiences` something about one of `kinds`, on the
    /// thread that committed, more than once if need be; nil stands for all kinds. What was committed before is for the
    /// caller to read after this has returned.
    package func begin(
        _ audiences: [FeedAudience], _ kinds: Set<FeedKind>?, wake: @escaping @Sendable () -> Void
    ) -> Watcher {
        let watcher = Watcher(audiences, kinds, wake: wake)
        circles.withLock { circles in
            for audience in audiences {
                circles[audience, default: [:]][ObjectIdentifier(watcher)] = watcher
            }
        }
        count.add(1, ordering: .relaxed)
        lookFromNowOn()
        return watcher
    }

    /// Stops calling.
    package func end(_ watcher: Watcher) {
        circles.withLock { circles in
            for audience in watcher.audiences {
                circles[audience]?[ObjectIdentifier(watcher)] = nil
                if circles[audience]?.isEmpty == true { circles[audience] = nil }
            }
        }
        count.subtract(1, ordering: .relaxed)
    }

    /// Wakes those whom a commit concerns.
    func tell(_ told: Told) {
        guard !told.isEmpty, count.load(ordering: .relaxed) > 0 else { return }
        let woken = circles.withLock { circles in
            told.flatMap { audience, kinds in
                (circles[audience]?.values).map { watchers in
                    watchers.filter { $0.kinds?.isDisjoint(with: kinds) != true }
                } ?? []
            }
        }
        for watcher in woken { watcher.wake() }
    }

    /// Ends the looks at other processes; nobody is woken by that.
    func stop() {
        looking.stop()
    }

    /// Starts the looks with the first who watches; when that can't be done, the next one tries again.
    private func lookFromNowOn() {
        looking.withLock { looking in
            guard looking == nil, let lane = try? ReadLane(path: path) else { return }
            let known = Lock<(version: DataVersion?, end: Int64?)>((nil, nil))
            looking = try? LookingThread(everyMilliseconds: EngineLimits.feedLookMilliseconds) { [self] in
                known.withLock { known in
                    guard watching > 0, let version = try? lane.version(), version != known.version else { return }
                    // When the look fails, the next one is at the same.
                    let end = try? lane.read(environment.now()) { try lookAround(FeedStore($0.db), since: known.end) }
                    if let end { known = (version, end) }
                }
            } end: {
                lane.close()
            }
        }
    }

    /// Wakes those who have something to read since the last look, and gives how far the feed has come; before the first look
    /// everybody may have missed something.
    private func lookAround(_ store: FeedStore, since seen: Int64?) throws -> Int64 {
        let end = try store.end()
        guard end != seen else { return end }
        for audience in circles.withLock({ Array($0.keys) }) {
            if let seen, try store.newest(for: audience) <= seen { continue }
            let woken = circles.withLock { Array(($0[audience] ?? [:]).values) }
            for watcher in woken { watcher.wake() }
        }
        return end
    }
}
