// Where a page ended, as an opaque word: base64url of the key. It holds ids and moments, never anything of a person.

internal import Digest
internal import Domain
internal import Storage

enum Cursor {
    /// A cursor after an id.
    static func encode<Subject>(_ id: Identifier<Subject>) -> String { Base64URL.encode([1] + bytes(id)) }

    /// A cursor after a place in a list of referrals.
    static func encode(_ key: ReferralKey) -> String {
        switch key {
        case .id(let id): return encode(id)
        case .queue(let rank, let since, let id):
            return Base64URL.encode([2, UInt8(clamping: rank)] + bytes(since.milliseconds) + bytes(id))
        case .due(let day, let id): return Base64URL.encode([4] + bytes(Int64(day.dayNumber)) + bytes(id))
        }
    }

    /// A cursor after a sequence number.
    static func encode(_ sequence: Int64) -> String { Base64URL.encode([3] + bytes(sequence)) }

    /// Reads a cursor after an id; nil when the word is not one.
    static func id<Subject>(_ text: String, of subject: Subject.Type = Subject.self) -> Identifier<Subject>? {
        guard let bytes = Base64URL.decode(text), bytes.count == 17, bytes[0] == 1 else { return nil }
        return identifier(bytes[1...])
    }

    /// Reads a cursor in a list of referrals in an order.
    static func referralKey(_ text: String, order: ReferralOrder) -> ReferralKey? {
        switch order {
        case .oldestFirst, .newestFirst: return id(text).map { .id($0) }
        case .queue: return queueKey(text)
        case .dueOn:
            return dayKey(text, kind: 4).map { .due(on: $0, id: $1) }
        }
    }

    /// A day and an id.
    private static func dayKey<Subject>(_ text: String, kind: UInt8) -> (CivilDate, Identifier<Subject>)? {
        guard let bytes = Base64URL.decode(text), bytes.count == 25, bytes[0] == kind,
            let day = Int32(exactly: integer(bytes[1..<9]))
        else { return nil }
        return (CivilDate(dayNumber: day), identifier(bytes[9...]))
    }

    private static func queueKey(_ text: String) -> ReferralKey? {
        guard let bytes = Base64URL.decode(text), bytes.count == 26, bytes[0] == 2 else { return nil }
        return .queue(
            rank: Int(bytes[1]), waitingSince: Instant(milliseconds: integer(bytes[2..<10])),
            id: identifier(bytes[10...]))
    }

    /// A cursor after a place in a list of tasks.
    static func encode(_ key: TaskKey) -> String {
        Base64URL.encode([5] + bytes(Int64(key.dueOn.dayNumber)) + bytes(key.id))
    }

    /// Reads a cursor in a list of tasks.
    static func taskKey(_ text: String) -> TaskKey? {
        dayKey(text, kind: 5).map { TaskKey(dueOn: $0, id: $1) }
    }

    /// Reads a cursor after a sequence number; none is below zero.
    static func sequence(_ text: String) -> Int64? {
        guard let bytes = Base64URL.decode(text), bytes.count == 9, bytes[0] == 3 else { return nil }
        let number = integer(bytes[1...])
        return number < 0 ? nil : number
    }

    /// A cursor after an entry of the change feed.
    static func encode(_ position: FeedPosition) -> String {
        let place = bytes(Int64(position.epoch)).suffix(4) + bytes(position.sequence)
        return Base64URL.encode(position.floor == 0 ? [6] + place : [7] + place + bytes(position.floor))
    }

    /// Reads a cursor in the change feed.
    static func position(_ text: String) -> FeedPosition? {
        guard let bytes = Base64URL.decode(text), [[6, 13], [7, 21]].contains([Int(bytes.first ?? 0), bytes.count])
        else {
            return nil
        }
        return FeedPosition(
            epoch: UInt32(truncatingIfNeeded: integer(bytes[1..<5])), sequence: integer(bytes[5..<13]),
            floor: integer(bytes[13...]))
    }

    private static func bytes(_ value: Int64) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    private static func bytes<Subject>(_ id: Identifier<Subject>) -> [UInt8] {
        bytes(Int64(bitPattern: id.high)) + bytes(Int64(bitPattern: id.low))
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> Int64 {
        Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    }

    private static func identifier<Subject>(_ bytes: ArraySlice<UInt8>) -> Identifier<Subject> {
        let middle = bytes.startIndex + 8
        return Identifier(
            high: UInt64(bitPattern: integer(bytes[..<middle])), low: UInt64(bitPattern: integer(bytes[middle...])))
    }
}
