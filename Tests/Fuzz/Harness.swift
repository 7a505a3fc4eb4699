// What the fuzz targets share: a way to say what broke, and cuts drawn from the input. `Tests/fuzz.sh` compiles it with
// each target; it is no target of Package.swift, since libFuzzer brings its own `main`.

import Glibc

/// Ends the process with a word on what broke; libFuzzer then keeps the input.
func broken(_ what: String) -> Never {
    let line = Array("\nbroken: \(what)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    abort()
}

/// Ends the process so unless `condition` holds.
func hold(_ condition: Bool, _ what: @autoclosure () -> String) {
    if !condition { broken(what()) }
}

/// The input of one run: its first byte says how the rest is cut into pieces.
struct FuzzInput {
    let seed: UInt8
    let bytes: [UInt8]

    init?(_ data: UnsafePointer<UInt8>?, _ size: Int) {
        guard let data, size > 0 else { return nil }
        seed = data[0]
        bytes = Array(UnsafeBufferPointer(start: data + 1, count: size - 1))
    }

    /// The three ways in which the bytes arrive: at once, one by one, and as drawn.
    var cuttings: [Cuts] { [.whole, .single, drawn] }

    /// Pieces of drawn lengths, for some inputs shorter than for others.
    var drawn: Cuts { .drawn(Cuts.Dice(seed), grain: [8, 40, 8, 160][Int(seed) % 4]) }
}

/// How bytes are cut into pieces: a source of lengths.
enum Cuts {
    case whole, single
    case drawn(Dice, grain: UInt32)

    /// Small numbers from one byte (Marsaglia, "Xorshift RNGs", 2003).
    struct Dice {
        private var state: UInt32

        init(_ seed: UInt8) { state = (UInt32(seed) + 1) &* 0x9E37_79B9 | 1 }

        mutating func below(_ count: UInt32) -> Int {
            state ^= state << 13
            state ^= state >> 17
            state ^= state << 5
            return Int(state % count)
        }
    }

    /// The length of the next piece, at least 1.
    mutating func next() -> Int {
        switch self {
        case .whole: return .max
        case .single: return 1
        case .drawn(var dice, let grain):
            // Mostly short ones, so that a cut falls within names, numbers and line ends.
            let length = dice.below(dice.below(4) == 0 ? 200 : grain) + 1
            self = .drawn(dice, grain: grain)
            return length
        }
    }

    /// Hands out `bytes` as growing input: `body` gets what has arrived and was not taken yet, and says how much of it
    /// it takes, or nil to stop.
    mutating func feed(_ bytes: [UInt8], _ body: ([UInt8]) -> Int?) {
        var start = 0
        var end = 0
        while end < bytes.count {
            end += min(bytes.count - end, next())
            guard let taken = body(Array(bytes[start..<end])) else { return }
            start += taken
        }
    }
}
