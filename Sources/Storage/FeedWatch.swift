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

    private struct Circle {
        var watchers: [ObjectIdentifier: Watcher] = [:]
        /// The last entry that was there when the other processes were looked at; nil before the first look.
        var seen: Int64?
    }
    private let circles = Lock<[FeedAudience: Circle]>([:])
    /// How many watch: looked at without the lock on every commit.
    private let count = Atomic(0)
    private let isStopped = Lock(false)
    private let thread: Lock<WorkerThread?> = Lock(nil)

    /// Watches nothing yet; `lane` is for looking at what other processes commit.
    ///
    /// - Throws: `StorageFault.unavailable` when the system gives no thread.
    init(_ lane: ReadLane, environment: Environment) throws(StorageFault) {
        let started = try WorkerThread { [self] in
            var version: DataVersion?
            while !waitForTheNextLook() {
                guard count.load(ordering: .relaxed) > 0, let found = try? lane.version(), found != version else {
                    continue
                }
                version = found
                try? lane.read(environment.now()) { try lookAround(FeedStore($0.db)) }
            }
            lane.close()
        }
        thread.withLock { $0 = started }
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
                circles[audience, default: Circle()].watchers[ObjectIdentifier(watcher)] = watcher
            }
        }
        count.add(1, ordering: .relaxed)
        return watcher
    }

    /// Stops calling.
    package func end(_ watcher: Watcher) {
        circles.withLock { circles in
            for audience in watcher.audiences {
                circles[audience]?.watchers[ObjectIdentifier(watcher)] = nil
                if circles[audience]?.watchers.isEmpty == true { circles[audience] = nil }
            }
        }
        count.subtract(1, ordering: .relaxed)
    }

    /// Wakes those whom a commit concerns.
    func tell(_ told: Told) {
        guard !told.isEmpty, count.load(ordering: .relaxed) > 0 else { return }
        let woken = circles.withLock { circles in
            told.flatMap { audience, kinds in
                (circles[audience]?.watchers.values).map { watchers in
                    watchers.filter { $0.kinds?.isDisjoint(with: kinds) != true }
                } ?? []
            }
        }
        for watcher in woken { watcher.wake() }
    }

    /// Ends the looks at other processes; nobody is woken by that.
    func stop() {
        isStopped.withLock { $0 = true }
        isStopped.wakeAll()
        thread.withLock { thread -> WorkerThread? in
            defer { thread = nil }
            return thread
        }?.join()
    }

    private func waitForTheNextLook() -> Bool {
        isStopped.wait(atMostMilliseconds: EngineLimits.feedLookMilliseconds, for: { $0 ? true : nil }) ?? false
    }

    /// Wakes those who have something to read since the last look; the first time it can't be known, so they look too.
    private func lookAround(_ store: FeedStore) throws {
        let audiences = circles.withLock { Array($0.keys) }
        for audience in audiences {
            let newest = try store.newest(for: audience)
            let woken = circles.withLock { circles -> [Watcher] in
                guard let circle = circles[audience], circle.seen != newest else { return [] }
                circles[audience]?.seen = newest
                return Array(circle.watchers.values)
            }
            for watcher in woken { watcher.wake() }
        }
    }
}
