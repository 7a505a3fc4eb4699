// HMAC-SHA-256 (RFC 2104, RFC 4231): a key prepared once, messages as they come. It keeps no key, only the two hash
// states that follow from it, and does not compare; ConstantTime does.

/// A message authentication code under one key.
package struct HMACSHA256: Sendable {
    private let inner: SHA256
    private let outer: SHA256

    /// Prepares a key of any length; one longer than 64 bytes counts as its digest (RFC 2104 section 2).
    package init(key: [UInt8]) {
        let short = key.count > SHA256.blockByteCount ? SHA256.digest(key) : key
        let padded = short + [UInt8](repeating: 0, count: SHA256.blockByteCount - short.count)
        var inner = SHA256()
        inner.update(padded.map { $0 ^ 0x36 })
        var outer = SHA256()
        outer.update(padded.map { $0 ^ 0x5c })
        self.inner = inner
        self.outer = outer
    }

    /// The code of a message under the prepared key, 32 bytes.
    package func authenticate(_ message: some Collection<UInt8>) -> [UInt8] {
        var inner = inner
        inner.update(message)
        var outer = outer
        outer.update(inner.finish())
        return outer.finish()
    }

    /// The code of a message under a key that is used once, 32 bytes.
    package static func authenticate(key: [UInt8], message: some Collection<UInt8>) -> [UInt8] {
        HMACSHA256(key: key).authenticate(message)
    }
}
