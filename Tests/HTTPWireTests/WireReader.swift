// The wire as a connection uses it, without a socket: a growing buffer, the head parser, the body decoder. Every table
// of these tests runs through it whole, byte by byte and in odd pieces, and must give the same events each time.

import HTTPWire

/// What the wire made of some bytes.
enum WireEvent: Equatable, CustomStringConvertible {
    case request(String, body: String)
    case refused(Int, String)

    var description: String {
        switch self {
        case .request(let line, let body): "\(line) body '\(body)'"
        case .refused(let status, let slug): "\(status) \(slug)"
        }
    }
}

/// A connection's reading half.
struct WireReader: ~Copyable {
    private let limits: WireLimits
    private var buffer = ByteBuffer()
    private var parser: HeadParser
    private var decoder: BodyDecoder?
    private var line = ""
    private var content: [UInt8] = []
    private(set) var events: [WireEvent] = []
    private(set) var requests: [Request] = []
    private var isOver = false

    init(limits: WireLimits) {
        self.limits = limits
        parser = HeadParser(limits: limits)
    }

    mutating func feed(_ bytes: ArraySlice<UInt8>) {
        buffer.append(Array(bytes))
        do throws(Refusal) {
            while !isOver, try step() {}
        } catch {
            events.append(.refused(error.status, error.slug))
            isOver = true
        }
    }

    private mutating func step() throws(Refusal) -> Bool {
        if decoder != nil { return try readBody() }
        guard !buffer.isEmpty else { return false }
        let found = try buffer.withBytes { (input) throws(Refusal) in
            try parser.advance(input, peerAddress: "192.0.2.1", loop: 0)
        }
        guard let (request, length) = found else { return false }
        buffer.consume(length)
        parser.reset()
        requests.append(request)
        line = "\(request.method.rawValue) \(request.path)" + (request.rawQuery.map { "?\($0)" } ?? "")
        content = []
        decoder = BodyDecoder(framing: request.framing, limits: limits)
        return true
    }

    private mutating func readBody() throws(Refusal) -> Bool {
        guard var decoder else { return false }
        var offset = 0
        var step = BodyDecoder.Step.needMore
        try buffer.withBytes { (input) throws(Refusal) in
            step = try decoder.next(input, &offset)
            if case .data(let range) = step { for index in range { content.append(input[index]) } }
        }
        buffer.consume(offset)
        self.decoder = decoder
        switch step {
        case .data: return true
        case .needMore: return false
        case .end:
            events.append(.request(line, body: String(decoding: content, as: UTF8.self)))
            self.decoder = nil
            return true
        }
    }
}

/// Ways of cutting input into pieces.
enum Cutting: CaseIterable {
    case whole, bytes, odd

    func events(_ input: [UInt8], limits: WireLimits = WireLimits()) -> [WireEvent] {
        read(input, limits: limits).events
    }

    func read(_ input: [UInt8], limits: WireLimits = WireLimits()) -> (events: [WireEvent], requests: [Request]) {
        var reader = WireReader(limits: limits)
        var start = 0
        var size = 1
        while start < input.count {
            let end =
                switch self {
                case .whole: input.count
                case .bytes: start + 1
                case .odd: min(input.count, start + size)
                }
            reader.feed(input[start..<end])
            start = end
            size = size * 5 % 23 + 1
        }
        return (reader.events, reader.requests)
    }
}

/// A small generator with a seed, so that a failure can be played again (Marsaglia, "Xorshift RNGs", 2003).
struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
