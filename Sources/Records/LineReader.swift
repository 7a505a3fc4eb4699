// Newline-delimited text, such as NDJSON: a record a line, empty ones passed over.

/// Reads lines.
package struct LineReader: RecordReader {
    private var intake = Intake()
    private var line: [UInt8] = []
    private var number = 1
    private var isTooLong = false

    /// A reader before the first piece.
    package init() {}

    package mutating func feed(_ piece: [UInt8]) { intake.feed(piece) }

    package mutating func end() { intake.end() }

    package mutating func next() -> TextRecord? {
        while true {
            let (bytes, isWhole) = intake.line()
            isTooLong = isTooLong || line.count + bytes.count > RecordLimits.bytes
            if isTooLong { line = [] } else { line += bytes }
            guard isWhole || intake.hasEnded else { return nil }
            let isOver = !isWhole && bytes.isEmpty && line.isEmpty && !isTooLong
            if isOver { return nil }
            let record = take()
            if let record { return record }
        }
    }

    private mutating func take() -> TextRecord? {
        defer {
            line = []
            isTooLong = false
            number += 1
        }
        if isTooLong { return TextRecord(line: number, content: .refused(.tooLong)) }
        if line.last == Mark.carriageReturn { line.removeLast() }
        let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        return isBlank ? nil : TextRecord(line: number, content: .line(line))
    }
}
