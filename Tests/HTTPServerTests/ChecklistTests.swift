// The whole checklist of what the wire promises, row by row over live sockets. A row tells the rule with its section, the
// bytes, and what must come of them; every row is sent whole, byte by byte and in odd fragments, and always with a second
// request right behind it. The rows stand in Checklist*.swift, by subject.

import HTTPServer
import HTTPWire
import Synchronization
import Testing

enum Checklist {
    /// How a row's bytes reach the server.
    enum Way: CaseIterable {
        /// In one write, and in as few reads as the kernel makes of it.
        case whole
        /// In one write, read byte by byte.
        case bytes
        /// In one write, read in fragments of random sizes.
        case fragments
        /// In many small writes.
        case segments
    }

    enum Expected {
        /// 200, with what was understood and the body; the connection stays.
        case ok(String, String)
        /// The same, and the connection ends with it.
        case last(String, String)
        /// 204, from the server itself.
        case server
        /// This status and slug; the connection ends with it.
        case refused(Int, String)
    }

    /// One line of the checklist. Characters up to U+00FF stand for bytes.
    struct Row: Sendable {
        var name: String
        var input: String
        var expected: Expected
        var ways: [Way]

        static func ok(
            _ name: String, _ input: String, _ understood: String, _ body: String = "", ways: [Way] = Way.allCases
        ) -> Row {
            Row(name: name, input: input, expected: .ok(understood, body), ways: ways)
        }

        static func last(_ name: String, _ input: String, _ understood: String, _ body: String = "") -> Row {
            Row(name: name, input: input, expected: .last(understood, body), ways: Way.allCases)
        }

        static func server(_ name: String, _ input: String) -> Row {
            Row(name: name, input: input, expected: .server, ways: Way.allCases)
        }

        static func no(
            _ name: String, _ input: String, _ status: Int, _ slug: String, ways: [Way] = Way.allCases
        ) -> Row {
            Row(name: name, input: input, expected: .refused(status, slug), ways: ways)
        }

        var bytes: [UInt8] { input.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
        var isHead: Bool { input.hasPrefix("HEAD ") }
    }

    static let sections: [(name: String, rows: [Row])] = [
        ("lengths", lengths), ("codings", codings), ("chunks", chunks), ("lines", lines), ("versions", versions),
        ("fields", fields), ("sizes", sizes), ("targets", targets), ("hosts", hosts), ("methods", methods),
        ("expectations", expectations), ("connections", connections),
    ]

    static let tooLarge = "body-too-large"
    static let headerTooLarge = "header-too-large"

    static func get(_ target: String, _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    static func post(_ fields: String, _ body: String = "") -> String {
        "POST /p HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
    }

    static func with(_ field: String) -> String { get("/", "\(field)\r\n") }
    static func chunked(_ body: String) -> String { post("Transfer-Encoding: chunked", body) }

    /// Tells in a field what it understood, and returns the body.
    struct Mirror: Responder {
        func respond(to request: Request, body: RequestBody) async -> Response {
            let target = request.path + (request.rawQuery.map { "?\($0)" } ?? "")
            let line = "\(request.method.rawValue) \(target) \(request.field("host") ?? "-")"
            var response = Response(status: 200, fields: [(name: "Understood", value: line)])
            do throws(BodyFault) {
                if request.path != "/ignore" { response.body = .bytes(try await body.collect(limit: 1_000_000)) }
            } catch {
                // The wire answers in the handler's place.
                response.status = 500
            }
            return response
        }

        func refuse(_ refusal: Refusal) -> Response {
            Response(status: refusal.status, body: .bytes(Array(refusal.slug.utf8)))
        }
    }
}

@Suite struct ChecklistTests {
    static let seed: UInt64 = 0x7468_7569_7370_756e
    static let second = Array(
        "PUT /second HTTP/1.1\r\nHost: b\r\nConnection: close\r\nContent-Length: 3\r\n\r\nend".utf8)

    /// What a client goes on sending after its last request.
    static let chatter = [UInt8](repeating: 0x7a, count: 700)

    private static func server(_ way: Checklist.Way) throws -> TestServer {
        let reads = Atomic<UInt64>(seed)
        return try TestServer(threads: 1, responder: Checklist.Mirror()) {
            switch way {
            case .whole, .segments: break
            case .bytes: $0.kernel = .cutting { 1 }
            case .fragments:
                $0.kernel = .cutting {
                    var chance = Xorshift(state: reads.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue)
                    return .random(in: 1...24, using: &chance)
                }
            }
        }
    }

