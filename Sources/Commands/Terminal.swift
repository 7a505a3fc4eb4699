// Where a command writes: results on standard output, faults and progress on standard error. The only printing there
// is, besides the log of a running service.

internal import Foundation
internal import JSON

/// The two streams of a command.
package struct Terminal: Sendable {
    /// Writes a line of the result.
    package var say: @Sendable (String) -> Void
    /// Writes a line about how it goes, or what went wrong.
    package var tell: @Sendable (String) -> Void

    /// A terminal over two sinks.
    package init(say: @escaping @Sendable (String) -> Void, tell: @escaping @Sendable (String) -> Void) {
        self.say = say
        self.tell = tell
    }

    /// The process's own streams.
    package static let standard = Terminal(
        say: { FileHandle.standardOutput.write(Data(($0 + "\n").utf8)) },
        tell: { FileHandle.standardError.write(Data(($0 + "\n").utf8)) })

    /// Writes one JSON document as a line of the result.
    func say(json write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        write(&writer)
        say(String(decoding: writer.finish(), as: UTF8.self))
    }
}
