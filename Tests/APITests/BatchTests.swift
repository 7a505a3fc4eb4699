// Many referrals in one request: an outcome for each record, in order; again from the beginning without storing twice;
// and nothing of a broken record in the way of the next.

import Domain
import HTTPWire
import JSON
import SQLite
import Storage
import TestKit
import Testing

@testable import API

@Suite struct BatchTests {
    private static let path = "/v1/referrals/batch"

    private func line(_ number: Int) -> JSONTree {
        Drafts.plainReferral.setting("/externalReference", .text("B-\(number)"))
            .setting("/person/familyName", .text("Naam\(number)"))
    }

    private func lines(_ trees: [JSONTree]) -> [UInt8] {
        trees.reduce(into: []) { $0 += $1.bytes + [UInt8(ascii: "\n")] }
    }

    private func outcomes(_ reply: Reply) -> [JSONTree] {
        reply.body.split(separator: UInt8(ascii: "\n")).map { JSONTree(bytes: Array($0)) ?? .null }
    }

    private func words(_ reply: Reply) -> [String] {
        outcomes(reply).map { one in
            let line = if case .number(let number)? = one["/line"] { number } else { Int64(0) }
            let why = one["/problem/errors/0/pointer"]?.text ?? one["/problem/type"]?.text
            return "\(line) \(one["/outcome"]?.text ?? "")" + (why.map { " " + $0 } ?? "")
        }
    }

    private func post(
        _ body: [UInt8], on bench: Bench, type: String = "application/x-ndjson", as speaker: Speaker = .referrer,
        fields: [(String, String)] = []
    ) async throws -> Reply {
        try await bench.client.send(.post, Self.path, as: speaker, body, type: type, fields: fields)
    }

    @Test(arguments: Bench.Transport.allCases)
    func eachLineHasItsOutcomeAndAgainItIsThereAlready(transport: Bench.Transport) async throws {
        let bench = try await Bench(transport)
        let count = 250
        let body = lines((1...count).map(line))
        let first = try await post(body, on: bench)
        #expect(first.status == 200)
        #expect(first["Content-Type"] == "application/x-ndjson")
        #expect(words(first) == (1...count).map { "\($0) created" })
        let ids = outcomes(first).compactMap { $0["/referral"]?.text }
        #expect(Set(ids).count == count)
        #expect(try bench.scratch.ids(in: "referral").count == count)
        let again = try await post(body, on: bench)
        #expect(words(again) == (1...count).map { "\($0) existing" })
        #expect(outcomes(again).compactMap { $0["/referral"]?.text } == ids)
        #expect(try bench.scratch.ids(in: "referral").count == count)
        #expect(try await bench.client.get("/v1/referrals/\(ids[7])", as: .referrer).status == 200)
    }

