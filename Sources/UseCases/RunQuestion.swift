// The question of a run: everybody who waits against every home that is free, as limits and scores in rows, and what the
// engine makes of that. Reads nothing itself; the same rows, kept with the run, ask the same question again.

internal import Domain
internal import Matching
internal import Storage

/// People and homes of a run as numbers: what is kept, and what the engine is asked.
struct RunQuestion {
    var caps: [MatchRunCap]
    var homes: [MatchRunHome]
    var people: [MatchRunPerson]

    /// A question that was kept.
    init(caps: [MatchRunCap], homes: [MatchRunHome], people: [MatchRunPerson]) {
        self.caps = caps
        self.homes = homes
        self.people = people
    }

    /// Holds everybody against every home. `note` hears how many people are done.
    init(
        _ candidates: [MatchCandidate], _ dwellings: [Dwelling], _ rules: MatchRunRules, _ maker: FactsMaker,
        on today: CivilDate, note: (Int) -> Void
    ) {
        var maker = maker
        let leftOut = MatchLimits(rules.leftOut)
        let isCapped = !leftOut.contains(MatchLimits(.cap))
        var facts: [DwellingFacts] = []
        var numbers: [SpreadPlace: Int] = [:]
        (caps, homes, people) = ([], [], [])
        for dwelling in dwellings {
            facts.append(maker.facts(dwelling))
            let cap = isCapped ? number(maker.caps(on: dwelling), of: dwelling, in: &numbers) : nil
            homes.append(MatchRunHome(dwelling: dwelling.id, version: dwelling.version, cap: cap))
        }
        people.reserveCapacity(candidates.count)
        for (done, candidate) in candidates.enumerated() {
            let person = maker.facts(candidate)
            var limits: [UInt16] = []
            var scores: [Int32] = []
            limits.reserveCapacity(facts.count)
            for home in facts {
                let failing = Feasibility.failing(candidate: person, dwelling: home, on: today.dayNumber)
                    .subtracting(leftOut)
                limits.append(failing.rawValue)
                if failing.isEmpty { scores.append(Int32(clamping: WishScore.score(person, home))) }
            }
            people.append(
                MatchRunPerson(referral: candidate.id, version: candidate.version, limits: limits, scores: scores))
            note(done + 1)
        }
    }

    /// The number of the innermost of the caps that a home is under; none when one is full, which is a limit of the home.
    private mutating func number(
        _ chain: [(place: SpreadPlace, left: Int)], of dwelling: Dwelling, in numbers: inout [SpreadPlace: Int]
    ) -> Int? {
        guard chain.allSatisfy({ $0.left > 0 }) else { return nil }
        var parent: Int?
        for (place, left) in chain.reversed() {
            if let known = numbers[place] {
                parent = known
                continue
            }
            numbers[place] = caps.count
            caps.append(
                MatchRunCap(
                    year: place.year, municipality: place.municipality,
                    neighbourhood: place.neighbourhood.map { _ in dwelling.content.neighbourhood }, places: left,
                    parent: parent))
            parent = caps.count - 1
        }
        return parent
    }

    /// The caps that a home is under, the innermost first.
    private func chain(_ home: MatchRunHome) -> [Int] {
        home.cap.map { Array(sequence(first: $0) { caps[$0].parent }) } ?? []
    }

    /// The pairs that fit.
    var pairs: Int { people.reduce(0) { $0 + $1.scores.count } }

    /// What the engine is asked. Ids are places and numbers, written so that they sort as they count.
    func input() -> MatchInput {
        var input = MatchInput()
        input.groups = caps.enumerated().map { .init(id: Self.id("nb", $0.offset), cap: Int64($0.element.places)) }
        input.dwellings = homes.enumerated().map { number, home in
            .init(id: Self.id("d", number), groups: chain(home).map { Self.id("nb", $0) })
        }
        let names = homes.indices.map { Self.id("d", $0) }
        input.candidates = people.enumerated().map { place, person in
            var candidate = MatchInput.Candidate(id: Self.id("c", place), priority: Int64(place), edges: [])
            var scores = person.scores.makeIterator()
            for (number, bits) in person.limits.enumerated() {
                let failing = MatchLimits(rawValue: bits)
                if failing.isEmpty {
                    candidate.edges.append(.init(dwelling: names[number], score: Int64(scores.next() ?? 0)))
                } else if let limit = failing.single {
                    candidate.near.append(.init(dwelling: names[number], limit: limit.rawValue))
                }
            }
            return candidate
        }
        return input
    }

    private static func id(_ letters: String, _ number: Int) -> String {
        let digits = String(number)
        return letters + String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    }

    private static func number(_ id: String, after letters: Int = 1) -> Int? { Int(id.dropFirst(letters)) }

    /// Asks the engine, and writes its answer beside the question.
    ///
    /// - Throws: `MatchInstanceError` for more people or homes than a run may have.
    mutating func answer() throws -> (total: Int64, certain: [MatchRunCertainty]) {
        let outcome = MatchEngine.run(try MatchInstance(input()))
        for assignment in outcome.assignments {
            guard let place = Self.number(assignment.candidate), let home = Self.number(assignment.dwelling) else {
                continue
            }
            people[place].home = home
            people[place].score = assignment.score
            homes[home].place = place
        }
        for unlock in outcome.unlocks {
            guard let place = Self.number(unlock.candidate) else { continue }
            people[place].unlocks = unlock.limits
        }
        for cutOff in outcome.cutOffs {
            guard let home = Self.number(cutOff.dwelling) else { continue }
            homes[home].cutOff = Self.number(cutOff.candidate)
        }
        let proof = outcome.proof
        let certain: [(MatchRunCertainty, Bool)] = [
            (.nested, proof.capsNest), (.size, proof.sizeIsProven), (.order, proof.orderIsProven),
            (.score, proof.scoreIsProven), (.explanations, proof.explanationsAreProven),
        ]
        return (outcome.totalScore, certain.filter(\.1).map(\.0))
    }
}

extension MatchLimits {
    /// The set of one limit.
    init(_ limit: MatchLimit) {
        let place = MatchLimit.allCases.firstIndex(of: limit) ?? 0
        self.init(rawValue: 1 << UInt16(place))
    }

    /// The limits that a trial leaves out.
    init(_ leftOut: [RuleLeftOut]) {
        self = leftOut.reduce(into: []) { set, rule in
            if let limit = MatchLimit(rawValue: rule.rawValue) { set.formUnion(MatchLimits(limit)) }
        }
    }
}
