// Names as people write them, and whether two given names could be the same person's. Used only to show a possible
// duplicate to somebody who may know; never to merge by itself.

/// Compares names the way a clerk would: case, accents and punctuation aside.
package enum PersonName {
    /// A name reduced to lower-case ASCII letters and digits, for comparing and for the search column.
    package static func folded(_ name: String) -> String {
        var letters = ""
        for scalar in name.lowercased().unicodeScalars {
            if scalar.isASCII {
                if scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                    letters.unicodeScalars.append(scalar)
                }
            } else if let plain = PersonName.plain[scalar] {
                letters += plain
            } else if scalar.properties.isAlphabetic {
                letters.unicodeScalars.append(scalar)
            }
        }
        return letters
    }

    /// What two spellings of one family name have in common, for the search column: folded, and without the
    /// tussenvoegsels in front, which some write in a field of their own and some before the name.
    package static func familyKey(_ name: String) -> String {
        let words = asciiWords(name) ?? foldedWords(name)
        let bare = words.drop { infixes.contains($0) }
        return bare.isEmpty ? words.last ?? "" : bare.joined()
    }

    private static func foldedWords(_ name: String) -> [String] {
        name.split { $0.isWhitespace || "'’‘`".contains($0) }.map { folded(String($0)) }.filter { !$0.isEmpty }
    }

    // The folded words of a name in plain ASCII, as nearly all are; nil for another.
    private static func asciiWords(_ name: String) -> [String]? {
        var words: [String] = []
        var word: [UInt8] = []
        func end() {
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word.removeAll(keepingCapacity: true)
        }
        for byte in name.utf8 {
            if let letter = asciiLetter(byte) {
                word.append(letter)
            } else if byte >= 0x80 {
                return nil
            } else if (0x09...0x0D).contains(byte) || byte == 0x20 || byte == 0x27 || byte == 0x60 {
                end()
            }
        }
        end()
        return words
    }

    // What an ASCII letter or digit is folded to; nil for any other byte.
    fileprivate static func asciiLetter(_ byte: UInt8) -> UInt8? {
        if (0x61...0x7A).contains(byte | 0x20) { return byte | 0x20 }
        return (0x30...0x39).contains(byte) ? byte : nil
    }

    // The single words of the BRP's table 36 (voorvoegsels) that are in common use; "van der" is two of them.
    private static let infixes: Set<String> = [
        "aan", "af", "al", "auf", "bij", "d", "da", "das", "de", "degli", "dei", "del", "della", "den", "der", "des",
        "di", "do", "dos", "du", "el", "het", "im", "in", "l", "la", "las", "le", "les", "lo", "los", "onder", "op",
        "over", "s", "t", "te", "ten", "ter", "thoe", "to", "toe", "tot", "uijt", "uit", "van", "vd", "vom", "von",
        "voor", "zu", "zum", "zur",
    ]

    /// Whether two family names are alike: the same without their tussenvoegsels, also when one of them is written as part
    /// of the name; one letter or a transposition apart (two in names of nine letters and more); or one a part of the other
    /// when they are double names, as after a marriage.
    package static func areSimilarFamilyNames(_ left: String, _ right: String) -> Bool {
        areAlike(familyKeys(left), familyKeys(right))
    }

    /// Whether two given names are alike: equal when folded, one the beginning of the other, or one letter apart
    /// (two in names of seven letters and more).
    package static func areSimilar(_ left: String, _ right: String) -> Bool { isLike(letters(left), letters(right)) }

    // Names are compared as letters, at most 60 of them.
    fileprivate typealias Letters = [Unicode.Scalar]
    fileprivate static let longest = 60

    // The folded letters; what is plain ASCII, as nearly all are, without a string in between.
    fileprivate static func letters(_ name: String) -> Letters {
        asciiLetters(name, nothingElse: false) ?? Array(folded(name).unicodeScalars.prefix(longest))
    }

    // The folded letters and digits of a name that is ASCII; nil for another, and for one that has anything else in it when
    // nothing else may be.
    private static func asciiLetters(_ name: String, nothingElse: Bool) -> Letters? {
        var letters: Letters = []
        letters.reserveCapacity(min(longest, name.utf8.count))
        for byte in name.utf8 {
            if let letter = asciiLetter(byte) {
                if letters.count < longest { letters.append(Unicode.Scalar(letter)) }
            } else if nothingElse || byte >= 0x80 {
                return nil
            }
        }
        return letters
    }

    // A family name's key, and those of its parts when it is a double name, with and without a glued tussenvoegsel; at most
    // nine, each of at most 60 letters.
    fileprivate static func familyKeys(_ name: String) -> [Letters] {
        // One word of letters alone is its own key.
        if let letters = asciiLetters(name, nothingElse: true) { return withBare([letters]) }
        // What joins two letters to one character is no ASCII, so a hyphen in the bytes is one in the name.
        let isDouble = name.utf8.contains(0x2D)
        let parts = isDouble ? name.split(separator: "-").prefix(3).map { familyKey(String($0)) } : []
        let whole = [familyKey(name)] + (parts.count > 1 ? parts : [])
        return withBare(whole.map { Array($0.unicodeScalars.prefix(longest)) })
    }

    private static func withBare(_ keys: [Letters]) -> [Letters] {
        let bare = keys.compactMap { key in
            glued.first { key.count >= $0.count + 3 && key.starts(with: $0) }.map { Letters(key.dropFirst($0.count)) }
        }
        return (keys + bare).filter { !$0.isEmpty }
    }

    // The longest first: "vanden" begins with "van".
    private static let glued = ["vander", "vanden", "vande", "vant", "van", "der", "den", "ter", "ten"]
        .map { Letters($0.unicodeScalars) }

    fileprivate static func areAlike(_ left: [Letters], _ right: [Letters]) -> Bool {
        left.contains { one in right.contains { areAlike(one, $0) } }
    }

    private static func areAlike(_ left: Letters, _ right: Letters) -> Bool {
        left == right || areApart(left, right, atMost: changes(inFamilyNames: min(left.count, right.count)))
    }

    // How many letters may differ between family names of which the shorter has so many.
    fileprivate static func changes(inFamilyNames shorter: Int) -> Int { shorter >= 9 ? 2 : shorter >= 4 ? 1 : 0 }

    // Which letters there are, a bit for each of 64 kinds. A change of one letter changes two of them at most.
    fileprivate static func kinds(of letters: Letters) -> UInt64 { letters.reduce(0) { $0 | kind(of: $1.value) } }
    fileprivate static func kind(of letter: UInt32) -> UInt64 { 1 << UInt64(letter & 63) }

    fileprivate static func isLike(_ first: Letters, _ second: Letters) -> Bool {
        guard !first.isEmpty, !second.isEmpty else { return false }
        if first.starts(with: second) || second.starts(with: first) { return true }
        return areApart(first, second, atMost: changes(inGivenNames: min(first.count, second.count)))
    }

    // How many letters may differ between given names of which the shorter has so many.
    fileprivate static func changes(inGivenNames shorter: Int) -> Int { shorter >= 7 ? 2 : shorter >= 3 ? 1 : 0 }

    // Edit distance with transpositions (optimal string alignment), as far as it matters.
    private static func areApart(_ left: Letters, _ right: Letters, atMost allowed: Int) -> Bool {
        guard allowed > 0, abs(left.count - right.count) <= allowed else { return left == right }
        let width = right.count + 1
        // Three rows of the table at a time: this one, the last, and the one before for a transposition.
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: 3 * width) { table in
            for column in 0..<width { table[column] = column }
            for row in 1...left.count {
                let (this, last, before) = (row % 3 * width, (row + 2) % 3 * width, (row + 1) % 3 * width)
                table[this] = row
                var least = row
                for column in 1..<width {
                    let change = left[row - 1] == right[column - 1] ? 0 : 1
                    var best = min(
                        table[last + column] + 1, table[this + column - 1] + 1, table[last + column - 1] + change)
                    if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                        best = min(best, table[before + column - 2] + 1)
                    }
                    table[this + column] = best
                    least = min(least, best)
                }
                // A transposition may still come back to the row before by one.
                if least > allowed + 1 { return false }
            }
            return table[left.count % 3 * width + right.count] <= allowed
        }
    }

    private static let plain: [Unicode.Scalar: String] = {
        let rows: [(String, String)] = [
            ("àáâãäåāăą", "a"), ("çćĉċč", "c"), ("ďđ", "d"), ("èéêëēĕėęě", "e"), ("ĝğġģ", "g"), ("ĥħ", "h"),
            ("ìíîïĩīĭįı", "i"), ("ĵ", "j"), ("ķ", "k"), ("ĺļľŀł", "l"), ("ñńņň", "n"), ("òóôõöøōŏő", "o"), ("ŕŗř", "r"),
            ("śŝşšș", "s"), ("ţťŧț", "t"), ("ùúûüũūŭůűų", "u"), ("ŵ", "w"), ("ýÿŷ", "y"), ("źżž", "z"), ("ß", "ss"),
            ("æ", "ae"), ("œ", "oe"), ("ð", "d"), ("þ", "th"), ("ĳ", "ij"),
        ]
        var table: [Unicode.Scalar: String] = [:]
        for (accented, letter) in rows {
            for scalar in accented.unicodeScalars { table[scalar] = letter }
        }
        return table
    }()
}

