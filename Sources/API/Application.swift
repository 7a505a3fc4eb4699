// The way of a request through the API, top to bottom: request id, route, token, role, media types, body, handler,
// standard fields. The only place that catches; whatever is thrown below leaves here as a problem document.

package import Domain
package import HTTPWire
internal import JSON
package import Metrics
internal import OpenAPI
package import Storage
internal import Synchronization
internal import UseCases

/// What is known of an answered request, for the log and the metrics; nothing of a person is in it.
package struct AccessRecord: Sendable {
    package var requestID: String
    /// The trace that its caller brought; nil for none.
    package var trace: TraceContext?
    /// The trace it belongs to: the caller's, or one that begins here.
    package var traceID: String
    package var method: String
    /// The route's template, never the path itself.
    package var route: String
    var routeNumber: Int
    /// What is left of the limit of its token; nil when that was not asked.
    var rate: RateRule.Outcome?
    package var status: Int
    package var role: String?
    package var address: String
    /// The event loop.
    package var loop: Int
    package var startedAt: Instant
    /// How long the answer took to make; nothing for one that needed no waiting.
    package var microseconds: Int64
    /// How long it waited for news, at the caller's wish; no part of the former.
    package var waitedMicroseconds: Int64 = 0
}

/// Where the application writes what happened.
package struct ApplicationLog: Sendable {
    package var access: @Sendable (AccessRecord) -> Void
    /// One line about something that went wrong here, with the request's id.
    package var failure: @Sendable (_ requestID: String, _ text: String) -> Void

    /// A log from its two sinks.
    package init(
        access: @escaping @Sendable (AccessRecord) -> Void, failure: @escaping @Sendable (String, String) -> Void
    ) {
        self.access = access
        self.failure = failure
    }
}

/// Whether the service is about to end, for all its addresses.
private final class Ending: Sendable {
    private let flag = Atomic(false)

    var hasBegun: Bool { flag.load(ordering: .relaxed) }

    func begin() { flag.store(true, ordering: .relaxed) }
}

