// One request on its way through the API: who asks, what was matched in the path, the body, and the two doors to the
// database. A read's ledger entries are on disk before its answer leaves; a write's answer is kept under its
// idempotency key in the commit that made it.

internal import Digest
internal import Domain
internal import HTTPWire
internal import JSON
internal import Lock
internal import Storage
internal import UseCases

/// Handed on through every handler and kept across their waits, so it is one object and not some four hundred bytes in each of
/// their frames.
final class Exchange: Sendable {
    let request: Request
    /// The path's variable segments, in order.
    let parameters: [String]
    let caller: Caller
    /// The session that stands for the caller's token; nil when the token itself was sent.
    let session: LiveSession?
    let sessionTerms: SessionTerms
    let body: [UInt8]
    /// When the request came.
    let now: Instant
    let database: Database
    let keysInFlight: KeysInFlight
    let runner: MatchRunner
    /// Who events are from, as a URI.
    let eventSource: String

    init(
        _ asked: Asked, _ caller: Caller, _ session: LiveSession?, _ sessionTerms: SessionTerms, body: [UInt8],
        at now: Instant,
        _ database: Database, _ keysInFlight: KeysInFlight, _ runner: MatchRunner, _ eventSource: String
    ) {
        request = asked.request
        parameters = asked.parameters
        self.body = body
        self.caller = caller
        self.session = session
        self.sessionTerms = sessionTerms
        self.now = now
        self.database = database
        self.keysInFlight = keysInFlight
        self.runner = runner
        self.eventSource = eventSource
    }

    /// The day it is in Amsterdam.
    var today: CivilDate { AmsterdamTime.day(of: now) }

    // MARK: What was asked

    /// The id in the path; text that is no id names nothing.
    func id<Subject>(_ index: Int = 0, of subject: Subject.Type = Subject.self) throws(Problem) -> Identifier<Subject> {
        guard parameters.indices.contains(index), let id = Identifier<Subject>(parameters[index]) else {
            throw .notFound
        }
        return id
    }

    /// The body as a form; an empty one counts as `{}` where every member is optional.
    func form<Value>(_ read: (inout ObjectReader) -> Value?) throws -> Value {
        try JSONForm.decode(body, read)
    }

    /// The versions the caller wants to change.
    ///
    /// - Throws: `Problem`: 428 without If-Match (RFC 6585, section 3), 400 for one that is no tag.
    func precondition() throws(Problem) -> Precondition {
        guard let field = request.field("if-match") else {
            throw Problem(.preconditionRequired, "Send the ETag you last read in If-Match.")
        }
        guard let precondition = EntityTag.precondition(field) else {
            throw EntityTag.malformed("If-Match")
        }
        return precondition
    }

    /// The versions the caller wants to answer to, if it says so: whoever adds to a resource may do without.
    func optionalPrecondition() throws(Problem) -> Precondition {
        request.field("if-match") == nil ? .any : try precondition()
    }

    // MARK: Doors to the database

    /// Reads what nobody can be recognised by.
    func read<Value>(_ body: (ReadTransaction) throws -> Value) throws -> Value {
        try database.read(lane: request.loop, body)
    }

    /// Reads personal data and makes the answer; the entries are durable in the ledger before this returns. When the
    /// caller holds the very answer already, nothing is disclosed and nothing is written.
    func look<Value>(
        _ body: (ReadTransaction) throws -> Reading<Value>, answer: (Value) -> Answer
    ) async throws -> Answer {
        let reading = try database.read(lane: request.loop, body)
        var answer = answer(reading.value)
        answer.disclosures = reading.disclosures
        return try await disclosed(answer)
    }

    /// An answer once what it discloses is durable in the ledger, each time that it is given.
    func disclosed(_ answer: Answer) async throws -> Answer {
        var answer = answer
        if !answer.disclosures.isEmpty, !isKnown(&answer) { try await record(answer.disclosures) }
        return answer
    }

