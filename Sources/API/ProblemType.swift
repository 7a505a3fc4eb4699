// The kinds of problem, one table: what scripts branch on, and what the page of each kind tells people. The texts are
// about the kind, never about one request.

internal import UseCases

/// A kind of problem: its slug is stable, scripts branch on it.
struct ProblemType: Sendable, Equatable {
    let slug: String
    let status: Int
    let title: String
    /// What it is called in Dutch.
    let dutch: String
    /// What happened, in one or two sentences.
    let happened: String
    /// What whoever asked can do about it.
    let remedy: String

    /// Where its page is; what `type` says (RFC 9457, section 3.1.1).
    var path: String { Self.folder + slug }
    /// What stands before the slug in `type`.
    static let folder = "/problems/"

    private init(
        _ slug: String, _ status: Int, _ title: String, _ dutch: String, happened: String, remedy: String
    ) {
        self.slug = slug
        self.status = status
        self.title = title
        self.dutch = dutch
        self.happened = happened
        self.remedy = remedy
    }

    // MARK: What is wrong with a request

    static let badRequest = ProblemType(
        "bad-request", 400, "The request is not valid HTTP", "ongeldig verzoek",
        happened: "The request line, the header fields or the framing of the body break the rules of HTTP (RFC 9112).",
        remedy: "Send it with an ordinary HTTP library; the detail says which rule was broken.")
    static let invalidBody = ProblemType(
        "invalid-body", 400, "The body is not valid", "ongeldige inhoud",
        happened: "The body is no JSON, or has a member that is unknown, missing, too long or out of range.",
        remedy: "Mend every place that `errors` names, which is all of them at once, and send it again.")
    static let invalidQuery = ProblemType(
        "invalid-query", 400, "The query is not valid", "ongeldige zoekvraag",
        happened: "A parameter behind the question mark is unknown, stands twice, or has a value that is not taken.",
        remedy: "Mend the parameters that `errors` names. A cursor holds only for the list and the sort it came from.")
    static let invalidHeader = ProblemType(
        "invalid-header", 400, "A header field is not valid", "ongeldig kopveld",
        happened:
            "A header field that matters here, such as If-Match or Idempotency-Key, is not written as it must be.",
        remedy: "Mend the field that `errors` names. An entity tag is sent as it was received, with its quotes.")
    static let keyReused = ProblemType(
        "idempotency-key-reused", 400, "The idempotency key belongs to another request",
        "herhaalsleutel hoort bij een ander verzoek",
        happened: "The same Idempotency-Key came before with another body or at another address. Nothing was done.",
        remedy: "Use a new key for a new request, and the same key only to repeat the very same request.")
    static let lengthRequired = ProblemType(
        "length-required", 411, "A length is needed", "lengte ontbreekt",
        happened: "The request has a body and does not say how long it is.",
        remedy: "Send Content-Length, or the chunked transfer coding.")
    static let bodyTooLarge = ProblemType(
        "body-too-large", 413, "The body is too large", "inhoud te groot",
        happened: "The body is longer than this resource takes.",
        remedy: "Send less at once. Many referrals go to /v1/referrals/batch, which takes 256 MiB.")
    static let targetTooLong = ProblemType(
        "target-too-long", 414, "The address is too long", "adres te lang",
        happened: "The address with its query is longer than is taken here.",
        remedy: "Shorten the query; searching by name is a POST to /v1/referrals/_search.")
    static let unsupportedMediaType = ProblemType(
        "unsupported-media-type", 415, "The body is of a type not taken here", "inhoudstype niet ondersteund",
        happened: "The Content-Type of the body is missing, or is none that this resource reads.",
        remedy: "Send one of the types that Accept or Accept-Patch names in the answer, in UTF-8 and uncompressed.")
    static let notAcceptable = ProblemType(
        "not-acceptable", 406, "No acceptable representation", "geen aanvaardbare vorm",
        happened: "The Accept field of the request excludes every form in which this can be answered.",
        remedy: "Ask for application/json, or leave Accept out.")
    static let expectationFailed = ProblemType(
        "expectation-failed", 417, "The expectation can't be met", "verwachting niet in te lossen",
        happened: "The Expect field asks for something other than 100-continue.",
        remedy: "Leave Expect out, or send `Expect: 100-continue`.")
    static let headerTooLarge = ProblemType(
        "header-too-large", 431, "The header is too large", "kopvelden te groot",
        happened: "The header fields are too long or too many.",
        remedy: "Send fewer and shorter fields; a browser may hold cookies of others for this host.")
    static let timeout = ProblemType(
        "request-timeout", 408, "The request came too slowly", "verzoek kwam te langzaam",
        happened: "The request was not there in full within its time, so the connection was closed. Nothing was done.",
        remedy: "Send it again, on a new connection.")
    static let versionNotSupported = ProblemType(
        "version-not-supported", 505, "This version of HTTP is not spoken here", "HTTP-versie niet ondersteund",
        happened: "The request names a version of HTTP other than 1.1 and 1.0.",
        remedy: "Speak HTTP/1.1; a proxy in front of the service may speak others to you.")
    static let notImplemented = ProblemType(
        "not-implemented", 501, "Not implemented", "niet ingebouwd",
        happened: "The method or the transfer coding of the request is unknown here.",
        remedy: "Use the methods that the description of the API names, at /v1/openapi.json.")

