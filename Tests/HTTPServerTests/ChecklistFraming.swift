// The checklist's rows about where a message ends: Content-Length, Transfer-Encoding, chunks, trailers, pipelining. Most
// come from the traps of public smuggling suites: each is a message that some pair of parsers reads in two ways.

extension Checklist {
    private static func lengthRefused(_ value: String, _ why: String) -> Row {
        .no("Content-Length \(why), 9110 8.6", post("Content-Length: \(value)", "hello"), 400, "content-length")
    }

    static let lengths: [Row] = [
        .ok("Content-Length, 9112 6.2", post("Content-Length: 5", "hello"), "POST /p a", "hello"),
        .ok("name in any case, 9110 5.1", post("cONTENT-lENGTH: 5", "hello"), "POST /p a", "hello"),
        .ok("leading zeros are digits, 9110 8.6", post("Content-Length: 0005", "hello"), "POST /p a", "hello"),
        .ok(
            "leading zeros beyond 64 bits of digits, 9110 8.6",
            post("Content-Length: 0000000000000000000000000005", "hello"), "POST /p a", "hello"),
        .ok("white space round the value, 9110 5.6.3", post("Content-Length:\t 5 \t", "hello"), "POST /p a", "hello"),
        .ok("Content-Length 0, 9110 8.6", post("Content-Length: 0"), "POST /p a"),
        .ok("neither field: no body, 9112 6.3", post("X: y"), "POST /p a"),
        .ok("underscore is no dash, 9110 5.1", post("Content_Length: 5"), "POST /p a"),
        .ok("a longer name is another field, 9110 5.1", post("X-Content-Length: 5"), "POST /p a"),
        .ok(
            "a body that looks like a request, 9112 6.3",
            post("Content-Length: 31", "GET /x HTTP/1.1\r\nHost: evil\r\n\r\n"), "POST /p a",
            "GET /x HTTP/1.1\r\nHost: evil\r\n\r\n"),
        .ok("a body of line ends, 9112 6.3", post("Content-Length: 4", "\r\n\r\n"), "POST /p a", "\r\n\r\n"),
        .ok("a body of NULs, 9112 6.3", post("Content-Length: 3", "\0\0\0"), "POST /p a", "\0\0\0"),
        .ok(
            "an unread body is drained, 9112 9.3.2",
            "POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST /ignore a"),
        lengthRefused("+5", "with plus"), lengthRefused("-5", "with minus"), lengthRefused("-0", "minus nothing"),
        lengthRefused("0x5", "in hexadecimal"), lengthRefused("5a", "with a letter"),
        lengthRefused("a5", "after a letter"), lengthRefused("0_5", "with underscore"),
        lengthRefused("0 5", "with space inside"), lengthRefused("0\t5", "with tab inside"),
        lengthRefused("", "empty"), lengthRefused("  ", "of white space"), lengthRefused("5, 5", "as a list of equals"),
        lengthRefused("5,6", "as a list that differs"), lengthRefused("5,", "with an empty element"),
        lengthRefused(",5", "after an empty element"), lengthRefused("\"5\"", "in quotes"),
        lengthRefused("5.0", "as a fraction"), lengthRefused("5e0", "with an exponent"),
        lengthRefused("5;", "with a parameter"), lengthRefused("5 ; a=b", "with a named parameter"),
        lengthRefused("\u{d9}\u{a5}", "in Arabic digits"), lengthRefused("\u{a0}5", "after a no-break space"),
        lengthRefused("9223372036854775808", "of 2^63"), lengthRefused("18446744073709551616", "of 2^64"),
        lengthRefused("18446744073709551621", "that is 5 modulo 2^64"),
        lengthRefused("4294967301000000000000000000000000000005", "of forty digits"),
        .no("Content-Length of 2^63-1, 9110 15.5.14", post("Content-Length: 9223372036854775807"), 413, tooLarge),
        .no("Content-Length over the limit, 9110 15.5.14", post("Content-Length: 268435457"), 413, tooLarge),
        .no("control in the value, 9110 5.5", post("Content-Length: 5\0", "hello"), 400, "control-character"),
        .no("vertical tab before it, 9110 5.5", post("Content-Length:\u{b}5", "hello"), 400, "control-character"),
        .no("space before the colon, 9112 5.1", post("Content-Length : 5", "hello"), 400, "field-name"),
        .no("Content-Length folded, 9112 5.2", post("Content-Length:\r\n 5", "hello"), 400, "folded-field"),
        .no("hidden behind a bare LF, 9112 2.2", post("X: y\nContent-Length: 5", "hello"), 400, "bare-lf"),
        .no("hidden behind a bare CR, 9112 2.2", post("X: y\rContent-Length: 5", "hello"), 400, "bare-cr"),
        .no(
            "two lengths that differ, 9112 6.3", post("Content-Length: 5\r\nContent-Length: 6", "hello!"), 400,
            "content-length"),
        .no(
            "two lengths that agree, 9110 8.6", post("Content-Length: 5\r\nContent-Length: 5", "hello"), 400,
            "content-length"),
        .no(
            "lengths 0 and 5, 9112 6.3", post("Content-Length: 0\r\nX: y\r\ncontent-length: 5", "hello"), 400,
            "content-length"),
        .no(
            "a length in a GET is checked as well, 9112 6", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            400, "content-length"),
        .no(
            "a length in HTTP/1.0 is checked as well, 9112 6", "GET / HTTP/1.0\r\nContent-Length: 1,1\r\n\r\n", 400,
            "content-length"),
    ]

