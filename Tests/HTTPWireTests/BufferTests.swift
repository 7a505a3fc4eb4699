// The byte queue and the searches on bytes, against the plainest thing that could be right.

import Testing

@testable import HTTPWire

@Suite struct BufferTests {
    static func contents(_ buffer: borrowing ByteBuffer) -> [UInt8] {
        buffer.withBytes { span in (0..<span.count).map { span[$0] } }
    }

    @Test(arguments: 1...10)
    func behavesLikeAnArray(_ seed: Int) {
        var random = Xorshift(state: UInt64(seed) &* 0x9e37_79b9_7f4a_7c15)
        var buffer = ByteBuffer()
        var model: [UInt8] = []
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...3_000, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                buffer.append(bytes)
                model += bytes
            case 1:
                buffer.fill(minimum: bytes.count) { free in
                    free.copyBytes(from: bytes)
                    return bytes.count
                }
                model += bytes
            case 2:
                let keep = Int.random(in: 0...model.count, using: &random)
                buffer.truncate(to: keep)
                model.removeLast(model.count - keep)
            default:
                let drop = Int.random(in: 0...model.count, using: &random)
                buffer.consume(drop)
                model.removeFirst(drop)
            }
            let (count, contents) = (buffer.count, Self.contents(buffer))
            #expect(count == model.count)
            #expect(contents == model)
        }
    }

    @Test(arguments: [0, 7, 10, 99, 100, 12_345, Int.max])
    func numbers(_ number: Int) {
        var buffer = ByteBuffer()
        buffer.append(decimal: number)
        buffer.append(UInt8(ascii: " "))
        buffer.append(hexadecimal: number)
        let text = String(decoding: Self.contents(buffer), as: UTF8.self)
        #expect(text == "\(number) \(String(number, radix: 16))")
    }

    @Test func blocksChangeHands() {
        var buffer = ByteBuffer()
        buffer.adopt(.allocate(byteCount: 64, alignment: 16))
        buffer.append("abc")
        buffer.consume(3)
        let block = buffer.surrender()
        #expect(block.count == 64)
        let capacity = buffer.capacity
        #expect(capacity == 0)
        block.deallocate()
    }

    @Test func findsEveryControlAtEveryPlace() {
        for length in 0..<20 {
            for place in 0..<max(1, length) {
                for byte in UInt8.min...UInt8.max {
                    var input = [UInt8](repeating: 0x20, count: length)
                    if length > 0 { input[place] = byte }
                    let expected = input.firstIndex { $0 < 0x20 || $0 == 0x7f } ?? length
                    #expect(Bytes.firstControl(in: input.span, from: 0) == expected)
                }
            }
        }
    }

    @Test func characterSetsAreThoseOfTheGrammar() {
        let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        let sets: [(ByteSet, String)] = [
            (.token, letters + "!#$%&'*+-.^_`|~"), (.path, letters + "-._~!$&'()*+,;=:@/%"),
            (.query, letters + "-._~!$&'()*+,;=:@/%?"), (.host, letters + "-._~!$&'()*+;="),
        ]
        for (set, members) in sets {
            let bytes = Set(members.utf8)
            for byte in UInt8.min...UInt8.max { #expect(set.contains(byte) == bytes.contains(byte)) }
        }
    }
}
