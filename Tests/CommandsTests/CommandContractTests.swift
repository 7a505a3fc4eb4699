// What scripts may count on, for every command: the exit codes it documents and no other, JSON on standard output with the
// members it documents, faults as one line on standard error, and examples that do what they say.

import Foundation
import JSON
import SQLite
import Testing

@testable import Commands

@Suite(.serialized) struct CommandContractTests {
    /// One command line and how it must end.
    struct Case {
        var code: ExitCode
        var line: String
        /// Done to the database before.
        var harm: [SQL] = []
    }

    private static let granted: [SQL] = [
        "UPDATE referral SET status = 'withdrawn', resume_status = NULL, hold_until = NULL",
        """
        INSERT INTO erasure_request (id, referral_id, requested_at, role, due_on, outcome, decided_at)
        SELECT randomblob(16), id, 1, 'candidate', 1, 'granted', 1 FROM referral
        """,
    ]
    private static let edited: [SQL] = ["UPDATE schema_migration SET checksum = 'x'"]
    private static let broken: [SQL] = ["UPDATE ledger SET action = 'nothing' WHERE sequence = 3"]

    /// For every command a line for every code it can end with. `serve` is done when it is stopped; see below.
    static let cases: [String: [Case]] = [
        "serve": [Case(code: .usage, line: "serve --threads 0"), Case(code: .failed, line: "serve --database no.db")],
        "migrate status": [
            Case(code: .done, line: "migrate status"), Case(code: .no, line: "migrate status --database new.db"),
            Case(code: .usage, line: "migrate status now"),
            Case(code: .failed, line: "migrate status --database region.json"),
        ],
        "migrate up": [
            Case(code: .done, line: "migrate up --database new.db"), Case(code: .usage, line: "migrate up --to x"),
            Case(code: .failed, line: "migrate up --to 999"),
        ],
        "migrate verify": [
            Case(code: .done, line: "migrate verify"), Case(code: .no, line: "migrate verify", harm: edited),
            Case(code: .usage, line: "migrate verify --to 1"),
            Case(code: .failed, line: "migrate verify --database region.json"),
        ],
        "migrate new": [
            Case(code: .done, line: "migrate new add_rooms"), Case(code: .usage, line: "migrate new"),
            Case(code: .failed, line: "migrate new 'Bad Name'"),
        ],
        "organisation add": [
            Case(code: .done, line: "organisation add --kind intake_point --name Loket"),
            Case(code: .usage, line: "organisation add --kind shop --name Winkel"),
            Case(code: .failed, line: "organisation add --kind intake_point --name Loket --database no.db"),
        ],
        "organisation list": [
            Case(code: .done, line: "organisation list"), Case(code: .usage, line: "organisation list --kind shop"),
            Case(code: .failed, line: "organisation list --database no.db"),
        ],
        "organisation disable": [
            Case(code: .done, line: #"organisation disable "$ORGANISATION""#),
            Case(code: .usage, line: "organisation disable 1"),
            Case(code: .failed, line: #"organisation disable "$TOKEN""#),
        ],
        "token issue": [
            Case(code: .done, line: #"token issue --organisation "$ORGANISATION" --role referrer --label a"#),
            Case(code: .usage, line: #"token issue --organisation "$ORGANISATION" --role king --label a"#),
            Case(code: .failed, line: #"token issue --organisation "$TOKEN" --role referrer --label a"#),
        ],
        "token list": [
            Case(code: .done, line: "token list"), Case(code: .usage, line: "token list --organisation 1"),
            Case(code: .failed, line: "token list --database no.db"),
        ],
        "token rotate": [
            Case(code: .done, line: #"token rotate "$TOKEN""#), Case(code: .usage, line: "token rotate 1"),
            Case(code: .failed, line: #"token rotate "$ORGANISATION""#),
        ],
        "token revoke": [
            Case(code: .done, line: #"token revoke "$TOKEN""#), Case(code: .usage, line: "token revoke 1"),
            Case(code: .failed, line: #"token revoke "$ORGANISATION""#),
        ],
        "region show": [
            Case(code: .done, line: "region show"), Case(code: .usage, line: "region show --version x"),
            Case(code: .failed, line: "region show --version 99"),
        ],
        "region apply": [
            Case(code: .done, line: "region apply region.json"), Case(code: .no, line: "region apply faulty.json"),
            Case(code: .usage, line: "region apply"), Case(code: .failed, line: "region apply no.json"),
        ],
        "retention list": [
            Case(code: .done, line: "retention list"), Case(code: .no, line: "retention list", harm: granted),
            Case(code: .usage, line: "retention list --on soon"),
            Case(code: .failed, line: "retention list --database no.db"),
        ],
        "retention apply": [
            Case(code: .done, line: "retention apply --yes", harm: granted),
            Case(code: .no, line: "retention apply", harm: granted),
            Case(code: .usage, line: "retention apply all"),
            Case(code: .failed, line: "retention apply --database no.db"),
        ],
        "clocks run": [
            Case(code: .done, line: "clocks run"), Case(code: .usage, line: "clocks run now"),
            Case(code: .failed, line: "clocks run --database no.db"),
        ],
        "import referrals": [
            Case(code: .done, line: #"import referrals referrals.csv --organisation "$ORGANISATION""#),
            Case(code: .no, line: #"import referrals faulty.csv --organisation "$ORGANISATION""#),
            Case(code: .usage, line: "import referrals referrals.csv"),
            Case(code: .failed, line: #"import referrals no.csv --organisation "$ORGANISATION""#),
        ],
        "export referrals": [
            Case(code: .done, line: "export referrals out.csv"), Case(code: .usage, line: "export referrals out.txt"),
            Case(code: .failed, line: "export referrals referrals.csv"),
        ],
        "export dwellings": [
            Case(code: .done, line: "export dwellings out.ndjson"), Case(code: .usage, line: "export dwellings"),
            Case(code: .failed, line: "export dwellings out.csv --database no.db"),
        ],
        "export matches": [
            Case(code: .done, line: "export matches out.csv"), Case(code: .usage, line: "export matches a b"),
            Case(code: .failed, line: "export matches no/out.csv"),
        ],
        "verify": [
            Case(code: .done, line: "verify"), Case(code: .no, line: "verify", harm: broken),
            Case(code: .usage, line: "verify --fast"), Case(code: .failed, line: "verify --database no.db"),
        ],
        "openapi": [
            Case(code: .done, line: "openapi"), Case(code: .usage, line: "openapi yaml"),
            Case(code: .failed, line: "openapi > /dev/full"),
        ],
        "version": [
            Case(code: .done, line: "version"), Case(code: .usage, line: "version 2"),
            Case(code: .failed, line: "version > /dev/full"),
        ],
        "backup": [
            Case(code: .done, line: "backup today.db"), Case(code: .usage, line: "backup"),
            Case(code: .failed, line: "backup copy.db"),
        ],
        "backup rotate": [
            Case(code: .done, line: "backup rotate backups"), Case(code: .usage, line: "backup rotate b --keep 0"),
            Case(code: .failed, line: "backup rotate backups --database no.db"),
        ],
        "restore": [
            Case(code: .done, line: "restore copy.db --database new.db"), Case(code: .usage, line: "restore"),
            Case(code: .failed, line: "restore copy.db"),
        ],
        "ledger verify": [
            Case(code: .done, line: "ledger verify"), Case(code: .no, line: "ledger verify", harm: broken),
            Case(code: .usage, line: "ledger verify all"), Case(code: .failed, line: "ledger verify --database no.db"),
        ],
        "ledger search": [
            Case(code: .done, line: "ledger search --limit 3"), Case(code: .usage, line: "ledger search --from x"),
            Case(code: .failed, line: "ledger search --database no.db"),
        ],
        "demo load": [
            Case(code: .done, line: "demo load"), Case(code: .usage, line: "demo load --referrals 0"),
            Case(code: .failed, line: "demo load --database no.db"),
        ],
        "match": [
            Case(code: .done, line: "match instance.json"), Case(code: .usage, line: "match faulty.json"),
            Case(code: .failed, line: "match no.json"),
        ],
        "match make": [
            Case(code: .done, line: "match make --candidates 5 --dwellings 2"),
            Case(code: .usage, line: "match make --seed x"),
            Case(code: .failed, line: "match make --candidates 5 --dwellings 2 > /dev/full"),
        ],
        "match bench": [
            Case(code: .done, line: "match bench --sizes 20x5 --repeats 1"),
            Case(code: .usage, line: "match bench --sizes 20"),
            Case(code: .failed, line: "match bench --sizes 20x5 --repeats 1 > /dev/full"),
        ],
        "help": [
            Case(code: .done, line: "help"), Case(code: .usage, line: "help fly"),
            Case(code: .failed, line: "help > /dev/full"),
        ],
        "completion": [
            Case(code: .done, line: "completion bash"), Case(code: .usage, line: "completion tcsh"),
            Case(code: .failed, line: "completion bash > /dev/full"),
        ],
    ]

    /// The table has every command, with every code that its help tells of.
    @Test(arguments: Thuispunt.commands) func theTableIsWhole(command: Command) {
        let codes = Set((Self.cases[command.name] ?? []).map(\.code))
        let known: Set<ExitCode> = command.name == "serve" ? [] : [.done]
        #expect(codes == known.union([.usage, .failed]).union(command.no == nil ? [] : [.no]))
        #expect(Set(Self.cases.keys) == Set(Thuispunt.commands.map(\.name)))
    }

    @Test func everyCommandEndsAsItSays() async throws {
        let world = try await ShellWorld()
        for command in Thuispunt.commands {
            for one in Self.cases[command.name] ?? [] {
                let ran = try world.copied(harmed: one.harm).run("thuispunt " + one.line)
                #expect(ran.code == one.code.rawValue, "\(one.line): \(ran.told)")
                if one.code == .usage || one.code == .failed {
                    #expect(ran.told.hasPrefix("thuispunt: ") && ran.told.count { $0 == "\n" } == 1, "\(one.line)")
                    #expect(ran.said.isEmpty, "\(one.line)")
                }
                guard one.code == .done || one.code == .no else { continue }
                let json = try world.copied(harmed: one.harm).run("thuispunt \(one.line) --json")
                #expect(json.code == one.code.rawValue, "\(one.line) --json: \(json.told)")
                try expect(json.said, isAnAnswerOf: command, one)
            }
        }
    }

    /// Each line is JSON and has the members that the help names, and no other.
    private func expect(_ said: String, isAnAnswerOf command: Command, _ one: Case) throws {
        let lines = said.split(separator: "\n").map(String.init)
        let documents = try lines.map { try JSONTree(text: $0) }
        switch command.json {
        case .document: #expect(documents.count == 1, "\(one.line)")
        case .object(let members):
            // A document that is refused has its faults on standard error.
            #expect(documents.count == 1 || one.code == .no, "\(one.line)")
            for document in documents { #expect(document.members.subtracting(members) == [], "\(one.line)") }
        case .lines(let members):
            // Nothing to list is no line; the other case of such a command has some.
            #expect(documents.count > 0 || (Self.cases[command.name] ?? []).count > 3, "\(one.line)")
            for document in documents { #expect(document.members.subtracting(members) == [], "\(one.line)") }
        }
        #expect(documents.allSatisfy { !$0.members.isEmpty }, "\(one.line)")
    }

    /// Just enough of a look at JSON.
    private struct JSONTree {
        var members: Set<String>

        init(text: String) throws {
            let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
            members = Set((value as? [String: Any])?.keys.map { $0 } ?? [])
        }
    }

    @Test func aServiceThatIsStoppedIsDone() async throws {
        let scratch = try await Scratch.migrated()
        let running = try Running(["serve", "--listen", "127.0.0.1:0", "--json"], in: scratch)
        let port = try running.port()
        #expect(Wire.ask(port, "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?.status == 200)
        running.send(SIGTERM)
        let ended = try running.wait()
        #expect(ended.code == 0)
        let lines = ended.said.split(separator: "\n")
        #expect(!lines.isEmpty)
        for line in lines { #expect(throws: Never.self) { try JSONTree(text: String(line)) } }
    }

    /// Every example of the help, run as it stands there; a service is started and stopped.
    @Test func everyExampleDoesWhatItSays() async throws {
        let world = try await ShellWorld()
        for command in Thuispunt.commands {
            #expect(!command.examples.isEmpty, "\(command.name)")
            for example in command.examples {
                #expect(example.line.contains("thuispunt \(command.name)"), "\(example.line)")
                let own = try world.copied()
                let line =
                    command.name != "serve"
                    ? example.line
                    : """
                    \(example.line) & service=$!
                    for try in $(seq 600); do [ -S thuispunt.sock ] && break; sleep 0.1; done
                    sleep 1; kill -TERM $service; wait $service
                    """
                let ran = try own.run(line)
                #expect(ran.code == 0, "\(example.line): \(ran.told)")
            }
        }
    }
}