/// A name that many others are held against: what is compared is worked out once.
package struct NameLikeness {
    private let given: PersonName.Letters
    private let family: [PersonName.Letters]
    private let familyKinds: [UInt64]

    /// The name to look for.
    package init(givenName: String, familyName: String) {
        given = PersonName.letters(givenName)
        family = PersonName.familyKeys(familyName)
        familyKinds = family.map(PersonName.kinds)
    }

    /// Whether a given name is alike, as `PersonName.areSimilar` says.
    package func isLike(givenName: String) -> Bool {
        !isPlainlyOther(givenName) && PersonName.isLike(given, PersonName.letters(givenName))
    }

    // Whether a look at the ends of a plain name is enough, as it is for nearly all of the hundreds that are born on a day: the
    // beginning of the other begins with its letter, and one change leaves the first letter or the last.
    private func isPlainlyOther(_ name: String) -> Bool {
        var (first, last, count): (UInt8, UInt8, Int) = (0, 0, 0)
        for byte in name.utf8 {
            guard byte < 0x80 else { return false }
            guard let letter = PersonName.asciiLetter(byte) else { continue }
            last = letter
            if count == 0 { first = last }
            count += 1
        }
        guard let begin = given.first, let end = given.last, (1...PersonName.longest).contains(count),
            begin != Unicode.Scalar(first)
        else { return false }
        let allowed = PersonName.changes(inGivenNames: min(count, given.count))
        return abs(count - given.count) > allowed || allowed <= 1 && end != Unicode.Scalar(last)
    }

    /// Whether a family name is alike, as `PersonName.areSimilarFamilyNames` says.
    package func isLike(familyName: String) -> Bool {
        !isPlainlyOther(family: familyName) && PersonName.areAlike(family, PersonName.familyKeys(familyName))
    }

    // Whether the letters of a plain name and their number are enough to tell, without their order.
    private func isPlainlyOther(family name: String) -> Bool {
        var (kinds, count): (UInt64, Int) = (0, 0)
        for byte in name.utf8 {
            // One word, so that it is its own key.
            guard byte < 0x80, let letter = PersonName.asciiLetter(byte) else { return false }
            // What could begin with a tussenvoegsel has another key without it.
            if count == 0, letter == 0x76 || letter == 0x64 || letter == 0x74 { return false }
            kinds |= PersonName.kind(of: UInt32(letter))
            count += 1
        }
        guard count <= PersonName.longest else { return false }
        return zip(family, familyKinds).allSatisfy { own, ownKinds in
            let allowed = PersonName.changes(inFamilyNames: min(count, own.count))
            return abs(count - own.count) > allowed || (kinds ^ ownKinds).nonzeroBitCount > 2 * allowed
        }
    }
}