    private static func codingRefused(_ value: String, _ why: String, _ status: Int = 400) -> Row {
        .no(
            "Transfer-Encoding \(why), 9112 6.1", post("Transfer-Encoding: \(value)", "5\r\nhello\r\n0\r\n\r\n"),
            status,
            status == 501 ? "transfer-coding" : "transfer-encoding")
    }

    static let codings: [Row] = [
        .ok("chunked, 9112 7.1", chunked("5\r\nhello\r\n0\r\n\r\n"), "POST /p a", "hello"),
        .ok("chunked in capitals, 9112 7", post("Transfer-Encoding: ChunKED", "1\r\na\r\n0\r\n\r\n"), "POST /p a", "a"),
        .ok("tab before chunked, 9110 5.6.3", post("Transfer-Encoding:\tchunked\t", "0\r\n\r\n"), "POST /p a"),
        .ok("no space before chunked, 9110 5.5", post("Transfer-Encoding:chunked", "0\r\n\r\n"), "POST /p a"),
        .ok("underscore is no dash, 9110 5.1", post("Transfer_Encoding: chunked"), "POST /p a"),
        .ok("TE asks for nothing here, 9110 10.1.4", post("TE: trailers, chunked\r\nConnection: TE"), "POST /p a"),
        .ok(
            "chunked unread, 9112 9.3.2",
            "POST /ignore HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            "POST /ignore a", ways: [.whole]),
        codingRefused("xchunked", "that ends alike"), codingRefused("chunkedx", "that begins alike"),
        codingRefused("chunk", "cut short"), codingRefused("chun ked", "with space inside"),
        codingRefused("identity", "identity"), codingRefused("chunked, identity", "with identity last"),
        codingRefused("chunked identity", "with identity after a space"), codingRefused("gzip", "without chunked"),
        codingRefused("chunked, gzip", "with gzip last"), codingRefused("chunked, chunked", "chunked twice"),
        codingRefused("chunked\r\nTransfer-Encoding: chunked", "in two fields"),
        codingRefused("chunked\r\nTransfer-Encoding: identity", "in two fields, identity last"),
        codingRefused("chunked\r\nTransfer-encoding: cow", "in two fields, unknown last"),
        codingRefused("\"chunked\"", "in quotes"), codingRefused("'chunked'", "in single quotes"),
        codingRefused("chunked;q=1", "with a weight"), codingRefused("chunked;", "with a semicolon"),
        codingRefused("chunked,", "with an empty last element"),
        codingRefused(", chunked", "with an empty first element"),
        codingRefused("chunked\r\nTransfer-Encoding:", "with an empty second field"), codingRefused("", "empty"),
        codingRefused("chunked\u{e9}", "with obs-text"), codingRefused("\u{a0}chunked", "after a no-break space"),
        codingRefused("\u{ef}\u{bb}\u{bf}chunked", "after a byte order mark"), codingRefused("{chunked}", "in braces"),
        codingRefused("chunked(comment)", "with a comment"),
        codingRefused("gzip, chunked", "of two codings", 501),
        codingRefused("identity, chunked", "identity first", 501),
        codingRefused("gzip\r\nTransfer-Encoding: chunked", "of two codings in two fields", 501),
        .no(
            "vertical tab before chunked, 9110 5.5", post("Transfer-Encoding:\u{b}chunked", "0\r\n\r\n"), 400,
            "control-character"),
        .no(
            "form feed after chunked, 9110 5.5", post("Transfer-Encoding: chunked\u{c}", "0\r\n\r\n"), 400,
            "control-character"),
        .no("NUL after chunked, 9110 5.5", post("Transfer-Encoding: chunked\0", "0\r\n\r\n"), 400, "control-character"),
        .no("space before its colon, 9112 5.1", post("Transfer-Encoding : chunked", "0\r\n\r\n"), 400, "field-name"),
        .no("tab before its colon, 9112 5.1", post("Transfer-Encoding\t: chunked", "0\r\n\r\n"), 400, "field-name"),
        .no("space before its name, 9112 5.2", post(" Transfer-Encoding: chunked", "0\r\n\r\n"), 400, "folded-field"),
        .no("folded, 9112 5.2", post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n"), 400, "folded-field"),
        .no("hidden behind a bare LF, 9112 2.2", post("X: y\nTransfer-Encoding: chunked", "0\r\n\r\n"), 400, "bare-lf"),
        .no("hidden behind a bare CR, 9112 2.2", post("X: y\rTransfer-Encoding: chunked", "0\r\n\r\n"), 400, "bare-cr"),
        .no("no-break space in its name, 9110 5.1", post("Transfer\u{a0}Encoding: chunked"), 400, "field-name"),
        both("CL.TE", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
        both("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 5"),
        both("CL.0", "Content-Length: 0\r\nTransfer-Encoding: chunked"),
        both("TE twice with CL", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\nTransfer-Encoding: x"),
        both("a broken CL with TE", "Content-Length: x\r\nTransfer-Encoding: chunked"),
        both("identity with CL", "Transfer-Encoding: identity\r\nContent-Length: 5"),
        .no(
            "chunked in HTTP/1.0, 9112 6.1", "POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
            "transfer-encoding"),
        .no(
            "chunked in HTTP/1.0 that stays, 9112 6.1",
            "POST /p HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
            "transfer-encoding"),
        .no(
            "framing comes before the method, 9112 6.3",
            "BREW /p HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "framing"),
    ]

    private static func both(_ name: String, _ fields: String) -> Row {
        .no("both framings, \(name), 9112 6.1", post(fields, "0\r\n\r\n"), 400, "framing")
    }

    private static func chunkRefused(_ why: String, _ body: String) -> Row {
        .no("chunked: \(why), 9112 7.1", chunked(body), 400, "chunk")
    }

    static let chunks: [Row] = [
        .ok(
            "several chunks, hexadecimal in both cases, 9112 7.1",
            chunked("a\r\n0123456789\r\nB\r\nabcdefghijk\r\n00\r\n\r\n"), "POST /p a", "0123456789abcdefghijk"),
        .ok("sixteen digits, 9112 7.1", chunked("0000000000000002\r\nhi\r\n0\r\n\r\n"), "POST /p a", "hi"),
        .ok("last chunk of many zeros, 9112 7.1", chunked("2\r\nhi\r\n0000\r\n\r\n"), "POST /p a", "hi"),
        .ok("data of line ends, 9112 7.1", chunked("7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n"), "POST /p a", "\r\n0\r\n\r\n"),
        .ok(
            "extensions ignored, 9112 7.1.1", chunked("2;a;b=c;d=\"e;\\\"\"\r\nhi\r\n0;last\r\n\r\n"), "POST /p a", "hi"
        ),
        .ok("space round ';' and '=', 9112 7.1.1", chunked("2 ;\ta = b\r\nhi\r\n0\r\n\r\n"), "POST /p a", "hi"),
        .ok("trailers dropped, 9110 6.5.1", chunked("0\r\nX: y\r\nZ:\r\n\r\n"), "POST /p a"),
        .ok(
            "framing in trailers never honoured, 9110 6.5.1",
            chunked("2\r\nhi\r\n0\r\nContent-Length: 99\r\nTransfer-Encoding: gzip\r\nHost: evil\r\n\r\n"), "POST /p a",
            "hi"),
        chunkRefused("no size", "\r\nhello\r\n0\r\n\r\n"), chunkRefused("0x", "0x5\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("plus", "+5\r\nhello\r\n0\r\n\r\n"), chunkRefused("minus", "-5\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("space before the size", " 5\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("tab before the size", "\t5\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("space after the size", "5 \r\nhello\r\n0\r\n\r\n"),
        chunkRefused("tab after the size", "5\t\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("underscore", "0_5\r\nhello\r\n0\r\n\r\n"), chunkRefused("no digit", "g\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("obs-text after the size", "5\u{e9}\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("comma", "5,5\r\nhello\r\n0\r\n\r\n"), chunkRefused("a fraction", "5.\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("quotes", "\"5\"\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("17 digits", "00000000000000005\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("size of 2^64 + 5", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("size of 2^64 - 1", "ffffffffffffffff\r\nhello"),
        chunkRefused("size of 2^63", "8000000000000000\r\nhello"),
        chunkRefused("data longer than its size", "5\r\nhello!\r\n0\r\n\r\n"),
        chunkRefused("data shorter than its size", "5\r\nhell\r\n0\r\n\r\n"),
        chunkRefused("no CRLF after the data", "5\r\nhello0\r\n\r\n"),
        chunkRefused("LF after the data", "5\r\nhello\n0\r\n\r\n"),
        chunkRefused("two bytes after the data", "5\r\nhelloXX0\r\n\r\n"),
        chunkRefused("CR and no LF after the data", "5\r\nhello\rx0\r\n\r\n"),
        chunkRefused("semicolon alone", "5;\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("two semicolons", "5;;a\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("extension without its value", "5;a=\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("extension without its name", "5;=b\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("extension that is no token", "5;a[]=b\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("space at the extension's end", "5;a \r\nhello\r\n0\r\n\r\n"),
        chunkRefused("text after a quoted value", "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n"),
        chunkRefused("CRLF inside a quoted value", "5;a=\"\r\nhello\r\n0\r\n\r\n\"\r\n"),
        chunkRefused("CRLF behind a backslash in quotes", "5;a=\"\\\r\nhello\r\n0\r\n\r\n\"\r\n"),
        chunkRefused(
            "extensions beyond their limit", "5;a=\(String(repeating: "b", count: 4_100))\r\nhello\r\n0\r\n\r\n"),
        .no("bare LF after the size, 9112 7.1", chunked("5\nhello\r\n0\r\n\r\n"), 400, "bare-lf"),
        .no("bare LF in an extension, 9112 7.1.1", chunked("5;a\nb\r\nhello\r\n0\r\n\r\n"), 400, "bare-lf"),
        .no("bare LF in a quoted value, 9112 7.1.1", chunked("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"), 400, "bare-lf"),
        .no("bare CR after the size, 9112 7.1", chunked("5\rhello\r\n0\r\n\r\n"), 400, "bare-cr"),
        .no("CR CR LF after the size, 9112 7.1", chunked("5\r\r\nhello\r\n0\r\n\r\n"), 400, "bare-cr"),
        .no("bare CR in an extension, 9112 7.1.1", chunked("5;a\rb\r\nhello\r\n0\r\n\r\n"), 400, "bare-cr"),
        .no("NUL after the size, 9112 7.1", chunked("5\0\r\nhello\r\n0\r\n\r\n"), 400, "control-character"),
        .no(
            "control in an extension, 9112 7.1.1", chunked("5;a=\u{1}\r\nhello\r\n0\r\n\r\n"), 400, "control-character"),
        .no("bare LF ends the trailers, 9112 7.1.2", chunked("0\r\n\n"), 400, "bare-lf"),
        .no("bare LF after the last chunk, 9112 7.1", chunked("0\n\r\n"), 400, "bare-lf"),
        .no("no line after the last chunk, 9112 7.1.2", chunked("0\r\n"), 400, "field-name"),
        .no("trailer without colon, 9112 7.1.2", chunked("0\r\ntrailer\r\n\r\n"), 400, "field-name"),
        .no("space before a trailer's colon, 9112 5.1", chunked("0\r\nX : y\r\n\r\n"), 400, "field-name"),
        .no("trailer folded, 9112 5.2", chunked("0\r\nX: a\r\n b\r\n\r\n"), 400, "folded-field"),
        .no("NUL in a trailer, 9110 5.5", chunked("0\r\nX: a\0\r\n\r\n"), 400, "control-character"),
        .no("size over the limit, 9110 15.5.14", chunked("10000001\r\nhello"), 413, tooLarge),
        .no("size of 2^63 - 1, 9110 15.5.14", chunked("7fffffffffffffff\r\nhello"), 413, tooLarge),
        .no(
            "trailers beyond their limit, 6585 5",
            chunked("0\r\nX: \(String(repeating: "b", count: 8_300))\r\n\r\n"), 431, headerTooLarge),
        .no(
            "too many trailers, 6585 5", chunked("0\r\n\(String(repeating: "X: y\r\n", count: 101))\r\n"), 431,
            headerTooLarge),
    ]
}
