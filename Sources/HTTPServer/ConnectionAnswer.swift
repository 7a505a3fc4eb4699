// A connection's answers: what the wire adds, whether the connection survives, and streams. Answers to pipelined
// requests collect in the outbox and leave together.

internal import HTTPWire

/// How far the current answer is.
enum AnswerState: Equatable {
    /// Not begun.
    case none
    /// A stream whose head goes out with its first bytes.
    case pending
    /// A stream under way.
    case open(AnswerFraming)

    /// Whether nothing of the final answer has been written.
    var isUnsent: Bool {
        switch self {
        case .none, .pending: true
        case .open: false
        }
    }
}

extension Connection {
    /// Sends a response; says whether the connection can take another request.
    func send(_ response: Response, to request: Request, body: RequestBody) async -> Bool {
        var isStream = false
        var readsBody = false
        switch response.body {
        case .none, .bytes, .later: break
        case .stream: isStream = true
        case .exchange:
            isStream = true
            readsBody = true
        }
        if bodyFault == nil, !readsBody { _ = discardWhatIsHere() }
        if let bodyFault { return await answer(bodyFault, request) }
        guard let framing = ResponseEncoder.framing(of: response, minorVersion: request.minorVersion) else {
            return await fail(request)
        }
        let hasContent = request.method != .head && framing != .empty
        var staysOpen = request.keepsAlive && !loop.isDraining && !Task.isCancelled
        staysOpen = staysOpen && (framing != .untilClose || !hasContent) && !ResponseEncoder.asksClose(response)
        staysOpen = staysOpen && (decoder.isComplete || readsBody || canDiscard)
        if isStream, hasContent {
            return await stream(response, framing, request, body, staysOpen: staysOpen)
        }
        guard appendHead(response, framing, request, staysOpen: staysOpen) else { return await fail(request) }
        if hasContent, case .bytes(let bytes) = response.body {
            if bytes.count <= context.configuration.collectedBytes / 4 {
                channel.outbox.append(bytes)
            } else {
                guard await channel.flush(&writeAllowance, with: bytes) else {
                    return false
                }
            }
        }
        return await conclude(request, staysOpen: staysOpen)
    }

    /// Appends a whole answer whose content is small and here; false, with nothing appended, when it is another one.
    func appendSmall(_ response: Response, _ request: Request) -> Bool {
        var content: [UInt8] = []
        switch response.body {
        case .none: break
        case .bytes(let bytes) where bytes.count <= context.configuration.collectedBytes / 4: content = bytes
        case .bytes, .stream, .exchange, .later: return false
        }
        guard let framing = ResponseEncoder.framing(of: response, minorVersion: request.minorVersion),
            !ResponseEncoder.asksClose(response), appendHead(response, framing, request, staysOpen: true)
        else { return false }
        if request.method != .head, framing != .empty { channel.outbox.append(content) }
        return true
    }

    /// Whether the rest of an unread body is known to be short, so that reading it is cheaper than a new connection.
    private var canDiscard: Bool {
        guard !owesContinue, let rest = decoder.remainingLength else { return false }
        return rest <= context.configuration.discardedBodyBytes
    }

    /// The answer is in the outbox: goes on to the next request, or closes.
    private func conclude(_ request: Request, staysOpen: Bool) async -> Bool {
        var staysOpen = staysOpen && !channel.hasFailed
        if staysOpen, !decoder.isComplete {
            let isSent = await channel.flush(&writeAllowance)
            staysOpen = isSent ? await discardRest() : false
        } else if staysOpen, channel.outbox.count > context.configuration.collectedBytes {
            staysOpen = await channel.flush(&writeAllowance)
        }
        if !staysOpen { await end() }
        return staysOpen
    }

    private func appendHead(
        _ response: Response, _ framing: AnswerFraming, _ request: Request, staysOpen: Bool
    ) -> Bool {
        if channel.outbox.capacity == 0 { loop.lend(&channel.outbox) }
        return ResponseEncoder.appendHead(
            of: response, framing: framing,
            persistence: staysOpen ? (request.minorVersion >= 1 ? .implied : .keepAlive) : .close,
            dateLine: loop.dateLine, to: &channel.outbox)
    }

    // MARK: refusals