/// The service as the wire sees it.
package struct Application: Responder {
    /// Who events are from where nobody said so.
    package static let unnamedSource = "urn:nld:systeem:thuispunt"
    /// The largest body of a JSON request: the longest referral is some 40 KB, a report 60 KB.
    package static let bodyLimitBytes = 1 << 20

    let database: Database
    let environment: Environment
    private let log: ApplicationLog
    private let router: Router
    private let pages: @Sendable (Request) -> Response?
    private let keysInFlight = KeysInFlight()
    private let runner: MatchRunner
    /// One for each loop.
    let memories: [LoopMemory]
    private let ending: Ending
    /// Nil when nothing is limited.
    private let limits: RateLimits?
    private let sessionTerms: SessionTerms
    let authentication: Authentication
    /// The standard fields of answers to a token.
    private let tokenFields: StandardFields
    /// The text of security.txt; nil for none.
    private let securityFile: [UInt8]?
    private let audience: Audience
    private let sources: [Exposition.Source]
    private let eventSource: String
    /// What it counts; nil for operators, whose own questions would only blur it.
    package let metrics: RequestMetrics?

    /// The application over an open database. `pages` answers what belongs to people's browsers; `/metrics` shows its
    /// own families, the database's and those of `sources`; without `limits` anybody may ask for anything. Events of the
    /// change feed are from `eventSource`, a URI.
    package init(
        database: Database, environment: Environment, log: ApplicationLog, audience: Audience = .everybody,
        limits: RateSettings? = RateSettings(), sessions: SessionTerms = SessionTerms(),
        securityContact: SecurityContact? = nil, eventSource: String = Application.unnamedSource,
        sources: [Exposition.Source] = [], pages: @escaping @Sendable (Request) -> Response? = { _ in nil }
    ) {
        let metrics = RequestMetrics(loops: database.laneCount)
        self.init(
            database, environment, log, audience, Ending(), limits.map(RateLimits.init), sessions,
            securityContact?.file(startedAt: environment.now()), [metrics.expose, database.expose] + sources,
            eventSource, metrics, pages)
    }

    private init(
        _ database: Database, _ environment: Environment, _ log: ApplicationLog, _ audience: Audience,
        _ ending: Ending, _ limits: RateLimits?, _ sessions: SessionTerms, _ securityFile: [UInt8]?,
        _ sources: [Exposition.Source], _ eventSource: String,
        _ metrics: RequestMetrics?,
        _ pages: @escaping @Sendable (Request) -> Response?
    ) {
        self.limits = limits
        sessionTerms = sessions
        authentication = Authentication(database: database, limits: limits, sessions: sessions, log: log)
        tokenFields = limits.map { StandardFields([$0.policyField]) } ?? .plain
        self.securityFile = securityFile
        self.database = database
        self.environment = environment
        self.log = log
        self.audience = audience
        self.ending = ending
        self.sources = sources
        self.eventSource = eventSource
        self.metrics = metrics
        self.pages = pages
        runner = MatchRunner(database: database, board: RunBoard()) { log.failure("match-run", $0) }
        router = Router(audience == .operators ? [] : Routes.all)
        memories = (0..<database.laneCount).map { _ in LoopMemory(randomBits: environment.randomBits()) }
    }

    /// What the same service answers those who watch it, at an address of their own: the same numbers and nothing
    /// about people.
    package func forOperators() -> Application {
        Application(
            database, environment, log, .operators, ending, nil, sessionTerms, nil, sources, eventSource, nil,
            { _ in nil })
    }

    /// Says at every address from now on that the service is not ready: it is about to end.
    package func end() { ending.begin() }

    // MARK: Responder

    package func respond(to request: Request, body: RequestBody) async -> Response {
        let clock = environment.microseconds()
        metrics?.begin(loop: request.loop)
        let record = record(of: request)
        let trace = RequestTrace(requestID: record.requestID, traceID: record.traceID, address: record.address)
        return await concluded(record, since: clock) { try await answer(request, body, trace, clock, &$0) }
    }

    /// What `make` gives or throws as an answer with all that belongs to one; an answer that comes later is concluded then.
    @inline(never)
    func concluded(
        _ record: AccessRecord, since clock: Int64, _ make: (inout AccessRecord) async throws -> Response
    ) async -> Response {
        var record = record
        var response: Response
        do {
            response = try await make(&record)
            if case .later = response.body { return response }
        } catch {
            response = refused(error, record)
        }
        record.microseconds = max(0, environment.microseconds() - clock - record.waitedMicroseconds)
        finish(&response, &record)
        return response
    }

    @inline(never)
    private func refused(_ error: any Error, _ record: AccessRecord) -> Response {
        let problem = problem(error, record.requestID)
        metrics?.count(loop: record.loop, problem: problem.type.slug)
        return problem.response(requestID: record.requestID)
    }

    package func respondAtOnce(to request: Request) -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        let isAlive = request.isPath("/healthz")
        guard isAlive || audience != .operators && request.field("if-none-match") != nil else { return nil }
        var record = record(of: request)
        var response = OpenRoutes.healthy
        if isAlive {
            record.route = "/healthz"
            record.routeNumber = Routes.all.count + OpenRoutes.healthIndex
        } else {
            let clock = environment.microseconds()
            guard let unchanged = unchanged(request, &record) else { return nil }
            record.microseconds = max(0, environment.microseconds() - clock)
            response = unchanged
        }
        metrics?.begin(loop: request.loop)
        finish(&response, &record)
        return response
    }

    /// 304 for an answer of which the caller holds what it would get again; nil when that takes reading.
    private func unchanged(_ request: Request, _ record: inout AccessRecord) -> Response? {
        let memory = memories[request.loop]
        guard let held = request.field("if-none-match"), request.field("prefer") == nil,
            Authentication.isClaimed(request),
            let version = try? database.version(lane: request.loop),
            let bearer = authentication.rememberedBearer(of: request, memory, at: version, record.startedAt),
            let known = memory.answer(request.target, to: bearer.actor.token, at: version, record.startedAt),
            known.tag == held, (try? MediaTypes.check(request, takes: .none)) != nil
        else { return nil }
        if let limits {
            let outcome = limits.charge(.read, to: bearer.key, atMicroseconds: environment.microseconds())
            // The long way round says so.
            guard outcome.isGranted else { return nil }
            record.rate = outcome
        }
        record.route = known.route
        record.routeNumber = known.routeNumber
        record.role = bearer.actor.role.rawValue
        return Response(status: 304, fields: known.fields)
    }

    /// What every answer carries, its count and its line in the log.
    @inline(never)
    private func finish(_ response: inout Response, _ record: inout AccessRecord) {
        (record.rate == nil ? .plain : tokenFields).add(to: &response, requestID: record.requestID)
        response.rateLimit = record.rate.map(RateLimits.field)
        // A request's field by the standard; to a caller who traces, it names the span to look for in our log.
        if let trace = record.trace { response.fields.append(("traceparent", trace.field)) }
        if !Routes.deprecations.isEmpty, let ending = Routes.deprecations[record.routeNumber] {
            response.fields += ending.fields
        }
        record.status = response.status
        metrics?.count(
            loop: record.loop, route: record.routeNumber, status: response.status, microseconds: record.microseconds)
        log.access(record)
    }

    package func refuse(_ refusal: Refusal) -> Response {
        let requestID = memories[0].nextRequestID()
        var response = Problem(refusal).response(requestID: requestID)
        StandardFields.plain.add(to: &response, requestID: requestID)
        return response
    }

    package func describeServer() -> Response {
        let requestID = memories[0].nextRequestID()
        var response = Response(status: 204, fields: [("Allow", Method.allowed)])
        StandardFields.plain.add(to: &response, requestID: requestID)
        return response
    }

    // MARK: The way of a request

    @inline(never)
    private func answer(
        _ request: Request, _ body: RequestBody, _ trace: RequestTrace, _ clock: Int64, _ record: inout AccessRecord
    ) async throws -> Response {
        switch try open(request, trace, clock, &record) {
        case .answered(let response): return response
        case .asked(let asked):
            let bytes = try await collect(body, for: asked.route.body)
            if let patience = asked.patience {
                return try await news(asked, patience, body.makeWaiter(), &record)
            }
            let exchange = exchange(asked, asked.bearer, body: bytes, at: record.startedAt)
            return response(try await answer(asked.route, exchange, asked.version), of: exchange)
        }
    }

    /// What a request has become before its body is read.
    private enum Opened {
        case answered(Response)
        case asked(Asked)
    }

    /// Everything before the body, which needs no waiting; a function of its own, because a frame that is kept across waits
    /// should have none of this in it.
    @inline(never)
    private func open(
        _ request: Request, _ trace: RequestTrace, _ clock: Int64, _ record: inout AccessRecord
    ) throws -> Opened {
        if let response = try openAnswer(request, &record) { return .answered(response) }
        switch router.find(request.method, request.segments) {
        case .nothing: throw Problem.notFound
        case .wrongMethod(let allowed):
            let allow = allowed.map(\.rawValue).joined(separator: ", ")
            if request.method == .options { return .answered(Response(status: 204, fields: [("Allow", allow)])) }
            var problem = Problem(.methodNotAllowed, "Here: \(allow).")
            problem.fields = [("Allow", allow)]
            throw problem
        case .found(let route, let parameters):
            record.route = route.template
            record.routeNumber = route.number
            let version = try database.version(lane: request.loop)
            let bearer = try authentication.bearer(of: request, memories[request.loop], at: version, record, clock)
            record.role = bearer.actor.role.rawValue
            if let limits {
                let outcome = limits.charge(route.cost, to: bearer.key, atMicroseconds: clock)
                record.rate = outcome
                guard outcome.isGranted else { throw RateLimits.spent(outcome) }
            }
            // The role before the body: who may never do this need not send anything.
            if let action = route.action { try caller(bearer, trace, action, record.startedAt).require(action) }
            try MediaTypes.check(request, takes: route.body, besides: route.alternative)
            if let known = request.field("if-none-match"), !EntityTag.isWellFormed(known) {
                throw EntityTag.malformed("If-None-Match")
            }
            if !route.readsQuery { try QueryReader.refuseAny(request) }
            let seconds = route.waitsFor == nil ? nil : Preference.wait(request)
            let patience = seconds.map {
                Patience(
                    seconds: $0, kinds: route.waitsFor, audiences: AccessPolicy.audiences(of: bearer.actor),
                    end: environment.microseconds() + Int64($0) * 1_000_000)
            }
            return .asked(Asked(request, parameters, route, trace, bearer, version, patience, clock: clock))
        }
    }

    @inline(never)
    func exchange(
        _ asked: Asked, _ bearer: Authentication.Bearer, body: [UInt8] = [], at now: Instant
    ) -> Exchange {
        Exchange(
            asked, caller(bearer, asked.trace, asked.route.action, now), bearer.session, sessionTerms, body: body,
            at: now, database,
            keysInFlight, runner, eventSource)
    }

    private func caller(
        _ bearer: Authentication.Bearer, _ trace: RequestTrace, _ action: Action?, _ now: Instant
    ) -> Caller {
        var actor = bearer.actor
        actor.asOf = AccessPolicy.moment(of: action, at: now)
        return Caller(actor: actor, trace: trace)
    }

    /// What the handler says, or said before when nothing has changed since.
    @inline(never)
    func answer(_ route: Route, _ exchange: Exchange, _ version: DataVersion) async throws -> Answer {
        let (memory, actor, target) = (memories[exchange.request.loop], exchange.caller.actor, exchange.request.target)
        // What a broken glass shows ends at a moment that no commit marks.
        let isRemembered = route.isRemembered && !actor.hasBrokenGlass
        if isRemembered, let known = memory.answer(target, to: actor.token, at: version, exchange.now)?.answer {
            return try await exchange.disclosed(known)
        }
        var answer = try await route.handler(exchange)
        if isRemembered { memory.keep(.init(route, &answer), target, to: actor.token, at: version, exchange.now) }
        return answer
    }

    @inline(never)
    private func collect(_ body: RequestBody, for kind: BodyKind) async throws -> [UInt8] {
        guard kind != .none, kind != .records else { return [] }
        let bytes: [UInt8]
        do throws(BodyFault) {
            bytes = try await body.collect(limit: Self.bodyLimitBytes)
        } catch {
            switch error {
            case .tooLarge: throw Problem(.bodyTooLarge, "A body is at most \(Self.bodyLimitBytes) bytes.")
            case .malformed(let refusal): throw Problem(refusal)
            case .timedOut: throw Problem(.timeout, "The body did not arrive in time.")
            case .disconnected, .closed: throw Problem(.badRequest, "The body was cut off.")
            }
        }
        return bytes.isEmpty && kind == .optionalJSON ? Array("{}".utf8) : bytes
    }

    @inline(never)
    func response(_ answer: Answer, of exchange: Exchange) -> Response {
        var answer = answer
        var fields = answer.fields
        if exchange.isRead || answer.version != nil { fields.append(("ETag", answer.tag)) }
        if exchange.isKnown(&answer) { return Response(status: 304, fields: fields) }
        if let location = answer.location { fields.append(("Location", location)) }
        if let next = answer.next { fields.append(("Link", next)) }
        // What has no content has no type (RFC 9110, section 8.3).
        if answer.status != 204 { fields.append(("Content-Type", answer.contentType)) }
        if let stream = answer.stream {
            return Response(status: answer.status, fields: fields, body: .exchange(stream))
        }
        return Response(status: answer.status, fields: fields, body: .bytes(answer.body))
    }

    // MARK: What needs no token

    private func openAnswer(_ request: Request, _ record: inout AccessRecord) throws -> Response? {
        let path = request.path
        let index = OpenRoutes.index(of: path, for: audience)
        let page = index == nil ? pages(request) : nil
        guard index != nil || page != nil else { return nil }
        record.route = index.map { OpenRoutes.all[$0].path } ?? path
        record.routeNumber = index.map { Routes.all.count + $0 } ?? RequestMetrics.pages
        guard request.method == .get || request.method == .head else {
            let allow = "GET, HEAD, OPTIONS"
            if request.method == .options { return Response(status: 204, fields: [("Allow", allow)]) }
            var problem = Problem(.methodNotAllowed, "Here: \(allow).")
            problem.fields = [("Allow", allow)]
            throw problem
        }
        guard let index else { return page }
        let service = OpenRoute.Service(
            isReady: database.isWritable && !ending.hasBegun, securityFile: securityFile
        ) {
            Exposition.page(sources)
        }
        return try OpenRoutes.all[index].answer(request, service)
    }

    // MARK: Failures and ids

    @inline(never)
    private func problem(_ error: any Error, _ requestID: String) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let body as InvalidBody: return Problem(body)
        case let fault as UseCaseFault: return Problem(fault)
        case let fault as StorageFault:
            log.failure(requestID, fault.logText)
            return Problem(fault)
        case let refusal as Refusal: return Problem(refusal)
        default:
            log.failure(requestID, "unexpected \(type(of: error)): \(error)")
            return Problem(.internal, "The failure was written down under this request's id; nothing was changed.")
        }
    }

    @inline(never)
    private func record(of request: Request) -> AccessRecord {
        let given = request.field("x-request-id").flatMap { RequestIDText.isValid($0) ? $0 : nil }
        let trace = request.field("traceparent").flatMap { TraceContext($0, randomBits: environment.randomBits()) }
        let memory = memories[request.loop]
        return AccessRecord(
            requestID: given ?? memory.nextRequestID(), trace: trace,
            traceID: trace?.traceID ?? memory.nextTraceID(), method: request.method.rawValue,
            route: "unmatched", routeNumber: RequestMetrics.unmatched, status: 0, role: nil,
            address: request.peerAddress, loop: request.loop, startedAt: environment.now(), microseconds: 0)
    }
}
