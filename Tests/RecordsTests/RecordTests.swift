// Lines and CSV records, by tables of texts, each whole and cut at every place; and what is written is read again.

import Testing

@testable import Records

/// Reads a text that comes in pieces of a size.
func records(_ text: String, by reader: any RecordReader, pieces size: Int) -> [TextRecord] {
    var reader = reader
    var found: [TextRecord] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
        reader.feed(Array(bytes[start..<min(start + size, bytes.count)]))
        while let record = reader.next() { found.append(record) }
    }
    reader.end()
    while let record = reader.next() { found.append(record) }
    return found
}

@Suite struct LineTests {
    private func lines(_ text: String, pieces: Int) -> [String] {
        records(text, by: LineReader(), pieces: pieces).map { record in
            switch record.content {
            case .line(let bytes): "\(record.line) \(String(decoding: bytes, as: UTF8.self))"
            case .fields: "fields"
            case .refused(let fault): "\(record.line) \(fault.rawValue)"
            }
        }
    }

    @Test(arguments: [
        ("", []), ("{}", ["1 {}"]), ("{}\n", ["1 {}"]), ("a\nb\n", ["1 a", "2 b"]), ("a\r\nb", ["1 a", "2 b"]),
        ("\n\na\n\n b\n", ["3 a", "5  b"]), ("\u{FEFF}a\nb", ["1 a", "2 b"]), ("a\u{FEFF}", ["1 a\u{FEFF}"]),
        (" \t\n\r\n", []), ("é\nü", ["1 é", "2 ü"]),
    ])
    func areReadHoweverTheyAreCut(text: String, expected: [String]) {
        for size in 1...max(1, text.utf8.count) { #expect(lines(text, pieces: size) == expected, "by \(size)") }
    }

    @Test func onesThatAreTooLongAreRefusedAlone() {
        let long = String(repeating: "x", count: RecordLimits.bytes + 1)
        let most = String(repeating: "y", count: RecordLimits.bytes)
        for size in [1000, 4096, 1 << 20] {
            #expect(lines("a\n\(long)\nb\n\(long)", pieces: size) == ["1 a", "2 too-long", "3 b", "4 too-long"])
            #expect(lines(most + "\na", pieces: size) == ["1 " + most, "2 a"])
        }
    }
}

@Suite struct CSVTests {
    private func rows(_ text: String, pieces: Int) -> [String] {
        records(text, by: CSVReader(), pieces: pieces).map { record in
            switch record.content {
            case .line: "line"
            case .fields(let fields):
                "\(record.line) " + fields.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|")
            case .refused(let fault): "\(record.line) \(fault.rawValue)"
            }
        }
    }

