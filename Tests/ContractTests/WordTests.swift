// The closed lists: what openapi.yaml lists is what the code knows, word for word, both ways; and every problem that can
// be answered stands in the list of problems.

import Domain
import Foundation
import Matching
import TestKit
import Testing
import UseCases

@testable import API

@Suite struct WordTests {
    private static func words<Word: RawRepresentable<String> & CaseIterable>(_ type: Word.Type) -> [String] {
        type.allCases.map(\.rawValue)
    }

    /// The schema of each list and the words of the code.
    private static let lists: [(schema: String, words: [String])] = [
        ("Role", words(Role.self)), ("OrganisationKind", words(OrganisationKind.self)),
        ("ReferralRoute", words(ReferralRoute.self)), ("ReferralState", words(ReferralState.self)),
        ("ReferralMove", words(ReferralMove.self)), ("HousingForm", words(HousingForm.self)),
        ("SupportNeed", words(SupportNeed.self)), ("Skill", words(Skill.self)),
        ("ConditionOfExistence", words(ConditionOfExistence.self)), ("RiskFactor", words(RiskFactor.self)),
        ("Accessibility", words(Accessibility.self)), ("ConsentPurpose", words(ConsentPurpose.self)),
        ("UrgencyClass", words(UrgencyClass.self)), ("Advice", words(Advice.self)),
        ("ClosingOutcome", words(ClosingOutcome.self)), ("RecoveryPhase", words(RecoveryPhase.self)),
        ("TenancyKind", words(TenancyKind.self)), ("DwellingState", words(DwellingState.self)),
        ("MatchState", words(MatchState.self)), ("MatchParty", words(MatchParty.self)),
        ("Answer", words(Domain.Answer.self)), ("DeclineReason", words(DeclineReason.self)),
        ("MatchLimit", words(MatchLimit.self)), ("SupportState", words(SupportState.self)),
        ("SupportDeclineReason", words(SupportDeclineReason.self)), ("FieldGroup", FieldGroups(rawValue: .max).names),
        ("ActionName", words(Action.self)), ("DisclosureGround", words(DisclosureGround.self)),
        ("DisclosureResult", words(DisclosureResult.self)), ("ClockKind", words(ClockKind.self)),
        ("ClockParty", words(ClockParty.self)), ("Provision", words(Provision.self)),
        ("CorrectionOutcome", words(CorrectionOutcome.self)),
        ("CorrectableGroup", CorrectionRequest.correctable.names),
        ("ErasureOutcome", words(ErasureOutcome.self)), ("ErasureRefusal", words(ErasureRefusal.self)),
        ("LinkOutcome", words(LinkOutcome.self)), ("EmergencyOutcome", words(EmergencyOutcome.self)),
        ("TaskKind", words(TaskKind.self)), ("AgreementStanding", words(AgreementStanding.self)),
        ("DossierPart", words(DossierPart.self)), ("Surroundings", words(Surroundings.self)),
        ("SupportKind", words(SupportKind.self)), ("SignalTheme", words(SignalTheme.self)),
        ("AgeBand", words(AgeBand.self)), ("ConsultationState", words(ConsultationState.self)),
        ("LivingWith", words(LivingWith.self)), ("IntakeRecordKind", words(IntakeRecordKind.self)),
        ("LifeDomain", words(LifeDomain.self)), ("MeasuringMoment", words(MeasuringMoment.self)),
        ("MixState", words(MixState.self)), ("NetworkRelation", words(NetworkRelation.self)),
        ("ExclusionGround", words(ExclusionGround.self)), ("ObjectionOutcome", words(ObjectionOutcome.self)),
        ("DeclineReviewOutcome", words(DeclineReviewOutcome.self)),
        ("MatchRunState", words(MatchRunState.self)), ("MatchRunCertainty", words(MatchRunCertainty.self)),
        ("MatchRunChange", words(MatchRunChange.self)), ("RuleLeftOut", words(RuleLeftOut.self)),
        ("PauseGround", words(PauseGround.self)), ("SignalKind", words(SignalKind.self)),
        ("SignalState", words(SignalState.self)),
        ("SignalOutcome", words(SignalOutcome.self)), ("HandoverState", words(HandoverState.self)),
        ("HandoverPart", words(HandoverPart.self)), ("HandoverGround", words(HandoverGround.self)),
        ("HandoverDecline", words(HandoverDecline.self)),
        ("StallReason", words(StallReason.self)), ("TaskDeed", words(TaskDeed.self)),
    ]

    /// What two lists do not share; order does not matter, repetition does.
    static func differences(_ described: [String], _ coded: [String]) -> [String] {
        let repeated = Set(described).count == described.count ? [] : ["a word stands twice"]
        return Set(described).symmetricDifference(coded).sorted() + repeated
    }

    private func described(_ schema: String) -> [String] {
        Description.served.root["/components/schemas/\(schema)/enum"]?.elements.compactMap(\.text) ?? []
    }

    @Test func everyListHasTheSameWordsOnBothSides() {
        for list in Self.lists { #expect(Self.differences(described(list.schema), list.words) == [], "\(list.schema)") }
    }

    @Test func everySchemaThatIsOnlyAListIsHeldAgainstTheCode() {
        let lists = Description.served.schemas.filter { $0.value["/enum"] != nil }.map(\.name)
        #expect(Set(lists) == Set(Self.lists.map(\.schema)))
    }

    @Test func aPlantedDifferenceIsFound() {
        #expect(Self.differences(["a", "b"], ["b", "a"]) == [])
        #expect(Self.differences(["a"], ["a", "b"]) == ["b"])
        #expect(Self.differences(["a", "b", "b"], ["a", "b"]) == ["a word stands twice"])
    }

    /// The slugs as the one file that knows them writes them down.
    private static func slugs() throws -> [String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/API/ProblemType.swift")
        let text = try String(contentsOf: file, encoding: .utf8)
        return text.matches(of: /ProblemType\(\s*"([a-z-]+)"/).map { String($0.1) } + words(Conflict.self)
    }

    @Test func everyProblemStandsInTheList() throws {
        let described = Description.served.root["/components/schemas/Problem/properties/type/enum"]?.elements
            .compactMap(\.text)
        #expect(Self.differences(described ?? [], try Self.slugs().map { "/problems/" + $0 }) == [])
    }

    /// The list by which they are counted is whole too.
    @Test func everyProblemIsCounted() throws {
        #expect(Self.differences(try Self.slugs(), ProblemType.all.map(\.slug)) == [])
    }

    /// The moves that have a body of their own are the ones that can be asked for by name.
    @Test func everyMoveThatCanBeAskedForHasABody() {
        let moves = Description.served.root["/components/schemas/Move/discriminator/mapping"]?.members.map(\.name)
        let asked = ReferralMove.allCases.filter { $0.madeBy == .transition }.map(\.rawValue)
        #expect(Self.differences(moves ?? [], asked) == [])
    }
}
