// What one event loop remembers from one request to the next: how far it has counted request ids, whom a token speaks
// for, and the answers it gave last. The last two are true as long as nobody has committed anything to the database but
// that somebody looked, and the hour is the same, because what a read shows rests on nothing else but the day (and a day of
// Amsterdam begins with an hour of UTC); then they are forgotten at once. An answer that shows people is given again only
// after it has been written down again who saw whom.

internal import Domain
internal import Lock
internal import Storage
internal import Synchronization

/// The memory of one loop. A lock and not the loop's thread guards it: in process, anybody may ask.
final class LoopMemory: Sendable {
    /// An answer that a token was given.
    struct Remembered: Sendable {
        /// The route's template and number, for the log and the count.
        let route: String
        let routeNumber: Int
        /// Its entity tag.
        let tag: String
        /// The fields of the 304 that stands for it.
        let fields: [(name: String, value: String)]
        /// The answer itself; nil when it is too large to keep.
        let answer: Answer?
        /// About how much memory it takes.
        let byteCount: Int

        /// What there is to remember of an answer, whose tag is worked out by that.
        init(_ route: Route, _ answer: inout Answer) {
            self.route = route.template
            routeNumber = route.number
            tag = answer.tag
            fields = answer.fields + [("ETag", answer.tag)]
            let size = answer.body.count + answer.disclosures.count * MemoryLayout<Disclosure>.stride
            self.answer = size <= LoopMemory.largestAnswerBytes ? answer : nil
            byteCount = LoopMemory.targetBytes + (size <= LoopMemory.largestAnswerBytes ? size : 0)
        }
    }

    /// Tokens and answers remembered, each; past that all are forgotten, which costs one reading each.
    static let entries = 1_024
    /// Bytes of answers remembered: some hundred full pages of a list.
    static let answerBytes = 4 << 20
    /// The largest answer that is remembered whole; of a larger one its tag is.
    static let largestAnswerBytes = 256 << 10
    /// Longest target remembered, in bytes: a list with its filters and cursor.
    static let targetBytes = 512

    private struct Key: Hashable {
        var token: TokenID
        var target: String
    }

    private struct State {
        var version: DataVersion?
        var hour: Int64?
        var tokens: [[UInt8]: LiveToken] = [:]
        var answers: [Key: Remembered] = [:]
        /// What `answers` takes, all together.
        var answerBytes = 0

        func isOf(_ version: DataVersion, _ now: Instant) -> Bool {
            self.version == version && hour == now.seconds / 3600
        }

        mutating func forgetAnswers() {
            answers.removeAll(keepingCapacity: true)
            answerBytes = 0
        }
    }

    private let state = Lock(State())
    private let ids: RequestIDSource
    private let traceIDs: TraceIDSource

    init(randomBits: UInt64) {
        ids = RequestIDSource(randomBits: randomBits)
        traceIDs = TraceIDSource(randomBits: randomBits)
    }

    /// A trace id for a request that brought none.
    func nextTraceID() -> String { traceIDs.next() }

    /// An id for a request that brought none.
    func nextRequestID() -> String { ids.next() }

    /// Whom a token speaks for, by its hash; nil when that is not remembered.
    func token(_ hash: [UInt8], at version: DataVersion, _ now: Instant) -> LiveToken? {
        state.withLock { state in
            Self.follow(&state, version, now)
            return state.tokens[hash].flatMap { $0.isLive(at: now) ? $0 : nil }
        }
    }

    /// Remembers a token that was looked up when the data had this version, if they still have and the hour is still
    /// that of `now`.
    func keep(_ token: LiveToken, _ hash: [UInt8], at version: DataVersion, _ now: Instant) {
        state.withLock { state in
            guard state.isOf(version, now) else { return }
            if state.tokens.count >= Self.entries { state.tokens.removeAll() }
            state.tokens[hash] = token
        }
    }

    /// The answer that a token was given for a target, if it would get the same now.
    func answer(_ target: String, to token: TokenID, at version: DataVersion, _ now: Instant) -> Remembered? {
        state.withLock { state in
            Self.follow(&state, version, now)
            return state.answers[Key(token: token, target: target)]
        }
    }

    /// Remembers an answer that was made of data not older than this version, if they still have it and the hour is
    /// still that of `now`.
    func keep(
        _ answer: Remembered, _ target: String, to token: TokenID, at version: DataVersion, _ now: Instant
    ) {
        guard target.utf8.count <= Self.targetBytes else { return }
        state.withLock { state in
            guard state.isOf(version, now) else { return }
            let key = Key(token: token, target: target)
            let bytes = answer.byteCount - (state.answers[key]?.byteCount ?? 0)
            if state.answers.count >= Self.entries || state.answerBytes + bytes > Self.answerBytes {
                state.forgetAnswers()
                state.answerBytes = answer.byteCount
            } else {
                state.answerBytes += bytes
            }
            state.answers[key] = answer
        }
    }

    /// Forgets everything when the data or the hour is another one.
    private static func follow(_ state: inout State, _ version: DataVersion, _ now: Instant) {
        guard !state.isOf(version, now) else { return }
        state.version = version
        state.hour = now.seconds / 3600
        state.tokens.removeAll(keepingCapacity: true)
        state.forgetAnswers()
    }
}

/// Counts request ids: fifteen letters and digits, the first eight drawn once, the other seven a count in an order that
/// is drawn too, since how much we have to do is nobody's business. They need to be different, not secret, and of this
/// length a string takes no memory of its own.
final class RequestIDSource: Sendable {
    private let drawn: UInt64
    private let keys: [UInt64]
    private let count = Atomic<UInt64>(0)

    /// A source of its own numbers: 40 of the bits tell it from every other.
    init(randomBits: UInt64) {
        drawn = randomBits >> 24
        keys = (1...4).map { (randomBits ^ $0) &* 0x9E37_79B9_7F4A_7C15 | 1 }
    }

    /// An id that this source has not given before, nor within 17 thousand million ids again.
    func next() -> String {
        let number = scattered(count.wrappingAdd(1, ordering: .relaxed).newValue)
        return String(unsafeUninitializedCapacity: 15) { text in
            for place in 0..<8 { text[place] = digit(drawn >> UInt64(35 - 5 * place) & 31) }
            for place in 0..<7 { text[8 + place] = digit(number >> UInt64(30 - 5 * place) & 31) }
            return 15
        }
    }

    /// Another number of 34 bits for each number of 34 bits: a Feistel network of two halves.
    private func scattered(_ number: UInt64) -> UInt64 {
        let half: UInt64 = (1 << 17) - 1
        var (left, right) = (number >> 17 & half, number & half)
        for key in keys {
            let mixed = (right &+ key) &* key
            (left, right) = (right, left ^ (mixed >> 40 & half))
        }
        return left << 17 | right
    }
}

/// A number below 32 as one of 0–9 and a–v; below 16 that is a hexadecimal digit (RFC 4648, sections 7 and 8).
func digit(_ number: UInt64) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: number & 31)
    return value < 10 ? 0x30 + value : 0x57 + value
}
