// A connection, to be read from top to bottom: read a head, let the responder answer, send, and again. The rules of the
// wire live in HTTPWire, the socket in Channel; here is the order in which they meet.

internal import HTTPWire

/// Serves one connection on its loop. Not Sendable: it lives in the connection's task.
final class Connection {
    let channel: Channel
    let context: ServerContext
    let loop: EventLoop

    @exclusivity(unchecked) private var parser: HeadParser
    @exclusivity(unchecked) private var served = 0
    private let noBody = RequestBody(bytes: [])

    // The current request's body, see ConnectionBody.swift.
    @exclusivity(unchecked) var decoder: BodyDecoder
    @exclusivity(unchecked) var bodyFault: BodyFault?
    var bodyAllowance: Allowance
    /// The client waits for 100 (Continue) and has not been told.
    @exclusivity(unchecked) var owesContinue = false

    // The current answer, see ConnectionAnswer.swift.
    @exclusivity(unchecked) var answer = AnswerState.none
    @exclusivity(unchecked) var writeAllowance: Allowance
    @exclusivity(unchecked) var contentBytes = 0
    /// Writes the head of a pending stream; false when it cannot be sent.
    var openStream: (() -> Bool)?

    /// Receives without a wait in between before other connections get their turn.
    private static let receivesPerTurn = 64

    init(channel: Channel, context: ServerContext) {
        self.channel = channel
        loop = channel.loop
        self.context = context
        parser = HeadParser(limits: context.configuration.limits)
        decoder = BodyDecoder(framing: .none, limits: context.configuration.limits)
        bodyAllowance = context.configuration.bodyAllowance
        writeAllowance = context.configuration.writeAllowance
    }

    /// Serves requests until the connection is to be closed.
    func serve() async {
        guard channel.admission == .admitted else {
            return await refuse(.tooManyConnections)
        }
        while let request = await nextRequest(), await exchange(request) {}
    }

    // MARK: reading a head

    private func nextRequest() async -> Request? {
        // Here and not earlier: the last request is gone, so its memory serves the next one.
        parser.reset()
        var since = loop.nowMilliseconds
        var receives = 0
        while true {
            do throws(Refusal) {
                if let request = try parseHead() { return request }
            } catch {
                await refuse(error)
                return nil
            }
            if !channel.outbox.isEmpty, !channel.send() {
                guard await channel.flush(&writeAllowance) else { return nil }
            }
            let isPartial = !channel.inbox.isEmpty
            switch channel.receive() {
            case .bytes:
                if !isPartial { since = loop.nowMilliseconds }
                receives += 1
                if receives % Self.receivesPerTurn == 0 { await Task.yield() }
            case .end, .failed: return nil
            case .later:
                guard await waitForHead(since: since, isPartial: isPartial) else { return nil }
            }
        }
    }

    private func parseHead() throws(Refusal) -> Request? {
        guard !channel.inbox.isEmpty else { return nil }
        let found = try channel.inbox.withBytes { (input) throws(Refusal) in
            try parser.advance(input, peerAddress: channel.peer.text, loop: loop.index)
        }
        guard let found else { return nil }
        channel.inbox.consume(found.length)
        if channel.inbox.isEmpty { loop.takeBack(&channel.inbox) }
        return found.request
    }

    /// Waits for bytes of a head; false when the connection is to be closed.
    private func waitForHead(since: Int64, isPartial: Bool) async -> Bool {
        if !isPartial, loop.isDraining { return false }
        let isFresh = isPartial || served == 0
        let patience = isFresh ? context.configuration.headMilliseconds : context.configuration.idleMilliseconds
        channel.isIdle = !isPartial
        let wake = await channel.waitUntilReadable(deadline: since + patience)
        channel.isIdle = false
        switch wake {
        case .ready, .drain: return true
        case .timeout:
            if isPartial { await refuse(.tooSlow) }
            return false
        }
    }

    // MARK: one request

    /// Has a request answered; false when the connection is to be closed.
    private func exchange(_ received: Request) async -> Bool {
        var request = received
        served &+= 1
        if !context.configuration.trustedProxies.isEmpty { believeProxy(&request) }
        let started = context.log == nil ? 0 : channel.kernel.monotonicMicroseconds()
        let body = begin(request)
        if !channel.outbox.isEmpty { loop.unsent = channel }
        channel.deadline = loop.nowMilliseconds + context.configuration.requestMilliseconds
        let response =
            request.addressesServer
            ? context.responder.describeServer() : await context.responder.respond(to: request, body: body)
        precondition(loop.isCurrent, "a responder came back on another thread")
        let outcome = await send(response, to: request, body: body)
        if body !== noBody { body.close() }
        channel.deadline = .max
        if let log = context.log {
            log(
                AccessRecord(
                    request: request, peerAddress: request.peerAddress, loop: loop.index, status: outcome.status,
                    refusal: outcome.refusal, contentBytes: contentBytes,
                    durationMicroseconds: channel.kernel.monotonicMicroseconds() - started))
        }
        return outcome.staysOpen
    }

    private func begin(_ request: Request) -> RequestBody {
        answer = .none
        contentBytes = 0
        writeAllowance = context.configuration.writeAllowance
        guard request.framing != .none else { return noBody }
        decoder = BodyDecoder(framing: request.framing, limits: context.configuration.limits)
        bodyAllowance = context.configuration.bodyAllowance
        owesContinue = request.expectsContinue
        return RequestBody(source: self, framing: request.framing)
    }

    private func believeProxy(_ request: inout Request) {
        guard context.configuration.trustedProxies.contains(channel.peer.text) else { return }
        if let address = ForwardedAddress.rightmost(of: request) { request.peerAddress = address }
    }

    // MARK: refusing and closing

    /// Answers a refusal of the wire and ends the connection.
    func refuse(_ refusal: Refusal) async {
        append(refusal, isHead: parser.isHead)
        if let log = context.log {
            log(
                AccessRecord(
                    request: nil, peerAddress: channel.peer.text, loop: loop.index, status: refusal.status,
                    refusal: refusal.slug, contentBytes: contentBytes, durationMicroseconds: 0))
        }
        await linger()
    }

    /// Sends what is left, says so to the peer, and reads on for a while so that a reset does not eat the answer
    /// (RFC 9112 section 9.6).
    func linger() async {
        guard await channel.flush(&writeAllowance) else { return }
        _ = channel.kernel.shutdownWriting(channel.descriptor)
        let deadline = loop.nowMilliseconds + context.configuration.lingerMilliseconds
        var thrownAway = 0
        while thrownAway <= context.configuration.lingerBytes {
            thrownAway += channel.inbox.count
            channel.inbox.consume(channel.inbox.count)
            switch channel.receive() {
            case .bytes: if loop.nowMilliseconds >= deadline { return }
            case .end, .failed: return
            case .later: guard await channel.waitUntilReadable(deadline: deadline) == .ready else { return }
            }
        }
        await channel.waitUntilLeft(deadline: deadline)
    }
}
