// How far long work is: one line that rewrites itself on a terminal, a plain line for every tenth part elsewhere.

/// The progress of one command.
struct Progress {
    private let title: String
    private let terminal: Terminal
    private var shown = 0

    init(_ title: String, on terminal: Terminal) {
        self.title = title
        self.terminal = terminal
    }

    /// Tells that `done` parts of `total` are done, when that shows.
    mutating func update(_ done: Int, of total: Int) {
        let percent = done * 100 / max(1, total)
        guard percent > shown else { return }
        if let repaint = terminal.repaint {
            repaint("\r\(title): \(percent)%" + (percent >= 100 ? "\n" : ""))
        } else if percent / 10 > shown / 10 {
            terminal.tell("\(title): \(percent / 10 * 10)%")
        }
        shown = percent
    }
}
