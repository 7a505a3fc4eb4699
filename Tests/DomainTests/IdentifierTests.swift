// Identifiers: their text, and that they never go back, whatever the clock does.

import Domain
import Testing

@Suite struct IdentifierTests {
    private typealias Name = Identifier<Int>

    /// RFC 9562, appendix A.6: the example of a version 7.
    @Test func theExampleOfTheStandard() throws {
        let text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
        let id = try #require(Name(text))
        #expect(id.high == 0x017F_22E2_79B0_7CC3 && id.low == 0x98C4_DC0C_0C07_398F)
        #expect(id.description == text)
        #expect(Name(text.uppercased()) == id)
        var source = IdentifierSource()
        let made: Name = source.next(at: Instant(milliseconds: 0x017F_22E2_79B0), randomBits: id.low)
        #expect(made.description.hasPrefix("017f22e2-79b0-7"))
        #expect(made.low == id.low)
    }

    @Test(arguments: [
        "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff",
        "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "017f22e2x79b0-7cc3-98c4-dc0c0c07398f", "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
        "017f22e2-79b0-7cc3-98c4-dc0c0c0739８f", "-017f22e279b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4 dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n",
    ])
    func refused(text: String) { #expect(Name(text) == nil) }

    @Test func neverBack() {
        var source = IdentifierSource()
        var bits: UInt64 = 1
        var last = Name(high: 0, low: 0)
        // Forward, standing still beyond the 4096 of one millisecond, and back by an hour.
        let clock =
            [Int64](repeating: 1_800_000_000_000, count: 10_000)
            + (0..<3000).map { 1_800_000_000_000 + $0 } + [Int64](repeating: 1_799_996_400_000, count: 5000)
            + [0, -1, .min, 1_800_000_500_000]
        for now in clock {
            bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let next: Name = source.next(at: Instant(milliseconds: now), randomBits: bits)
            guard next > last else {
                Issue.record("\(next) after \(last)")
                return
            }
            #expect(next.high >> 12 & 0xF == 7)
            #expect(next.low >> 62 == 0b10)
            last = next
        }
        #expect(last.high >> 16 == 1_800_000_500_000)
    }

    @Test func sortedAsTheirText() throws {
        var source = IdentifierSource()
        let ids: [Name] = (0..<500).map {
            source.next(at: Instant(milliseconds: Int64($0 * 37 % 91)), randomBits: UInt64($0) &* 0x9E37_79B9_7F4A_7C15)
        }
        #expect(ids == ids.sorted())
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
        for id in ids { #expect(Name(id.description) == id) }
    }

    @Test func randomBytesAreAsManyAsAsked() {
        let environment = Environment(now: { Instant(milliseconds: 0) }, randomBits: { 0x0807_0605_0403_0201 })
        #expect(environment.randomBytes(0).isEmpty)
        #expect(environment.randomBytes(10) == [1, 2, 3, 4, 5, 6, 7, 8, 1, 2])
    }
}
