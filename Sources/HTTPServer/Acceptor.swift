// Accepting connections, also when the process has run out of descriptors: a reserve is given up for a moment, so that
// the waiting peer is turned away instead of left hanging, and the loop never spins.

internal import Glibc

/// The listening sockets of one loop.
struct Acceptor {
    /// What one accept brought.
    enum Outcome {
        case connection(Int32, sockaddr_storage)
        /// One peer is gone or was turned away: the next one may be fine.
        case lost
        /// Nobody waits any more.
        case none
        /// No descriptor or memory: pause until the next tick.
        case exhausted
    }

    private(set) var listeners: [Int32]
    var isPaused = false
    private let kernel: Kernel
    private var reserve: Int32

    init(listeners: [Int32], kernel: Kernel) {
        self.listeners = listeners
        self.kernel = kernel
        reserve = Self.openReserve()
    }

    mutating func accept(from listener: Int32) -> Outcome {
        // Another loop may have taken the descriptor that was to come back.
        if reserve < 0 { reserve = Self.openReserve() }
        let (result, address) = attempt(listener)
        if result >= 0 { return .connection(Int32(truncatingIfNeeded: result), address) }
        switch Int32(truncatingIfNeeded: -result) {
        case EAGAIN: return .none
        case EMFILE, ENFILE: return turnAway(listener) ? .lost : .exhausted
        case ENOBUFS, ENOMEM: return .exhausted
        case EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP: return .none
        // EINTR, ECONNABORTED and errors of the peer's network (accept(2)).
        default: return .lost
        }
    }

    private func attempt(_ listener: Int32) -> (Int, sockaddr_storage) {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return (kernel.accept(listener, &address, &length), address)
    }

    /// Uses the reserve to accept and close one connection; false when that does not help either.
    private mutating func turnAway(_ listener: Int32) -> Bool {
        guard reserve >= 0 else { return false }
        _ = Glibc.close(reserve)
        let (result, _) = attempt(listener)
        if result >= 0 { _ = Glibc.close(Int32(truncatingIfNeeded: result)) }
        reserve = Self.openReserve()
        return result >= 0 && reserve >= 0
    }

    private static func openReserve() -> Int32 {
        Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
    }

    mutating func close() {
        for descriptor in listeners { _ = Glibc.close(descriptor) }
        listeners = []
        isPaused = false
        if reserve >= 0 { _ = Glibc.close(reserve) }
        reserve = -1
    }

    /// Makes closing send a reset, for an answer that broke off and must not look complete.
    static func resetOnClose(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}
