// Opening the sockets that a server listens on. Afterwards each event loop accepts from its own.

internal import CLinux
internal import Glibc

/// The listening sockets of one address: one for each event loop.
struct Listener: Sendable {
    var address: ListenAddress
    /// One descriptor per loop: for TCP separate sockets (SO_REUSEPORT), for Unix duplicates of one.
    var descriptors: [Int32]

    /// Opens `count` sockets; throws a fault that says what to do.
    static func open(_ address: ListenAddress, count: Int, backlog: Int) throws(ServerFault) -> Listener {
        switch address {
        case .unix(let path): return try openUnix(address, path, count, backlog)
        case .ipv4, .ipv6: return try openTCP(address, count, backlog)
        }
    }

    func close() {
        for descriptor in descriptors { _ = Glibc.close(descriptor) }
    }

    private static func openTCP(_ address: ListenAddress, _ count: Int, _ backlog: Int) throws(ServerFault) -> Listener
    {
        // SO_REUSEPORT would let a second server of the same user in: a first bind without it tells whether anyone
        // listens.
        if address.port != 0 { _ = Glibc.close(try bound(address, reusePort: false)) }
        var listener = Listener(address: address, descriptors: [])
        do throws(ServerFault) {
            for _ in 0..<count {
                let descriptor = try bound(listener.address, reusePort: true)
                listener.descriptors.append(descriptor)
                if listener.address.port == 0 { listener.address = address.withPort(try port(of: descriptor)) }
                try listen(descriptor, address, backlog)
            }
        } catch {
            listener.close()
            throw error
        }
        return listener
    }

    private static func openUnix(
        _ address: ListenAddress, _ path: String, _ count: Int, _ backlog: Int
    ) throws(ServerFault) -> Listener {
        try removeStale(address, path)
        // Owner and group may connect; the mode must hold from the first moment, so umask rather than chmod.
        let mask = umask(0o117)
        defer { _ = umask(mask) }
        let first = try bound(address, reusePort: false)
        var listener = Listener(address: address, descriptors: [first])
        do throws(ServerFault) {
            try listen(first, address, backlog)
            while listener.descriptors.count < count {
                let copy = fcntl(first, F_DUPFD_CLOEXEC, 0)
                guard copy >= 0 else { throw .system(call: "fcntl", code: errno) }
                listener.descriptors.append(copy)
            }
        } catch {
            listener.close()
            throw error
        }
        return listener
    }

    /// Removes a socket file that nobody answers on; throws when somebody does, or when it is no socket.
    private static func removeStale(_ address: ListenAddress, _ path: String) throws(ServerFault) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { throw .system(call: "socket", code: errno) }
        defer { _ = Glibc.close(probe) }
        guard withSocketAddress(address, { connect(probe, $0, $1) }) != 0 else {
            throw .addressInUse(address.description)
        }
        guard errno == ECONNREFUSED else { throw fault("connect", address) }
        guard unlink(path) == 0 else { throw fault("unlink", address) }
    }

    private static func bound(_ address: ListenAddress, reusePort: Bool) throws(ServerFault) -> Int32 {
        let family: Int32
        switch address {
        case .ipv4: family = AF_INET
        case .ipv6: family = AF_INET6
        case .unix: family = AF_UNIX
        }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw .system(call: "socket", code: errno) }
        if family != AF_UNIX {
            set(descriptor, SOL_SOCKET, SO_REUSEADDR)
            // Accepted sockets inherit it on Linux: one call here instead of one per connection.
            set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
            if reusePort { set(descriptor, SOL_SOCKET, SO_REUSEPORT) }
            if family == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY) }
        }
        guard withSocketAddress(address, { bind(descriptor, $0, $1) }) == 0 else {
            let fault = fault("bind", address)
            _ = Glibc.close(descriptor)
            throw fault
        }
        return descriptor
    }

    private static func listen(_ descriptor: Int32, _ address: ListenAddress, _ backlog: Int) throws(ServerFault) {
        guard Glibc.listen(descriptor, Int32(clamping: backlog)) == 0 else { throw fault("listen", address) }
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
        var on: Int32 = 1
        setsockopt(descriptor, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func port(of descriptor: Int32) throws(ServerFault) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { throw .system(call: "getsockname", code: errno) }
        // sin_port and sin6_port lie at the same place.
        return withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)) }
    }

    private static func withSocketAddress(
        _ address: ListenAddress, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        guard let (found, length) = address.storage else {
            errno = EINVAL
            return -1
        }
        return withUnsafePointer(to: found) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    private static func fault(_ call: String, _ address: ListenAddress) -> ServerFault {
        switch errno {
        case EADDRINUSE: .addressInUse(address.description)
        case EACCES, EPERM: .permissionDenied(address.description)
        case EADDRNOTAVAIL: .addressNotAvailable(address.description)
        case EINVAL: .badAddress(address.description)
        default: .system(call: call, code: errno)
        }
    }
}
