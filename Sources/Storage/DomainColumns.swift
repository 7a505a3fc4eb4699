// How the domain's values look in a column: ids as 16-byte blobs, moments and days as integers, codes as text, lists of
// codes as words with a space between. Knows no table.

package import Domain
package import SQLite

extension Identifier: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) {
        var big = (high.bigEndian, low.bigEndian)
        let outcome = withUnsafeBytes(of: &big) { bytes in
            Result { () throws(SQLiteError) in try binder.blob(bytes) }
        }
        try outcome.get()
    }

    /// The id as a value for SQL put together at run time.
    var value: Value { .blob(bytes) }
}

extension Instant: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) { try binder.integer(milliseconds) }
}

extension CivilDate: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) { try binder.integer(Int64(dayNumber)) }
}

extension CivilDate {
    /// The day as a value for SQL put together at run time.
    var value: Value { .integer(Int64(dayNumber)) }
}

extension Municipality: Bindable {
    package func bind(to binder: borrowing Binder) throws(SQLiteError) { try code.bind(to: binder) }
}

/// One word of a closed list, bound as its spelling.
struct Code<Word: RawRepresentable<String>>: Bindable {
    let word: Word
    init(_ word: Word) { self.word = word }
    func bind(to binder: borrowing Binder) throws(SQLiteError) { try word.rawValue.bind(to: binder) }
}

extension Optional where Wrapped: RawRepresentable<String> {
    /// The word's spelling, or NULL.
    var code: String? { map(\.rawValue) }
}

extension Sequence where Element: RawRepresentable<String> {
    /// The words with a space between.
    var codes: String { map(\.rawValue).joined(separator: " ") }
}

extension WishPlace {
    /// As they are kept: one a line, the code and behind it the neighbourhood.
    static func text(_ places: [WishPlace]) -> String? {
        let lines = places.map { [$0.municipality.code, $0.neighbourhood].compactMap(\.self).joined(separator: " ") }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// What was kept.
    static func read(_ text: String?) -> [WishPlace] {
        (text ?? "").split(separator: "\n").compactMap { line in
            // By scalars: a space and a combining mark behind it are one character.
            let parts = line.unicodeScalars.split(separator: " ", maxSplits: 1).map { String(Substring($0)) }
            return parts.first.flatMap { Municipality(code: $0) }.map { WishPlace($0, parts.dropFirst().first) }
        }
    }
}

extension Sequence where Element == Municipality {
    /// The codes with a space between.
    var codes: String { map(\.code).joined(separator: " ") }
}

extension Row {
    /// An id of 16 bytes.
    borrowing func id<Subject>(_ column: Int, of subject: Subject.Type = Subject.self) -> Identifier<Subject> {
        let halves: (UInt64, UInt64)? = withBlob(column) { bytes in
            guard bytes.count == 16 else { return nil }
            return (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        if halves == nil { reject(column) }
        return Identifier(high: halves?.0 ?? 0, low: halves?.1 ?? 0)
    }

    /// An id of 16 bytes, nil for NULL.
    borrowing func optionalID<Subject>(
        _ column: Int, of subject: Subject.Type = Subject.self
    ) -> Identifier<Subject>? {
        isNull(column) ? nil : id(column)
    }

    /// A moment.
    borrowing func instant(_ column: Int) -> Instant { Instant(milliseconds: int64(column)) }

    /// A moment, nil for NULL.
    borrowing func optionalInstant(_ column: Int) -> Instant? { isNull(column) ? nil : instant(column) }

    /// A day.
    borrowing func date(_ column: Int) -> CivilDate { CivilDate(dayNumber: Int32(clamping: int64(column))) }

    /// A day, nil for NULL.
    borrowing func optionalDate(_ column: Int) -> CivilDate? { isNull(column) ? nil : date(column) }

    /// One word of a closed list; one the list does not know makes the query throw.
    borrowing func code<Word: RawRepresentable<String> & CaseIterable>(
        _ column: Int, as words: Word.Type = Word.self, otherwise fallback: Word
    ) -> Word {
        guard let word = Word(rawValue: text(column)) else {
            reject(column)
            return fallback
        }
        return word
    }

    /// One word of a closed list, nil for NULL.
    borrowing func optionalCode<Word: RawRepresentable<String> & CaseIterable>(
        _ column: Int, as words: Word.Type = Word.self
    ) -> Word? {
        guard !isNull(column) else { return nil }
        let word = Word(rawValue: text(column))
        if word == nil { reject(column) }
        return word
    }

    /// A list of words of a closed list.
    borrowing func codes<Word: RawRepresentable<String> & CaseIterable>(
        _ column: Int, as words: Word.Type = Word.self
    ) -> [Word] {
        let parts = text(column).split(separator: " ")
        let known = parts.compactMap { Word(rawValue: String($0)) }
        if known.count != parts.count { reject(column) }
        return known
    }

    /// A municipality's code.
    borrowing func municipality(_ column: Int) -> Municipality {
        if let municipality = Municipality(code: text(column)) { return municipality }
        reject(column)
        return .unknown
    }

    /// Municipality codes with a space between.
    borrowing func municipalities(_ column: Int) -> [Municipality] {
        let parts = text(column).split(separator: " ")
        let known = parts.compactMap { Municipality(code: String($0)) }
        if known.count != parts.count { reject(column) }
        return known
    }

    /// An organisation's id in one column and its name in the next.
    borrowing func organisation(_ column: Int) -> OrganisationName {
        OrganisationName(id: id(column), name: text(column + 1))
    }
}
