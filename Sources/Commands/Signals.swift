// SIGTERM and SIGINT as calls of a closure. A handler may do next to nothing, so it writes one byte into a pipe that a
// thread of its own reads; which thread of the process the kernel interrupts does not matter then.

internal import Foundation
internal import Glibc
internal import Synchronization

/// The signals that end a service.
enum Signals {
    private static let numbers = [SIGTERM, SIGINT]
    /// The pipe's writing end; -1 before there is one.
    private static let pipeEnd = Atomic<Int32>(-1)

    /// Calls `body` for each SIGTERM and SIGINT from now on, on a thread of its own. Ignores SIGPIPE: that a peer has left
    /// is seen by the write that fails.
    ///
    /// - Throws: `CommandFault` when the system gives no pipe.
    static func onEnd(_ body: @escaping @Sendable () -> Void) throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw CommandFault("the system has no descriptors left; raise ulimit -n")
        }
        let (reading, writing) = (ends[0], ends[1])
        pipeEnd.store(writing, ordering: .sequentiallyConsistent)
        // Also where a shell started us in its background, with SIGINT ignored.
        for number in numbers {
            signal(number) { _ in
                let error = errno
                var byte: UInt8 = 1
                _ = write(Signals.pipeEnd.load(ordering: .relaxed), &byte, 1)
                errno = error
            }
        }
        Thread.detachNewThread {
            // Who started us may have had them blocked, and a process inherits that: one thread that hears is enough.
            var heard = sigset_t()
            sigemptyset(&heard)
            for number in numbers { sigaddset(&heard, number) }
            pthread_sigmask(SIG_UNBLOCK, &heard, nil)
            var byte: UInt8 = 0
            while true {
                let count = read(reading, &byte, 1)
                if count == 1 { body() } else if count == 0 || errno != EINTR { return }
            }
        }
    }
}
