// Where a command writes: results on standard output, faults and progress on standard error. The only printing there
// is, besides the log of a running service.

internal import Foundation
internal import Glibc
internal import JSON
internal import Storage

/// The two streams of a command.
package struct Terminal: Sendable {
    /// Writes a line of the result.
    package var say: @Sendable (String) -> Void
    /// As `say`, and throws `CommandFault` when the line can't be written: for whoever has something to undo then.
    package var trySay: @Sendable (String) throws -> Void
    /// Writes a line about how it goes, or what went wrong.
    package var tell: @Sendable (String) -> Void
    /// Writes to a line that rewrites itself; nil when nobody watches.
    package var repaint: (@Sendable (String) -> Void)?

    /// A terminal over two sinks.
    package init(
        say: @escaping @Sendable (String) -> Void, trySay: (@Sendable (String) throws -> Void)? = nil,
        tell: @escaping @Sendable (String) -> Void,
        repaint: (@Sendable (String) -> Void)? = nil
    ) {
        self.say = say
        self.trySay = trySay ?? say
        self.tell = tell
        self.repaint = repaint
    }

    /// The process's own streams.
    package static let standard = Terminal(
        say: { write($0 + "\n", to: .standardOutput) },
        trySay: { line in
            // A reader that has left is told by the write that fails, not by the end of this process.
            signal(SIGPIPE, SIG_IGN)
            do {
                try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
            } catch {
                throw CommandFault("can't write the output")
            }
        },
        tell: { write($0 + "\n", to: .standardError) },
        repaint: isatty(STDERR_FILENO) == 1 ? { @Sendable text in write(text, to: .standardError) } : nil)

    /// A result that can't be written is no result: the command ends with exit code 3, whatever else it did.
    private static func write(_ text: String, to stream: FileHandle) {
        do {
            try stream.write(contentsOf: Data(text.utf8))
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("thuispunt: can't write the output\n".utf8))
            UnfinishedFile.removeAll { exit(ExitCode.failed.rawValue) }
        }
    }

    /// Writes one JSON document as a line of the result.
    func say(json write: (inout JSONWriter) -> Void) { say(Self.line(write)) }

    /// Writes one JSON document as a line of the result; throws as the other does.
    func trySay(json write: (inout JSONWriter) -> Void) throws { try trySay(Self.line(write)) }

    private static func line(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.finish(), as: UTF8.self)
    }
}
