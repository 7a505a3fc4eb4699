// The real moment and the real dice: the one place that asks the machine for either.

package import Domain
internal import Foundation

extension Environment {
    /// The machine's clock and its cryptographic random source (getrandom on Linux).
    package static let system = Environment(
        now: { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) },
        randomBits: { UInt64.random(in: .min ... .max) })
}
