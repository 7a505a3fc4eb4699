// The signals that end a process as calls of a closure. A handler may do next to nothing, so it writes one byte into a
// pipe that a thread of its own reads; which thread of the process the kernel interrupts does not matter then.

internal import Foundation
internal import Glibc
internal import Lock
internal import Storage
internal import Synchronization

/// The signals that end a command or a service.
enum Signals {
    private static let numbers = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]
    /// The pipe's writing end; -1 before there is one.
    private static let pipeEnd = Atomic<Int32>(-1)
    /// What is done about the signal with a number.
    private static let body = Lock<@Sendable (Int32) -> Void>({ _ in })

    /// Has the process end by a signal as it would anyhow, but leave no unfinished file. A signal that its parent has it
    /// ignore, as a shell does for what runs in its background, it ignores. Without descriptors left it just ends.
    static func removeUnfinishedFiles() {
        body.withLock {
            $0 = { number in
                UnfinishedFile.removeAll {
                    signal(number, SIG_DFL)
                    raise(number)
                }
            }
        }
        guard listen() else { return }
        for number in numbers + [SIGPIPE] where !isIgnored(number) { signal(number, handler) }
    }

    /// Calls `body` for each signal from now on, on a thread of its own. Ignores SIGPIPE: that a peer has left
    /// is seen by the write that fails.
    ///
    /// - Throws: `CommandFault` when the system gives no pipe.
    static func onEnd(_ body: @escaping @Sendable () -> Void) throws {
        signal(SIGPIPE, SIG_IGN)
        guard listen() else { throw CommandFault("the system has no descriptors left; raise ulimit -n") }
        self.body.withLock { $0 = { _ in body() } }
        // SIGINT also where a shell started us in its background, with it ignored; SIGHUP not under nohup.
        for number in numbers where number == SIGTERM || number == SIGINT || !isIgnored(number) {
            signal(number, handler)
        }
    }

    private static let handler: @convention(c) (Int32) -> Void = { number in
        let error = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(Signals.pipeEnd.load(ordering: .relaxed), &byte, 1)
        // The write that nobody reads must not go on as if it had failed: it is what ends the process.
        while number == SIGPIPE { pause() }
        errno = error
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        // SIG_IGN is the number 1 in the place of a function.
        return withUnsafeBytes(of: action.__sigaction_handler) { $0.load(as: Int.self) == 1 }
    }

    /// Makes the pipe and the thread that reads it, once; whether they are there.
    private static func listen() -> Bool {
        guard pipeEnd.load(ordering: .sequentiallyConsistent) < 0 else { return true }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return false }
        let (reading, writing) = (ends[0], ends[1])
        pipeEnd.store(writing, ordering: .sequentiallyConsistent)
        Thread.detachNewThread {
            // Who started us may have had them blocked, and a process inherits that: one thread that hears is enough.
            var heard = sigset_t()
            sigemptyset(&heard)
            for number in numbers { sigaddset(&heard, number) }
            pthread_sigmask(SIG_UNBLOCK, &heard, nil)
            var byte: UInt8 = 0
            while true {
                let count = read(reading, &byte, 1)
                if count == 1 {
                    body.withLock(\.self)(Int32(byte))
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
        return true
    }
}