    // MARK: Who asks, and for what

    static let unauthorized = ProblemType(
        "unauthorized", 401, "A valid token is needed", "geldige sleutel nodig",
        happened: "There was no token, or one that does not hold: mistyped, expired, revoked or replaced.",
        remedy: "Send `Authorization: Bearer` with your token. Whoever gave it to you can make a new one.")
    static let forbidden = ProblemType(
        "forbidden", 403, "Your role may not do this", "niet toegestaan voor uw rol",
        happened: "The token holds, but its role may never do this, or not with this resource.",
        remedy: "GET /v1/me says what your role may do. Ask the intake point if your work needs more.")
    static let notFound = ProblemType(
        "not-found", 404, "Not found", "niet gevonden",
        happened: "There is nothing at this address, or nothing that you may know of; the two are not told apart.",
        remedy: "Check the address: no slash at its end, everything in lower case. If it was there, your scope changed."
    )
    static let methodNotAllowed = ProblemType(
        "method-not-allowed", 405, "This resource does not know the method", "methode niet toegestaan",
        happened: "The address exists, but not for this method.",
        remedy: "Use one of the methods that Allow names in the answer.")
    static let tooManyRequests = ProblemType(
        "too-many-requests", 429, "Too much was asked", "te veel verzoeken",
        happened: "The token has spent its limit, or too many tokens that do not hold came from your address. "
            + "Nothing was done.",
        remedy: "Wait as many seconds as Retry-After says. Polling with If-None-Match costs least.")

    // MARK: Two at one thing

    static let preconditionRequired = ProblemType(
        "precondition-required", 428, "Say which version you change", "versie ontbreekt",
        happened: "This change needs If-Match, so that nobody overwrites what somebody else has just written.",
        remedy: "Read the resource, and send the ETag of that answer as If-Match.")
    static let preconditionFailed = ProblemType(
        "precondition-failed", 412, "The resource has changed since you read it", "inmiddels gewijzigd",
        happened: "The version in If-Match is no longer the present one. Nothing was changed.",
        remedy: "Read the resource again and repeat the change on what you find.")
    static let inFlight = ProblemType(
        "idempotency-in-flight", 409, "The first request with this key is still being answered",
        "eerste verzoek loopt nog",
        happened: "A request with the same Idempotency-Key came before and is not answered yet.",
        remedy: "Wait a moment and repeat it with the same key; you then get the first answer.")

    static let positionLost = ProblemType(
        "position-lost", 410, "The feed does not know this position any more", "positie in de wijzigingen vervallen",
        happened: "The service went on from an earlier copy of its data, which lies before the position in `after`.",
        remedy: "Read the feed from its beginning, without `after`, and mirror from what you find.")

    // MARK: What stands in the way

    static let moveNotAllowed = ProblemType(
        "move-not-allowed", 409, "The referral can't make this move now", "stap kan nu niet",
        happened: "The referral is at a stage from which this move does not lead on.",
        remedy: "Make one of the moves that `allowed` names, if it is what you mean.")

