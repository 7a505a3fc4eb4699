// A thread that runs one closure and can be waited for. The engine blocks on disks and queues, which the tasks'
// own threads must not.

internal import Glibc
internal import Lock
internal import Synchronization

/// A thread running one closure from start to end.
final class WorkerThread: Sendable {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let thread: pthread_t
    private let isJoined = Atomic(false)

    /// Starts `run` on a thread of its own.
    ///
    /// - Throws: `StorageFault.unavailable` when the system gives no thread.
    init(_ run: @escaping @Sendable () -> Void) throws(StorageFault) {
        var started = pthread_t()
        let body = Unmanaged.passRetained(Body(run))
        let code = pthread_create(
            &started, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw .unavailable(reason: "no thread: error \(code)")
        }
        thread = started
    }

    /// Waits until the closure has returned; at once when somebody already did, or is the thread itself.
    func join() {
        guard !isJoined.exchange(true, ordering: .acquiringAndReleasing) else { return }
        if pthread_equal(thread, pthread_self()) != 0 { pthread_detach(thread) } else { pthread_join(thread, nil) }
    }
}

/// A thread that looks at something from time to time and when it is called, until it is stopped.
final class LookingThread: Sendable {
    private struct State {
        var isStopped = false
        var isCalled = false
    }

    private let state = Lock(State())
    private let thread: Lock<WorkerThread?> = Lock(nil)

    /// Starts calling `look` every so many milliseconds, and `end` once after the last.
    ///
    /// - Throws: `StorageFault.unavailable` when the system gives no thread.
    init(
        everyMilliseconds milliseconds: Int, _ look: @escaping @Sendable () -> Void,
        end: @escaping @Sendable () -> Void
    ) throws(StorageFault) {
        let started = try WorkerThread { [state] in
            while state.wait(atMostMilliseconds: milliseconds, for: Self.goesOn) ?? true { look() }
            end()
        }
        thread.withLock { $0 = started }
    }

    private static func goesOn(_ state: inout State) -> Bool? {
        guard !state.isStopped, !state.isCalled else {
            state.isCalled = false
            return !state.isStopped
        }
        return nil
    }

    /// Has it look now, or once more when it is looking.
    func call() {
        state.withLock { $0.isCalled = true }
        state.wakeAll()
    }

    /// Ends the looks, and waits for the one under way; may be called more than once.
    func stop() {
        state.withLock { $0.isStopped = true }
        state.wakeAll()
        thread.withLock { thread -> WorkerThread? in
            defer { thread = nil }
            return thread
        }?.join()
    }
}

extension Lock<LookingThread?> {
    /// Ends the looks of a thread that its owner started when it could, and forgets it; does nothing without one.
    func stop() {
        withLock { looking -> LookingThread? in
            defer { looking = nil }
            return looking
        }?.stop()
    }
}
