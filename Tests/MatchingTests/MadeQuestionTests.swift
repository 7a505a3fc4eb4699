// The made questions that measurements are about: of the size they are said to be, the same from the same seed, and
// answered rightly by an independent check.

import Matching
import Testing

@Suite struct MadeQuestionTests {
    @Test func theMeasuredSizeIsWhatItIsSaidToBe() throws {
        let input = MadeQuestion(candidates: 10_000, dwellings: 1000, seed: 1).make()
        #expect(input.candidates.count == 10_000 && input.dwellings.count == 1000)
        #expect(input.groups.count == 97)
        let pairs = input.candidates.reduce(0) { $0 + $1.edges.count }
        #expect((200_000...260_000).contains(pairs), "\(pairs)")
    }

    @Test func aSeedMakesOneQuestion() {
        let question = MadeQuestion(candidates: 40, dwellings: 30, seed: 7)
        #expect(question.make() == question.make())
        #expect(question.make() != MadeQuestion(candidates: 40, dwellings: 30, seed: 8).make())
        #expect(MadeQuestion(candidates: 0, dwellings: 0, seed: 1).make().groups.count == 15)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func theIndependentCheckAgrees(seed: UInt64) throws {
        let input = MadeQuestion(candidates: 200, dwellings: 60, seed: seed).make()
        let outcome = MatchEngine.run(try MatchInstance(input))
        #expect(OutcomeCheck.faults(outcome, for: input).isEmpty)
        #expect(outcome.proof == .nested)
        var random = SeededRandom(seed: seed)
        let shuffled = MatchEngine.run(try MatchInstance(input.shuffled(using: &random)))
        #expect(shuffled == outcome)
    }
}
