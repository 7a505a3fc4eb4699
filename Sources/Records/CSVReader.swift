// Comma-separated values (RFC 4180), as spreadsheets write them: with or without a byte order mark, by commas or, as in
// Dutch, by semicolons. A record that is not written so is refused alone. One that a quote takes over several lines, and
// that goes wrong there, is refused by its first line and the others are read anew: a quote nobody closed costs one line.
// No byte is read more than four times so: all but the last line of such a record have their quotes in pairs, and a line
// that has them in pairs begins no other such record.

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

    /// The first line that is not empty, as far as it was looked at.
    private struct Head {
        var byteCount = 0
        /// Whether something else than carriage returns stands in it.
        var hasText = false
        private var isQuoted = false
        /// How many more semicolons than commas stand outside quotes.
        private(set) var surplus = 0

        mutating func take(_ byte: UInt8) {
            byteCount += 1
            if byte != Mark.carriageReturn { hasText = true }
            if byte == Mark.quote { isQuoted.toggle() }
            guard !isQuoted else { return }
            if byte == Mark.semicolon { surplus += 1 }
            if byte == Mark.comma { surplus -= 1 }
        }
    }

    private(set) var intake = Intake()
    private var state = State.undecided
    private var head = Head()
    private var separator = Mark.comma
    private var field: [UInt8] = []
    private var fields: [[UInt8]] = []
    private var byteCount = 0
    /// Whether the record has a byte yet, so that an empty line is none.
    private var hasBegun = false
    /// The line that the next byte stands on.
    private var lineHere = 1
    private var firstLine = 1
    package var line: Int { hasBegun ? firstLine : lineHere }

    /// A reader before the first piece.
    package init() { intake.keep() }

    package mutating func feed(_ piece: [UInt8]) { intake.feed(piece) }

    package mutating func end() { intake.end() }

    package mutating func next() -> TextRecord? {
        if case .undecided = state, !decide() { return nil }
        while let byte = intake.next() {
            if let record = take(byte) { return record }
        }
        guard intake.hasEnded, hasBegun else { return nil }
        return lastRecord()
    }

    // MARK: What parts fields

    /// Looks at the first line that is not empty for what parts it: whichever of the two stands in it more often outside
    /// quotes. Then that line is read again.
    private mutating func decide() -> Bool {
        var isKnown = false
        while !isKnown, let byte = intake.next() {
            if byte != Mark.lineFeed {
                head.take(byte)
                isKnown = head.byteCount > RecordLimits.bytes
            } else if head.hasText {
                isKnown = true
            } else {
                head = Head()
                lineHere += 1
                intake.keep()
            }
        }
        guard isKnown || intake.hasEnded else { return false }
        separator = head.surplus > 0 ? Mark.semicolon : Mark.comma
        intake.rewind()
        state = .start
        return true
    }

    // MARK: The machine

    private mutating func take(_ byte: UInt8) -> TextRecord? {
        if !hasBegun {
            hasBegun = true
            firstLine = lineHere
        }
        byteCount += 1
        if byteCount > RecordLimits.bytes, let record = refuse(.tooLong) { return record }
        switch state {
        case .quoted: takeQuoted(byte)
        case .start where byte == Mark.quote: state = .quoted
        case .closing where byte == Mark.quote:
            field.append(byte)
            state = .quoted
        case .returned where byte != Mark.lineFeed: return refuse(.carriageReturn)
        case .returned, .refused: return byte == Mark.lineFeed ? record() : nil
        case .undecided, .start, .plain, .closing: return takeOutsideQuotes(byte)
        }
        return nil
    }

    private mutating func takeQuoted(_ byte: UInt8) {
        guard byte != Mark.quote else { return state = .closing }
        field.append(byte)
        guard byte == Mark.lineFeed else { return }
        if lineHere == firstLine { intake.keep() }
        lineHere += 1
    }

    private mutating func takeOutsideQuotes(_ byte: UInt8) -> TextRecord? {
        switch byte {
        case separator:
            state = .start
            return endField()
        case Mark.lineFeed: return endField() ?? record()
        case Mark.carriageReturn:
            state = .returned
            return endField()
        case Mark.quote: return refuse(.quote)
        default:
            if case .closing = state { return refuse(.quote) }
            field.append(byte)
            state = .plain
            return nil
        }
    }

    private mutating func endField() -> TextRecord? {
        guard fields.count < RecordLimits.fields else { return refuse(.tooManyFields) }
        fields.append(field)
        field = []
        return nil
    }

    /// Refuses the record: to the end of its line, or, when it has more than one, at once and by its first line.
    private mutating func refuse(_ fault: RecordFault) -> TextRecord? {
        if case .refused = state { return nil }
        fields = []
        field = []
        state = .refused(fault)
        guard lineHere > firstLine else { return nil }
        state = .refused(.unclosed)
        lineHere = firstLine
        intake.rewind()
        return record()
    }

    /// The record that ends here, with its line; nil for an empty line.
    private mutating func record() -> TextRecord? {
        defer {
            fields = []
            byteCount = 0
            hasBegun = false
            lineHere += 1
            state = .start
            intake.forget()
        }
        if case .refused(let fault) = state { return TextRecord(line: firstLine, content: .refused(fault)) }
        let isBlank = fields.count == 1 && fields[0].isEmpty
        return isBlank ? nil : TextRecord(line: firstLine, lastLine: lineHere, content: .fields(fields))
    }

    /// What stands after the last line feed.
    private mutating func lastRecord() -> TextRecord? {
        switch state {
        case .quoted: refuse(.quote) ?? record()
        case .undecided, .start, .plain, .closing: endField() ?? record()
        case .returned, .refused: record()
        }
    }
}
