// How much support is proposed to begin with: what the form's exit profile asks, more for each skill that support makes up
// for, and more for each risk. A risk raises it and does nothing else: no type of the queue, of admission or of matching
// can hold one.

/// Risks as they were written down at one moment.
package struct RiskVersion: Sendable, Equatable {
    package var number: Int
    package var risks: [RiskFactor]
    package var note: String?
    package var writtenAt: Instant
    package var writtenBy: Role

    /// A version from its parts.
    package init(number: Int, risks: [RiskFactor], note: String?, writtenAt: Instant, writtenBy: Role) {
        self.number = number
        self.risks = risks
        self.note = note
        self.writtenAt = writtenAt
        self.writtenBy = writtenBy
    }
}

/// The support that is proposed, and why so much.
package struct SupportProposal: Sendable, Equatable {
    /// The most hours a week there are.
    package static let mostHours = 168

    /// The housing form whose profile it starts from.
    package var form: HousingForm
    package var profileVersion: Int
    /// The hours a week that the profile asks.
    package var profileHours: Int
    /// The skills below the profile's level, an hour each.
    package var gaps: [Skill]
    /// The risks, an hour each.
    package var risks: [RiskFactor]

    /// The proposal for a form, with the levels that were measured and the risks that were written down.
    package init(profile: ExitProfile, skills: [SkillLevel], risks: [RiskFactor]) {
        form = profile.form
        profileVersion = profile.version
        profileHours = profile.hoursPerWeek ?? 0
        gaps = Skill.allCases.filter(Set(profile.gaps(skills)).contains)
        self.risks = RiskFactor.allCases.filter(Set(risks).contains)
    }

    /// Hours a week to begin with.
    package var hoursPerWeek: Int { min(Self.mostHours, profileHours + gaps.count + risks.count) }
}
