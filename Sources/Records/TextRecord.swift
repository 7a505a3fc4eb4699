// A long text as the records in it, one at a time and in bounded memory, however its bytes are cut. Knows lines and
// CSV and nothing of what stands in them.

/// One record of a text.
package struct TextRecord: Sendable, Equatable {
    /// What was found.
    package enum Content: Sendable, Equatable {
        /// A line, without its end.
        case line([UInt8])
        /// The fields of a CSV record, without their quotes.
        case fields([[UInt8]])
        /// Bytes that make no record; reading goes on with the next line.
        case refused(RecordFault)
    }

    /// The line on which it begins, from 1.
    package var line: Int
    /// The line on which it ends: a text in quotes may go on over several.
    package var lastLine: Int
    package var content: Content

    /// A record from its parts; of one line when nothing else is said.
    package init(line: Int, lastLine: Int? = nil, content: Content) {
        self.line = line
        self.lastLine = lastLine ?? line
        self.content = content
    }
}

/// Why bytes make no record; the raw value is the code in the API.
package enum RecordFault: String, Sendable, CaseIterable {
    case tooLong = "too-long"
    case tooManyFields = "too-many"
    /// A quote that is never closed, or one within a field that is not quoted.
    case quote = "quote"
    /// A quote whose text goes on over lines and does not end as it should.
    case unclosed = "unclosed-quote"
    /// A carriage return that ends no line.
    case carriageReturn = "carriage-return"

    /// The reason in plain words, as a sentence.
    package var text: String {
        switch self {
        case .tooLong: "The record is longer than \(RecordLimits.bytes) bytes."
        case .tooManyFields: "The record has more than \(RecordLimits.fields) fields."
        case .quote: "A quote is not where RFC 4180 has one: around a whole field, and doubled inside."
        case .unclosed:
            "A quote that opens in this record is not closed, or not where RFC 4180 has it. Each line behind this one was "
                + "read as a record of its own."
        case .carriageReturn: "A carriage return stands outside quotes and ends no line."
        }
    }
}

/// What one record may cost.
package enum RecordLimits {
    /// Bytes of one record: the longest referral is some 40 KB.
    package static let bytes = 256 * 1024
    /// Fields of one CSV record: twice as many as any table of ours has.
    package static let fields = 200
}

/// Takes a text piece by piece and gives its records.
package protocol RecordReader: Sendable {
    /// Takes the next piece.
    mutating func feed(_ piece: [UInt8])
    /// Says that there are no more pieces.
    mutating func end()
    /// The line on which the next record begins, as far as that is known.
    var line: Int { get }
    /// The next record that is here whole; nil when it takes more pieces, or there is none.
    mutating func next() -> TextRecord?
}

/// The bytes that part a text.
enum Mark {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let quote = UInt8(ascii: "\"")
    static let comma = UInt8(ascii: ",")
    static let semicolon = UInt8(ascii: ";")
    /// The byte order mark of UTF-8, which spreadsheets put in front.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

/// What was fed and not read yet.
struct Intake: Sendable {
    private var bytes: [UInt8] = []
    private var place = 0
    /// From where bytes are kept to be read once more; nil when none are.
    private var mark: Int?
    private var isAtStart = true
    private(set) var hasEnded = false
    /// How many bytes were read, those that were read again included.
    private(set) var readCount = 0

    mutating func feed(_ piece: [UInt8]) {
        let gone = mark ?? place
        if gone == bytes.count {
            bytes = piece
        } else {
            bytes.removeFirst(gone)
            bytes += piece
        }
        place -= gone
        if mark != nil { mark = 0 }
    }

    mutating func end() { hasEnded = true }

    /// Keeps the bytes from here on, for `rewind`.
    mutating func keep() { mark = place }

    mutating func forget() { mark = nil }

    /// Goes back to where `keep` was said.
    mutating func rewind() {
        place = mark ?? place
        mark = nil
    }

    /// The next byte; nil when there is none here. A byte order mark at the very start is passed over.
    mutating func next() -> UInt8? {
        if isAtStart, !passByteOrderMark() { return nil }
        guard place < bytes.count else { return nil }
        defer { place += 1 }
        readCount += 1
        return bytes[place]
    }

    /// Everything up to the next line feed, which is taken too, or all that is here; and whether the line feed was found.
    mutating func line() -> (bytes: ArraySlice<UInt8>, isWhole: Bool) {
        if isAtStart, !passByteOrderMark() { return ([], false) }
        let rest = bytes[place...]
        let end = rest.firstIndex(of: Mark.lineFeed)
        let next = end.map { $0 + 1 } ?? bytes.count
        readCount += next - place
        place = next
        return (rest[..<(end ?? next)], end != nil)
    }

    /// Whether it is known by now if there is one; a text shorter than one has none.
    private mutating func passByteOrderMark() -> Bool {
        let head = bytes.prefix(Mark.byteOrderMark.count)
        if head.count < Mark.byteOrderMark.count, Mark.byteOrderMark.starts(with: head), !hasEnded { return false }
        isAtStart = false
        if head.elementsEqual(Mark.byteOrderMark) {
            place = head.count
            if mark != nil { mark = place }
        }
        return true
    }
}
