// How long a peer may keep the server waiting: a grace, and more for every byte it moves. One rule for bodies that
// arrive and answers that leave (Apache's RequestReadTimeout has the same shape).

/// The waiting that one body or one answer may still cost. No single wait lasts longer than the grace: megabytes that
/// went into the kernel's buffers at once must not pay for hours of silence.
struct Allowance {
    private let graceMilliseconds: Int64
    private let bytesPerSecond: Int64
    private var waitedMilliseconds: Int64 = 0
    private var movedBytes: Int64 = 0

    init(graceMilliseconds: Int64, bytesPerSecond: Int64) {
        self.graceMilliseconds = graceMilliseconds
        self.bytesPerSecond = max(1, bytesPerSecond)
    }

    /// The moment up to which one may wait from `now` on.
    func deadline(now: Int64) -> Int64 {
        let left = graceMilliseconds + movedBytes * 1_000 / bytesPerSecond - waitedMilliseconds
        return now + min(max(0, left), graceMilliseconds)
    }

    /// Notes a wait.
    mutating func noteWait(_ milliseconds: Int64) {
        waitedMilliseconds += milliseconds
    }

    /// Notes progress.
    mutating func noteMoved(_ bytes: Int) {
        movedBytes += Int64(bytes)
    }
}
