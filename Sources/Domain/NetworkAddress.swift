// Network addresses and ranges of them, read from text and compared as numbers, so that no other spelling of an address
// gets past. They say from where a token may be used; it opens no socket and asks no name server.

/// An IPv4 or IPv6 address: 128 bits, an IPv4 address as the last 32 of ::ffff:0:0/96 (RFC 4291, section 2.5.5.2).
package struct NetworkAddress: Hashable, Sendable {
    /// The first 64 bits: of an IPv6 address the network that one customer gets.
    package let high: UInt64
    /// The last 64 bits.
    package let low: UInt64

    /// Whether it is an IPv4 address, written as one or as its IPv6 twin.
    package var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// Reads four decimal numbers with dots (RFC 6943, section 3.1.1, strict) or the text of RFC 4291, section 2.2; nil
    /// for anything else, such as a zone or a number with a leading zero.
    package init?(_ text: some StringProtocol) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let words = Self.words(text) else { return nil }
            high = words[..<4].reduce(0) { $0 << 16 | UInt64($1) }
            low = words[4...].reduce(0) { $0 << 16 | UInt64($1) }
        } else {
            guard let bytes = Self.bytes(text) else { return nil }
            high = 0
            low = bytes.reduce(0xFFFF) { $0 << 8 | UInt64($1) }
        }
    }

    private static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { shortNumber(Substring($0)).flatMap { UInt8(exactly: $0) } }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    /// Eight words of 16 bits; "::" stands once for as many zeros as are missing, at least one.
    private static func words(_ text: some StringProtocol) -> [UInt16]? {
        let halves = Substring(text).split(separator: "::", omittingEmptySubsequences: false)
        guard (1...2).contains(halves.count), let start = run(halves[0], isLast: halves.count == 1) else { return nil }
        guard halves.count == 2 else { return start.count == 8 ? start : nil }
        guard let end = run(halves[1], isLast: true), start.count + end.count < 8 else { return nil }
        return start + Array(repeating: 0, count: 8 - start.count - end.count) + end
    }

    /// Words with colons between, of which the last two may be written as an IPv4 address; none for no text.
    private static func run(_ text: Substring, isLast: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var words: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if isLast, index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let bytes = bytes(part) else { return nil }
                words += [UInt16(bytes[0]) << 8 | UInt16(bytes[1]), UInt16(bytes[2]) << 8 | UInt16(bytes[3])]
            } else {
                // UInt16 would also read a sign.
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }),
                    part.utf8.first != UInt8(ascii: "-"), let word = UInt16(part, radix: 16)
                else { return nil }
                words.append(word)
            }
        }
        return words
    }
}

/// One to three digits without a leading zero.
private func shortNumber(_ text: Substring) -> Int64? {
    let digits = Array(text.utf8)
    guard digits.count <= 3, digits.first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
    return decimal(digits[...])
}

/// The addresses that share their first bits, in the notation of RFC 4632, section 3.1: `192.0.2.0/24`.
package struct AddressRange: Hashable, Sendable {
    private let first: NetworkAddress
    private let highMask: UInt64
    private let lowMask: UInt64

    /// Reads an address with a length, or one address alone; nil for anything else, also for one with bits beyond its
    /// length: whoever writes `192.0.2.7/24` may mean two things.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let first = NetworkAddress(parts[0]) else { return nil }
        let isShort = !parts[0].utf8.contains(UInt8(ascii: ":"))
        let longest: Int64 = isShort ? 32 : 128
        guard let given = parts.count == 1 ? longest : shortNumber(Substring(parts[1])), given <= longest else {
            return nil
        }
        let length = isShort ? given + 96 : given
        // A shift by 64 gives 0 (smart shifts do not wrap round).
        highMask = ~(UInt64.max >> UInt64(min(length, 64)))
        lowMask = ~(UInt64.max >> UInt64(max(length - 64, 0)))
        guard first.high & ~highMask == 0, first.low & ~lowMask == 0 else { return nil }
        self.first = first
    }

    /// Whether an address is one of them; `::/0` is every IPv6 address and no IPv4 address.
    package func contains(_ address: NetworkAddress) -> Bool {
        address.isIPv4 == first.isIPv4 && address.high & highMask == first.high && address.low & lowMask == first.low
    }
}

/// From where a token may be used: some ranges, as their owner wrote them down.
package struct AddressList: Equatable, Sendable, CustomStringConvertible {
    /// Most ranges of one token: an organisation's offices, not a routing table.
    package static let rangeLimit = 32

    /// The ranges with commas between, as written.
    package let description: String
    private let ranges: [AddressRange]

    /// Reads ranges with commas between; nil when one of them is none, or when there are none or too many.
    package init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let ranges = parts.compactMap { AddressRange($0) }
        guard ranges.count == parts.count, ranges.count <= Self.rangeLimit else { return nil }
        self.init(text, ranges)
    }

    private init(_ text: String, _ ranges: [AddressRange]) {
        description = text
        self.ranges = ranges
    }

    /// A list that can't be read: it lets nobody in.
    package static func unreadable(_ text: String) -> AddressList { AddressList(text, []) }

    /// Whether a client's address, as text, is in one of the ranges; never for what is no address.
    package func contains(_ text: String) -> Bool {
        guard let address = NetworkAddress(text) else { return false }
        return ranges.contains { $0.contains(address) }
    }
}
