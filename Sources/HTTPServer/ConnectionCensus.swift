// Counting connections: in all, and per address. It decides who is admitted; it closes nobody.

internal import Lock

/// How many connections there are, shared by all loops.
final class ConnectionCensus: Sendable {
    /// What becomes of a new connection.
    enum Admission: Sendable {
        /// It is served.
        case admitted
        /// It is answered 503 and closed.
        case surplus
        /// It is closed at once.
        case rejected
    }

    private struct Counts {
        var admitted = 0
        var surplus = 0
        var byAddress: [PeerAddress.Key: Int] = [:]
    }

    private let counts = Lock(Counts())
    private let limit: Int
    private let limitPerAddress: Int
    private let surplusLimit: Int
    private let uncapped: Set<String>

    init(_ configuration: ServerConfiguration) {
        limit = configuration.connections
        limitPerAddress = configuration.connectionsPerAddress
        surplusLimit = configuration.surplusConnections
        uncapped = configuration.uncappedAddresses
    }

    /// Counts a new connection; give the outcome to `leave` when it ends.
    func enter(_ peer: PeerAddress) -> Admission {
        let key = countedKey(peer)
        return counts.withLock { counts in
            let ofAddress = key.map { counts.byAddress[$0, default: 0] } ?? 0
            if counts.admitted < limit, ofAddress < limitPerAddress {
                counts.admitted += 1
                if let key { counts.byAddress[key] = ofAddress + 1 }
                return .admitted
            }
            guard counts.surplus < surplusLimit else { return .rejected }
            counts.surplus += 1
            return .surplus
        }
    }

    /// Uncounts a connection.
    func leave(_ peer: PeerAddress, _ admission: Admission) {
        let key = countedKey(peer)
        counts.withLock { counts in
            switch admission {
            case .rejected: break
            case .surplus: counts.surplus -= 1
            case .admitted:
                counts.admitted -= 1
                guard let key, let count = counts.byAddress[key] else { return }
                counts.byAddress[key] = count > 1 ? count - 1 : nil
            }
        }
    }

    private func countedKey(_ peer: PeerAddress) -> PeerAddress.Key? {
        uncapped.contains(peer.text) ? nil : peer.key
    }
}
