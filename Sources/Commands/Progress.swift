// How far long work is: one line that rewrites itself on a terminal, with how fast it goes and how long it still takes, and
// a plain line for every tenth part elsewhere. What nobody can know, such as when an index is built, is not guessed.

internal import Domain

/// The progress of one piece of work.
struct Progress {
    /// A line is rewritten no more often than this, so that it can be read and costs nothing.
    private static let microsecondsBetweenPaints: Int64 = 200_000
    /// Before this a speed is no more than chance, and work that is done by then needs no plain line of how long it takes.
    private static let microsecondsToJudge: Int64 = 1_000_000
    /// Between two plain lines of work whose end nobody knows.
    private static let microsecondsBetweenLines: Int64 = 10_000_000

    private let title: String
    private let unit: String?
    private let terminal: Terminal
    private let microseconds: @Sendable () -> Int64
    private let start: Int64
    private var tenths = 0
    private var toldAt: Int64
    private var paintedAt: Int64?
    /// What stands in the line that rewrites itself.
    private var painted = 0
    private var isWhole = false

    /// - Parameters:
    ///   - unit: What is counted, such as `rows`, where its speed says something.
    ///   - microseconds: A clock that never jumps.
    init(
        _ title: String, of unit: String? = nil, on terminal: Terminal,
        microseconds: @escaping @Sendable () -> Int64 = Environment.system.microseconds
    ) {
        self.title = title
        self.unit = unit
        self.terminal = terminal
        self.microseconds = microseconds
        start = microseconds()
        toldAt = start
    }

    /// Tells that `done` parts of `total` are done, when that shows.
    mutating func update(_ done: Int, of total: Int) {
        guard !isWhole else { return }
        let now = microseconds()
        let percent = min(100, done * 100 / max(1, total))
        isWhole = percent == 100
        if terminal.repaint != nil {
            paint("\(percent)%" + (isWhole ? "" : pace(done, total, now)), at: now)
            if isWhole { end() }
        } else if percent / 10 > tenths {
            tenths = percent / 10
            terminal.tell("\(title): \(tenths * 10)%")
        }
    }

    /// Tells that it goes on, when nobody knows how long.
    mutating func goOn() {
        let now = microseconds()
        if terminal.repaint != nil {
            paint(Self.duration(now - start), at: now)
        } else if now - toldAt >= Self.microsecondsBetweenLines {
            toldAt = now
            terminal.tell("\(title): \(Self.duration(now - start))")
        }
    }

    /// Leaves the line that rewrites itself, if anything stands in it.
    mutating func end() {
        if painted > 0 { terminal.repaint?("\n") }
        painted = 0
    }

    private mutating func paint(_ text: String, at now: Int64) {
        guard isWhole || paintedAt.map({ now - $0 >= Self.microsecondsBetweenPaints }) ?? true else { return }
        let line = "\(title): \(text)"
        terminal.repaint?("\r" + line + String(repeating: " ", count: max(0, painted - line.count)))
        painted = line.count
        paintedAt = now
    }

    /// How fast it went so far, and how long the rest takes at that speed.
    private func pace(_ done: Int, _ total: Int, _ now: Int64) -> String {
        let passed = now - start
        guard passed >= Self.microsecondsToJudge, done > 0 else { return "" }
        let perSecond = Double(done) * 1_000_000 / Double(passed)
        let speed = unit.map { ", \(Int(perSecond)) \($0) a second" } ?? ""
        return speed + ", \(Self.duration(Int64(Double(total - done) / perSecond * 1_000_000))) left"
    }

    /// Microseconds in the two largest units that say something: `48 s`, `3 min 5 s`, `2 h 10 min`.
    static func duration(_ microseconds: Int64) -> String {
        let seconds = microseconds / 1_000_000
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
}
