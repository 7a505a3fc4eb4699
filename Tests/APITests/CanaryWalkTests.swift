// The walk, from fixed seeds; `THUISPUNT_WALK_SEED` and `THUISPUNT_WALK_STEPS` walk another way or further. A failure says
// the seed that repeats it.

import Domain
import Foundation
import TestKit
import Testing

@testable import API

@Suite struct CanaryWalkTests {
    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }
    private static let seeds: [UInt64] = number("THUISPUNT_WALK_SEED").map { [$0] } ?? [1, 2, 3]
    private static let steps = Int(clamping: number("THUISPUNT_WALK_STEPS") ?? 700)

    @Test(arguments: seeds)
    func nobodyMeetsAWordThatIsNotTheirs(seed: UInt64) async throws {
        var walk = try await CanaryWalk(seed: seed)
        for step in 0..<Self.steps { try await walk.step(step) }
        try await walk.lookAround()
        let sights = walk.sights.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", ")
        let statuses = walk.statuses.sorted { $0.key < $1.key }.map { "\($0.key) × \($0.value)" }
        print(
            "canary walk, seed \(seed), \(Self.steps) steps: \(walk.answers) answers (\(statuses.joined(separator: ", "))), "
                + "\(walk.routes.count) routes at random; met what they may: \(sights)")
        #expect(walk.faults == [], "seed \(seed)")
        #expect(try await walk.wordsInLogs() == [], "seed \(seed)")
        // A walk on which nobody sees anything would prove nothing.
        for role in [Role.referrer, .intaker, .coordinator, .candidate] {
            #expect(walk.sights[role, default: 0] > 0, "\(role), seed \(seed)")
        }
        for role in [Role.policymaker, .auditor, .admin] { #expect(walk.sights[role] == nil, "\(role), seed \(seed)") }
    }

    /// The oracle and the search for words find what is planted wrongly.
    @Test func aPlantedLeakIsFound() {
        let person = Planted(0)
        #expect(person.met(in: "nothing") == [])
        for (secret, words) in person.words {
            for word in words { #expect(person.met(in: "{\"x\":\"\(word)\"}").contains(secret)) }
        }
        #expect(Set((0..<5).map { Planted($0).words[.bsn] ?? [] }).count == 5)
        for other in (1..<5).map(Planted.init) {
            for words in other.words.values { #expect(person.met(in: words.joined(separator: " ")) == []) }
        }
        let facts = ScratchDatabase.PersonFacts(owner: "a", supporters: ["b"], asked: ["b", "c"], matches: [])
        let home = ScratchDatabase.HomeFacts(landlord: "d", supporters: [], isKnownToReader: false)
        func may(_ role: Role, _ organisation: String, _ isThePerson: Bool = false) -> Set<Secret> {
            Oracle(facts: facts, role: role, organisation: organisation, isThePerson: isThePerson).may(homeOf: home)
        }
        #expect(may(.referrer, "a").contains(.health) && may(.referrer, "b") == [])
        #expect(may(.supporter, "b").contains(.bsn) && may(.supporter, "c") == [.supportNote, .careSignal])
        #expect(may(.allocator, "d") == [.address, .remarks] && may(.allocator, "e") == [])
        #expect(may(.candidate, "x", true).contains(.bsnTail) && may(.candidate, "x") == [])
    }
}
