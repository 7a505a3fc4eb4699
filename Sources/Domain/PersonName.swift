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
        let words = name.split { $0.isWhitespace || "'’‘`".contains($0) }.map { folded(String($0)) }
            .filter { !$0.isEmpty }
        let bare = words.drop { infixes.contains($0) }
        return bare.isEmpty ? words.last ?? "" : bare.joined()
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
        let (first, second) = (keys(left), keys(right))
        return first.contains { one in second.contains { areAlike(one, $0) } }
    }

    // A family name's key, and those of its parts when it is a double name, with and without a glued tussenvoegsel; at most
    // nine, each of at most 60 letters.
    private static func keys(_ name: String) -> [[Unicode.Scalar]] {
        let parts = name.split(separator: "-").prefix(3).map { familyKey(String($0)) }
        let whole = [familyKey(name)] + (parts.count > 1 ? parts : [])
        let bare = whole.compactMap { key in
            glued.first { key.hasPrefix($0) && key.utf8.count >= $0.utf8.count + 3 }.map {
                String(key.dropFirst($0.count))
            }
        }
        return (whole + bare).filter { !$0.isEmpty }.map { Array($0.unicodeScalars.prefix(60)) }
    }

    // The longest first: "vanden" begins with "van".
    private static let glued = ["vander", "vanden", "vande", "vant", "van", "der", "den", "ter", "ten"]

    private static func areAlike(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Bool {
        if left == right { return true }
        let shorter = min(left.count, right.count)
        let allowed = shorter >= 9 ? 2 : shorter >= 4 ? 1 : 0
        return abs(left.count - right.count) <= allowed && distance(left, right) <= allowed
    }

    /// Whether two given names are alike: equal when folded, one the beginning of the other, or one letter apart
    /// (two in names of seven letters and more).
    package static func areSimilar(_ left: String, _ right: String) -> Bool {
        let first = Array(folded(left).unicodeScalars.prefix(60))
        let second = Array(folded(right).unicodeScalars.prefix(60))
        guard !first.isEmpty, !second.isEmpty else { return false }
        if first.starts(with: second) || second.starts(with: first) { return true }
        let allowed = min(first.count, second.count) >= 7 ? 2 : min(first.count, second.count) >= 3 ? 1 : 0
        return distance(first, second) <= allowed
    }

    // Edit distance with transpositions (optimal string alignment); both names are at most 60 letters.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let change = left[row - 1] == right[column - 1] ? 0 : 1
                var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + change)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
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
