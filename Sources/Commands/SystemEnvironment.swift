// The real moment and the real dice: the one place that asks the machine for either.

package import Domain
internal import Glibc
internal import Lock

extension Environment {
    /// The machine's clock, its cryptographic random source (getrandom on Linux), and its clock that never jumps.
    package static let system = Environment(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        },
        randomBits: { RandomPool.system.withLock { $0.next() } },
        microseconds: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        })
}

/// Random bits of the kernel, asked for 32 numbers at a time: a new referral takes a dozen, and each asked for by itself is a
/// call of its own. What was given is wiped.
private struct RandomPool: Sendable {
    static let system = Lock(RandomPool())
    /// getentropy gives at most 256 bytes (getentropy(3)).
    private var numbers = [UInt64](repeating: 0, count: 32)
    private var left = 0

    mutating func next() -> UInt64 {
        if left == 0 {
            let isFilled = numbers.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map { getentropy($0, bytes.count) == 0 } ?? false
            }
            guard isFilled else { return UInt64.random(in: .min ... .max) }
            left = numbers.count
        }
        left -= 1
        defer { numbers[left] = 0 }
        return numbers[left]
    }
}
