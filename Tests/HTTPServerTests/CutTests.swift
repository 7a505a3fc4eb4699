// What the fuzzer found: requests that were answered otherwise when their bytes came in other pieces. One row each.

import HTTPServer
import HTTPWire
import Testing

@Suite struct CutTests {
    static let rows = [
        // A fault behind the limit of the handler: the limit comes first.
        "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n12d\r\n" + String(repeating: "q", count: 301)
            + "\r\nbad\r\n",
        // A body that came with its head, although it expected to be asked for.
        "POST /exchange HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"
            + "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ]

    /// Reads bodies to their end while the answer is made.
    struct Reader: Responder {
        let mirror = RandomExchangeTests.Mirror()

        func respond(to request: Request, body: RequestBody) async -> Response {
            guard request.path == "/exchange" else { return await mirror.respond(to: request, body: body) }
            return Response(
                status: 200,
                body: .exchange { body, sink in
                    var count = 0
                    while let piece = try await body.next() { count += piece.count }
                    try await sink.write(Array("\(count)".utf8))
                })
        }

        func refuse(_ refusal: Refusal) -> Response { mirror.refuse(refusal) }
    }

    @Test(arguments: rows)
    func theCutsMakeNoDifference(input: String) throws {
        let answers = try [Int.max, 1, 7, 400].map { size in
            let server = try TestServer(threads: 1, responder: Reader()) { $0.kernel = .cutting { size } }
            defer { server.stop() }
            return try RandomExchangeTests.answers(server, Array(input.utf8))
        }
        #expect(Set(answers).count == 1, "\(answers)")
    }
}
