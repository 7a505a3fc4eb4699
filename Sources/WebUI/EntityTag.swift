// Entity tags of files that are part of the program: a checksum of their bytes, and the comparison If-None-Match asks
// for. The checksum tells versions apart; it protects nothing, so it need not be a cryptographic one.

enum EntityTag {
    /// A strong entity tag (RFC 9110, section 8.8.3): the 64-bit FNV-1a hash of the bytes, in hexadecimal.
    static func strong(of bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return "\"" + String(repeating: "0", count: 16 - digits.count) + digits + "\""
    }

    /// Whether an If-None-Match field (RFC 9110, section 13.1.2) names `entityTag`, by weak comparison.
    ///
    /// Splitting at commas is enough here: a tag of ours holds none, so a foreign one that does can't look like it.
    static func list(_ field: String, includes entityTag: String) -> Bool {
        field.split(separator: ",").contains { element in
            var tag = element.trimming { $0 == " " || $0 == "\t" }
            if tag == "*" { return true }
            if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
            return tag == entityTag
        }
    }
}

extension Substring {
    /// The text without the characters at both ends that `unwanted` names.
    fileprivate func trimming(_ unwanted: (Character) -> Bool) -> Substring {
        var rest = drop(while: unwanted)
        while let last = rest.last, unwanted(last) { rest.removeLast() }
        return rest
    }
}