    @Test func whatIsWrongIsRefusedAloneAndInItsPlace() async throws {
        let bench = try await Bench()
        let long = String(repeating: "x", count: 300_000)
        var body = lines([line(1), line(2).removing("/externalReference"), line(3).removing("/opening")])
        body += Array("{\n\n[]\n\"\(long)\"\n".utf8) + [0xFF, 0x0A]
        body += lines([line(4), line(4), line(5).setting("/person/bsn", "123456789")])
        let reply = try await post(body, on: bench)
        #expect(reply.status == 200)
        #expect(
            words(reply) == [
                "1 created", "2 refused /externalReference", "3 refused /opening", "4 refused ", "6 refused ",
                "7 refused ", "8 refused ", "9 created", "10 existing", "11 refused /person/bsn",
            ])
        #expect(!reply.text.contains("123456789"))
        #expect(try bench.scratch.ids(in: "referral").count == 2)
    }

    /// The person's own organisation learns of the open referral, as by a single post, and the ledger has that.
    @Test func aPersonWhoIsThereIsToldAndWrittenDown() async throws {
        let bench = try await Bench()
        let known = line(1).setting("/person/bsn", .text(Canary.bsn))
        let reply = try await post(lines([known, known.setting("/externalReference", "B-2")]), on: bench)
        #expect(words(reply) == ["1 created", "2 refused /problems/duplicate-person"])
        let id = try #require(outcomes(reply).first?["/referral"]?.text)
        let entries = try bench.scratch.ledger(after: 0).filter { $0.referral == id }
        #expect(entries.map(\.action).suffix(1) == ["search_duplicates"])
    }

    @Test func aTableIsReadAsTheFormIs() async throws {
        let bench = try await Bench()
        let table = #"""
            \#u{FEFF}externalReference;opening.declined;opening.missedSignals;opening.neededTwoYearsAgo;route;municipality;\#
            person.givenName;person.familyName;person.birthDate;person.phone;screening.legalResidence;\#
            screening.acuteDanger;screening.lasting24hSupervision;screening.ownStrengthSuffices;\#
            screening.homelessTonight;supportNeeds;household.adults;household.children;household.pets;wishes.1.form;\#
            wishes.2.form;wishes.2.municipalities
            C-1;ja;;;shelter_exit;GM0153;Sam;"de ""Vries""";1988-04-12;'+31600000000;WAAR;nee;0;false;onwaar;\#
            money day_structure;2;1;nee;;shared;GM0153 GM0164
            C-2;;"Twee
            regels";Iemand;shelter_exit;GM0153;Noa;Visser;12-04-1988;;ja;misschien;nee;nee;nee;;een;;;;;
            C-3;ja;;;shelter_exit
            C-4;ja;;;clinic_exit;GM0153;Kim;Bos;1990-01-01;;ja;nee;nee;nee;nee;;;;;;;
            """#
        let reply = try await post(Array(table.utf8), on: bench, type: "text/csv; charset=utf-8")
        #expect(
            words(reply) == ["2 created", "3 refused /person/birthDate", "5 refused ", "6 created"], "\(reply.text)")
        let faults = outcomes(reply)[1]["/problem/errors"]?.elements.compactMap { $0["/pointer"]?.text }
        #expect(
            faults == [
                "/person/birthDate", "/screening/acuteDanger", "/household/adults", "/household/children",
                "/household/pets",
            ])
        let id = try #require(outcomes(reply)[0]["/referral"]?.text)
        let made = try await bench.client.get("/v1/referrals/\(id)", as: .intaker).json
        #expect(made["/person/familyName"] == "de \"Vries\"")
        #expect(made["/person/phone"] == "+31600000000")
        #expect(made["/screening/legalResidence"] == true)
        #expect(made["/household/adults"] == 2)
        #expect(made["/supportNeeds"] == ["money", "day_structure"])
        #expect(made["/wishes/wishes/0/form"] == "shared")
        #expect(made["/wishes/wishes/0/municipalities"] == ["GM0153", "GM0164"])
    }

    private static let columns = """
        externalReference,opening.missedSignals,opening.neededTwoYearsAgo,route,municipality,person.givenName,\
        person.familyName,person.birthDate,screening.legalResidence,screening.acuteDanger,\
        screening.lasting24hSupervision,screening.ownStrengthSuffices,screening.homelessTonight

        """

    private func row(_ name: String, _ missed: String = "None", given: String = "Kim") -> String {
        "\(name),\(missed),Nobody,shelter_exit,GM0153,\(given),Bos,1990-01-01,true,false,false,false,false\n"
    }

    /// A quote that nobody closed costs its own row, and a row that swallowed others says which.
    @Test func aQuoteThatIsNotClosedCostsOneRow() async throws {
        let bench = try await Bench()
        var table = Self.columns + row("Q-1", given: "\"Kim") + row("Q-2") + row("Q-3", "\"a, b\"") + row("Q-4")
        table += "Q-5,\"open\n" + row("Q-6") + "close\"\n" + row("Q-7")
        let reply = try await post(Array(table.utf8), on: bench, type: "text/csv")
        #expect(words(reply) == ["2 refused ", "3 created", "4 created", "5 created", "6 refused ", "9 created"])
        #expect(outcomes(reply)[0]["/problem/errors/0/code"] == "unclosed-quote")
        #expect(
            outcomes(reply)[4]["/problem/errors/0/text"]
                == "The row, which its quotes make lines 6 to 8, has 2 fields, the header 13.")
    }

    @Test func linesWithinACellEndAsInJSON() async throws {
        let bench = try await Bench()
        let table = Self.columns + row("L-1", "\"one\r\ntwo\rthree\nfour\"")
        let reply = try await post(Array(table.utf8), on: bench, type: "text/csv")
        #expect(words(reply) == ["2 created"], "\(reply.text)")
        let id = try #require(outcomes(reply).first?["/referral"]?.text)
        let made = try await bench.client.get("/v1/referrals/\(id)", as: .intaker).json
        #expect(made["/opening/missedSignals"] == "one\ntwo\nthree\nfour")
    }

    /// A record that is refused has its reference beside the reason, unless that is what is wrong.
    @Test func whatIsRefusedIsCalledByItsReference() async throws {
        let bench = try await Bench()
        var body = lines([
            line(1).setting("/person/birthDate", "soon"), line(2).setting("/externalReference", "no reference"),
        ])
        body += Array("{\"externalReference\":\"B-3\",}".utf8)
        let reply = try await post(body, on: bench)
        #expect(outcomes(reply).map { $0["/externalReference"]?.text } == ["B-1", nil, nil])
        #expect(
            outcomes(reply)[2]["/problem/errors/0/text"]?.text?.hasPrefix("Column 28: ") == true, "\(reply.text)")
    }

    /// A body that turns out to be too long ends with an outcome that says so, after those of what was stored.
    @Test func aBodyThatIsTooLongEndsInAnOutcome() async throws {
        final class Endless: BodySource {
            private var pieces: [[UInt8]]

            init(_ pieces: [[UInt8]]) { self.pieces = pieces }

            func nextPiece() async throws(BodyFault) -> [UInt8]? {
                guard !pieces.isEmpty else { throw .tooLarge }
                return pieces.removeFirst()
            }

            func exceedLimit() {}
        }
        let bench = try await Bench()
        let token = bench.region.secret(of: .referrer)
        let request = try Request(
            method: .post, target: Self.path,
            fields: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/x-ndjson")])
        let body = RequestBody(source: Endless([lines([line(1), line(2)]), Array("{\"half".utf8)]), framing: .chunked)
        let response = await bench.application.respond(to: request, body: body)
        let reply = Reply(
            status: response.status, fields: response.allFields, body: try await response.body.collect(request: body))
        #expect(reply.status == 200)
        #expect(words(reply) == ["1 created", "2 created", "3 refused /problems/body-too-large"])
        #expect(outcomes(reply).last?["/problem/status"] == 413)
        #expect(try bench.scratch.ids(in: "referral").count == 2)
    }

    @Test(arguments: [
        ("route,colour\nshelter_exit,red\n", "1 refused /header/1"),
        ("route,route\nshelter_exit,clinic_exit\n", "1 refused /header/1"), ("a\"b\nx\n", "1 refused "),
    ])
    func aHeaderThatCantBeReadEndsTheAnswer(table: String, expected: String) async throws {
        let bench = try await Bench()
        #expect(words(try await post(Array(table.utf8), on: bench, type: "text/csv")) == [expected])
    }

    /// Every member of the form that is not itself in a list has a column; what the form gets to know the table must too.
    @Test func everyMemberHasAColumn() throws {
        var paths: [String] = []
        func walk(_ tree: JSONTree, _ path: String) {
            switch tree {
            case .object(let members):
                for member in members { walk(member.value, path.isEmpty ? member.name : path + "." + member.name) }
            case .list(let items):
                guard case .object? = items.first else { return paths.append(path) }
                for (place, item) in items.enumerated() { walk(item, "\(path).\(place + 1)") }
            default: paths.append(path)
            }
        }
        walk(Drafts.referral, "")
        #expect(!paths.isEmpty)
        for path in paths { #expect(ReferralTable.names.contains(path), "\(path)") }
    }

    @Test func theBodyIsOneOfTheTwoTypesAndTheRoleMayPost() async throws {
        let bench = try await Bench()
        #expect(try await post([], on: bench, type: "application/json").status == 415)
        #expect(try await post(lines([line(1)]), on: bench, as: .allocator).status == 403)
        let reply = try await post([], on: bench, fields: [("Accept", "text/html")])
        #expect(reply.status == 406)
        #expect(try await post([], on: bench).body.isEmpty)
        #expect(try bench.scratch.ids(in: "referral").isEmpty)
    }

    /// A disk that fails in the midst: what was told created is stored, the rest is not, and the end says why.
    @Test func aStoreThatFailsEndsTheAnswerThere() async throws {
        let bench = try await Bench()
        let other = try Connection(
            path: bench.scratch.database.path, settings: ConnectionSettings(access: .readWrite))
        try other.begin(.immediate)
        let reply = try await post(lines((1...3).map(line)), on: bench)
        try other.rollback()
        #expect(words(reply) == ["1 refused /problems/unavailable"])
        #expect(try bench.scratch.ids(in: "referral").isEmpty)
    }
}
