// The thread that asks the writer, once a minute, to do what the passing of time calls for, and again a second later while
// there is more. It does nothing itself and waits for nothing: what the writer can't take now is due a minute later as well.

internal import Foundation
internal import Lock
internal import Storage
internal import Synchronization
internal import UseCases

/// Asks for the duties of time, from its making until it is closed.
final class ClockworkThread: Sendable {
    private static let moreAfterMilliseconds = 1000

    private let isStopped = Lock(false)
    private let ended = DispatchSemaphore(value: 0)
    private let hasMore = Atomic(false)

    /// Begins; `notice` gets a line for the log when a duty fails.
    init(_ database: Database, everySeconds seconds: Int, notice: @escaping @Sendable (String) -> Void) {
        Thread.detachNewThread { [self] in
            while true {
                let more = hasMore.exchange(false, ordering: .acquiringAndReleasing)
                let pause = more ? Self.moreAfterMilliseconds : seconds * 1000
                if isStopped.wait(atMostMilliseconds: pause, for: { $0 ? true : nil }) != nil { break }
                for duty in Clockwork.duties { ask(duty, of: database, notice) }
            }
            ended.signal()
        }
    }

    private func ask(_ duty: Duty, of database: Database, _ notice: @escaping @Sendable (String) -> Void) {
        database.writeLater { [self] tx in
            do {
                if try Clockwork.run(duty, in: tx) > 0 { hasMore.store(true, ordering: .releasing) }
            } catch {
                notice("the duty \(duty.name) was not done: \(error)")
                throw error
            }
        }
    }

    /// Ends the thread and waits for that.
    func close() {
        isStopped.withLock { $0 = true }
        isStopped.wakeAll()
        ended.wait()
    }
}
