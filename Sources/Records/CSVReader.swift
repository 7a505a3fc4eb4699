// Comma-separated values (RFC 4180), as spreadsheets write them: with or without a byte order mark, by commas or, as in
// Dutch, by semicolons. A record that is not written so is refused alone.

/// Reads CSV records; the header is the first of them.
package struct CSVReader: RecordReader {
    private enum State {
        /// Before the first line is here whole, which tells what parts fields.
        case undecided
        /// At the start of a field.
        case start
        /// Within a field without quotes.
        case plain
        /// Within quotes.
        case quoted
        /// After a quote within quotes: the end of the field, or the first half of a doubled one.
        case closing
        /// After a carriage return: a line feed must follow.
        case returned
        /// After a fault: to the end of the line.
        case refused(RecordFault)
    }

    private var intake = Intake()
    private var state = State.undecided
    /// The first line, while what parts it is not known.
    private var head: [UInt8] = []
    private var replay: ArraySlice<UInt8> = []
    private var separator = Mark.comma
    private var field: [UInt8] = []
    private var fields: [[UInt8]] = []
    private var byteCount = 0
    /// Whether the record has a byte yet, so that an empty line is none.
    private var hasBegun = false
    private var line = 1
    private var firstLine = 1

    /// A reader before the first piece.
    package init() {}

    package mutating func feed(_ piece: [UInt8]) { intake.feed(piece) }

    package mutating func end() { intake.end() }

    package mutating func next() -> TextRecord? {
        if case .undecided = state, !decide() { return nil }
        while let byte = replay.popFirst() ?? intake.next() {
            if let record = take(byte) { return record }
        }
        guard intake.hasEnded, hasBegun else { return nil }
        return lastRecord()
    }

    // MARK: What parts fields

    /// Looks at the first line that is not empty for what parts it: whichever of the two stands in it more often outside
    /// quotes.
    private mutating func decide() -> Bool {
        var isBlank = true
        repeat {
            let (bytes, isWhole) = intake.line()
            head += bytes
            if isWhole { head.append(Mark.lineFeed) }
            guard isWhole || intake.hasEnded || head.count > RecordLimits.bytes else { return false }
            isBlank = isWhole && head.allSatisfy { $0 == Mark.lineFeed || $0 == Mark.carriageReturn }
        } while isBlank
        var isQuoted = false
        var surplus = 0
        for byte in head {
            if byte == Mark.quote { isQuoted.toggle() }
            guard !isQuoted else { continue }
            if byte == Mark.semicolon { surplus += 1 }
            if byte == Mark.comma { surplus -= 1 }
        }
        separator = surplus > 0 ? Mark.semicolon : Mark.comma
        replay = head[...]
        head = []
        state = .start
        return true
    }

    // MARK: The machine

    private mutating func take(_ byte: UInt8) -> TextRecord? {
        if !hasBegun {
            hasBegun = true
            firstLine = line
        }
        if byte == Mark.lineFeed { line += 1 }
        byteCount += 1
        if byteCount > RecordLimits.bytes { refuse(.tooLong) }
        switch state {
        case .quoted:
            if byte == Mark.quote { state = .closing } else { field.append(byte) }
        case .start where byte == Mark.quote: state = .quoted
        case .closing where byte == Mark.quote:
            field.append(byte)
            state = .quoted
        case .returned where byte != Mark.lineFeed: refuse(.carriageReturn)
        case .returned, .refused: return byte == Mark.lineFeed ? record() : nil
        case .undecided, .start, .plain, .closing: return takeOutsideQuotes(byte)
        }
        return nil
    }

    private mutating func takeOutsideQuotes(_ byte: UInt8) -> TextRecord? {
        switch byte {
        case separator:
            state = .start
            endField()
        case Mark.lineFeed:
            endField()
            return record()
        case Mark.carriageReturn:
            state = .returned
            endField()
        case Mark.quote: refuse(.quote)
        default:
            if case .closing = state { return refuse(.quote) }
            field.append(byte)
            state = .plain
        }
        return nil
    }

    private mutating func endField() {
        if fields.count >= RecordLimits.fields { refuse(.tooManyFields) }
        fields.append(field)
        field = []
    }

    @discardableResult
    private mutating func refuse(_ fault: RecordFault) -> TextRecord? {
        if case .refused = state { return nil }
        state = .refused(fault)
        fields = []
        field = []
        return nil
    }

    /// The record that ends here; nil for an empty line.
    private mutating func record() -> TextRecord? {
        defer {
            fields = []
            byteCount = 0
            hasBegun = false
            state = .start
        }
        if case .refused(let fault) = state { return TextRecord(line: firstLine, content: .refused(fault)) }
        let isBlank = fields.count == 1 && fields[0].isEmpty
        return isBlank ? nil : TextRecord(line: firstLine, content: .fields(fields))
    }

    /// What stands after the last line feed.
    private mutating func lastRecord() -> TextRecord? {
        switch state {
        case .quoted: refuse(.quote)
        case .undecided, .start, .plain, .closing: endField()
        case .returned, .refused: break
        }
        return record()
    }
}
