// SHA-256 (FIPS 180-4), incremental: state, one block of leftover bytes, and a count. It allocates only its answer, and
// knows nothing of what is hashed. Not for passwords. Where the processor has instructions for it they do the work,
// some ten times as fast; elsewhere the portable function below does.

internal import CDigest

/// The SHA-256 hash function (FIPS 180-4 section 6.2).
package struct SHA256: Sendable {
    /// Bytes of a digest.
    package static let byteCount = 32
    /// Bytes of a block.
    static let blockByteCount = 64

    /// H0, the first 32 bits of the fractional parts of the square roots of the first eight primes (section 5.3.3).
    private var state = SIMD8<UInt32>(
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)
    private var block = InlineArray<64, UInt8>(repeating: 0)
    private var blockFill = 0
    private var messageByteCount: UInt64 = 0
    private let usesInstructions: Bool

    /// A hash of nothing yet.
    package init() { usesInstructions = processorHasInstructions }

    /// A hash of nothing yet that leaves the processor's instructions alone, to hold the one against the other.
    package init(portable: Void) { usesInstructions = false }

    /// The digest of a whole message, 32 bytes.
    package static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// Adds bytes to the message.
    package mutating func update(_ bytes: some Collection<UInt8>) {
        let isDone: Void? = bytes.withContiguousStorageIfAvailable { update($0.span.bytes) }
        if isDone == nil { update(Array(bytes).span.bytes) }
    }

    /// Adds bytes to the message.
    package mutating func update(_ bytes: RawSpan) {
        messageByteCount &+= UInt64(bytes.byteCount)
        var offset = 0
        if blockFill > 0 {
            offset = min(Self.blockByteCount - blockFill, bytes.byteCount)
            keep(bytes, 0..<offset)
            guard blockFill == Self.blockByteCount else { return }
            compressBlock()
            blockFill = 0
        }
        let blocks = (bytes.byteCount - offset) / Self.blockByteCount
        compress(bytes, at: offset, blocks: blocks)
        offset += blocks * Self.blockByteCount
        keep(bytes, offset..<bytes.byteCount)
    }

    /// The digest of all that was added, 32 bytes; the padding is that of section 5.1.1.
    package consuming func finish() -> [UInt8] {
        let bitCount = messageByteCount &* 8
        block[blockFill] = 0x80
        for index in blockFill + 1..<Self.blockByteCount { block[index] = 0 }
        if blockFill >= Self.blockByteCount - 8 {
            compressBlock()
            block = InlineArray(repeating: 0)
        }
        for index in 0..<8 {
            block[Self.blockByteCount - 1 - index] = UInt8(truncatingIfNeeded: bitCount >> (8 * index))
        }
        compressBlock()
        return [UInt8](unsafeUninitializedCapacity: Self.byteCount) { digest, count in
            for index in 0..<Self.byteCount {
                digest[index] = UInt8(truncatingIfNeeded: state[index / 4] >> (24 - 8 * (index % 4)))
            }
            count = Self.byteCount
        }
    }

    private mutating func compressBlock() {
        let block = block
        compress(block.span.bytes, at: 0, blocks: 1)
    }

    private mutating func compress(_ bytes: RawSpan, at offset: Int, blocks: Int) {
        guard blocks > 0 else { return }
        guard usesInstructions else {
            for block in 0..<blocks { state.compress(bytes, at: offset + block * Self.blockByteCount) }
            return
        }
        bytes.withUnsafeBytes { bytes in
            withUnsafeMutableBytes(of: &state) { state in
                cdigest_sha256(
                    state.baseAddress?.assumingMemoryBound(to: UInt32.self), bytes.baseAddress?.advanced(by: offset),
                    blocks)
            }
        }
    }

    private mutating func keep(_ bytes: RawSpan, _ range: Range<Int>) {
        for offset in range {
            block[blockFill] = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            blockFill += 1
        }
    }
}

private let processorHasInstructions = cdigest_has_sha256() != 0

extension SIMD8<UInt32> {
    /// The compression function on the 64 bytes at `offset` (section 6.2.2), eight rounds a turn so that the eight
    /// working variables change places by name instead of being moved.
    fileprivate mutating func compress(_ bytes: RawSpan, at offset: Int) {
        var w = InlineArray<64, UInt32>(repeating: 0)
        for t in 0..<16 {
            w[t] = UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset + 4 * t, as: UInt32.self))
        }
        for t in 16..<64 {
            w[t] = smallSigma1(w[t - 2]) &+ w[t - 7] &+ smallSigma0(w[t - 15]) &+ w[t - 16]
        }
        var (a, b, c, d) = (self[0], self[1], self[2], self[3])
        var (e, f, g, h) = (self[4], self[5], self[6], self[7])
        var t = 0
        while t < 64 {
            hashRound(a, b, c, &d, e, f, g, &h, roundConstants[t] &+ w[t])
            hashRound(h, a, b, &c, d, e, f, &g, roundConstants[t + 1] &+ w[t + 1])
            hashRound(g, h, a, &b, c, d, e, &f, roundConstants[t + 2] &+ w[t + 2])
            hashRound(f, g, h, &a, b, c, d, &e, roundConstants[t + 3] &+ w[t + 3])
            hashRound(e, f, g, &h, a, b, c, &d, roundConstants[t + 4] &+ w[t + 4])
            hashRound(d, e, f, &g, h, a, b, &c, roundConstants[t + 5] &+ w[t + 5])
            hashRound(c, d, e, &f, g, h, a, &b, roundConstants[t + 6] &+ w[t + 6])
            hashRound(b, c, d, &e, f, g, h, &a, roundConstants[t + 7] &+ w[t + 7])
            t += 8
        }
        self &+= SIMD8(a, b, c, d, e, f, g, h)
    }
}

/// One round: what would move to `a` and `e` lands in `h` and `d`, which the next round calls by those names.
@inline(__always)
private func hashRound(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
    _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ input: UInt32
) {
    let sigma1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    let t1 = h &+ sigma1 &+ (g ^ (e & (f ^ g))) &+ input
    let sigma0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    d = d &+ t1
    h = t1 &+ sigma0 &+ ((a & b) | (c & (a | b)))
}

@inline(__always)
private func smallSigma0(_ x: UInt32) -> UInt32 { rotate(x, 7) ^ rotate(x, 18) ^ x &>> 3 }

@inline(__always)
private func smallSigma1(_ x: UInt32) -> UInt32 { rotate(x, 17) ^ rotate(x, 19) ^ x &>> 10 }

@inline(__always)
private func rotate(_ x: UInt32, _ count: UInt32) -> UInt32 { x &>> count | x &<< (32 &- count) }

/// K: the first 32 bits of the fractional parts of the cube roots of the first 64 primes (section 4.2.2).
private let roundConstants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
