// Waiting for news (`Prefer: wait`, RFC 7240, section 4.3): the watcher is there before the look, the handler is left while
// nothing happens, and every look begins at the token again.

internal import Domain
internal import HTTPWire
internal import Storage

/// How long somebody waits for news, and for what.
struct Patience: Sendable {
    let seconds: Int
    /// Nil for anything.
    let kinds: Set<FeedKind>?
    let audiences: [FeedAudience]
    /// In the environment's microseconds.
    let end: Int64
}

extension Application {
    /// How long who was woken together with too many others waits before the next look.
    private static let breatherMilliseconds: Int64 = 100

    /// An answer for who waits: with news now, or later; the last one when the time is over, the client has gone or the
    /// service ends.
    @inline(never)
    func news(
        _ asked: Asked, _ patience: Patience, _ waiter: (any Waiter)?, isOver: Bool = false,
        _ record: inout AccessRecord
    ) async throws -> Response {
        guard let waiter, !isOver else { return try await look(asked, isOver ? patience : nil, record).response }
        // From before the look, so that what is committed after it is not missed.
        let watcher = database.watch.begin(patience.audiences, patience.kinds) { waiter.wake() }
        do {
            let found = try await look(asked, patience, record)
            let since = environment.microseconds()
            if found.isNews || since >= patience.end {
                database.watch.end(watcher)
                return found.response
            }
            return later(asked, patience, waiter, watcher, record, since, atMost: .max)
        } catch StorageFault.busy where environment.microseconds() < patience.end {
            // One change may concern thousands, and each look is in the ledger: who waits anyway can wait for that too.
            database.watch.end(watcher)
            return later(
                asked, patience, waiter, nil, record, environment.microseconds(), atMost: Self.breatherMilliseconds)
        } catch {
            database.watch.end(watcher)
            throw error
        }
    }

    private func later(
        _ asked: Asked, _ patience: Patience, _ waiter: any Waiter, _ watcher: FeedWatch.Watcher?,
        _ record: AccessRecord, _ since: Int64, atMost milliseconds: Int64
    ) -> Response {
        let left = min(milliseconds, (patience.end - since + 999) / 1000)
        let later = Later(waiter, atMostMilliseconds: left) { end, next in
            if let watcher { database.watch.end(watcher) }
            // After a breather alone the time is not over yet.
            let isOver = end == .left || end == .drained || end == .timedOut && watcher != nil
            return await goOn(asked, patience, next, isOver: isOver, record, since: since)
        }
        return Response(status: 200, body: .later(later))
    }

    /// The answer after a wait, which may be to wait on.
    @inline(never)
    private func goOn(
        _ asked: Asked, _ patience: Patience, _ waiter: any Waiter, isOver: Bool, _ record: AccessRecord, since: Int64
    ) async -> Response {
        var record = record
        record.waitedMicroseconds += max(0, environment.microseconds() - since)
        return await concluded(record, since: asked.clock) {
            try await news(asked, patience, waiter, isOver: isOver, &$0)
        }
    }

    /// Reads again, from the token on, as it may have been revoked while its bearer waited; whether that is news.
    @inline(never)
    private func look(
        _ asked: Asked, _ patience: Patience?, _ record: AccessRecord
    ) async throws -> (response: Response, isNews: Bool) {
        let (exchange, version) = try again(asked, record)
        var answer = try await answer(asked.route, exchange, version)
        let isNews = exchange.request.field("if-none-match") == nil ? !answer.hasNoNews : !exchange.isKnown(&answer)
        if let patience { answer.fields.append(("Preference-Applied", "wait=\(patience.seconds)")) }
        return (response(answer, of: exchange), isNews)
    }

    @inline(never)
    private func again(_ asked: Asked, _ record: AccessRecord) throws -> (Exchange, DataVersion) {
        let loop = asked.request.loop
        var record = record
        record.startedAt = environment.now()
        let version = try database.version(lane: loop)
        let bearer = try authentication.bearer(
            of: asked.request, memories[loop], at: version, record, environment.microseconds())
        return (exchange(asked, bearer, at: record.startedAt), version)
    }
}
