// Any bytes as a request target: refused with 400 or 414, or read into a path, segments and a query that hold together.

@testable import HTTPWire

private func request(_ method: String, _ target: [UInt8]) throws(Refusal) -> Request? {
    let head = Array("\(method) ".utf8) + target + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    var parser = HeadParser(limits: WireLimits())
    guard let (request, length) = try parser.advance(head.span, peerAddress: "unix", loop: 0) else { return nil }
    return length == head.count ? request : nil
}

private func check(_ request: Request) {
    let segments = request.segments
    hold(!segments.contains(".") && !segments.contains(".."), "a dot segment is left in \(segments)")
    let plain = request.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
    hold(segments.count == (request.path.utf8.count > 1 ? plain.count : 0), "\(segments) of \(request.path)")
    let items = request.query
    hold(items.count <= (request.rawQuery ?? "").utf8.count { $0 == UInt8(ascii: "&") } + 1, "too many of \(items)")
    let texts = segments + items.flatMap { [$0.name, $0.value] }
    hold(!texts.contains { $0.utf8.contains(0) }, "a NUL in \(texts)")
    // Decoded text is UTF-8 as it was sent, never mended.
    let replacements = texts.reduce(0) { $0 + $1.unicodeScalars.count { $0 == "\u{FFFD}" } }
    let sent = (request.path + "?" + (request.rawQuery ?? "")).lowercased()
    hold(replacements <= sent.ranges(of: "%ef%bf%bd").count, "mended text in \(texts)")
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzTarget(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let input = FuzzInput(data, size) else { return 0 }
    let method = input.seed % 4 == 3 ? "OPTIONS" : "GET"
    do throws(Refusal) {
        guard let found = try request(method, input.bytes) else { return 0 }
        check(found)
        if found.addressesServer { return 0 }
        // What was made of it is a target too, and makes the same.
        let normal = found.path + (found.rawQuery.map { "?" + $0 } ?? "")
        do throws(Refusal) {
            let again = try request(method, Array(normal.utf8))
            hold(
                again?.path == found.path && again?.segments == found.segments && again?.query == found.query,
                "\(normal) reads as \(again?.path ?? "nothing")")
        } catch {
            broken("\(normal) is refused: \(error)")
        }
    } catch {
        // Line ends and colons in the input make it more than a target.
        hold([400, 414, 413, 417, 431, 501, 505].contains(error.status), "refused with \(error)")
    }
    return 0
}
