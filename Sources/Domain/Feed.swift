// The change feed as values: what kinds of thing it tells of, and to which audiences. An audience is a set of readers who
// may know of the same things: whoever speaks for the intake point, the referrers of one organisation, one candidate. What
// an audience may know of is AccessPolicy's; Storage's FeedPublisher works it out for each change, and a test holds the
// two together.

/// What kind of thing a change is about; the number is the one in the table `feed`.
package enum FeedKind: Int, CaseIterable, Sendable {
    case referral = 1
    case match
    case supportRequest
    case tenancy
    case dwelling
    case task
    case signal
    case handover
    case consultation

    /// Its word in the type of an event.
    package var word: String {
        switch self {
        case .referral: "referral"
        case .match: "match"
        case .supportRequest: "support-request"
        case .tenancy: "tenancy"
        case .dwelling: "dwelling"
        case .task: "task"
        case .signal: "signal"
        case .handover: "handover"
        case .consultation: "consultation"
        }
    }

    /// The path under which one of them is read, without its id.
    package var path: String {
        switch self {
        case .match: "/v1/matches/"
        case .tenancy: "/v1/tenancies/"
        case .referral, .supportRequest, .dwelling, .task, .signal, .handover, .consultation: "/v1/\(word)s/"
        }
    }
}

/// A kind of audience; the number is the one in the table `feed`.
package enum FeedPart: Int, CaseIterable, Sendable {
    case intakePoint = 1
    case referrer
    case supporter
    case allocator
    case panel
    case municipality
    case candidate
    /// One of those who are named when others are kept out.
    case namedPerson

    /// How deep into a dossier a change may lie that is told to this part: 1 what everybody sees, 2 what referrers and
    /// landlords read too, 3 what stands in the timeline, 4 the intake point's own business. The same steps are in the
    /// migration that made the table `touched`.
    package var reach: Int {
        switch self {
        case .municipality: 1
        case .referrer, .allocator, .panel: 2
        case .supporter, .candidate: 3
        case .intakePoint, .namedPerson: 4
        }
    }
}

/// Those who are told the same.
package struct FeedAudience: Hashable, Sendable {
    package var part: FeedPart
    /// The organisation, referral or token as 16 bytes, a municipality's code in ASCII, or nothing for the intake point.
    package var owner: [UInt8]

    /// An audience from its parts.
    package init(_ part: FeedPart, _ owner: [UInt8]) {
        self.part = part
        self.owner = owner
    }

    /// An audience of an organisation, a candidate or a person.
    package init<Subject>(_ part: FeedPart, _ owner: Identifier<Subject>) {
        self.init(part, owner.bytes)
    }
}

extension AccessPolicy {
    /// The audiences an actor belongs to: none for who may know of nothing that changes.
    package static func audiences(of actor: Actor) -> [FeedAudience] {
        let own: FeedAudience? =
            switch actor.role {
            case .intaker, .coordinator: FeedAudience(.intakePoint, [])
            case .referrer: FeedAudience(.referrer, actor.organisation)
            case .supporter: FeedAudience(.supporter, actor.organisation)
            case .allocator: FeedAudience(.allocator, actor.organisation)
            case .panel: FeedAudience(.panel, actor.organisation)
            case .policymaker: actor.municipality.map { FeedAudience(.municipality, Array($0.code.utf8)) }
            case .candidate: actor.referral.map { FeedAudience(.candidate, $0) }
            case .auditor, .admin: nil
            }
        guard let own else { return [] }
        // Nobody is kept from their own.
        return actor.role == .candidate ? [own] : [own, FeedAudience(.namedPerson, actor.token)]
    }
}
