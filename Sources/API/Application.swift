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
    }

    // MARK: Responder

    package func respond(to request: Request, body: RequestBody) async -> Response {
        let startedAt = environment.now()
        let trace = requestTrace(request, at: startedAt)
        var record = AccessRecord(
            requestID: trace.requestID, traceID: trace.traceID, method: request.method.rawValue, route: "unmatched",
            status: 0, role: nil, address: request.peerAddress, startedAt: startedAt, durationMilliseconds: 0)
        var response: Response
        do {
            response = try await answer(request, body, trace, &record)
        } catch {
            response = problem(error, trace.requestID).response(requestID: trace.requestID)
        }
        StandardFields.add(to: &response, requestID: trace.requestID)
        record.status = response.status
        record.durationMilliseconds = max(0, environment.now().milliseconds - startedAt.milliseconds)
        log.access(record)
        return response
    }

    package func refuse(_ refusal: Refusal) -> Response {
        let requestID = newRequestID(at: environment.now())
        var response = Problem(refusal).response(requestID: requestID)
        StandardFields.add(to: &response, requestID: requestID)
        return response
    }

    package func describeServer() -> Response {
        let requestID = newRequestID(at: environment.now())
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
            let caller = try Authentication.caller(of: request, trace: trace, in: database)
            record.role = caller.actor.role.rawValue
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
            return finish(try await route.handler(exchange), of: exchange)
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

    private func finish(_ answer: Answer, of exchange: Exchange) -> Response {
        var fields = answer.fields
        if exchange.isRead || answer.version != nil {
            fields.append(("ETag", EntityTag.of(answer.body, version: answer.version)))
        }
        if exchange.isKnown(answer) { return Response(status: 304, fields: fields) }
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

    private func requestTrace(_ request: Request, at now: Instant) -> RequestTrace {
        var requestID = request.field("x-request-id") ?? ""
        let isUsable = (1...64).contains(requestID.utf8.count) && requestID.utf8.allSatisfy(TraceContext.isIDByte)
        if !isUsable { requestID = newRequestID(at: now) }
        let traceID = request.field("traceparent").flatMap(TraceContext.traceID) ?? ""
        return RequestTrace(requestID: requestID, traceID: traceID, address: request.peerAddress)
    }

    private func newRequestID(at now: Instant) -> String {
        var source = IdentifierSource()
        let id: Identifier<Application> = source.next(at: now, randomBits: environment.randomBits())
        return id.description
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
