// A request as handlers see it: segments, query, fields, and the in-process initialiser's equality with the wire.

import HTTPWire
import Testing

@Suite struct RequestTests {
    @Test(arguments: [
        ("/", []), ("/v1/referrals", ["v1", "referrals"]), ("/v1/referrals/", ["v1", "referrals", ""]),
        ("//a", ["", "a"]), ("/a%2Fb/c", ["a/b", "c"]), ("/caf%C3%A9", ["caf\u{e9}"]), ("/a+b", ["a+b"]),
        ("/%2541", ["%41"]), ("/x?y=/z", ["x"]), ("http://h/a/b", ["a", "b"]),
    ])
    func segments(_ target: String, _ expected: [String]) throws {
        #expect(try Request(method: .get, target: target).segments == expected)
    }

    @Test(
        arguments: [
            ("/", []), ("/?", []), ("/?a=b", [("a", "b")]), ("/?a", [("a", "")]), ("/?=b", [("", "b")]),
            ("/?a=b&&c=d&", [("a", "b"), ("c", "d")]), ("/?a=b=c", [("a", "b=c")]), ("/?a+b=c+d", [("a+b", "c+d")]),
            ("/?%61=%26%3D%C3%A9", [("a", "&=\u{e9}")]), ("/?a=1&a=2", [("a", "1"), ("a", "2")]),
        ] as [(String, [(String, String)])])
    func query(_ target: String, _ expected: [(String, String)]) throws {
        #expect(try Request(method: .get, target: target).query == expected.map { QueryItem(name: $0.0, value: $0.1) })
    }

    @Test func fields() throws {
        let request = try Request(
            method: .post, target: "/x?y", fields: [("Accept", "a"), ("X-Two", "b"), ("ACCEPT", " c ")],
            peerAddress: "192.0.2.7", loop: 3)
        #expect(request.field("accept") == "a, c")
        #expect(request.fields("accept") == ["a", "c"])
        #expect(request.field("x-two") == "b")
        #expect(request.field("x_two") == nil)
        #expect(request.fields("none") == [])
        #expect(request.field("host") == "localhost")
        #expect(request.rawQuery == "y")
        #expect(request.peerAddress == "192.0.2.7")
        #expect(request.loop == 3)
    }

    @Test(arguments: ["/a b", "", "/%", "/a\r\nX: y", "*"])
    func inProcessTargetsAreChecked(_ target: String) {
        #expect(throws: Refusal.self) { try Request(method: .get, target: target) }
    }

    @Test func inProcessFieldsAreChecked() {
        #expect(throws: Refusal.self) { try Request(method: .get, target: "/", fields: [("X", "a\r\nY: b")]) }
        #expect(throws: Refusal.self) { try Request(method: .get, target: "/", fields: [("X", "a\nb")]) }
        #expect(throws: Refusal.self) { try Request(method: .get, target: "/", fields: [("", "a")]) }
    }

    @Test(
        arguments: [
            ([("X-Forwarded-For", "1.1.1.1, 192.0.2.1")], "192.0.2.1"),
            ([("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "192.0.2.2:80")], "192.0.2.2"),
            ([("X-Forwarded-For", "\"1.1.1.1, 192.0.2.1")], "192.0.2.1"),
            ([("X-Forwarded-For", "evil")], nil), ([("X-Forwarded-For", "1.1.1.1,")], nil), ([], nil),
            ([("X-Forwarded-For", "1.1.1.1\u{600}, 192.0.2.1")], "192.0.2.1"),
            ([("Forwarded", "for=1.1.1.1\u{600},for=192.0.2.1")], "192.0.2.1"),
            ([("Forwarded", "for=1.1.1.1, for=\"[2001:db8::1]:80\";proto=https")], "2001:db8::1"),
            ([("Forwarded", "proto=http;For=192.0.2.3")], "192.0.2.3"),
            ([("Forwarded", "for=192.0.2.3"), ("X-Forwarded-For", "9.9.9.9")], nil),
            ([("Forwarded", "for=192.0.2.3;host=\"x,for=9.9.9.9;a=\"")], "192.0.2.3"),
            ([("Forwarded", "for=192.0.2.3;host=\"x\\\",for=9.9.9.9\"")], "192.0.2.3"),
            ([("Forwarded", "for=\"9.9.9.9, for=192.0.2.3")], nil),
            ([("Forwarded", "for=unknown")], nil), ([("X-Forwarded-For", "2001:db8::2")], "2001:db8::2"),
        ] as [([(String, String)], String?)])
    func rightmostHop(_ fields: [(String, String)], _ expected: String?) throws {
        let request = try Request(method: .get, target: "/", fields: fields)
        #expect(ForwardedAddress.rightmost(of: request) == expected)
    }

    @Test func bodyIsCollectedWithinItsLimit() async throws {
        #expect(try await RequestBody(bytes: [1, 2, 3]).collect(limit: 3) == [1, 2, 3])
        #expect(try await RequestBody(bytes: []).collect(limit: 0) == [])
        await #expect(throws: BodyFault.tooLarge) { try await RequestBody(bytes: [1, 2, 3]).collect(limit: 2) }
        let body = RequestBody(bytes: [1])
        #expect(try await body.next() == [1])
        #expect(try await body.next() == nil)
        body.close()
        await #expect(throws: BodyFault.closed) { try await body.next() }
    }

    @Test func unboundedBodiesStopAtTheLimit() async {
        final class Endless: BodySource {
            var exceeded = false
            func nextPiece() async throws(BodyFault) -> [UInt8]? { [UInt8](repeating: 7, count: 1_000) }
            func exceedLimit() { exceeded = true }
        }
        let source = Endless()
        let body = RequestBody(source: source, framing: .chunked)
        await #expect(throws: BodyFault.tooLarge) { try await body.collect(limit: 10_500) }
        #expect(source.exceeded)
    }
}
