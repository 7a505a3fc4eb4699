// Every refusal as a problem document (RFC 9457). Each layer below throws its own kind of error, and the translations
// stand here side by side. Texts never repeat what was sent or looked up.

internal import Domain
internal import HTTPWire
internal import JSON
internal import Storage
internal import UseCases

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
struct Problem: Error, Sendable, CustomStringConvertible {
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

    /// What went wrong in words, for whoever has no need of a document.
    var description: String { detail }

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
        writer.field("type", type.path)
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
