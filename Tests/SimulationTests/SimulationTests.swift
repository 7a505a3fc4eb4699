// A region by chance: actors try commands on a real file while a model in memory says what ought to come of each. After
// every step the two are one, and no rule of the queue is broken. THUISPUNT_SIMULATION_SEEDS asks for more seeds.

import Domain
import Foundation
import Storage
import Testing
import UseCases

/// Something that differs, with how to see it again.
struct Difference: Error, CustomStringConvertible {
    var description: String
}

@Suite struct SimulationTests {
    static let steps = 600
    static let seeds: [UInt64] = {
        let asked = ProcessInfo.processInfo.environment["THUISPUNT_SIMULATION_SEEDS"].flatMap { UInt64($0) }
        return Array(1...max(1, asked ?? 3))
    }()

    @Test(arguments: seeds) func modelAndFileAreOne(seed: UInt64) async throws {
        let region = try await Region(seed: seed)
        var chooser = Chooser(dice: Dice(state: seed &* 7919))
        var model = Model()
        var done = 0
        var reached: Set<ReferralState> = []
        for step in 1...Self.steps {
            if chooser.dice.chance(20) {
                region.clock.advance(hours: Int64.random(in: 1...60, using: &chooser.dice))
            }
            let (actor, command) = chooser.next(model, today: region.clock.today)
            let place = "seed \(seed), step \(step): \(actor.role.rawValue) tries \(command)"
            let permitted = model.permits(command, by: actor, today: region.clock.today)
            let outcome = try await attempt(command, by: actor, in: region)
            switch outcome {
            case .success(let made):
                guard permitted else { throw Difference(description: "\(place): done, and should not be") }
                model.record(command, by: actor, made: made, now: region.clock.now)
                done += 1
            case .failure(let error as UseCaseFault):
                guard !permitted else { throw Difference(description: "\(place): refused with \(error)") }
            case .failure(let error): throw Difference(description: "\(place): broke with \(error)")
            }
            let faults = try region.database.read(lane: 0) { tx in
                try differences(model, tx) + brokenRules(model) + ClockworkRules.broken(model, tx)
            }
            guard faults.isEmpty else { throw Difference(description: "\(place): \(faults)") }
            reached.formUnion(model.referrals.values.map(\.state))
        }
        let broken = try region.database.read(lane: 0) { try LedgerStore($0.db).firstBrokenSequence() }
        #expect(broken == nil, "seed \(seed)")
        // A simulation in which nothing happens proves nothing.
        #expect(done > Self.steps / 4, "seed \(seed): \(done) done")
        #expect(
            reached.isSuperset(of: [.waiting, .matched, .accepted, .housed, .withdrawn]), "seed \(seed): \(reached)")
    }

    private func attempt(
        _ command: Command, by actor: Actor, in region: Region
    ) async throws -> Result<Made, any Error> {
        let caller = Caller(actor: actor, trace: RequestTrace(requestID: "s", address: "::1"))
        do {
            return .success(try await region.database.write { tx in try command.run(by: caller, in: tx) })
        } catch {
            return .failure(error)
        }
    }

    /// Where the file is not what the model says.
    private func differences(_ model: Model, _ tx: ReadTransaction) throws -> [String] {
        var found: [String] = []
        func expect<Value: Equatable>(_ actual: Value, _ expected: Value, _ what: String) {
            if actual != expected { found.append("\(what) is \(actual), not \(expected)") }
        }
        let page = try ReferralStore(tx.db).list(
            ReferralFilter(), in: .everything, groups: .status, page: PageRequest(limit: 10_000))
        expect(page.items.count, model.referrals.count, "number of referrals")
        for standing in page.items.map(\.standing) {
            guard let expected = model.referrals[standing.id] else { return ["unknown referral \(standing.id)"] }
            expect(standing.state, expected.state, "state of \(standing.id)")
            expect(standing.resuming, expected.resuming, "state left by \(standing.id)")
            expect(standing.version, expected.version, "version of \(standing.id)")
            expect(standing.waitingSince, expected.waitingSince, "waiting date of \(standing.id)")
            expect(standing.promiseDueOn, expected.promiseDueOn, "promise to \(standing.id)")
            let events = try EventStore(tx.db).list(
                of: standing.id, in: .everything, timeline: .everything, groups: .status,
                page: PageRequest(limit: 10_000))
            expect(events?.items.count ?? 0, expected.events, "number of events of \(standing.id)")
            expect(events?.items.last { $0.to != nil }?.to, expected.state, "last state told of \(standing.id)")
        }
        let homes = try DwellingStore(tx.db).list(DwellingFilter(), in: .everything, page: PageRequest(limit: 10_000))
        expect(homes.items.count, model.dwellings.count, "number of dwellings")
        for home in homes.items { expect(home.state, model.dwellings[home.id]?.state, "state of home \(home.id)") }
        for (id, expected) in model.matches {
            let row = try MatchStore(tx.db).row(id, in: .everything)
            expect(row?.standing.state, expected.state, "state of match \(id)")
            expect(row?.answerDueOn, expected.answerDueOn, "term of match \(id)")
        }
        let requests = try SupportStore(tx.db).list(
            states: [], in: .about(.everything), groups: .decision, page: PageRequest(limit: 10_000))
        expect(requests.items.count, model.requests.count, "number of requests")
        for request in requests.items {
            expect(request.state, model.requests[request.id]?.state, "state of request \(request.id)")
        }
        expect(try LedgerStore(tx.db).count(), model.ledger, "number of ledger entries")
        return found
    }

    /// The rules of the queue, of whatever the model and the file agree on.
    private func brokenRules(_ model: Model) -> [String] {
        var broken: [String] = []
        for (id, dwelling) in model.dwellings {
            let live = model.matches.values.filter { $0.dwelling == id && $0.state.isLive }
            if live.count > 1 { broken.append("two live matches for home \(id)") }
            if (dwelling.state == .reserved) != (live.count == 1) { broken.append("home \(id) \(dwelling.state)") }
            if dwelling.tenant != nil && dwelling.state != .let { broken.append("home \(id) is lived in") }
        }
        for (id, referral) in model.referrals {
            let states = model.live(of: id).compactMap { model.matches[$0]?.state }
            let accepted = states.filter { $0 == .accepted }.count
            if accepted > 1 { broken.append("two accepted matches for \(id)") }
            if (referral.state == .accepted) != (accepted == 1) { broken.append("\(id) \(referral.state)") }
            if (referral.state == .matched) != (states.contains(.offered) && accepted == 0) {
                broken.append("\(id) is \(referral.state) with \(states)")
            }
            if !referral.state.isOpen && !states.isEmpty { broken.append("\(id) has ended, its matches have not") }
            let asked = model.requests.values.contains { $0.referral == id && $0.state == .asked }
            if !referral.state.isOpen && asked { broken.append("\(id) has ended, its requests have not") }
            let supported = model.requests.values.filter { $0.referral == id && $0.state == .accepted }.count
            if supported > 1 || (referral.state == .housed && supported == 0) { broken.append("support of \(id)") }
        }
        let queue = model.referrals.values.filter { $0.isTakenIn }.compactMap(\.bsn)
        if Set(queue).count != queue.count { broken.append("one person is in the queue twice") }
        return broken
    }
}