    /// As `look`, on a thread of its own: for what would keep the loop from its sockets.
    func lookLong(
        _ body: @escaping @Sendable (ReadTransaction) throws -> (answer: Answer, disclosures: [Disclosure])
    ) async throws -> Answer {
        var (answer, disclosures) = try await database.readLong(body)
        answer.disclosures = disclosures
        return try await disclosed(answer)
    }

    /// Whether the request reads. Only then may the caller say what it holds already (RFC 9110, section 13.1.2).
    var isRead: Bool { request.method == .get || request.method == .head }

    /// Whether If-None-Match names this very answer.
    func isKnown(_ answer: inout Answer) -> Bool {
        guard isRead, let field = request.field("if-none-match") else { return false }
        return EntityTag.matches(field, answer.tag)
    }

    /// Changes data and makes the answer, both in one commit with what else waits. With an `Idempotency-Key` the first
    /// answer is given again, whatever has changed since, as long as the caller may still see what it shows. A refusal
    /// that tells of a person is in the ledger, in a commit of its own, before it is answered.
    func write(_ job: @escaping @Sendable (WriteTransaction) throws -> Answer) async throws -> Answer {
        do {
            return try await writeOnce(job)
        } catch let fault as UseCaseFault {
            if let told = Refused.disclosure(of: fault) { try await record([told]) }
            throw fault
        }
    }

    /// Changes data and makes the answer in one commit, and keeps no answer to give again: for what may be done twice, and
    /// shows people who may be out of sight by then.
    func writeAnew<Value: Sendable>(
        _ job: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        try await database.write(job)
    }

    /// Writes down what the caller is about to be told; on disk when this returns.
    private func record(_ disclosures: [Disclosure]) async throws {
        try await database.record(disclosures, by: caller.actor, trace: caller.trace)
    }

    /// As `write`, for many changes in one commit: each step undone by itself, and then the answer. A step that
    /// throws ends it all and leaves the steps before it, so a refusal of one part is a value in the answer.
    func writeAll(
        _ steps: [@Sendable (WriteTransaction) throws -> Void],
        answer: @escaping @Sendable (WriteTransaction) throws -> Answer
    ) async throws -> Answer {
        try await keyed { kept, keep in
            let known = Lock<Answer?>(nil)
            let first = { @Sendable (tx: WriteTransaction) throws -> Answer? in
                let found = try kept(tx)
                known.withLock { $0 = found }
                return found
            }
            let parts = steps.map { step in
                { @Sendable (tx: WriteTransaction) throws -> Answer? in
                    if known.withLock({ $0 == nil }) { try step(tx) }
                    return nil
                }
            }
            let last = { @Sendable (tx: WriteTransaction) throws -> Answer? in
                if let found = known.withLock({ $0 }) { return found }
                return try keep(try answer(tx), tx)
            }
            guard let made = try await database.writeAll([first] + parts + [last]).last ?? nil else {
                throw Problem(.internal, "The request was carried out but its answer was lost; read anew.")
            }
            return made
        }
    }

    private func writeOnce(_ job: @escaping @Sendable (WriteTransaction) throws -> Answer) async throws -> Answer {
        try await keyed { kept, keep in
            try await database.write { tx in try kept(tx) ?? keep(try job(tx), tx) }
        }
    }

    private typealias Kept = @Sendable (WriteTransaction) throws -> Answer?
    private typealias Keep = @Sendable (Answer, WriteTransaction) throws -> Answer

