// The way of a request through the API, top to bottom: request id, route, token, role, media types, body, handler,
// standard fields. The only place that catches; whatever is thrown below leaves here as a problem document.

package import Domain
package import HTTPWire
internal import JSON
internal import OpenAPI
package import Storage
internal import Synchronization
internal import UseCases

/// What is known of an answered request, for the log and the metrics; nothing of a person is in it.
package struct AccessRecord: Sendable {
    package var requestID: String
    package var traceID: String
    package var method: String
    /// The route's template, never the path itself.
    package var route: String
    package var status: Int
    package var role: String?
    package var address: String
    /// The event loop.
    package var loop: Int
    package var startedAt: Instant
    package var durationMilliseconds: Int64
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

/// The service as the wire sees it.
package struct Application: Responder {
    /// The largest body of a JSON request: the longest referral is some 40 KB, a report 60 KB.
    package static let bodyLimitBytes = 1 << 20

    private let database: Database
    private let environment: Environment
    private let log: ApplicationLog
    private let router: Router
    private let pages: @Sendable (Request) -> Response?
    private let keysInFlight = KeysInFlight()
    /// One for each loop.
    private let memories: [LoopMemory]

    /// The application over an open database. `pages` answers what belongs to people's browsers.
    package init(
        database: Database, environment: Environment, log: ApplicationLog,
        pages: @escaping @Sendable (Request) -> Response? = { _ in nil }
    ) {
        self.database = database
        self.environment = environment
        self.log = log
        self.pages = pages
        router = Router(Routes.all)
        memories = (0..<database.laneCount).map { _ in LoopMemory(randomBits: environment.randomBits()) }
    }

    // MARK: Responder

    package func respond(to request: Request, body: RequestBody) async -> Response {
        var record = record(of: request)
        let trace = RequestTrace(requestID: record.requestID, traceID: record.traceID, address: record.address)
        var response: Response
        do {
            response = try await answer(request, body, trace, &record)
        } catch {
            response = problem(error, trace.requestID).response(requestID: trace.requestID)
        }
        finish(&response, &record)
        return response
    }

    package func respondAtOnce(to request: Request) -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        let isAlive = request.isPath("/healthz")
        guard isAlive || request.field("if-none-match") != nil else { return nil }
        var record = record(of: request)
        if isAlive {
            record.route = "/healthz"
            var response = OpenRoutes.healthy
            finish(&response, &record)
            return response
        }
        guard var response = unchanged(request, &record) else { return nil }
        finish(&response, &record)
        return response
    }

    /// 304 for an answer of which the caller holds what it would get again; nil when that takes reading.
    private func unchanged(_ request: Request, _ record: inout AccessRecord) -> Response? {
        let memory = memories[request.loop]
        guard let held = request.field("if-none-match"), request.field("authorization") != nil,
            let version = try? database.version(lane: request.loop),
            let actor = Authentication.rememberedActor(of: request, memory, at: version, record.startedAt),
            let known = memory.answer(request.target, to: actor.token, at: version, record.startedAt),
            known.tag == held, (try? MediaTypes.check(request, takes: .none)) != nil
        else { return nil }
        record.route = known.route
        record.role = actor.role.rawValue
        return Response(status: 304, fields: known.fields)
    }

    /// What every answer carries, and its line in the log.
    private func finish(_ response: inout Response, _ record: inout AccessRecord) {
        StandardFields.add(to: &response, requestID: record.requestID)
        record.status = response.status
        record.durationMilliseconds = max(0, environment.now().milliseconds - record.startedAt.milliseconds)
        log.access(record)
    }

    package func refuse(_ refusal: Refusal) -> Response {
        let requestID = memories[0].nextRequestID()
        var response = Problem(refusal).response(requestID: requestID)
        StandardFields.add(to: &response, requestID: requestID)
        return response
    }

    package func describeServer() -> Response {
        let requestID = memories[0].nextRequestID()
        var response = Response(status: 204, fields: [("Allow", Method.allowed)])
        StandardFields.add(to: &response, requestID: requestID)
        return response
    }

    // MARK: The way of a request

    private func answer(
        _ request: Request, _ body: RequestBody, _ trace: RequestTrace, _ record: inout AccessRecord
    ) async throws -> Response {
        let startedAt = record.startedAt
        if let response = try openAnswer(request, &record) { return response }
        switch router.find(request.method, request.segments) {
        case .nothing: throw Problem.notFound
        case .wrongMethod(let allowed):
            let allow = allowed.map(\.rawValue).joined(separator: ", ")
            if request.method == .options { return Response(status: 204, fields: [("Allow", allow)]) }
            var problem = Problem(.methodNotAllowed, "Here: \(allow).")
            problem.fields = [("Allow", allow)]
            throw problem
        case .found(let route, let parameters):
            record.route = route.template
            let memory = memories[request.loop]
            let version = try database.version(lane: request.loop)
            let actor = try Authentication.actor(of: request, in: database, memory, at: startedAt)
            let caller = Caller(actor: actor, trace: trace)
            record.role = actor.role.rawValue
            // The role before the body: who may never do this need not send anything.
            if let action = route.action { try caller.require(action) }
            try MediaTypes.check(request, takes: route.body)
            if let known = request.field("if-none-match"), !EntityTag.isWellFormed(known) {
                throw EntityTag.malformed("If-None-Match")
            }
            if !route.readsQuery { try QueryReader.refuseAny(request) }
            let bytes = try await collect(body, for: route.body)
            let exchange = Exchange(
                request: request, parameters: parameters, caller: caller, body: bytes, now: startedAt,
                database: database,
                keysInFlight: keysInFlight)
            var answer = try await route.handler(exchange)
            let response = response(&answer, of: exchange)
            if exchange.isRead, let tag = response.fields.first(where: { $0.name == "ETag" })?.value {
                let fields = response.fields.filter { $0.name != "Content-Type" && $0.name != "Link" }
                memory.keep(
                    LoopMemory.Remembered(route: route.template, tag: tag, fields: fields), request.target,
                    to: actor.token, at: version)
            }
            return response
        }
    }

    private func collect(_ body: RequestBody, for kind: BodyKind) async throws -> [UInt8] {
        guard kind != .none else { return [] }
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

    private func response(_ answer: inout Answer, of exchange: Exchange) -> Response {
        var fields = answer.fields
        if exchange.isRead || answer.version != nil { fields.append(("ETag", answer.tag)) }
        if exchange.isKnown(&answer) { return Response(status: 304, fields: fields) }
        if let location = answer.location { fields.append(("Location", location)) }
        if let next = answer.next { fields.append(("Link", next)) }
        fields.append(("Content-Type", answer.contentType))
        return Response(status: answer.status, fields: fields, body: .bytes(answer.body))
    }

    // MARK: What needs no token

    private func openAnswer(_ request: Request, _ record: inout AccessRecord) throws -> Response? {
        guard request.method == .get || request.method == .head else {
            let isOpenPath = OpenRoutes.paths.contains(request.path) || pages(request) != nil
            guard isOpenPath else { return nil }
            record.route = request.path
            let allow = "GET, HEAD, OPTIONS"
            if request.method == .options { return Response(status: 204, fields: [("Allow", allow)]) }
            var problem = Problem(.methodNotAllowed, "Here: \(allow).")
            problem.fields = [("Allow", allow)]
            throw problem
        }
        if let response = try OpenRoutes.answer(request, isWritable: database.isWritable) {
            record.route = request.path
            return response
        }
        if let page = pages(request) {
            record.route = request.path
            return page
        }
        return nil
    }

    // MARK: Failures and ids

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

    private func record(of request: Request) -> AccessRecord {
        var requestID = request.field("x-request-id") ?? ""
        let isUsable = (1...64).contains(requestID.utf8.count) && requestID.utf8.allSatisfy(TraceContext.isIDByte)
        if !isUsable { requestID = memories[request.loop].nextRequestID() }
        return AccessRecord(
            requestID: requestID, traceID: request.field("traceparent").flatMap(TraceContext.traceID) ?? "",
            method: request.method.rawValue, route: "unmatched", status: 0, role: nil, address: request.peerAddress,
            loop: request.loop, startedAt: environment.now(), durationMilliseconds: 0)
    }
}

/// Ids that a request brings along from elsewhere.
enum TraceContext {
    /// Whether a byte may stand in a request id.
    static func isIDByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    /// The trace id of a `traceparent` field (W3C Trace Context, section 3.2); nil when the field is not valid.
    static func traceID(_ field: String) -> String? {
        let parts = field.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[0] != "ff", parts[1].count == 32, parts[2].count == 16,
            parts[3].count == 2, parts[0] != "00" || parts.count == 4,
            parts.prefix(4).joined().utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" })
        else { return nil }
        return String(parts[1])
    }
}
