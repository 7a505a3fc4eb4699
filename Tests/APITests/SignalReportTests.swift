// The report of missed signals as a municipality gets it: in JSON and in CSV, without a word or a name, and with small numbers
// hidden in both.

import Domain
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct SignalReportTests {
    private func post(_ count: Int, _ theme: String, _ route: String, on bench: Bench) async throws {
        for _ in 0..<count {
            let draft = Drafts.referral.removing("/person/bsn").removing("/externalReference")
                .setting("/route", .text(route))
            let made = try await bench.client.post("/v1/referrals", as: .intaker, draft)
            let path = "/v1/referrals/\(made.json["/id"]?.text ?? "")/themes"
            let given = try await bench.client.post(path, as: .intaker, ["themes": [.text(theme)]])
            #expect(given.status == 200 && given.json["/themes"] == [.text(theme)])
        }
    }

    @Test func aSmallNumberIsHiddenWithWhatWouldTellIt() async throws {
        let bench = try await Bench()
        try await post(7, "rent_arrears", "prevention", on: bench)
        try await post(6, "rent_arrears", "shelter_exit", on: bench)
        try await post(6, "long_wait", "prevention", on: bench)
        try await post(2, "long_wait", "shelter_exit", on: bench)
        let path = "/v1/reports/missed-signals?year=2026"
        let reply = try await bench.client.get(path, as: .policymaker)
        #expect(reply.status == 200 && reply.json["/municipality"] == "GM0153")
        let rows = reply.json["/themes"]?.elements ?? []
        func figure(_ theme: String, _ route: String) -> JSONTree? {
            let row = rows.first { $0["/theme"] == .text(theme) }
            return row?["/routes"]?.elements.first { $0["/route"] == .text(route) }?["/count"]
        }
        #expect(figure("long_wait", "shelter_exit") == "hidden")
        #expect(figure("long_wait", "prevention") == "hidden" && figure("rent_arrears", "shelter_exit") == "hidden")
        #expect(figure("violence", "prevention") == 0)
        #expect(reply.json["/openings/total"] == 21 && reply.json["/totals/total"] == 21)
        #expect(![Canary.missedSignals, Canary.familyName].contains { reply.text.contains($0) })

        let table = try await bench.client.get(path, as: .policymaker, fields: [("Accept", "text/csv")])
        #expect(table["Content-Type"] == "text/csv; charset=utf-8" && table["Vary"] == "Accept")
        let lines = table.text.split(separator: "\r\n").map { $0.split(separator: ",").map(String.init) }
        #expect(lines.first?.prefix(2) == ["theme", "prevention"] && lines.allSatisfy { $0.count == 10 })
        let waits = lines.first { $0.first == "long_wait" }
        #expect(waits?[1] == "hidden" && waits?[3] == "hidden" && waits?.last == "8")
        #expect(try await bench.client.get(path, as: .policymaker, fields: [("Accept", "image/png")]).status == 406)
    }

    @Test func aMunicipalitySeesItsOwn() async throws {
        let bench = try await Bench()
        let path = "/v1/reports/missed-signals"
        #expect(try await bench.client.get(path + "?municipality=GM0164", as: .policymaker).status == 403)
        #expect(try await bench.client.get(path + "?municipality=GM0164", as: .coordinator).status == 200)
        let other = try await bench.client.get(path, as: .other(.policymaker))
        #expect(other.json["/municipality"] == "GM0164")
        for year in ["26", "99999", "next"] {
            #expect(try await bench.client.get(path + "?year=" + year, as: .coordinator).status == 400)
        }
    }
}
