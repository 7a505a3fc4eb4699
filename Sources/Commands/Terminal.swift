// Where a command writes: results on standard output, faults and progress on standard error. The only printing there
// is, besides the log of a running service.

internal import Foundation
internal import Glibc
internal import JSON

/// The two streams of a command.
package struct Terminal: Sendable {
    /// Writes a line of the result.
    package var say: @Sendable (String) -> Void
    /// Writes a line about how it goes, or what went wrong.
    package var tell: @Sendable (String) -> Void
    /// Writes to a line that rewrites itself; nil when nobody watches.
    package var repaint: (@Sendable (String) -> Void)?

    /// A terminal over two sinks.
    package init(
        say: @escaping @Sendable (String) -> Void, tell: @escaping @Sendable (String) -> Void,
        repaint: (@Sendable (String) -> Void)? = nil
    ) {
        self.say = say
        self.tell = tell
        self.repaint = repaint
    }

    /// The process's own streams.
    package static let standard = Terminal(
        say: { write($0 + "\n", to: .standardOutput) },
        tell: { write($0 + "\n", to: .standardError) },
        repaint: isatty(STDERR_FILENO) == 1 ? { @Sendable text in write(text, to: .standardError) } : nil)

    /// A result that can't be written is no result: the command ends with exit code 3, whatever else it did.
    private static func write(_ text: String, to stream: FileHandle) {
        do {
            try stream.write(contentsOf: Data(text.utf8))
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("thuispunt: can't write the output\n".utf8))
            exit(ExitCode.failed.rawValue)
        }
    }

    /// Writes one JSON document as a line of the result.
    func say(json write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        write(&writer)
        say(String(decoding: writer.finish(), as: UTF8.self))
    }
}