    /// Calls `write` with what finds the answer kept under the request's key and what keeps one; without a key nothing is
    /// found or kept.
    private func keyed(_ write: (_ kept: @escaping Kept, _ keep: @escaping Keep) async throws -> Answer) async throws
        -> Answer
    {
        guard request.method == .post, let key = try idempotencyKey() else {
            return try await write({ _ in nil }, { answer, _ in answer })
        }
        let caller = caller
        let token = caller.actor.token
        guard keysInFlight.begin(token, key) else {
            throw Problem(.inFlight, "Wait for the answer to the first request with this key, then ask again.")
        }
        defer { keysInFlight.end(token, key) }
        let hash = requestHash
        return try await write(
            { tx in
                guard let stored = try IdempotencyStore(tx.db).find(key, of: token, at: tx.now) else { return nil }
                guard ConstantTime.equal(stored.requestHash, hash) else {
                    throw Problem(.keyReused, "This Idempotency-Key came with another request before; use a new one.")
                }
                let answer = Answer(replaying: stored)
                // Of an answer kept by an earlier version nobody knows what it shows of a person.
                if answer.showing == nil, stored.referral != nil { throw Repeat.withheld(nil) }
                if let showing = answer.showing { try Repeat.allow(showing, to: caller, in: tx) }
                return answer
            },
            { answer, tx in
                try IdempotencyStore(tx.db).insert(
                    answer.stored(requestHash: hash), key: key, of: token, at: tx.now)
                return answer
            })
    }

    private func idempotencyKey() throws(Problem) -> String? {
        guard let key = request.field("idempotency-key") else { return nil }
        let isValid = (1...255).contains(key.utf8.count) && key.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard isValid else {
            throw Problem(
                .invalidHeader, "The Idempotency-Key is not valid.",
                faults: [
                    RequestFault(
                        place: .header("Idempotency-Key"), code: "format",
                        text: "Must be 1 to 255 printable ASCII characters.")
                ])
        }
        return key
    }

    private var requestHash: [UInt8] {
        var bytes = Array("\(request.method.rawValue) \(request.path)\n".utf8)
        bytes.append(contentsOf: body)
        return SHA256.digest(bytes)
    }
}

/// A request that has passed every check before its body and its handler.
final class Asked: Sendable {
    let request: Request
    let parameters: [String]
    let route: Route
    let trace: RequestTrace
    let bearer: Authentication.Bearer
    /// What the loop's lane called the content of the database then.
    let version: DataVersion
    /// Nil when the answer may not wait.
    let patience: Patience?
    /// When it came, in the environment's microseconds.
    let clock: Int64

    init(
        _ request: Request, _ parameters: [String], _ route: Route, _ trace: RequestTrace,
        _ bearer: Authentication.Bearer, _ version: DataVersion, _ patience: Patience?, clock: Int64
    ) {
        self.request = request
        self.parameters = parameters
        self.route = route
        self.trace = trace
        self.bearer = bearer
        self.version = version
        self.patience = patience
        self.clock = clock
    }
}

/// The idempotency keys whose first request is still being answered.
final class KeysInFlight: Sendable {
    private let keys = Lock<Set<String>>([])

    /// Takes a key; false when it is taken.
    func begin(_ token: TokenID, _ key: String) -> Bool {
        keys.withLock { $0.insert("\(token) \(key)").inserted }
    }

    /// Gives a key back.
    func end(_ token: TokenID, _ key: String) {
        keys.withLock { _ = $0.remove("\(token) \(key)") }
    }
}

extension Answer {
    /// The answer as it is kept: location, version and what it shows as field lines.
    func stored(requestHash: [UInt8]) -> StoredAnswer {
        var lines: [String] = []
        if let location { lines.append("location: \(location)") }
        if let version { lines.append("version: \(version)") }
        if let showing { lines.append("showing: \(showing.text)") }
        return StoredAnswer(
            requestHash: requestHash, status: status, fields: lines.joined(separator: "\n"), body: body,
            referral: showing?.referral)
    }

    /// An answer given again.
    init(replaying stored: StoredAnswer) {
        self.init(stored.status, body: stored.body)
        for line in stored.fields.split(separator: "\n") {
            if line.hasPrefix("location: ") { location = String(line.dropFirst(10)) }
            if line.hasPrefix("version: ") { version = Int(line.dropFirst(9)) }
            if line.hasPrefix("showing: ") { showing = Showing(text: String(line.dropFirst(9))) }
        }
        fields = [("Idempotency-Replayed", "true")]
    }
}