    @Test(arguments: [
        ("", []), ("a,b\n1,2\n", ["1 a|b", "2 1|2"]), ("a;b\r\n1;2\r\n", ["1 a|b", "2 1|2"]),
        ("a,b\n1,2", ["1 a|b", "2 1|2"]), ("\u{FEFF}a;b\n1,5;2", ["1 a|b", "2 1,5|2"]),
        ("a,b\n\"x,y\",\"z\"\"q\"\n", ["1 a|b", "2 x,y|z\"q"]),
        ("a,b\n\"x\r\ny\",2\n3,4", ["1 a|b", "2 x\r\ny|2", "4 3|4"]),
        ("a\n\n1\n", ["1 a", "3 1"]), ("\n\r\na;b\n1;2", ["3 a|b", "4 1|2"]), ("a,b\n,\n", ["1 a|b", "2 |"]),
        ("a,b\n\"\",\"\"", ["1 a|b", "2 |"]),
        ("a;b,c;d\n1;2;3", ["1 a|b,c|d", "2 1|2|3"]), ("\"a;b\",c\n1,2", ["1 a;b|c", "2 1|2"]),
        ("a,b\nx\"y,2\n3,4\n", ["1 a|b", "2 quote", "3 3|4"]), ("a,b\n\"x\"y,2\n3,4", ["1 a|b", "2 quote", "3 3|4"]),
        ("a,b\nx\ry,2\n3,4", ["1 a|b", "2 carriage-return", "3 3|4"]), ("a,b\n\"x,2", ["1 a|b", "2 quote"]),
        ("a\n\"x\"", ["1 a", "2 x"]), ("a\rb\nc", ["1 carriage-return", "2 c"]),
    ])
    func recordsAreReadHoweverTheyAreCut(text: String, expected: [String]) {
        for size in 1...max(1, text.utf8.count) { #expect(rows(text, pieces: size) == expected, "by \(size)") }
    }

    @Test func whatIsTooMuchIsRefusedAlone() {
        let wide = String(repeating: ",", count: RecordLimits.fields)
        let long = String(repeating: "x", count: RecordLimits.bytes + 1)
        #expect(rows("a,b\n\(wide)\n1,2\n", pieces: 4096) == ["1 a|b", "2 too-many", "3 1|2"])
        #expect(rows("a,b\n\"\(long)\n1,2\n", pieces: 4096) == ["1 a|b", "2 too-long", "3 1|2"])
        #expect(rows("\r\n" + long, pieces: 4096) == ["2 too-long"])
        #expect(rows(long + "\na,b\n", pieces: 4096) == ["1 too-long", "2 a|b"])
    }

    /// What a quote took over several lines and did not close is read again, a line at a time; so is the rest of a record
    /// that goes wrong on a later line.
    @Test(arguments: [
        ("a,b\n\"x,2\n3,4\n5,6", ["1 a|b", "2 unclosed-quote", "3 3|4", "4 5|6"]),
        ("a,b\n\"x,2\n3,4\n\"y,z\",6\n", ["1 a|b", "2 unclosed-quote", "3 3|4", "4 y,z|6"]),
        ("a,b\n\"x,2\n\"y,3\n4,5\n", ["1 a|b", "2 unclosed-quote", "3 unclosed-quote", "4 4|5"]),
        ("a,b\n\"x\n\",\"y\nz\"\r-\n4,5\n", ["1 a|b", "2 unclosed-quote", "3 quote", "4 quote", "5 4|5"]),
        ("\"a,b\n1,2\n", ["1 unclosed-quote", "2 1|2"]),
    ])
    func aQuoteThatIsNotClosedCostsItsOwnLine(text: String, expected: [String]) {
        for size in 1...text.utf8.count { #expect(rows(text, pieces: size) == expected, "by \(size)") }
    }

    @Test func aQuoteThatIsNotClosedWithinTheLimitCostsItsOwnLine() {
        let lines = (0..<50_000).map { "R-\($0),x" }
        for size in [997, 4096, 1 << 20] {
            let found = rows((["a,b", "\"Kim,1"] + lines).joined(separator: "\n"), pieces: size)
            #expect(found.count == 50_002)
            #expect(found.prefix(3) == ["1 a|b", "2 unclosed-quote", "3 R-0|x"])
            #expect(found.last == "50002 R-49999|x")
        }
    }

    @Test func aRecordOfSeveralLinesSaysWhereItEnds() {
        let found = records("a\n\"x\n\ny\"\nz\n", by: CSVReader(), pieces: 1)
        #expect(found.map(\.line) == [1, 2, 5] && found.map(\.lastLine) == [1, 4, 5])
    }

    /// No text makes it read a byte more than four times: as what parts the fields, in a record that a quote takes over
    /// lines, where that goes wrong, and alone.
    @Test(arguments: [
        "\n", "\r\n", "\r", " ", "\"", ",", ";", "\"\n", "\"\n\n", "\"\"\n", "\"a\n\"b\n", "\"\n\"\"\n", "\",\"\n",
        "\",\"\"\",\"\n",
        "a\"\n",
    ])
    func theWorkGrowsWithTheText(unit: String) {
        for (head, size) in [("", 65_536), ("a,b\n", 3), ("a,b\n\"x\n", 65_536), ("\"", 1 << 20)] {
            var reader = CSVReader()
            let bytes = Array((head + String(repeating: unit, count: 600_000 / unit.utf8.count)).utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                reader.feed(Array(bytes[start..<min(start + size, bytes.count)]))
                while reader.next() != nil {}
            }
            reader.end()
            while reader.next() != nil {}
            #expect((bytes.count...4 * bytes.count).contains(reader.intake.readCount), "\(head)")
        }
    }

    @Test(arguments: [
        "=1+1", "+316", "-2", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "'=1", "''=1", "'", "''", "'a", "",
        "a\"b", "x;y", "lines\nof two", "plain", "'\u{301}=", "=\u{301}",
    ])
    func whatIsWrittenIsSafeAndReadAgain(text: String) throws {
        var writer = CSVWriter()
        writer.field("name")
        writer.field("note")
        writer.endRecord()
        writer.field(text)
        writer.field(7)
        writer.endRecord()
        let written = String(decoding: writer.take(), as: UTF8.self)
        let read = records(written, by: CSVReader(), pieces: 3)
        guard case .fields(let fields) = try #require(read.last).content else { return #expect(Bool(false)) }
        let cell = String(decoding: fields[0], as: UTF8.self)
        #expect(!Self.formulaStarts.contains(cell.unicodeScalars.first ?? "x"))
        #expect(Array(CSVWriter.unguarded(cell).utf8) == Array(text.utf8))
    }

    private static let formulaStarts = Array("=+-@\t\r\n＝＋－＠".unicodeScalars)

    /// Whatever a text begins with, what is written begins no formula, and what is read of it is the text.
    @Test func everyBeginningIsSafeAndReadAgain() {
        let scalars = Self.formulaStarts + Array("'\", ;a\u{301}".unicodeScalars)
        for first in scalars {
            for second in scalars {
                for third in scalars {
                    let text = String(String.UnicodeScalarView([first, second, third]))
                    var writer = CSVWriter()
                    writer.field(text)
                    writer.field("end")
                    writer.endRecord()
                    var reader = CSVReader()
                    reader.feed(writer.take())
                    reader.end()
                    guard case .fields(let fields)? = reader.next()?.content else {
                        return #expect(Bool(false), "\(text)")
                    }
                    let cell = String(decoding: fields[0], as: UTF8.self)
                    #expect(!Self.formulaStarts.contains(cell.unicodeScalars.first ?? "x"), "\(text.debugDescription)")
                    #expect(Array(CSVWriter.unguarded(cell).utf8) == Array(text.utf8), "\(text.debugDescription)")
                }
            }
        }
    }

    /// Any bytes give records and an end; nothing traps, and each record's line is after the one before.
    @Test func anyBytesAreBorne() {
        var generator = SystemRandomNumberGenerator()
        let marks = Array("\",;\r\n\u{FEFF}a".utf8)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                marks.randomElement(using: &generator) ?? 0
            }
            for reader in [CSVReader() as any RecordReader, LineReader()] {
                var whole = reader
                whole.feed(bytes)
                whole.end()
                var all: [TextRecord] = []
                while let record = whole.next() { all.append(record) }
                var cut = reader
                var parts: [TextRecord] = []
                for byte in bytes {
                    cut.feed([byte])
                    while let record = cut.next() { parts.append(record) }
                }
                cut.end()
                while let record = cut.next() { parts.append(record) }
                #expect(parts == all, "\(bytes)")
                #expect(zip(all, all.dropFirst()).allSatisfy { $0.line < $1.line }, "\(bytes)")
            }
        }
    }
}
