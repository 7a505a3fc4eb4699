// What a client would rather have (RFC 7240), as far as it is heeded here: how long it wants to wait for news.

internal import HTTPWire

enum Preference {
    /// The longest wait, in seconds.
    static let longestWait = 60

    /// The seconds of `Prefer: wait=N`, at most the longest wait; nil when no wait is asked for. What can't be read is no
    /// preference, and the first of two counts (RFC 7240, section 2).
    static func wait(_ request: Request) -> Int? {
        guard let field = request.field("prefer") else { return nil }
        for preference in field.split(separator: ",") {
            let word = preference.prefix { $0 != ";" }
            let sides = word.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, MediaTypes.trimmed(sides[0]).lowercased() == "wait" else { continue }
            var text = Substring(MediaTypes.trimmed(sides[1]))
            if text.count > 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
            guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let seconds = Int(text), seconds > 0
            else { return nil }
            return min(seconds, longestWait)
        }
        return nil
    }
}
