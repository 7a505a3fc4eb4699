// Any bytes as field lines of a request, read back as the wire gives them to handlers, and as names and values of an
// answer: nothing a handler says can end a line or begin another field.

@testable import HTTPWire

private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

/// `text` without white space at its ends.
private func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text.removeLast() }
    return text
}

private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: 10, omittingEmptySubsequences: false)
}

/// The lines as the fields of a request.
private func readAsRequest(_ bytes: [UInt8]) {
    let sent = lines(bytes).filter { !$0.isEmpty }
    let head = Array("GET / HTTP/1.1\r\nHost: a\r\n".utf8) + sent.flatMap { $0 + [13, 10] } + [13, 10]
    var parser = HeadParser(limits: WireLimits())
    do throws(Refusal) {
        guard let (request, length) = try parser.advance(head.span, peerAddress: "unix", loop: 0), length == head.count
        else { broken("the fields ran past their end") }
        var closes = false
        for line in sent {
            let name = String(decoding: line.prefix { $0 != 58 }, as: UTF8.self).lowercased()
            let value = trimmed(line.drop { $0 != 58 }.dropFirst())
            let text = String(decoding: value, as: UTF8.self)
            hold(request.fields(name).contains(text), "\(name) is \(request.fields(name)), not \(text)")
            hold(request.field(name) == request.fields(name).joined(separator: ", "), "\(name) is joined otherwise")
            if name == "connection" {
                let elements = value.split(separator: 44).map { String(decoding: trimmed($0), as: UTF8.self) }
                closes = closes || elements.contains { $0.lowercased() == "close" && $0.utf8.count == 5 }
            }
        }
        hold(request.keepsAlive != closes, "Connection was misread")
        if let address = ForwardedAddress.rightmost(of: request) {
            hold((1...45).contains(address.utf8.count), "an address of \(address.utf8.count) bytes")
            let isPlain = address.utf8.allSatisfy { Bytes.hexValue($0) != nil || $0 == 46 || $0 == 58 }
            hold(isPlain, "an address of other characters: \(address)")
        }
        // With the hop that the proxy adds, it is that hop, whatever the client sent before it.
        let hop = Array("X-Forwarded-For: ".utf8) + bytes.filter { $0 >= 32 && $0 != 127 } + Array(", 192.0.2.7".utf8)
        hold(rightmost(hop) == "192.0.2.7", "the proxy's own hop was not seen")
    } catch {
        hold([400, 413, 414, 417, 431, 501].contains(error.status), "refused with \(error)")
    }
}

/// The client's address that the field line of a proxy gives.
private func rightmost(_ line: [UInt8]) -> String? {
    let head = Array("GET / HTTP/1.1\r\nHost: a\r\n".utf8) + line + Array("\r\n\r\n".utf8)
    var parser = HeadParser(limits: WireLimits())
    let found = try? parser.advance(head.span, peerAddress: "unix", loop: 0)
    return found.flatMap { ForwardedAddress.rightmost(of: $0.request) }
}

/// The lines as the fields of an answer: sent whole, or not at all.
private func sendAsAnswer(_ bytes: [UInt8]) {
    var response = Response(status: 200, body: .none)
    response.fields = lines(bytes).map { line in
        let name = String(decoding: line.prefix { $0 != 58 }, as: UTF8.self)
        return (name: name, value: String(decoding: line.drop { $0 != 58 }.dropFirst(), as: UTF8.self))
    }
    var output = ByteBuffer()
    output.append("before")
    let isSent = ResponseEncoder.appendHead(
        of: response, framing: .length(0), persistence: ResponseEncoder.asksClose(response) ? .close : .implied,
        dateLine: [], to: &output)
    let written = output.withBytes { bytes in (6..<bytes.count).map { bytes[$0] } }
    guard isSent else { return hold(written.isEmpty, "half a head was left behind") }
    let owned = ["date", "upgrade", "trailer", "keep-alive", "content-length", "transfer-encoding", "connection"]
    let own = response.fields.filter { !owned.contains($0.name.lowercased()) }
    var expected = Array("HTTP/1.1 200 OK\r\n".utf8)
    for field in own { expected += Array("\(field.name): \(field.value)\r\n".utf8) }
    let closes = response.fields.contains { $0.name.lowercased() == "connection" && $0.value == "close" }
    expected += Array("Content-Length: 0\r\n\(closes ? "Connection: close\r\n" : "")\r\n".utf8)
    hold(written == expected, "sent \(String(decoding: written, as: UTF8.self).debugDescription)")
    let parts = own.flatMap { [$0.name, $0.value] }
    hold(!parts.contains { $0.utf8.contains { $0 < 32 && $0 != 9 || $0 == 127 } }, "a control character was sent")
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzFields(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let input = FuzzInput(data, size) else { return 0 }
    readAsRequest(input.bytes)
    sendAsAnswer(input.bytes)
    return 0
}
