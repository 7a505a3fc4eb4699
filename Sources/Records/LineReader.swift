// Newline-delimited text, such as NDJSON: a record a line, empty ones passed over.

/// Reads lines.
package struct LineReader: RecordReader {
    private var intake = Intake()
    private var text: [UInt8] = []
    package private(set) var line = 1
    private var isTooLong = false

    /// A reader before the first piece.
    package init() {}

    package mutating func feed(_ piece: [UInt8]) { intake.feed(piece) }

    package mutating func end() { intake.end() }

    package mutating func next() -> TextRecord? {
        while true {
            let (bytes, isWhole) = intake.line()
            isTooLong = isTooLong || text.count + bytes.count > RecordLimits.bytes
            if isTooLong { text = [] } else { text += bytes }
            guard isWhole || intake.hasEnded else { return nil }
            let isOver = !isWhole && bytes.isEmpty && text.isEmpty && !isTooLong
            if isOver { return nil }
            let record = take()
            if let record { return record }
        }
    }

    private mutating func take() -> TextRecord? {
        defer {
            text = []
            isTooLong = false
            line += 1
        }
        if isTooLong { return TextRecord(line: line, content: .refused(.tooLong)) }
        if text.last == Mark.carriageReturn { text.removeLast() }
        let isBlank = text.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        return isBlank ? nil : TextRecord(line: line, content: .line(text))
    }
}
