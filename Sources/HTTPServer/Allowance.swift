// How long a peer may keep the server waiting: a grace, and more for every byte it moves. One rule for bodies that arrive
// and answers that leave (Apache's RequestReadTimeout has the same shape).

/// The waiting that one body or one answer may still cost.
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
        now + max(0, graceMilliseconds + movedBytes * 1_000 / bytesPerSecond - waitedMilliseconds)
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
