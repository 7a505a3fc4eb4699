// Any bytes as request heads, one after another: parsed, refused with a status of the list, or in need of more, and the
// same however they are cut. What is accepted is held against a plain reading of the same lines.

@testable import HTTPWire

private let limits = {
    var limits = WireLimits()
    limits.requestLineBytes = 200
    limits.fieldLineBytes = 120
    limits.fieldSectionBytes = 300
    limits.fieldCount = 8
    limits.leadingEmptyLines = 2
    limits.bodyBytes = 100_000
    return limits
}()

/// What became of all bytes.
private struct Reading: Equatable {
    struct Head: Equatable {
        let length: Int
        let method: String
        let path: String
        let query: String?
        let host: String?
        let framing: BodyFraming
        let minorVersion: Int
        let keepsAlive: Bool
        let expectsContinue: Bool
    }
    var heads: [Head] = []
    var refusal: Refusal?
    var isMidway = false
}

private func read(_ bytes: [UInt8], _ cuts: Cuts) -> Reading {
    var cuts = cuts
    var reading = Reading()
    var parser = HeadParser(limits: limits)
    cuts.feed(bytes) { arrived in
        var offset = 0
        do throws(Refusal) {
            while offset < arrived.count {
                let rest = arrived.span.extracting(offset..<arrived.count)
                guard let (request, length) = try parser.advance(rest, peerAddress: "unix", loop: 0) else { break }
                hold((1...rest.count).contains(length), "a head of \(length) in \(rest.count) bytes")
                reading.heads.append(
                    Reading.Head(
                        length: length, method: request.method.rawValue, path: request.path, query: request.rawQuery,
                        host: request.field("host"), framing: request.framing, minorVersion: request.minorVersion,
                        keepsAlive: request.keepsAlive, expectsContinue: request.expectsContinue))
                check(Array(arrived[offset..<offset + length]), request)
                offset += length
                parser.reset()
            }
        } catch {
            reading.refusal = error
            reading.isMidway = false
            return nil
        }
        reading.isMidway = parser.isMidway
        return offset
    }
    return reading
}

/// An accepted head against its lines.
private func check(_ head: [UInt8], _ request: Request) {
    let text = head.map { Character(Unicode.Scalar($0)) }
    // One Character for CR LF would hide a bare one, so the bytes are split by hand.
    var lines: [[Character]] = [[]]
    var index = 0
    while index < text.count {
        if head[index] == 13, index + 1 < head.count, head[index + 1] == 10 {
            lines.append([])
            index += 2
        } else {
            hold(head[index] == 9 || head[index] >= 32 && head[index] != 127, "a control character was accepted")
            lines[lines.count - 1].append(text[index])
            index += 1
        }
    }
    let first = lines.firstIndex { !$0.isEmpty } ?? lines.count
    let fields = lines.dropFirst(first + 1).prefix { !$0.isEmpty }
    hold(first <= limits.leadingEmptyLines, "\(first) empty lines were skipped")
    hold(first + 1 + fields.count + 2 == lines.count, "the head does not end at its first empty line")
    let names = fields.map { String($0.prefix { $0 != ":" }).lowercased() }
    hold(names.allSatisfy { !$0.contains(" ") && !$0.contains("\t") && !$0.isEmpty }, "a name with white space")
    let lengths = names.filter { $0 == "content-length" }.count
    let codings = names.filter { $0 == "transfer-encoding" }.count
    switch request.framing {
    case .none: hold(codings == 0 && lengths <= 1, "a body went unseen")
    case .length(let length):
        hold(codings == 0 && lengths == 1, "a length among other framings")
        hold((1...limits.bodyBytes).contains(length), "a body of \(length)")
    case .chunked: hold(lengths == 0 && request.minorVersion >= 1, "chunked where it may not be")
    }
    hold(names.filter { $0 == "host" }.count <= 1, "two hosts")
    hold(request.minorVersion == 0 || request.field("host") != nil, "no host")
    hold(request.path.hasPrefix("/") || request.addressesServer && request.method == .options, "a path of its own kind")
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzHead(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let input = FuzzInput(data, size) else { return 0 }
    let readings = input.cuttings.map { read(input.bytes, $0) }
    hold(readings.allSatisfy { $0 == readings[0] }, "the cuts make a difference: \(readings)")
    if let refusal = readings[0].refusal {
        hold([400, 413, 414, 417, 431, 501, 505].contains(refusal.status), "refused with \(refusal)")
    }
    return 0
}