    /// The kind that stands for something in the way.
    static func conflict(_ conflict: Conflict) -> ProblemType {
        let make = { (title: String, dutch: String, happened: String, remedy: String) in
            ProblemType(conflict.rawValue, 409, title, dutch, happened: happened, remedy: remedy)
        }
        return switch conflict {
        case .duplicateExternalReference:
            make(
                "This reference is in use", "kenmerk al in gebruik",
                "Something else of your organisation carries this externalReference.",
                "Look at what `existing` links to. If it is something else, send another reference.")
        case .duplicatePerson:
            make(
                "This person has an open referral", "persoon heeft al een aanmelding",
                "There is an open referral of this person that you may know of.",
                "Go on with the referral that `existing` links to.")
        case .personInQueue:
            make(
                "Another referral of this person was taken in", "persoon staat al in de wachtrij",
                "One person waits at one place in the queue, and another referral already does.",
                "Withdraw one of the two, or ask a coordinator.")
        case .consentMissing:
            make(
                "A consent is missing", "toestemming ontbreekt",
                "This step rests on a consent that the person has not given, or that is no longer in force.",
                "Ask the person, and record the consent; without it the step is not made.")
        case .reportMissing:
            make(
                "There is no report yet", "verslag ontbreekt",
                "The referral has no intake report, on which this step rests.",
                "Write the report first.")
        case .agreementMissing:
            make(
                "The candidate has not agreed yet", "kandidaat is nog niet akkoord",
                "The candidate has not responded to the report, or does not agree with it.",
                "Record the candidate's agreement, or say in `agreementWaived` why it is done without.")
        case .dwellingNotFree:
            make(
                "The dwelling is not free", "woning is niet vrij",
                "The dwelling is in another match, let or withdrawn, or a nuisance file is open on it.",
                "Choose another dwelling, or wait until that match has ended.")
        case .referralNotWaiting:
            make(
                "The referral is not waiting", "aanmelding staat niet in de wachtrij",
                "Only somebody who waits in the queue can be matched, and this referral does not, or is matched already.",
                "Read the referral: its status says where it is.")
        case .supportMissing:
            make(
                "There is no support yet", "begeleiding ontbreekt",
                "Nobody moves in without support, and no provider has accepted to give it.",
                "Ask a provider for support, and wait until it is accepted.")
        case .supportStartsTooLate:
            make(
                "Support starts too late", "begeleiding begint te laat",
                "The support that was accepted starts after the tenancy would.",
                "Let the tenancy start later, or agree on an earlier start of the support.")
        case .answerWithheld:
            make(
                "The first answer showed more than you may see now", "eerste antwoord wordt niet herhaald",
                "The request was done once, and its answer held data that you may no longer see.",
                "Nothing has to be sent again. Read what `existing` links to.")
        case .other:
            make(
                "Something stands in the way", "er staat iets in de weg",
                "The request is valid, but what is there now does not allow it.",
                "The detail says what; change that first, or leave it as it is.")
        }
    }

    // MARK: What is wrong here

    static let `internal` = ProblemType(
        "internal", 500, "Something went wrong here", "fout bij ons",
        happened: "The service met something it was not made for. Nothing was changed.",
        remedy: "Tell those who run the service the id in `instance`, under which they find what happened.")
    static let unavailable = ProblemType(
        "unavailable", 503, "The service can't do this at the moment", "tijdelijk niet beschikbaar",
        happened: "The service is starting, ending, full, or can't write to its disk.",
        remedy: "Try again after the seconds that Retry-After says; a POST with an Idempotency-Key is safe to repeat.")

    /// Every kind but the conflicts, which are a list of their own.
    private static let plain: [ProblemType] = [
        .invalidBody, .invalidQuery, .invalidHeader, .badRequest, .keyReused, .unauthorized, .forbidden, .notFound,
        .methodNotAllowed, .notAcceptable, .timeout, .moveNotAllowed, .inFlight, .positionLost, .lengthRequired,
        .preconditionFailed,
        .bodyTooLarge, .targetTooLong, .unsupportedMediaType, .expectationFailed, .preconditionRequired,
        .tooManyRequests, .headerTooLarge, .internal, .notImplemented, .unavailable, .versionNotSupported,
    ]
    /// Every kind.
    static let all = plain + Conflict.allCases.map(conflict)

    /// The kind that stands for a status the wire refused with.
    static func wire(_ status: Int) -> ProblemType {
        let known: [ProblemType] = [
            .timeout, .lengthRequired, .bodyTooLarge, .targetTooLong, .expectationFailed, .headerTooLarge, .internal,
            .notImplemented, .unavailable, .versionNotSupported,
        ]
        return known.first { $0.status == status } ?? .badRequest
    }
}
