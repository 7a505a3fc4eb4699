// Answers as a strict client reads them (RFC 9112): anything that is not an answer, to the byte, breaks the run.

/// One final answer.
struct Answer: Equatable, CustomStringConvertible {
    let status: Int
    let fields: [[UInt8]]
    let content: [UInt8]
    /// Whether it says that the connection ends with it.
    let closes: Bool

    var description: String {
        let head = fields.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|")
        return "\(status) \(head) \(String(decoding: content, as: UTF8.self).debugDescription)"
    }

    /// All answers of a connection: `isHead` says which of the requests were a HEAD, `expectations` how many asked for
    /// an interim 100 (Continue).
    static func read(_ bytes: [UInt8], isHead: [Bool], expectations: Int) -> [Answer] {
        var rest = bytes[...]
        var answers: [Answer] = []
        var interims = 0
        while !rest.isEmpty {
            let line = takeLine(&rest)
            hold(line.starts(with: Array("HTTP/1.1 ".utf8)), "an answer begins with \(text(line))")
            guard line.count > 13, let status = Int(text(line.dropFirst(9).prefix(3))), line.dropFirst(12).first == 32
            else { broken("a status line of \(text(line))") }
            var fields: [[UInt8]] = []
            while true {
                let field = takeLine(&rest)
                if field.isEmpty { break }
                fields.append(Array(field))
            }
            if status == 100 {
                hold(fields.isEmpty, "an interim answer with fields")
                interims += 1
                continue
            }
            let head = answers.count < isHead.count ? isHead[answers.count] : nil
            let content = takeContent(&rest, status, fields, isHead: head)
            answers.append(
                Answer(
                    status: status, fields: fields, content: content,
                    closes: values(fields, "Connection") == ["close"]))
        }
        hold(interims <= expectations, "\(interims) interim answers to \(expectations) expectations")
        return answers
    }

    /// The content after a head; `isHead` is nil when the head of the request was refused.
    private static func takeContent(
        _ rest: inout ArraySlice<UInt8>, _ status: Int, _ fields: [[UInt8]], isHead: Bool?
    ) -> [UInt8] {
        hold(values(fields, "Date") == ["Sun, 06 Nov 1994 08:49:37 GMT"], "Date: \(values(fields, "Date"))")
        let lengths = values(fields, "Content-Length")
        let codings = values(fields, "Transfer-Encoding")
        hold(lengths.count + codings.count <= 1, "two framings: \(lengths) \(codings)")
        if status == 204 {
            hold(lengths.isEmpty && codings.isEmpty, "204 with a framing")
            return []
        }
        if isHead == true { return [] }
        if codings == ["chunked"] { return takeChunks(&rest) }
        guard let length = lengths.first else {
            hold(values(fields, "Connection") == ["close"], "an answer without an end")
            defer { rest = [] }
            return Array(rest)
        }
        guard let count = Int(length), count >= 0 else { broken("a length of \(length)") }
        // A refused HEAD has no content either.
        if isHead == nil, rest.isEmpty { return [] }
        hold(count <= rest.count, "\(rest.count) of \(count) bytes")
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    private static func takeChunks(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        var content: [UInt8] = []
        while true {
            let line = takeLine(&rest)
            guard let size = Int(text(line), radix: 16), size >= 0, rest.count >= size + 2 else {
                broken("a chunk of \(text(line))")
            }
            content += rest.prefix(size)
            rest = rest.dropFirst(size)
            hold(takeLine(&rest).isEmpty, "a chunk without its end")
            if size == 0 { return content }
        }
    }

    /// The values of a field.
    private static func values(_ fields: [[UInt8]], _ name: String) -> [String] {
        fields.map(text).filter { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }

    /// Takes a line without its CRLF; a bare CR or LF, another control character or no end breaks the run.
    private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let end = rest.firstIndex(where: { $0 < 32 && $0 != 9 || $0 == 127 }), rest[end] == 13,
            end + 1 < rest.endIndex, rest[end + 1] == 10
        else {
            broken("no line in \(text(rest.prefix(80)))")
        }
        defer { rest = rest[(end + 2)...] }
        return rest[..<end]
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
}
