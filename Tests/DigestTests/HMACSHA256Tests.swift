// HMAC-SHA-256 against RFC 4231 section 4.

import Digest
import Testing

@Suite struct HMACSHA256Tests {
    struct Vector: Sendable {
        let key: [UInt8]
        let message: [UInt8]
        let code: String
    }

    static let vectors = [
        Vector(
            key: [UInt8](repeating: 0x0b, count: 20), message: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            key: [UInt8](repeating: 0xaa, count: 20), message: [UInt8](repeating: 0xdd, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            key: Array(1...25), message: [UInt8](repeating: 0xcd, count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            key: [UInt8](repeating: 0xaa, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            key: [UInt8](repeating: 0xaa, count: 131),
            message: Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]

    @Test(arguments: vectors)
    func publishedVectors(vector: Vector) {
        #expect(Hex.encode(HMACSHA256.authenticate(key: vector.key, message: vector.message)) == vector.code)
    }

    /// Test case 5 of RFC 4231, whose code is cut to 128 bits.
    @Test func truncatedVector() {
        let key = [UInt8](repeating: 0x0c, count: 20)
        let code = HMACSHA256.authenticate(key: key, message: "Test With Truncation".utf8)
        #expect(Hex.encode(code.prefix(16)) == "a3b6167473100ee06e0c796c2955552b")
    }

    @Test(arguments: [0, 63, 64, 65])
    func aPreparedKeyServesManyMessages(keyByteCount: Int) {
        let key = [UInt8](repeating: 7, count: keyByteCount)
        let prepared = HMACSHA256(key: key)
        for message in ["", "one", "two"] {
            #expect(prepared.authenticate(message.utf8) == HMACSHA256.authenticate(key: key, message: message.utf8))
        }
        #expect(prepared.authenticate("one".utf8) != prepared.authenticate("two".utf8))
    }
}
