// Any bytes as everything that one peer sends: the server answers the same however they are cut, every answer can be
// parsed, nothing follows a refusal, and the connection comes to an end.

@testable import HTTPServer
@testable import HTTPWire

/// Behaves by the first letter of the path, and remembers what it was asked.
///
/// `@unchecked Sendable`: one connection on one thread.
private final class Recorder: Responder, @unchecked Sendable {
    /// The requests that were answered, and whether each was a HEAD.
    var isHead: [Bool] = []
    /// How many may be answered with an interim 100.
    var expectations = 0
    /// The number of the first request whose body nobody read: how the connection goes on then may depend on how much
    /// of it was there.
    var firstUnread: Int?
    var refusals = 0

    func respondAtOnce(to request: Request) -> Response? {
        guard request.path.utf8.dropFirst().first == UInt8(ascii: "a") else { return nil }
        isHead.append(request.method == .head)
        let length = request.path.utf8.count > 2 ? 20_000 : 2
        return Response(status: 200, body: .bytes([UInt8](repeating: 97, count: length)))
    }

    func respond(to request: Request, body: RequestBody) async -> Response {
        isHead.append(request.method == .head)
        if request.expectsContinue { expectations += 1 }
        switch request.path.utf8.dropFirst().first {
        case UInt8(ascii: "i"):
            if request.framing != .none { firstUnread = firstUnread ?? isHead.count - 1 }
            return Response(status: 200, body: .bytes([105]))
        case UInt8(ascii: "n"): return await mirror(request, body, status: 204)
        case UInt8(ascii: "x"): return Response(status: 200, body: .exchange(Self.exchange))
        case UInt8(ascii: "s"):
            _ = await mirror(request, body, status: 200)
            return Response(status: 200, body: .stream(Self.stream))
        case UInt8(ascii: "b"):
            _ = await mirror(request, body, status: 200)
            return Response(status: 200, body: .bytes([UInt8](repeating: 98, count: 2_000)))
        case UInt8(ascii: "c"):
            var response = await mirror(request, body, status: 200)
            response.fields.append((name: "Connection", value: "close"))
            return response
        default: return await mirror(request, body, status: 200)
        }
    }

    func describeServer() -> Response {
        isHead.append(false)
        // Nobody reads its body, if it has one.
        firstUnread = firstUnread ?? isHead.count - 1
        return Response(status: 204, fields: [(name: "Allow", value: "GET")])
    }

    func refuse(_ refusal: Refusal) -> Response {
        refusals += 1
        return Response(status: refusal.status, body: .bytes(Array(refusal.slug.utf8)))
    }

    /// Says what it read.
    private func mirror(_ request: Request, _ body: RequestBody, status: Int) async -> Response {
        var content = Array("\(request.method.rawValue) \(request.path)?\(request.query) \(request.peerAddress)".utf8)
        do throws(BodyFault) {
            content += try await body.collect(limit: 300)
            return Response(status: status, body: .bytes(content))
        } catch {
            return Response(status: 500, body: .bytes(Array("the wire answers instead".utf8)))
        }
    }

    private static func exchange(_ body: RequestBody, _ sink: BodySink) async throws {
        var sum = 0
        while let piece = try await body.next() { for byte in piece { sum = (sum &* 31 &+ Int(byte)) & 0xffff } }
        try await sink.write(Array("\(sum)".utf8))
    }

    private static func stream(_ sink: BodySink) async throws {
        for length in [1, 20, 300] { try await sink.write([UInt8](repeating: 115, count: length)) }
    }
}

private func serve(_ input: [UInt8], _ cuts: Cuts) -> (answers: [Answer], recorder: Recorder) {
    let recorder = Recorder()
    let sent = serve(input, cuts, responder: recorder) {
        $0.limits.requestLineBytes = 200
        $0.limits.fieldLineBytes = 120
        $0.limits.fieldSectionBytes = 300
        $0.limits.fieldCount = 8
        $0.limits.leadingEmptyLines = 2
        $0.limits.bodyBytes = 600
        $0.limits.chunkExtensionBytes = 16
        $0.limits.trailerBytes = 32
        $0.discardedBodyBytes = 100
        // Large answers go around the outbox, and pipelined ones leave in between.
        $0.collectedBytes = 4_000
        $0.trustedProxies = ["unix"]
    }
    return (Answer.read(sent, isHead: recorder.isHead, expectations: recorder.expectations), recorder)
}

private func check(_ answers: [Answer], _ recorder: Recorder) {
    let known: Set = [200, 204, 400, 413, 414, 417, 431, 501, 505]
    hold(answers.allSatisfy { known.contains($0.status) }, "an answer of \(answers.map(\.status))")
    hold(answers.dropLast().allSatisfy { $0.status < 300 && !$0.closes }, "something follows an end")
    hold(recorder.refusals <= 1, "\(recorder.refusals) refusals")
    if recorder.refusals == 1 {
        hold(answers.last.map { $0.status >= 400 && $0.closes } == true, "a refusal is not the last word")
    }
    // One answer each, but for a body that broke off, and one more for a refused head.
    let requests = recorder.isHead.count
    hold((requests - 1...requests + 1).contains(answers.count), "\(answers.count) answers to \(requests) requests")
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzConnection(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let input = FuzzInput(data, size) else { return 0 }
    let (whole, recorder) = serve(input.bytes, .whole)
    check(whole, recorder)
    // Some inputs byte by byte, which takes longest, the others as drawn.
    let (cut, cutRecorder) = serve(input.bytes, input.seed % 16 == 0 ? .single : input.drawn)
    check(cut, cutRecorder)
    if let first = recorder.firstUnread {
        hold(whole.prefix(first) == cut.prefix(first), "the cuts make a difference before an unread body")
    } else {
        hold(whole == cut, "the cuts make a difference:\n\(whole)\n\(cut)")
    }
    return 0
}
