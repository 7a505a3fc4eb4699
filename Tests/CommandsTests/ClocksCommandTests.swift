// clocks run: what is due is done once, by the day it is in Amsterdam, whatever time zone the machine is set to.

import Commands
import Domain
import Foundation
import JSON
import Testing

@Suite struct ClocksCommandTests {
    @Test func whatIsDueIsDoneOnce() async throws {
        let scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "200").code == .done)
        let first = try await scratch.run("clocks", "run", "--json").documents()
        let (duties, counts) = (first.map { $0["duty"]?.string }, first.map { $0["done"]?.integer ?? 0 })
        #expect(duties.contains("stalled_steps") && duties.contains("escalations"))
        #expect(counts.contains { $0 > 0 }, "in a region of 200 somebody is late")
        let second = try await scratch.run("clocks", "run", "--json").documents()
        #expect(second.allSatisfy { $0["done"]?.integer == 0 })
        #expect(await scratch.run("verify").code == .done)
    }

    @Test(arguments: ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
    func theDayIsAmsterdams(zone: String) async throws {
        let scratch = try await Scratch.migrated()
        let before = AmsterdamTime.day(of: Environment.system.now())
        let ran = try Running(["clocks", "run"], in: scratch, environment: ["TZ": zone]).wait()
        let after = AmsterdamTime.day(of: Environment.system.now())
        #expect(ran.code == 0)
        #expect([before, after].contains { ran.said.contains("as of \($0) in Amsterdam") }, "\(ran.said)")
    }
}
