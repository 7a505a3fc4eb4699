// Whose move it is: for every state, with what else is known, a party and a sentence in both languages.

import Domain
import Testing

@Suite struct NextMoveTests {
    @Test(arguments: ReferralState.allCases) func everyStateHasWords(state: ReferralState) {
        for hasReport in [false, true] {
            for answered in [false, true] {
                for offer in [nil, CivilDate(dayNumber: 20_000)] {
                    for supported in [false, true] {
                        var now = Situation(state)
                        (now.hasReport, now.reportAnswered) = (hasReport, answered)
                        (now.offerDueOn, now.hasSupport) = (offer, supported)
                        let next = NextMove(in: now)
                        #expect(next.english.hasSuffix(".") && next.dutch.hasSuffix("."))
                        #expect((next.party != nil) == state.isOpen)
                        #expect(next.english.count < 120 && next.dutch.count < 120, "short sentences")
                    }
                }
            }
        }
    }

    @Test func theParties() {
        var report = Situation(.intake)
        #expect(NextMove(in: report).party == .intakePoint)
        report.hasReport = true
        #expect(NextMove(in: report).party == .candidate)
        report.reportAnswered = true
        #expect(NextMove(in: report).party == .intakePoint)
        var offer = Situation(.matched)
        #expect(NextMove(in: offer).party == .landlord && NextMove(in: offer).dueOn == nil)
        offer.offerDueOn = CivilDate(dayNumber: 20_000)
        #expect(NextMove(in: offer).party == .candidate && NextMove(in: offer).dueOn == offer.offerDueOn)
        var accepted = Situation(.accepted)
        #expect(NextMove(in: accepted).party == .intakePoint)
        accepted.hasSupport = true
        #expect(NextMove(in: accepted).party == .landlord)
    }
}
