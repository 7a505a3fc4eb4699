// The real moment and the real dice: the one place that asks the machine for either.

package import Domain
internal import Glibc

extension Environment {
    /// The machine's clock, its cryptographic random source (getrandom on Linux), and its clock that never jumps.
    package static let system = Environment(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        },
        randomBits: { UInt64.random(in: .min ... .max) },
        microseconds: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        })
}