    /// Appends the answer to a refusal; one that cannot be sent becomes a bare 500.
    func append(_ refusal: Refusal, isHead: Bool) {
        if channel.outbox.capacity == 0 { loop.lend(&channel.outbox) }
        var response = context.responder.refuse(refusal)
        if refusal.status == 503, !response.fields.contains(where: { $0.name.lowercased() == "retry-after" }) {
            response.fields.append((name: "Retry-After", value: "1"))
        }
        let bare = Response(status: 500)
        for candidate in [response, bare] {
            guard let framing = ResponseEncoder.framing(of: candidate, minorVersion: 0), framing != .untilClose,
                ResponseEncoder.appendHead(
                    of: candidate, framing: framing, persistence: .close, dateLine: loop.dateLine, to: &channel.outbox)
            else { continue }
            if case .bytes(let bytes) = candidate.body, framing != .empty, !isHead { channel.outbox.append(bytes) }
            return
        }
    }

    /// The body could not be read: the wire answers in the handler's place.
    private func answer(_ fault: BodyFault, _ request: Request) async -> Bool {
        let refusal: Refusal
        switch fault {
        case .tooLarge: refusal = .bodyTooLarge
        case .malformed(let reason): refusal = reason
        case .timedOut: refusal = .tooSlow
        case .disconnected, .closed:
            _ = await channel.flush(&writeAllowance)
            return false
        }
        return await refuse(refusal, request)
    }

    private func fail(_ request: Request) async -> Bool {
        await refuse(.unsendable, request)
    }

    private func refuse(_ refusal: Refusal, _ request: Request) async -> Bool {
        append(refusal, isHead: request.method == .head)
        note(refusal, request.peerAddress)
        await end()
        return false
    }

    // MARK: streams

    private func stream(
        _ response: Response, _ framing: AnswerFraming, _ request: Request, _ body: RequestBody, staysOpen: Bool
    ) async -> Bool {
        answer = .pending
        openStream = { [unowned self] in
            // Whoever still waits for 100 (Continue) gets the final answer instead, and the connection ends with it.
            let stays = staysOpen && !owesContinue
            guard appendHead(response, framing, request, staysOpen: stays) else { return false }
            answer = .open(framing)
            return true
        }
        defer { openStream = nil }
        let sink = BodySink(target: self)
        do {
            switch response.body {
            case .none, .bytes, .later: break
            case .stream(let write): try await write(sink)
            case .exchange(let write): try await write(body, sink)
            }
            if answer == .pending, bodyFault == nil { try begin() }
        } catch {
            return await breakOff(request)
        }
        // A handler that has answered may have told of a limit itself.
        if let bodyFault, bodyFault != .tooLarge || answer.isUnsent { return await breakOff(request) }
        if framing == .chunked { ResponseEncoder.appendLastChunk(to: &channel.outbox) }
        let stays = staysOpen && !owesContinue && (decoder.isComplete || canDiscard)
        return await conclude(request, staysOpen: stays)
    }

    private func begin() throws(SinkFault) {
        guard let openStream, openStream() else { throw .disconnected }
    }

    /// A stream that cannot go on: still a proper answer when nothing has left, else an end nobody mistakes for the
    /// last chunk.
    private func breakOff(_ request: Request) async -> Bool {
        if answer.isUnsent, !channel.hasFailed {
            if let bodyFault { return await answer(bodyFault, request) }
            return await refuse(.brokenStream, request)
        }
        _ = await channel.flush(&writeAllowance)
        if answer == .open(.untilClose) { channel.resetsOnClose = true }
        return false
    }
}

extension Connection: BodyTarget {
    func write(_ bytes: [UInt8]) async throws(SinkFault) {
        precondition(loop.isCurrent, "an answer is written on its connection's loop only")
        if answer == .pending { try begin() }
        if channel.hasHadItsTurn() {
            await channel.giveWay()
            // A peer that takes everything at once never makes this task wait: here its deadline is noticed all the same.
            guard !Task.isCancelled else { throw .disconnected }
        }
        guard !channel.hasFailed, case .open(let framing) = answer else { throw .disconnected }
        if channel.outbox.capacity == 0 { loop.lend(&channel.outbox) }
        if framing == .chunked {
            ResponseEncoder.appendChunk(bytes, to: &channel.outbox)
        } else {
            channel.outbox.append(bytes)
        }
        if channel.outbox.count >= context.configuration.collectedBytes / 4 {
            guard await channel.flush(&writeAllowance) else { throw .disconnected }
        } else {
            loop.unsent = channel
        }
    }
}
