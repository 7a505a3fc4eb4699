// What a plain text means: the core schema of YAML 1.2.2 (section 10.3.2). Quoted and block texts never come here.

/// Resolves plain scalars.
enum YAMLScalar {
    /// The value of a plain text; throws for numbers that JSON or 64 bits can not hold.
    static func resolve(_ text: String, at cursor: YAMLCursor) throws(YAMLFault) -> YAMLNode {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        default: break
        }
        if isDecimalInteger(text) || radix(of: text) != nil {
            let (digits, radix) = radix(of: text).map { (String(text.dropFirst(2)), $0) } ?? (text, 10)
            guard let value = Int64(digits, radix: radix) else { throw cursor.fault(.numberOutOfRange) }
            return .integer(value)
        }
        if isInfiniteOrNaN(text) { throw cursor.fault(.numberOutOfRange) }
        return decimal(text).map(YAMLNode.decimal) ?? .string(text)
    }

    private static func isDecimalInteger(_ text: String) -> Bool {
        isDigits(withoutSign(text))
    }

    /// 8 for `0o…` and 16 for `0x…` with digits of that kind behind it.
    private static func radix(of text: String) -> Int? {
        for (prefix, radix) in [("0o", 8), ("0x", 16)] where text.hasPrefix(prefix) && text.utf8.count > 2 {
            let digits = text.dropFirst(2)
            let isWhole = digits.allSatisfy { $0.isASCII && ($0.hexDigitValue ?? radix) < radix }
            return isWhole ? radix : nil
        }
        return nil
    }

    private static func isInfiniteOrNaN(_ text: String) -> Bool {
        [".inf", ".Inf", ".INF"].contains(withoutSign(text)) || [".nan", ".NaN", ".NAN"].contains(text[...])
    }

    /// A number with fraction or exponent as JSON writes it, or nil when the text is none:
    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`.
    private static func decimal(_ text: String) -> String? {
        let body = withoutSign(text)
        let halves = body.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
        guard let mantissa = halves.first else { return nil }
        let parts = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first else { return nil }
        let fraction = parts.dropFirst().first ?? ""
        guard isDigits(whole) || whole.isEmpty && isDigits(fraction), fraction.isEmpty || isDigits(fraction) else {
            return nil
        }
        var number = text.hasPrefix("-") ? "-" : ""
        let significant = whole.drop { $0 == "0" }
        number += significant.isEmpty ? "0" : significant
        if !fraction.isEmpty { number += "." + fraction }
        if halves.count == 2 {
            guard isDigits(withoutSign(halves[1])) else { return nil }
            number += "e" + halves[1]
        }
        return number
    }

    private static func withoutSign(_ text: some StringProtocol) -> Substring {
        let text = Substring(text)
        return text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text
    }

    private static func isDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
