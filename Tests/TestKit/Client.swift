// One way to ask the service, over two transports: straight into the application, or through a server on a loopback
// port. A test says what it asks and gets the same kind of reply from both. Every exchange is kept for whoever wants to
// look at all of them afterwards.

package import HTTPWire
internal import Lock

/// A question as it goes out.
package struct Question: Sendable {
    /// The method.
    package var method: Method
    /// Path and query.
    package var target: String
    /// The header fields.
    package var fields: [(String, String)]
    /// The body, empty for none.
    package var body: [UInt8]

    /// The path without the query.
    package var path: String { String(target.prefix { $0 != "?" }) }
}

/// An answer as it came in.
package struct Reply: Sendable {
    /// The status code.
    package var status: Int
    /// The header fields, in order.
    package var fields: [(name: String, value: String)]
    /// The body.
    package var body: [UInt8]

    /// An answer from its parts.
    package init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A field's value, by a name in any case; nil when it is absent.
    package subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON; null when it is none.
    package var json: JSONTree { JSONTree(bytes: body) ?? .null }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The slug of the problem, nil when the answer is none.
    package var problem: String? { json["/type"]?.text.map { String($0.dropFirst("/problems/".count)) } }

    /// The faults of the problem as `place code`, in order.
    package var faults: [String] {
        json["/errors"]?.elements.map { fault in
            let place = ["/pointer", "/parameter", "/header"].compactMap { fault[$0]?.text }.first ?? "nowhere"
            return place + " " + (fault["/code"]?.text ?? "")
        } ?? []
    }

    /// The URI of the next page in the Link field, nil on the last one.
    package var next: String? {
        self["Link"].map { String($0.dropFirst().prefix { $0 != ">" }) }
    }
}

/// What brings a question to the service.
package typealias Carrier = @Sendable (Question) async throws -> Reply

/// Asks the service.
package struct Client: Sendable {
    /// A question with its answer.
    package struct Exchange: Sendable {
        /// Who asked; nil without a token.
        package var speaker: Speaker?
        /// What was asked.
        package var question: Question
        /// What was answered.
        package var reply: Reply
    }

    private final class Record: Sendable {
        let exchanges = Lock<[Exchange]>([])
    }

    private let carrier: Carrier
    private let region: Region
    private let record = Record()

    /// A client of a region, over some carrier.
    package init(region: Region, carrier: @escaping Carrier) {
        self.region = region
        self.carrier = carrier
    }

    /// Everything that was asked so far, with its answer.
    package var exchanges: [Exchange] { record.exchanges.withLock { $0 } }

    /// Asks, as somebody or without a token. JSON gets its content type unless the fields name one.
    @discardableResult
    package func send(
        _ method: Method, _ target: String, as speaker: Speaker? = nil, _ body: [UInt8] = [],
        type: String? = nil, fields extra: [(String, String)] = []
    ) async throws -> Reply {
        var fields: [(String, String)] = []
        if let speaker { fields.append(("Authorization", "Bearer " + region.secret(of: speaker))) }
        if let type { fields.append(("Content-Type", type)) }
        if !body.isEmpty || method == .post || method == .patch || method == .put {
            fields.append(("Content-Length", String(body.count)))
        }
        let question = Question(method: method, target: target, fields: fields + extra, body: body)
        let reply = try await carrier(question)
        record.exchanges.withLock { $0.append(Exchange(speaker: speaker, question: question, reply: reply)) }
        return reply
    }

    /// GET.
    @discardableResult
    package func get(
        _ target: String, as speaker: Speaker? = nil, fields: [(String, String)] = []
    ) async throws -> Reply {
        try await send(.get, target, as: speaker, fields: fields)
    }

    /// POST of JSON.
    @discardableResult
    package func post(
        _ target: String, as speaker: Speaker? = nil, _ json: JSONTree = [:], fields: [(String, String)] = []
    ) async throws -> Reply {
        try await send(.post, target, as: speaker, json.bytes, type: "application/json", fields: fields)
    }

    /// PATCH of a merge patch, on the version of an ETag; without If-Match when it is nil.
    @discardableResult
    package func patch(
        _ target: String, as speaker: Speaker? = nil, _ json: JSONTree, ifMatch tag: String?
    ) async throws -> Reply {
        let fields = tag.map { [("If-Match", $0)] } ?? []
        return try await send(
            .patch, target, as: speaker, json.bytes, type: "application/merge-patch+json", fields: fields)
    }

    /// Makes a move on the version that the speaker sees now.
    @discardableResult
    package func move(_ referral: String, as speaker: Speaker, _ json: JSONTree) async throws -> Reply {
        let path = "/v1/referrals/\(referral)/transitions"
        let tag = try await get(path, as: speaker)["ETag"] ?? "\"0\""
        return try await post(path, as: speaker, json, fields: [("If-Match", tag)])
    }
}

extension Client {
    /// Asks for a match run and waits until it is over; the answer is the run as it is then.
    @discardableResult
    package func askRun(_ wish: JSONTree = [:]) async throws -> Reply {
        let asked = try await post("/v1/match-runs", as: .coordinator, wish)
        let path = "/v1/match-runs/\(asked.json["/id"]?.text ?? "")"
        for _ in 0..<4000 {
            let run = try await get(path, as: .coordinator)
            guard run.json["/status"] == "queued" || run.json["/status"] == "running" else { return run }
            try await Task.sleep(for: .milliseconds(5))
        }
        return asked
    }
}
