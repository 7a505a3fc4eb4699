// Hexadecimal and base64url against RFC 4648 section 10, strictness, and constant-time equality.

import Digest
import Testing

@Suite struct EncodingsTests {
    /// RFC 4648 section 10, without padding.
    static let vectors: [(text: String, base64: String, hex: String)] = [
        ("", "", ""), ("f", "Zg", "66"), ("fo", "Zm8", "666f"), ("foo", "Zm9v", "666f6f"),
        ("foob", "Zm9vYg", "666f6f62"), ("fooba", "Zm9vYmE", "666f6f6261"), ("foobar", "Zm9vYmFy", "666f6f626172"),
    ]

    @Test(arguments: vectors)
    func publishedVectors(text: String, base64: String, hex: String) {
        #expect(Base64URL.encode(text.utf8) == base64)
        #expect(Base64URL.decode(base64) == Array(text.utf8))
        #expect(Hex.encode(text.utf8) == hex)
        #expect(Hex.decode(hex) == Array(text.utf8))
    }

    @Test func everyByteGoesThereAndBack() {
        for start in 0..<3 {
            let bytes = [UInt8](repeating: 0, count: start) + Array(0...255)
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        }
    }

    @Test func theAlphabetIsThatOfURLs() {
        #expect(Base64URL.encode([0xFB, 0xFF, 0xBF]) == "-_-_")
    }

    @Test(arguments: ["Z", "Zg==", "Zg=", "Zh", "Zm9", "Zm9v\n", " Zm9v", "Zm+v", "Zm/v", "Zm9vY", "é", "Zm9v\u{0}"])
    func otherSpellingsAreRefused(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func everyOtherLetterIsRefused() {
        let digits = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".unicodeScalars)
        for value in UInt8.min...UInt8.max {
            let scalar = Unicode.Scalar(value)
            #expect((Base64URL.decode("AAA" + String(scalar)) != nil) == digits.contains(scalar))
        }
    }

    @Test(arguments: ["0", "0g", "0x", " 00", "00 ", "é", "000"])
    func whatIsNotHexadecimalIsRefused(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test func bothCasesOfHexadecimalAreRead() {
        #expect(Hex.decode("aAfF") == [0xAA, 0xFF])
    }

    @Test func equalityLooksAtEveryByte() {
        let secret = Array(UInt8(0)..<32)
        #expect(ConstantTime.equal(secret, secret))
        #expect(ConstantTime.equal([], []))
        #expect(!ConstantTime.equal(secret, Array(secret.dropLast())))
        for index in secret.indices {
            var other = secret
            other[index] ^= 0x80
            #expect(!ConstantTime.equal(secret, other))
        }
    }
}
