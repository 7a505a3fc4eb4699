// What is measured with a person and again later, so that progress shows: the stable mix, and the domains of life on a scale
// of self-reliance. A domain is asked with a reason why this request needs it; not asked is a value of its own and never a
// zero. Nothing here is added up, compared between people, or known to the queue.

/// A measurement, as the subject of an identifier.
package enum MeasurementTag {}
/// The name of a measurement.
package typealias MeasurementID = Identifier<MeasurementTag>

/// The thirteen domains of life (Zelfredzaamheid-Matrix 2017).
package enum LifeDomain: String, CaseIterable, Sendable {
    case finances
    case workAndEducation = "work_and_education"
    case useOfTime = "use_of_time"
    case housing
    case domesticRelations = "domestic_relations"
    case mentalHealth = "mental_health"
    case physicalHealth = "physical_health"
    case substanceUse = "substance_use"
    case basicDailyLiving = "basic_daily_living"
    case instrumentalDailyLiving = "instrumental_daily_living"
    case socialNetwork = "social_network"
    case communityParticipation = "community_participation"
    case justice
}

/// When something is measured.
package enum MeasuringMoment: String, CaseIterable, Sendable {
    case start
    /// In between, as often as it helps.
    case between
    case moveIn = "move_in"
    case closing
}

/// What holds a life together (stabiele mix).
package enum MixPart: String, CaseIterable, Sendable {
    case housing
    /// A lasting legal income.
    case income
    case dayActivity = "day_activity"
    /// A steady contact with support.
    case supportContact = "support_contact"
}

/// Whether a part of the mix is there.
package enum MixState: String, CaseIterable, Sendable {
    case present
    case absent
    case notAsked = "not_asked"
}

/// What is known of a domain at a moment.
package enum DomainAnswer: Sendable, Equatable {
    case notAsked
    /// From 1, an acute problem, to 5, fully self-reliant; and why this request needs it to be known.
    case level(Int, necessity: String)
}

/// A domain that was asked, with its level and the reason.
package struct AskedDomain: Sendable, Equatable {
    package var domain: LifeDomain
    package var level: Int
    package var necessity: String

    /// A domain that was asked.
    package init(domain: LifeDomain, level: Int, necessity: String) {
        self.domain = domain
        self.level = level
        self.necessity = necessity
    }
}

/// What was measured at one moment.
package struct Measurement: Sendable, Equatable {
    package var id: MeasurementID
    package var moment: MeasuringMoment
    package var on: CivilDate
    /// The parts of the mix that were asked, and whether each is there.
    package var mix: [MixPart: Bool]
    package var domains: [AskedDomain]
    package var writtenAt: Instant
    package var writtenBy: Role

    /// A measurement from its parts.
    package init(
        id: MeasurementID, moment: MeasuringMoment, on: CivilDate, mix: [MixPart: Bool], domains: [AskedDomain],
        writtenAt: Instant, writtenBy: Role
    ) {
        self.id = id
        self.moment = moment
        self.on = on
        self.mix = mix
        self.domains = domains
        self.writtenAt = writtenAt
        self.writtenBy = writtenBy
    }

    /// Whether a part of the mix is there.
    package func state(of part: MixPart) -> MixState { mix[part].map { $0 ? .present : .absent } ?? .notAsked }

    /// What is known of a domain.
    package func answer(about domain: LifeDomain) -> DomainAnswer {
        guard let asked = domains.first(where: { $0.domain == domain }) else { return .notAsked }
        return .level(asked.level, necessity: asked.necessity)
    }

    /// How far a domain has come since an earlier measurement; nil unless it was asked both times.
    package func change(of domain: LifeDomain, since earlier: Measurement) -> Int? {
        guard case .level(let now, _) = answer(about: domain), case .level(let then, _) = earlier.answer(about: domain)
        else { return nil }
        return now - then
    }
}
