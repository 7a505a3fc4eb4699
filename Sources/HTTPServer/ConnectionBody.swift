// A connection as the source of its request's body: decodes what has arrived, asks for more, and keeps the peer's pace.

internal import HTTPWire

extension Connection: BodySource {
    func nextPiece() async throws(BodyFault) -> [UInt8]? {
        precondition(loop.isCurrent, "a body is read on its connection's loop only")
        while true {
            if let bodyFault { throw bodyFault }
            let piece = decodeWhatIsHere()
            if !piece.isEmpty { return piece }
            if decoder.isComplete { return nil }
            if bodyFault == nil { await receiveMore() }
        }
    }

    func exceedLimit() {
        // A fault found behind the limit in the same piece came later: how bytes are cut makes no difference.
        if bodyFault != .disconnected { bodyFault = .tooLarge }
    }

    /// The content of all that has arrived; many small chunks make one piece.
    private func decodeWhatIsHere() -> [UInt8] {
        var piece: [UInt8] = []
        decode { piece.append(contentsOf: $0) }
        return piece
    }

    /// Throws away what has arrived; true when the whole body has.
    func discardWhatIsHere() -> Bool {
        guard !decoder.isComplete else { return true }
        decode { _ in }
        return decoder.isComplete && bodyFault == nil
    }

    private func decode(_ take: (UnsafeBufferPointer<UInt8>) -> Void) {
        // Who has begun to send the body does not wait to be told.
        if !channel.inbox.isEmpty { owesContinue = false }
        var offset = 0
        do throws(Refusal) {
            try channel.inbox.withBytes { (input) throws(Refusal) in
                while case .data(let range) = try decoder.next(input, &offset) {
                    input.extracting(range).withUnsafeBufferPointer(take)
                }
            }
        } catch {
            bodyFault = error == .bodyTooLarge ? .tooLarge : .malformed(error)
        }
        channel.inbox.consume(offset)
        if channel.inbox.isEmpty, channel.inbox.capacity > 0 { loop.takeBack(&channel.inbox) }
    }

    /// Sends what is owed, then receives once, waiting as long as the allowance lasts.
    private func receiveMore() async {
        if channel.hasHadItsTurn() {
            await channel.giveWay()
            // The request's deadline may have passed meanwhile, when there was no wait for it to end.
            guard !Task.isCancelled else { return bodyFault = .timedOut }
        }
        if owesContinue {
            owesContinue = false
            // Too late once the final answer has begun.
            if answer.isUnsent { channel.outbox.append("HTTP/1.1 100 Continue\r\n\r\n") }
        }
        if !channel.outbox.isEmpty, !channel.send() {
            guard await channel.flush(&writeAllowance) else { return bodyFault = .disconnected }
        }
        let before = channel.inbox.count
        switch channel.receive() {
        case .bytes: bodyAllowance.noteMoved(channel.inbox.count - before)
        case .end, .failed: bodyFault = .disconnected
        case .later:
            let since = loop.nowMilliseconds
            let wake = await channel.waitUntilReadable(deadline: bodyAllowance.deadline(now: since))
            bodyAllowance.noteWait(loop.nowMilliseconds - since)
            if wake != .ready { bodyFault = .timedOut }
        }
    }

    /// Reads and drops the rest of an unread body; false when that fails or lasts too long.
    func discardRest() async -> Bool {
        while !discardWhatIsHere() {
            if bodyFault != nil { return false }
            await receiveMore()
        }
        return true
    }
}

extension ServerConfiguration {
    var bodyAllowance: Allowance {
        Allowance(graceMilliseconds: bodyGraceMilliseconds, bytesPerSecond: bodyBytesPerSecond)
    }

    var writeAllowance: Allowance {
        Allowance(graceMilliseconds: writeGraceMilliseconds, bytesPerSecond: writeBytesPerSecond)
    }
}
