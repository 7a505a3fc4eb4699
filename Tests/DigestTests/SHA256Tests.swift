// SHA-256 against the published vectors, and whole against piecewise.

import Digest
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-2 appendix B and the empty message of NIST's example values.
    static let vectors: [(message: String, digest: String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ]

    @Test(arguments: vectors)
    func publishedVectors(message: String, digest: String) {
        #expect(Hex.encode(SHA256.digest(message.utf8)) == digest)
        #expect(Hex.encode(SHA256.digest(Array(message.utf8))) == digest)
        var portable = SHA256(portable: ())
        portable.update(message.utf8)
        #expect(Hex.encode(portable.finish()) == digest)
    }

    /// Messages of every length up to several blocks, by the processor's instructions and without them.
    @Test func bothWaysGiveTheSame() {
        var bits: UInt64 = 1
        for count in 0..<400 {
            let message = (0..<count).map { _ in
                bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: bits >> 56)
            }
            var portable = SHA256(portable: ())
            portable.update(message)
            #expect(portable.finish() == SHA256.digest(message))
        }
    }

    @Test func aMillionLetters() {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(Hex.encode(SHA256.digest(message)) == digest)
        var portable = SHA256(portable: ())
        portable.update(message)
        #expect(Hex.encode(portable.finish()) == digest)
    }

    /// Lengths around the padding's corners and the block's end, in pieces of every size that meets a corner.
    @Test(arguments: [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 129, 300])
    func piecesMakeTheWhole(count: Int) {
        let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let whole = SHA256.digest(message)
        for size in [1, 3, 55, 63, 64, 65, 200] {
            var hash = SHA256()
            for start in stride(from: 0, to: count, by: size) { hash.update(message[start..<min(start + size, count)]) }
            #expect(hash.finish() == whole)
        }
    }

    @Test func aCopyGoesItsOwnWay() {
        var hash = SHA256()
        hash.update("a".utf8)
        var other = hash
        hash.update("bc".utf8)
        other.update("x".utf8)
        #expect(hash.finish() == SHA256.digest("abc".utf8))
        #expect(other.finish() == SHA256.digest("ax".utf8))
    }

    @Test func bytesThatAreNotTogetherCountTheSame() {
        let reversed = Array("cba".utf8).reversed()
        #expect(SHA256.digest(reversed) == SHA256.digest("abc".utf8))
    }
}
