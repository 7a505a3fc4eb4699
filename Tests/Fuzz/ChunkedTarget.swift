// Any bytes as a body, chunked or of a length: content, a refusal of the list or a need for more, and the same however
// they are cut. What is accepted is held against a plain decoder that sees all bytes at once.

@testable import HTTPWire

private let limits = {
    var limits = WireLimits()
    limits.bodyBytes = 1_000
    limits.chunkExtensionBytes = 40
    limits.trailerBytes = 60
    limits.fieldCount = 4
    return limits
}()

/// What became of all bytes.
private struct Reading: Equatable {
    var content: [UInt8] = []
    var consumed = 0
    var isComplete = false
    var refusal: Refusal?
}

private func read(_ bytes: [UInt8], _ framing: BodyFraming, _ cuts: Cuts) -> Reading {
    var cuts = cuts
    var reading = Reading()
    var decoder = BodyDecoder(framing: framing, limits: limits)
    cuts.feed(bytes) { arrived in
        var offset = 0
        do throws(Refusal) {
            loop: while true {
                let before = offset
                switch try decoder.next(arrived.span, &offset) {
                case .data(let range):
                    hold(before <= range.lowerBound && range.upperBound <= offset, "content outside what was used")
                    hold(!range.isEmpty, "empty content")
                    reading.content += arrived[range]
                case .needMore: break loop
                case .end:
                    hold(decoder.isComplete && decoder.remainingLength == 0, "an end that is none")
                    reading.isComplete = true
                    break loop
                }
                hold(offset <= arrived.count, "more used than there was")
            }
        } catch {
            reading.refusal = error
            return nil
        }
        reading.consumed += offset
        return reading.isComplete ? nil : offset
    }
    // Where the last whole line ends depends on the cuts only while the body goes on.
    if reading.refusal != nil { reading.consumed = 0 }
    return reading
}

/// The content of a complete chunked body, read plainly; nil when it is none.
private func plainContent(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var rest = bytes
    var content: [UInt8] = []
    while let end = rest.firstIndex(of: 13) {
        let line = rest[rest.startIndex..<end]
        let digits = String(decoding: line.prefix { $0 != UInt8(ascii: ";") && $0 != 32 && $0 != 9 }, as: UTF8.self)
        guard let size = Int(digits, radix: 16), !digits.hasPrefix("+"), rest.count >= line.count + 2 else {
            return nil
        }
        rest = rest.dropFirst(line.count + 2)
        if size == 0 {
            return String(decoding: rest, as: UTF8.self).utf8.suffix(2).elementsEqual([13, 10]) ? content : nil
        }
        guard rest.count >= size + 2, rest.dropFirst(size).prefix(2).elementsEqual([13, 10]) else { return nil }
        content += rest.prefix(size)
        rest = rest.dropFirst(size + 2)
    }
    return nil
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzChunked(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let input = FuzzInput(data, size) else { return 0 }
    let framing = input.seed % 8 == 7 ? BodyFraming.length(Int(input.seed)) : .chunked
    let readings = input.cuttings.map { read(input.bytes, framing, $0) }
    hold(readings.allSatisfy { $0 == readings[0] }, "the cuts make a difference: \(readings)")
    let reading = readings[0]
    hold(reading.content.count <= limits.bodyBytes, "a body of \(reading.content.count)")
    if let refusal = reading.refusal { hold([400, 413, 431].contains(refusal.status), "refused with \(refusal)") }
    if reading.isComplete, framing == .chunked {
        let plain = plainContent(input.bytes[..<reading.consumed])
        hold(plain == reading.content, "a plain decoder reads \(plain ?? [])")
    }
    return 0
}
