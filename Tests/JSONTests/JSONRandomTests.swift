// Random trees there and back, random damage and random bytes: whatever comes in, an answer comes out, and what is
// accepted is written back as the same value. A failure names its seed.

import JSON
import Testing

/// SplitMix64 (Steele, Lea, Flood 2014): small, seeded, the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}

private indirect enum Tree: Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case string(String)
    case array([Tree])
    case object([String], [Tree])

    static func random(_ generator: inout SeededGenerator, depth: Int) -> Tree {
        switch Int.random(in: 0..<(depth == 0 ? 4 : 6), using: &generator) {
        case 0: return .null
        case 1: return .boolean(.random(using: &generator))
        case 2: return .integer(Int64(bitPattern: generator.next()) >> Int64.random(in: 0..<64, using: &generator))
        case 3: return .string(randomString(&generator))
        case 4:
            let count = Int.random(in: 0..<5, using: &generator)
            return .array((0..<count).map { _ in random(&generator, depth: depth - 1) })
        default:
            let count = Int.random(in: 0..<20, using: &generator)
            let keys = (0..<count).map { "\($0)" + randomString(&generator) }
            return .object(keys, keys.map { _ in random(&generator, depth: depth - 1) })
        }
    }

    private static func randomString(_ generator: inout SeededGenerator) -> String {
        let alphabets: [ClosedRange<UInt32>] = [
            0x61...0x7A, 0...0x7F, 0x80...0x7FF, 0x800...0xD7FF, 0x10000...0x10FFFF,
        ]
        let alphabet = alphabets.randomElement(using: &generator) ?? 0x61...0x7A
        var string = ""
        for _ in 0..<Int.random(in: 0..<24, using: &generator) {
            if let scalar = Unicode.Scalar(UInt32.random(in: alphabet, using: &generator)) {
                string.unicodeScalars.append(scalar)
            }
        }
        return string
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let truth): writer.value(truth)
        case .integer(let integer): writer.value(integer)
        case .string(let string): writer.value(string)
        case .array(let elements): writer.array { w in elements.forEach { $0.write(to: &w) } }
        case .object(let keys, let values):
            writer.object { w in
                for (key, value) in zip(keys, values) {
                    w.name(text: key)
                    value.write(to: &w)
                }
            }
        }
    }

    init?(_ value: JSONValue) {
        switch value.kind {
        case .null: self = .null
        case .boolean: self = .boolean(value.boolean == true)
        case .number:
            guard let integer = value.integer else { return nil }
            self = .integer(integer)
        case .string: self = .string(value.string ?? "")
        case .array: self = .array(value.elements.compactMap(Tree.init))
        case .object: self = .object(value.members.map(\.key), value.elements.compactMap(Tree.init))
        }
    }
}

@Suite struct JSONRandomTests {
    private func bytes(of tree: Tree) -> [UInt8] {
        var writer = JSONWriter()
        tree.write(to: &writer)
        return writer.finish()
    }

    @Test func treesGoThereAndBack() throws {
        for seed in UInt64(0)..<400 {
            var generator = SeededGenerator(state: seed)
            let tree = Tree.random(&generator, depth: 4)
            let root = try JSONDocument(bytes(of: tree)).root
            #expect(Tree(root) == tree, "seed \(seed)")
            #expect(root.raw == bytes(of: tree), "seed \(seed)")
        }
    }

    @Test func damagedTextsNeverTrap() {
        let hostile = Array("{}[],:\"\\u0eE-+.tfn \u{0}\u{1F}".utf8) + [0x80, 0xC3, 0xED, 0xF4, 0xFF]
        for seed in UInt64(0)..<400 {
            var generator = SeededGenerator(state: seed)
            var text = bytes(of: Tree.random(&generator, depth: 3))
            for _ in 0..<20 {
                let place = Int.random(in: 0...text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text.insert(hostile.randomElement(using: &generator) ?? 0, at: place)
                case 1: if place < text.count { text.remove(at: place) }
                default: if place < text.count { text[place] = hostile.randomElement(using: &generator) ?? 0 }
                }
                look(at: text, seed: seed)
            }
        }
    }

    @Test func randomBytesNeverTrap() {
        for seed in UInt64(0)..<2000 {
            var generator = SeededGenerator(state: seed)
            let count = Int.random(in: 0..<64, using: &generator)
            look(at: (0..<count).map { _ in .random(in: 0...255, using: &generator) }, seed: seed)
            look(
                at: (0..<count).map { _ in Array("{}[],:\"\\0 1e.".utf8).randomElement(using: &generator) ?? 0 },
                seed: seed)
        }
    }

    /// Reads, and asks everything of what was accepted.
    private func look(at text: [UInt8], seed: UInt64) {
        do throws(JSONSyntaxFault) {
            visit(try JSONDocument(text).root)
        } catch {
            #expect(error.offset <= text.count && error.line >= 1 && error.column >= 1, "seed \(seed)")
        }
        _ = try? JSONForm.decode(text) { $0.string("a", length: 0...9) }
    }

    private func visit(_ value: JSONValue) {
        _ = (value.string, value.integer, value.boolean, value.numberText, value.pointer, value.raw)
        for element in value.elements { visit(element) }
        for member in value.members { #expect(value[member.key]?.pointer == member.value.pointer) }
    }
}
