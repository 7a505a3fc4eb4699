// The ledger as versions before 12 wrote it, an entry to a row, each hashed in the form of its day; and the ids of rows
// written by hand.

import Domain
import SQLite
import Storage

enum OldLedger {
    /// The id whose last byte is `number`.
    static func id<Subject>(_ number: UInt8, of subject: Subject.Type = Subject.self) -> Identifier<Subject> {
        Identifier(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    /// That id as hexadecimal digits, from those of its last byte.
    static func hex(_ tail: Substring) -> String { "019300000000700080000000000000" + tail }

    /// Adds entries of form 1 or 2 with these numbers; the ids in each are the number repeated.
    static func append(_ numbers: ClosedRange<Int>, form: Int, to db: Connection) throws {
        let last = try db.first("SELECT hash FROM ledger ORDER BY sequence DESC LIMIT 1") { $0.blob(0) }
        var previous = last ?? [UInt8](repeating: 0, count: 32)
        for number in numbers {
            let id = [UInt8](repeating: UInt8(number), count: 16)
            let texts = texts(number)
            let hash = form == 1 ? first(number, id, texts, previous) : second(number, id, texts, previous)
            let more =
                form == 1 ? ("", "") : (", form, responsible_id, ground, result", ", 2, token_id, 'consent', 'ok'")
            try db.run(
                SQL(
                    dynamic: """
                        WITH new (sequence, at, token_id, organisation_id, role, action, purpose, referral_id,
                            object_id, field_groups, request_id, trace_id, address, previous_hash, hash)
                        AS (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))
                        INSERT INTO ledger (sequence, at, token_id, organisation_id, role, action, purpose, referral_id,
                            object_id, field_groups, request_id, trace_id, address, previous_hash, hash\(more.0))
                        SELECT *\(more.1) FROM new
                        """),
                number, 1000 + number, id, id, texts[0], texts[1], texts[2], id, id, texts[3], texts[4], texts[5],
                texts[6], previous, hash)
            previous = hash
        }
    }

    private static func first(_ number: Int, _ id: [UInt8], _ texts: [String], _ previous: [UInt8]) -> [UInt8] {
        digest(previous + big(number) + big(1000 + number) + fields([id, id, id, id] + texts.map { Array($0.utf8) }))
    }

    private static func second(_ number: Int, _ id: [UInt8], _ texts: [String], _ previous: [UInt8]) -> [UInt8] {
        let shared =
            big(1000 + number) + fields([id, id, id] + (texts + ["consent", "ok"]).map { Array($0.utf8) })
        return digest([2] + big(number) + previous + digest(shared) + id + id)
    }

    private static func fields(_ fields: [[UInt8]]) -> [UInt8] { fields.flatMap { big($0.count) + $0 } }

    /// Role, action, purpose, groups, request, trace, address.
    private static func texts(_ number: Int) -> [String] {
        ["referrer", "read", "referral", "identity contact", "r\(number)", "", "::1"]
    }

    private static func big(_ number: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] {
        let text = Array(Migrator.sha256(bytes).utf8)
        return stride(from: 0, to: 64, by: 2).map { place in
            UInt8(String(decoding: text[place..<place + 2], as: UTF8.self), radix: 16) ?? 0
        }
    }
}
