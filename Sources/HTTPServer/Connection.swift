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
    /// When the wait for the present head began: with its first bytes, or with the end of what came before it.
    @exclusivity(unchecked) private var waitsSince: Int64 = 0
    /// Whether an answer was the last one and left whole.
    private var lingers = false
    private let noBody: RequestBody

    // The current request's body, see ConnectionBody.swift.
    @exclusivity(unchecked) var decoder: BodyDecoder
    @exclusivity(unchecked) var bodyFault: BodyFault?
    var bodyAllowance: Allowance
    /// The client waits for 100 (Continue) and has not been told.
    @exclusivity(unchecked) var owesContinue = false

    // The current answer, see ConnectionAnswer.swift.
    @exclusivity(unchecked) var answer = AnswerState.none
    @exclusivity(unchecked) var writeAllowance: Allowance
    /// Writes the head of a pending stream; false when it cannot be sent.
    var openStream: (() -> Bool)?

    /// Given by the responder at once, but to be sent like any other: the connection ends with it, say.
    var readyResponse: Response?

    init(channel: Channel, context: ServerContext) {
        self.channel = channel
        loop = channel.loop
        self.context = context
        noBody = RequestBody(bytes: [], waitPoint: channel)
        parser = HeadParser(limits: context.configuration.limits)
        decoder = BodyDecoder(framing: .none, limits: context.configuration.limits)
        bodyAllowance = context.configuration.bodyAllowance
        writeAllowance = context.configuration.writeAllowance
    }

    /// Serves requests until the connection is to be closed.
    func serve() async {
        if channel.admission == .admitted {
            while let request = await nextRequest(), await exchange(request) {}
        } else {
            await refuse(.tooManyConnections)
        }
        if lingers { await linger() }
    }

    // MARK: reading a head

    /// What has become of the bytes that are here.
    private enum Ahead {
        /// A request that takes a handler.
        case request(Request)
        /// A part of a head, or nothing.
        case needMore
        /// Others come first: this connection has had its share.
        case isTurnOver
    }

    /// The next request that takes a handler; answers those on the way that can be answered at once. Nil when the
    /// connection is to be closed.
    private func nextRequest() async -> Request? {
        // Here and not earlier: the last request is gone, so its memory serves the next one.
        parser.reset()
        waitsSince = loop.nowMilliseconds
        while true {
            if channel.hasHadItsTurn() { await channel.giveWay() }
            let ahead: Ahead
            do throws(Refusal) {
                ahead = try answerWhatIsHere()
            } catch {
                await refuse(error)
                return nil
            }
            if case .request(let request) = ahead { return request }
            if !channel.outbox.isEmpty, !channel.send() {
                guard await channel.flush(&writeAllowance) else { return nil }
            }
            if case .isTurnOver = ahead { continue }
            let isPartial = !channel.inbox.isEmpty
            switch channel.receive() {
            case .bytes: if !isPartial { waitsSince = loop.nowMilliseconds }
            case .end, .failed: return nil
            case .later:
                guard await waitForHead(isPartial: isPartial) else { return nil }
            }
        }
    }

    /// Reads heads and answers what can be answered at once, without a wait and so without the costs of one.
    private func answerWhatIsHere() throws(Refusal) -> Ahead {
        if channel.outbox.isEmpty { writeAllowance = context.configuration.writeAllowance }
        while var request = try parseHead() {
            served &+= 1
            if !context.configuration.trustedProxies.isEmpty { believeProxy(&request) }
            guard request.framing == .none, !request.addressesServer, !loop.isDraining,
                let response = context.responder.respondAtOnce(to: request)
            else { return .request(request) }
            guard request.keepsAlive, appendSmall(response, request) else {
                readyResponse = response
                return .request(request)
            }
            parser.reset()
            waitsSince = loop.nowMilliseconds
            let isFull = channel.outbox.count > context.configuration.collectedBytes
            if channel.hasHadItsTurn() || isFull { return .isTurnOver }
        }
        return .needMore
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
    private func waitForHead(isPartial: Bool) async -> Bool {
        if !isPartial, loop.isDraining { return false }
        let isFresh = isPartial || served == 0
        let patience = isFresh ? context.configuration.headMilliseconds : context.configuration.idleMilliseconds
        channel.isIdle = !isPartial
        let wake = await channel.waitUntilReadable(deadline: waitsSince + patience)
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
    private func exchange(_ request: Request) async -> Bool {
        let body = begin(request)
        if !channel.outbox.isEmpty { loop.unsent = channel }
        channel.deadline = loop.nowMilliseconds + context.configuration.requestMilliseconds
        let since = channel.kernel.monotonicMicroseconds()
        var response = await respond(to: request, body)
        while case .later(let later) = response.body {
            let end = await later.waiter.wait(atMostMilliseconds: later.milliseconds)
            let waiter = channel.makeWaiter()
            response = await apart { await later.answer(end, waiter) }
        }
        channel.charge(microseconds: channel.kernel.monotonicMicroseconds() - since)
        precondition(loop.isCurrent, "a responder came back on another thread")
        let staysOpen = await send(response, to: request, body: body)
        if body !== noBody { body.close() }
        channel.deadline = .max
        return staysOpen
    }

    private func respond(to request: Request, _ body: RequestBody) async -> Response {
        if let response = readyResponse {
            readyResponse = nil
            return response
        }
        if request.addressesServer { return context.responder.describeServer() }
        guard body === noBody, request.field("prefer") != nil else {
            return await context.responder.respond(to: request, body: body)
        }
        return await apart { [channel, responder = context.responder] in
            await responder.respond(to: request, body: RequestBody(bytes: [], waitPoint: channel))
        }
    }

    /// What `make` gives, made by a task of its own: a task keeps its memory until it ends, and who waits for news after
    /// this should do so without what making an answer took.
    private func apart(_ make: @escaping @Sendable () async -> Response) async -> Response {
        let task = Task.immediate(executorPreference: loop) { await make() }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func begin(_ request: Request) -> RequestBody {
        answer = .none
        writeAllowance = context.configuration.writeAllowance
        guard request.framing != .none else { return noBody }
        decoder = BodyDecoder(framing: request.framing, limits: context.configuration.limits)
        bodyAllowance = context.configuration.bodyAllowance
        owesContinue = request.expectsContinue
        return RequestBody(source: self, framing: request.framing, waitPoint: channel)
    }

    private func believeProxy(_ request: inout Request) {
        guard context.configuration.trustedProxies.contains(channel.peer.text) else { return }
        if let address = ForwardedAddress.rightmost(of: request) { request.peerAddress = address }
    }

    // MARK: refusing and closing

    /// Answers a refusal of the wire and ends the connection.
    func refuse(_ refusal: Refusal) async {
        append(refusal, isHead: parser.isHead)
        note(refusal, channel.peer.text)
        await end()
    }

    /// Writes a refusal down.
    func note(_ refusal: Refusal, _ peerAddress: String) {
        context.log?(
            RefusalRecord(peerAddress: peerAddress, loop: loop.index, status: refusal.status, reason: refusal.slug))
    }

    /// Sends what is left of the connection's last answer.
    func end() async {
        lingers = await channel.flush(&writeAllowance)
    }

    /// Tells the peer that this was all, and reads on for a while so that a reset does not eat the answer (RFC 9112
    /// section 9.6).
    private func linger() async {
        _ = channel.kernel.shutdownWriting(channel.descriptor)
        let deadline = loop.nowMilliseconds + context.configuration.lingerMilliseconds
        var thrownAway = 0
        while thrownAway <= context.configuration.lingerBytes {
            if channel.hasHadItsTurn() { await channel.giveWay() }
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