    @Test(arguments: Checklist.Way.allCases, Checklist.sections.map(\.name))
    func holds(_ way: Checklist.Way, _ section: String) throws {
        let rows = try #require(Checklist.sections.first { $0.name == section }).rows
        let server = try Self.server(way)
        defer { server.stop() }
        for row in rows where row.ways.contains(way) {
            let client = try server.client()
            let bytes = row.bytes + Self.second
            if way == .segments {
                client.sendAtOnce()
                // About a thousand writes at most: the limits' rows are long.
                let size = max(1, bytes.count / 1_000)
                for start in stride(from: 0, to: bytes.count, by: size) {
                    guard client.send(Array(bytes[start..<min(bytes.count, start + size)])) else { break }
                }
            } else {
                client.send(bytes)
            }
            let name = Comment(rawValue: "\(row.name); \(way), seed \(Self.seed)")
            switch row.expected {
            case .ok(let understood, let body):
                try Self.expectAnswer(client, row, understood, body, closes: false, name)
                try Self.expectSecond(client, name)
            case .server:
                let answer = try #require(client.answer(), name)
                #expect(answer.status == 204, name)
                #expect(answer.fields["allow"]?.contains("GET") == true, name)
                #expect(answer.fields["allow"]?.contains("TRACE") == false, name)
                #expect(answer.fields["content-length"] == nil, name)
                try Self.expectSecond(client, name)
            case .last(let understood, let body):
                try Self.expectAnswer(client, row, understood, body, closes: true, name)
                Self.expectSilence(client, name)
            case .refused(let status, let slug):
                let answer = try #require(client.answer(isHead: row.isHead), name)
                #expect(answer.status == status, name)
                #expect(answer.content == (row.isHead ? "" : slug), name)
                #expect(answer.fields["connection"] == "close", name)
                Self.expectDate(answer, name)
                Self.expectSilence(client, name)
            }
        }
    }

    /// The answer to the row itself; before it at most one 100, and none for HTTP/1.0.
    private static func expectAnswer(
        _ client: Client, _ row: Checklist.Row, _ understood: String, _ body: String, closes: Bool, _ name: Comment
    ) throws {
        var answer = try #require(client.answer(isHead: row.isHead), name)
        let isOld = row.input.contains("HTTP/1.0")
        if answer.status == 100 {
            #expect(row.input.lowercased().contains("100-continue") && !isOld, name)
            #expect(answer.fields.isEmpty, name)
            answer = try #require(client.answer(), name)
        }
        #expect(answer.status == 200, name)
        #expect(answer.fields["understood"] == understood, name)
        #expect(answer.content == (row.isHead ? "" : body), name)
        #expect(answer.fields["content-length"] == "\(body.unicodeScalars.count)", name)
        #expect(answer.fields["connection"] == (closes ? "close" : isOld ? "keep-alive" : nil), name)
        expectDate(answer, name)
    }

    /// The next request's own beginning and end, and nothing after it.
    private static func expectSecond(_ client: Client, _ name: Comment) throws {
        let answer = try #require(client.answer(), name)
        #expect(answer.fields["understood"] == "PUT /second b", name)
        #expect(answer.content == "end", name)
        #expect(answer.fields["connection"] == "close", name)
        #expect(client.isAtEnd, name)
    }

    /// Nothing more is answered, although a second request came, and the end is an end and no reset, although the client
    /// sends on.
    private static func expectSilence(_ client: Client, _ name: Comment) {
        let isTaken = client.send(chatter)
        #expect(isTaken, name)
        #expect(client.isAtEnd, name)
        #expect(!client.wasReset, name)
    }

    private static func expectDate(_ answer: Answer, _ name: Comment) {
        #expect(
            answer.fields["date"]?.wholeMatch(
                of:
                    /(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT/
            ) != nil, name)
    }

    @Test func everyRowSaysItsSectionOnce() {
        let names = Checklist.sections.flatMap { section in section.rows.map { "\(section.name): \($0.name)" } }
        #expect(names.count > 400)
        for (name, same) in Dictionary(grouping: names, by: { $0 }) { #expect(same.count == 1, "\(name)") }
        for name in names { #expect(name.contains(/, (9110|9112|9113|3986|3987|6585) [0-9C]+(\.[0-9]+)*$/), "\(name)") }
    }
}
