// Every refusal as a problem document (RFC 9457). The one place that knows status codes; each layer below throws its
// own kind of error, and the translations stand here side by side. Texts never repeat what was sent or looked up.

internal import Domain
internal import HTTPWire
internal import JSON
internal import Storage
internal import UseCases

/// A kind of problem: its slug is stable, scripts branch on it.
struct ProblemType: Sendable, Equatable {
    let slug: String
    let status: Int
    let title: String

    static let invalidBody = ProblemType(slug: "invalid-body", status: 400, title: "The body is not valid")
    static let invalidQuery = ProblemType(slug: "invalid-query", status: 400, title: "The query is not valid")
    static let invalidHeader = ProblemType(slug: "invalid-header", status: 400, title: "A header field is not valid")
    static let badRequest = ProblemType(slug: "bad-request", status: 400, title: "The request is not valid HTTP")
    static let keyReused = ProblemType(
        slug: "idempotency-key-reused", status: 400, title: "The idempotency key belongs to another request")
    static let unauthorized = ProblemType(slug: "unauthorized", status: 401, title: "A valid token is needed")
    static let forbidden = ProblemType(slug: "forbidden", status: 403, title: "Your role may not do this")
    static let notFound = ProblemType(slug: "not-found", status: 404, title: "Not found")
    static let methodNotAllowed = ProblemType(
        slug: "method-not-allowed", status: 405, title: "This resource does not know the method")
    static let notAcceptable = ProblemType(
        slug: "not-acceptable", status: 406, title: "No acceptable representation")
    static let timeout = ProblemType(slug: "request-timeout", status: 408, title: "The request came too slowly")
    static let moveNotAllowed = ProblemType(
        slug: "move-not-allowed", status: 409, title: "The referral can't make this move now")
    static let inFlight = ProblemType(
        slug: "idempotency-in-flight", status: 409, title: "The first request with this key is still being answered")
    static let positionLost = ProblemType(
        slug: "position-lost", status: 410, title: "The feed does not know this position any more")
    static let lengthRequired = ProblemType(slug: "length-required", status: 411, title: "A length is needed")
    static let preconditionFailed = ProblemType(
        slug: "precondition-failed", status: 412, title: "The resource has changed since you read it")
    static let bodyTooLarge = ProblemType(slug: "body-too-large", status: 413, title: "The body is too large")
    static let targetTooLong = ProblemType(slug: "target-too-long", status: 414, title: "The address is too long")
    static let unsupportedMediaType = ProblemType(
        slug: "unsupported-media-type", status: 415, title: "The body is of a type not taken here")
    static let expectationFailed = ProblemType(
        slug: "expectation-failed", status: 417, title: "The expectation can't be met")
    static let preconditionRequired = ProblemType(
        slug: "precondition-required", status: 428, title: "Say which version you change")
    static let tooManyRequests = ProblemType(slug: "too-many-requests", status: 429, title: "Too much was asked")
    static let headerTooLarge = ProblemType(slug: "header-too-large", status: 431, title: "The header is too large")
    static let `internal` = ProblemType(slug: "internal", status: 500, title: "Something went wrong here")
    static let notImplemented = ProblemType(slug: "not-implemented", status: 501, title: "Not implemented")
    static let unavailable = ProblemType(
        slug: "unavailable", status: 503, title: "The service can't do this at the moment")
    static let versionNotSupported = ProblemType(
        slug: "version-not-supported", status: 505, title: "This version of HTTP is not spoken here")

    /// Every kind but the conflicts, which are a list of their own.
    static let all: [ProblemType] = [
        .invalidBody, .invalidQuery, .invalidHeader, .badRequest, .keyReused, .unauthorized, .forbidden, .notFound,
        .methodNotAllowed, .notAcceptable, .timeout, .moveNotAllowed, .inFlight, .positionLost, .lengthRequired,
        .preconditionFailed,
        .bodyTooLarge, .targetTooLong, .unsupportedMediaType, .expectationFailed, .preconditionRequired,
        .tooManyRequests, .headerTooLarge, .internal, .notImplemented, .unavailable, .versionNotSupported,
    ]

    /// The kind that stands for a status the wire refused with.
    static func wire(_ status: Int) -> ProblemType {
        let known: [ProblemType] = [
            .timeout, .lengthRequired, .bodyTooLarge, .targetTooLong, .expectationFailed, .headerTooLarge, .internal,
            .notImplemented, .unavailable, .versionNotSupported,
        ]
        return known.first { $0.status == status } ?? .badRequest
    }

    /// The kind that stands for something in the way.
    static func conflict(_ conflict: Conflict) -> ProblemType {
        let title =
            switch conflict {
            case .duplicateExternalReference: "This reference is in use"
            case .duplicatePerson: "This person has an open referral"
            case .personInQueue: "Another referral of this person was taken in"
            case .consentMissing: "A consent is missing"
            case .reportMissing: "There is no report yet"
            case .agreementMissing: "The candidate has not agreed yet"
            case .dwellingNotFree: "The dwelling is not free"
            case .referralNotWaiting: "The referral is not waiting"
            case .supportMissing: "There is no support yet"
            case .supportStartsTooLate: "Support starts too late"
            case .answerWithheld: "The first answer showed more than you may see now"
            case .other: "Something stands in the way"
            }
        return ProblemType(slug: conflict.rawValue, status: 409, title: title)
    }
}

