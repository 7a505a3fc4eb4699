// Comparison of secrets without telling, by the time it takes, how far they agree. Lengths are not secret.

/// Comparison in time that depends on the lengths alone.
package enum ConstantTime {
    /// Whether two byte strings are the same; strings of different length differ at once.
    package static func equal(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        var difference: UInt8 = 0
        for index in one.indices { difference |= one[index] ^ other[index] }
        return difference == 0
    }
}
