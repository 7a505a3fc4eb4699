// Referrals as a table: one column for each member of the body of POST /v1/referrals, named by its path. A row becomes
// that very body, so that one form reads both and says of both what is wrong.

internal import JSON
internal import Records

/// The columns that a file begins with, checked.
struct ReferralTable: Sendable {
    /// How the text of a cell stands in JSON.
    private enum Kind: Sendable {
        case text
        /// true or false, in the words of a spreadsheet as well.
        case flag
        case number
        /// Words parted by spaces.
        case words
    }

    /// A column: a member, or a member of a member, or of the wish of a rank.
    private struct Column: Sendable {
        var name: String
        var kind: Kind
    }

    /// Wishes that a row has room for; whoever has more sends JSON.
    private static let wishes = 5

    private static let members: [(name: String, kind: Kind)] =
        [
            ("externalReference", .text), ("opening.missedSignals", .text), ("opening.neededTwoYearsAgo", .text),
            ("opening.declined", .flag), ("route", .text), ("municipality", .text), ("person.givenName", .text),
            ("person.infix", .text), ("person.familyName", .text), ("person.birthDate", .text), ("person.bsn", .text),
            ("person.phone", .text), ("person.email", .text), ("screening.legalResidence", .flag),
            ("screening.acuteDanger", .flag), ("screening.lasting24hSupervision", .flag),
            ("screening.ownStrengthSuffices", .flag), ("screening.homelessTonight", .flag), ("supportNeeds", .words),
            ("consents", .words), ("household.adults", .number), ("household.children", .number),
            ("household.pets", .flag), ("accessibility", .words), ("health", .text),
            ("finances.incomePerMonth", .number), ("finances.debts", .number),
        ]

    private static let columns: [Column] =
        members.map { Column(name: $0.name, kind: $0.kind) }
        + (1...wishes).flatMap { rank in
            [
                Column(name: "wishes.\(rank).form", kind: .text),
                Column(name: "wishes.\(rank).municipalities", kind: .words),
                Column(name: "wishes.\(rank).note", kind: .text),
            ]
        }

    /// The names that a header may have, in the order of the form.
    static let names = columns.map(\.name)

    private static let truths = ["true": true, "ja": true, "waar": true, "1": true]
        .merging(["false": false, "nee": false, "onwaar": false, "0": false]) { first, _ in first }

    /// Which column of the table stands at each place of a row.
    private let places: [Int]

    /// The columns of a file.
    ///
    /// - Throws: `InvalidBody` for a name that is unknown or stands twice.
    init(header: [[UInt8]]) throws(InvalidBody) {
        var places: [Int] = []
        var faults: [JSONFault] = []
        for (place, name) in header.enumerated() {
            let text = String(decoding: name, as: UTF8.self)
            let pointer = "/header/\(place)"
            guard let column = Self.columns.firstIndex(where: { $0.name == text }) else {
                faults.append(
                    JSONFault(
                        pointer: pointer, code: JSONFault.Code.unknownField,
                        text: "There is no such column; see POST /v1/referrals/batch in the description."))
                continue
            }
            if places.contains(column) {
                faults.append(
                    JSONFault(pointer: pointer, code: JSONFault.Code.duplicate, text: "This column stands twice."))
            }
            places.append(column)
        }
        guard faults.isEmpty else { throw InvalidBody(faults: faults) }
        self.places = places
    }

    /// A row as the body of a POST; an empty cell is a member that is not there.
    ///
    /// - Throws: `InvalidBody` when it has another number of fields than the header, or a cell is no UTF-8.
    func body(_ row: [[UInt8]], lines: ClosedRange<Int>) throws(InvalidBody) -> [UInt8] {
        guard row.count == places.count else {
            throw InvalidBody(faults: [
                JSONFault(
                    pointer: "", code: "columns",
                    text: "The row\(Self.extent(lines)) has \(row.count) fields, the header \(places.count).")
            ])
        }
        var cells = [String?](repeating: nil, count: Self.columns.count)
        for (place, bytes) in zip(places, row) where !bytes.isEmpty {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw InvalidBody(faults: [
                    JSONFault(
                        pointer: Self.pointer(to: Self.columns[place].name), code: "utf-8", text: "This is no UTF-8.")
                ])
            }
            cells[place] = Self.withLineFeeds(CSVWriter.unguarded(text))
        }
        var writer = JSONWriter(reservingBytes: 1024)
        writer.object { Self.write(cells, to: &$0) }
        return writer.finish()
    }

    /// Which lines a row takes when those are several: a quote too many has it swallow the next ones.
    private static func extent(_ lines: ClosedRange<Int>) -> String {
        lines.count == 1 ? "" : ", which its quotes make lines \(lines.lowerBound) to \(lines.upperBound),"
    }

    /// A cell whose lines end as RFC 4180 has them, or as old spreadsheets do, with lines that end as in JSON.
    private static func withLineFeeds(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\r")) else { return text }
        return String(text.map { $0 == "\r\n" || $0 == "\r" ? "\n" : $0 })
    }

    private static func pointer(to name: String) -> String { "/" + name.replacing(".", with: "/") }

    // MARK: Writing

    private static func write(_ cells: [String?], to writer: inout JSONWriter) {
        var place = 0
        while place < columns.count {
            let parts = columns[place].name.split(separator: ".").map(String.init)
            let end = columns[place...].firstIndex { !$0.name.hasPrefix(parts[0] + ".") } ?? columns.count
            guard parts.count > 1 else {
                write(cells[place], columns[place], as: parts[0], to: &writer)
                place += 1
                continue
            }
            if cells[place..<end].contains(where: { $0 != nil }) {
                writer.name(text: parts[0])
                if parts.count == 2 {
                    writer.object { writer in
                        for member in place..<end {
                            let name = columns[member].name.dropFirst(parts[0].count + 1)
                            write(cells[member], columns[member], as: String(name), to: &writer)
                        }
                    }
                } else {
                    writeWishes(cells, from: place, to: &writer)
                }
            }
            place = end
        }
    }

    /// The wishes in their ranks; one that is left out moves those behind it up.
    private static func writeWishes(_ cells: [String?], from start: Int, to writer: inout JSONWriter) {
        writer.array { writer in
            for rank in 0..<wishes {
                let members = start + 3 * rank..<start + 3 * rank + 3
                guard cells[members].contains(where: { $0 != nil }) else { continue }
                writer.object { writer in
                    for member in members {
                        let name = columns[member].name.split(separator: ".").last.map(String.init) ?? ""
                        write(cells[member], columns[member], as: name, to: &writer)
                    }
                }
            }
        }
    }

    /// A cell that is not written as its kind stands as text, so that the form says what it should have been.
    private static func write(_ cell: String?, _ column: Column, as name: String, to writer: inout JSONWriter) {
        guard let cell else { return }
        writer.name(text: name)
        switch column.kind {
        case .text: writer.value(cell)
        case .flag:
            if let truth = truths[cell.lowercased()] { writer.value(truth) } else { writer.value(cell) }
        case .number:
            if let number = Int64(cell) { writer.value(number) } else { writer.value(cell) }
        case .words:
            writer.array { writer in
                for word in cell.split(separator: " ") { writer.value(String(word)) }
            }
        }
    }
}