/// Where a fault of the request lies.
enum FaultPlace: Sendable, Equatable {
    /// RFC 6901 pointer into the body.
    case pointer(String)
    case parameter(String)
    case header(String)
}

/// One fault of a request.
struct RequestFault: Sendable, Equatable {
    var place: FaultPlace
    var code: String
    var text: String
}

/// A refusal, ready to be answered.
struct Problem: Error, Sendable {
    var type: ProblemType
    var detail: String
    var faults: [RequestFault] = []
    var allowed: [String]?
    var existing: String?
    var fields: [(name: String, value: String)] = []

    init(_ type: ProblemType, _ detail: String, faults: [RequestFault] = []) {
        self.type = type
        self.detail = detail
        self.faults = faults
    }

    /// The answer. `requestID` lets the caller name this very failure to us.
    func response(requestID: String) -> Response {
        var writer = JSONWriter(reservingBytes: 512)
        writer.object { write(to: &$0, requestID: requestID) }
        var all = fields
        all.append(("Content-Type", "application/problem+json"))
        return Response(status: type.status, fields: all, body: .bytes(writer.finish()))
    }

    /// The members of the document.
    func write(to writer: inout JSONWriter, requestID: String) {
        writer.field("type", "/problems/" + type.slug)
        writer.field("title", type.title)
        writer.field("status", type.status)
        writer.field("detail", detail)
        writer.field("instance", "urn:request:" + requestID)
        if !faults.isEmpty {
            writer.array("errors") { writer in
                for fault in faults {
                    writer.object { writer in
                        switch fault.place {
                        case .pointer(let pointer): writer.field("pointer", pointer)
                        case .parameter(let name): writer.field("parameter", name)
                        case .header(let name): writer.field("header", name)
                        }
                        writer.field("code", fault.code)
                        writer.field("text", fault.text)
                    }
                }
            }
        }
        if let allowed { writer.field("allowed", allowed) }
        writer.field("existing", ifPresent: existing)
    }
}

// MARK: Translations, one per layer

extension Problem {
    /// A body that could not be read, with all its faults.
    init(_ body: InvalidBody) {
        let count = body.faults.count
        self.init(
            .invalidBody, count == 1 ? "The body has a fault." : "The body has \(count) faults.",
            faults: body.faults.map { RequestFault(place: .pointer($0.pointer), code: $0.code, text: $0.text) })
    }

    /// What the wire itself refused.
    init(_ refusal: Refusal) {
        self.init(.wire(refusal.status), refusal.detail)
        if refusal.status == 503 { fields = [("Retry-After", "1")] }
    }

    /// What the domain refused.
    init(_ fault: UseCaseFault) {
        switch fault {
        case .forbidden(let detail): self.init(.forbidden, detail)
        case .notFound: self = .notFound
        case .moveNotAllowed(let detail, let moves):
            self.init(.moveNotAllowed, detail)
            allowed = moves.map(\.rawValue)
        case .conflict(let conflict, let detail, let known):
            self.init(.conflict(conflict), detail)
            existing = known.map(Self.link)
            if let existing { fields = [("Location", existing)] }
        case .preconditionFailed:
            self.init(.preconditionFailed, "Read the resource again and repeat the change on what you find.")
        case .positionLost:
            self.init(
                .positionLost,
                "The service went on from an earlier copy. Read the feed from its beginning, without after.")
        case .invalid(let pointer, let code, let text):
            self.init(
                .invalidBody, "The body has a fault.",
                faults: [RequestFault(place: .pointer(pointer), code: code, text: text)])
        }
    }

    /// What the storage could not do.
    init(_ fault: StorageFault) {
        self.init(.unavailable, fault.clientText)
        fields = [("Retry-After", String(fault.retryAfterSeconds))]
    }

    static let notFound = Problem(.notFound, "There is nothing here that you may know of.")

    private static func link(_ resource: ExistingResource) -> String {
        switch resource {
        case .referral(let id): "/v1/referrals/\(id)"
        case .dwelling(let id): "/v1/dwellings/\(id)"
        case .match(let id): "/v1/matches/\(id)"
        case .supportRequest(let id): "/v1/support-requests/\(id)"
        case .tenancy(let id): "/v1/tenancies/\(id)"
        case .task(let id): "/v1/tasks/\(id)"
        case .consultation(let id): "/v1/consultations/\(id)"
        case .matchRun(let id): "/v1/match-runs/\(id)"
        case .signal(let id): "/v1/signals/\(id)"
        case .handover(let id): "/v1/handovers/\(id)"
        case .emergency: "/v1/tasks?kind=\(TaskKind.reviewEmergencyAccess.rawValue)"
        }
    }
}
