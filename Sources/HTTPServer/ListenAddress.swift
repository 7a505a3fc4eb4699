// Where a server listens, as text and as the kernel's structure. It opens nothing.

internal import CLinux
internal import Glibc

/// A TCP or Unix address to listen on.
package enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 address and a port; port 0 lets the kernel choose.
    case ipv4(String, UInt16)
    /// An IPv6 address without brackets and a port.
    case ipv6(String, UInt16)
    /// A path in the file system.
    case unix(String)

    /// Reads "127.0.0.1:8080", "[::1]:8080" or "unix:/path"; throws `badAddress`.
    package init(parsing text: String) throws(ServerFault) {
        if text.hasPrefix("unix:") {
            self = .unix(String(text.dropFirst(5)))
        } else if let colon = text.lastIndex(of: ":"), let port = Self.port(text[text.index(after: colon)...]) {
            let host = String(text[..<colon])
            if host.hasPrefix("["), host.hasSuffix("]") {
                self = .ipv6(String(host.dropFirst().dropLast()), port)
            } else {
                self = .ipv4(host, port)
            }
        } else {
            throw .badAddress(text)
        }
        guard storage != nil else { throw .badAddress(text) }
    }

    private static func port(_ text: Substring) -> UInt16? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? UInt16(text) : nil
    }

    /// The address as it is written on the command line.
    package var description: String {
        switch self {
        case .ipv4(let host, let port): "\(host):\(port)"
        case .ipv6(let host, let port): "[\(host)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// The address for bind(2), nil when the text is no such address or the path is too long.
    var storage: (address: sockaddr_storage, length: socklen_t)? {
        var storage = sockaddr_storage()
        switch self {
        case .ipv4(let host, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in.self) }
            return (storage, socklen_t(MemoryLayout<sockaddr_in>.size))
        case .ipv6(let host, let port):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            guard inet_pton(AF_INET6, host, &address.sin6_addr) == 1 else { return nil }
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in6.self) }
            return (storage, socklen_t(MemoryLayout<sockaddr_in6>.size))
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8)
            let room = MemoryLayout.size(ofValue: address.sun_path)
            guard !bytes.isEmpty, bytes.count < room, !bytes.contains(0) else { return nil }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_un.self) }
            return (storage, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }

    /// The same address with the port that the kernel chose.
    func withPort(_ port: UInt16) -> ListenAddress {
        switch self {
        case .ipv4(let host, _): .ipv4(host, port)
        case .ipv6(let host, _): .ipv6(host, port)
        case .unix: self
        }
    }

    /// The port in use, nil for a path.
    package var port: UInt16? {
        switch self {
        case .ipv4(_, let port), .ipv6(_, let port): port
        case .unix: nil
        }
    }
}

/// Addresses of peers as people write them.
package enum PeerText {
    /// The text under which connections from an address are known ("2001:DB8::1" is "2001:db8::1"), "unix" for those over
    /// a Unix socket; nil for what is no address.
    package static func canonical(_ text: String) -> String? {
        if text == "unix" { return text }
        let host = text.contains(":") ? ListenAddress.ipv6(text, 0) : ListenAddress.ipv4(text, 0)
        return host.storage.map { PeerAddress($0.address).text }
    }
}

/// A peer: its address as text, and the key under which its connections are counted.
struct PeerAddress: Sendable {
    /// IPv4 addresses whole, IPv6 addresses by their /64, which is what one customer gets.
    struct Key: Hashable, Sendable {
        var high: UInt64
        var low: UInt64
    }

    var text: String
    var key: Key?

    /// Reads what accept(2) filled in.
    init(_ storage: sockaddr_storage) {
        self = withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET: PeerAddress(ipv4: bytes.loadUnaligned(as: sockaddr_in.self).sin_addr)
            case AF_INET6: PeerAddress(ipv6: bytes.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
            default: PeerAddress(text: "unix", key: nil)
            }
        }
    }

    private init(text: String, key: Key?) {
        self.text = text
        self.key = key
    }

    private init(ipv4 address: in_addr) {
        self.init(text: Self.text(AF_INET, address), key: Key(high: 0, low: UInt64(address.s_addr)))
    }

    private init(ipv6 address: in6_addr) {
        let words = withUnsafeBytes(of: address) {
            (
                $0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt32.self),
                $0.loadUnaligned(fromByteOffset: 12, as: in_addr.self)
            )
        }
        if words.0 == 0, words.1.bigEndian == 0xffff {
            self.init(ipv4: words.2)
        } else {
            self.init(text: Self.text(AF_INET6, address), key: Key(high: words.0, low: 0))
        }
    }

    /// inet_ntop; `address` is an in_addr or in6_addr of the family given.
    private static func text<Address>(_ family: Int32, _ address: Address) -> String {
        let room = Int(INET6_ADDRSTRLEN)
        return withUnsafeBytes(of: address) { source in
            String(unsafeUninitializedCapacity: room) { bytes in
                bytes.withMemoryRebound(to: CChar.self) { chars in
                    guard let start = chars.baseAddress,
                        inet_ntop(family, source.baseAddress, start, socklen_t(room)) != nil
                    else { return 0 }
                    return strnlen(start, room)
                }
            }
        }
    }
}
