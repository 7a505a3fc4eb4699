// Whose move it is, in words that the person understands: a pure table from where the referral stands to a party and a
// sentence, in Dutch and English, at the level of B1.

/// What is known of a referral, as far as it tells whose move it is.
package struct Situation: Sendable, Equatable {
    package var state: ReferralState
    /// Whether there is a report to read, and whether the person has said what they think of it.
    package var hasReport = false
    package var reportAnswered = false
    /// The last day to answer the first offer that waits for the person; nil when none does.
    package var offerDueOn: CivilDate?
    package var hasSupport = false
    package var holdUntil: CivilDate?

    /// A situation in a state.
    package init(_ state: ReferralState) { self.state = state }
}

/// Whose move it is, and what for.
package struct NextMove: Sendable, Equatable {
    /// Nil when it is nobody's any more.
    package var party: ClockParty?
    package var dueOn: CivilDate?
    package var english: String
    package var dutch: String

    private init(_ party: ClockParty?, _ english: String, _ dutch: String, dueOn: CivilDate? = nil) {
        self.party = party
        self.english = english
        self.dutch = dutch
        self.dueOn = dueOn
    }

    /// Whose move it is in a situation.
    package init(in now: Situation) {
        switch now.state {
        case .submitted:
            self.init(
                .intakePoint, "Your referral has come in. The intake point calls you for a first talk.",
                "Uw aanmelding is binnen. De centrale toegang belt u voor een eerste gesprek.")
        case .awaitingInformation:
            self.init(
                .referrer, "The intake point has asked your referrer for something that is missing.",
                "De centrale toegang heeft uw verwijzer gevraagd om iets wat ontbreekt.")
        case .intake where now.hasReport && !now.reportAnswered, .reported where !now.reportAnswered:
            self.init(
                .candidate, "Your report is ready. Read it, and say whether you agree.",
                "Uw verslag is klaar. Lees het en zeg of u het ermee eens bent.")
        case .intake:
            self.init(
                .intakePoint, "The intake point talks with you about what you want and need.",
                "De centrale toegang praat met u over wat u wilt en nodig heeft.")
        case .reported:
            self.init(
                .intakePoint, "The intake point decides within two weeks.",
                "De centrale toegang beslist binnen twee weken.")
        case .waiting:
            self.init(
                .intakePoint, "The intake point is looking for a home for you.",
                "De centrale toegang zoekt een woning voor u.")
        case .matched where now.offerDueOn != nil:
            self.init(
                .candidate, "There is a home for you. Say whether you want it. If you say no, you keep your place.",
                "Er is een woning voor u. Laat weten of u die wilt. Zegt u nee, dan houdt u uw plaats.",
                dueOn: now.offerDueOn)
        case .matched:
            self.init(
                .landlord, "You said yes. The landlord answers now.",
                "U heeft ja gezegd. De verhuurder is nu aan zet.")
        case .accepted where !now.hasSupport:
            self.init(
                .intakePoint, "The home is yours. Before you move in, the intake point arranges your support.",
                "De woning is voor u. Voordat u verhuist, regelt de centrale toegang uw begeleiding.")
        case .accepted:
            self.init(
                .landlord, "The home is yours. The landlord makes an appointment with you for the key.",
                "De woning is voor u. De verhuurder maakt met u een afspraak voor de sleutel.")
        case .housed:
            self.init(
                .provider, "You have a home. Your support worker helps you to settle in.",
                "U woont. Uw begeleider helpt u om uw plek te vinden.")
        case .onHold:
            self.init(
                .candidate, "You asked us to wait. Tell us when we may go on; you keep your place.",
                "U heeft gevraagd om te wachten. Laat weten wanneer wij verder mogen; u houdt uw plaats.",
                dueOn: now.holdUntil)
        case .closed, .redirected, .rejected, .withdrawn:
            self.init(
                nil, "This referral has ended. You can always register again.",
                "Deze aanmelding is afgerond. U kunt zich altijd opnieuw aanmelden.")
        }
    }
}
