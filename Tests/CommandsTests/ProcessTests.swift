// The program as processes: two at once, killed halfway, stopped politely. What was acknowledged is there afterwards.

import Commands
import Foundation
import Glibc
import JSON
import Lock
import SQLite
import Testing

@Suite(.serialized) struct ProcessTests {
    @Test func twoMigrationsAtOnceApplyOnce() throws {
        for _ in 0..<5 {
            let scratch = try Scratch()
            let both = try (0..<2).map { _ in try Running(["migrate", "up"], in: scratch) }.map { try $0.wait() }
            #expect(both.map(\.code) == [0, 0])
            // Each migration is a transaction, so the second process may come between two of the first.
            let applied = both.flatMap { ended in
                ended.said.hasPrefix("applied ")
                    ? ended.said.dropFirst("applied ".count).split { ", \n".contains($0) }.map(String.init) : []
            }
            #expect(applied.sorted() == MigrationFiles.files)
            #expect(both.allSatisfy { $0.said.hasPrefix("applied ") || $0.said.hasSuffix(" is up to date\n") })
        }
    }

    @Test func aMigrationThatIsKilledLeavesAllOrNothing() async throws {
        for round in 0..<20 {
            let scratch = try Scratch()
            let running = try Running(["migrate", "up"], in: scratch)
            usleep(UInt32(round) * 900)
            running.send(SIGKILL)
            _ = try running.wait()
            let status = await scratch.run("migrate", "status", "--json")
            let version = try #require(try status.document()["version"]?.integer)
            let last = Int64(MigrationFiles.files.count)
            #expect((0...last).contains(version) && status.code == (version == last ? .done : .no))
            let tables =
                try FileManager.default.fileExists(atPath: scratch.database)
                ? scratch.open { try $0.first("SELECT count(*) FROM sqlite_schema") { $0.int(0) } ?? 0 } : 0
            #expect((tables == 0) == (version == 0))
            #expect(await scratch.run("migrate", "up").code == .done)
            #expect(await scratch.run("verify").code == .done)
        }
    }

    @Test func aServiceDoesNotStartOnPendingMigrations() async throws {
        let scratch = try Scratch()
        _ = try scratch.write("", to: "thuispunt.db")
        let refused = try Running(["serve", "--listen", "127.0.0.1:0"], in: scratch).wait()
        #expect(refused.code == 3)
        let files = MigrationFiles.files.joined(separator: ", ")
        #expect(refused.told.contains("lacks \(files); run: thuispunt migrate up, or serve --migrate\n"))
        #expect(refused.told.count { $0 == "\n" } == 1)

        let running = try Running(["serve", "--migrate", "--listen", "127.0.0.1:0"], in: scratch)
        let port = try running.port()
        #expect(Wire.ask(port, Self.get("/healthz"))?.status == 200)
        #expect(Wire.ask(port, Self.get("/readyz"))?.status == 200)
        running.send(SIGINT)
        #expect(try running.wait().code == 0)
    }

    @Test func aTakenPortIsOneLine() async throws {
        let scratch = try await Scratch.migrated()
        let first = try Running(["serve", "--listen", "127.0.0.1:0"], in: scratch)
        let port = try first.port()
        let second = try Running(["serve", "--listen", "127.0.0.1:\(port)"], in: scratch).wait()
        #expect(second.code == 3)
        #expect(second.told.count { $0 == "\n" } == 1)
        #expect(second.told.contains("\(port)"))
        #expect(Wire.ask(port, Self.get("/healthz"))?.status == 200)
        first.send(SIGTERM)
        #expect(try first.wait().code == 0)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func aSignalLetsRequestsInProgressFinish(signal: Int32) async throws {
        let (scratch, token) = try await Self.withReferrer()
        let running = try Running(["serve", "--listen", "127.0.0.1:0", "--drain-seconds", "600"], in: scratch)
        let port = try running.port()
        let wire = try #require(Wire(port: port))
        let request = Self.post(token, reference: "SLOW-1")
        wire.write(String(request.dropLast(40)))
        // An answer on another connection says that the loop has seen the first part.
        #expect(Wire.ask(port, Self.get("/healthz"))?.status == 200)
        running.send(signal)
        try running.waitUntilRefused(port)
        #expect(running.isRunning)
        wire.write(String(request.suffix(40)))
        #expect(wire.readToEnd().hasPrefix("HTTP/1.1 201 "))
        let ended = try running.wait()
        #expect(ended.code == 0)
        #expect(ended.told.contains("drained; everything acknowledged is on disk"))
        #expect(!FileManager.default.fileExists(atPath: scratch.database + "-wal"))
        #expect(try scratch.open { try $0.first("SELECT count(*) FROM referral") { $0.int(0) } } == 1)
    }

    @Test func aSecondSignalEndsAtOnce() async throws {
        let (scratch, token) = try await Self.withReferrer()
        let running = try Running(["serve", "--listen", "127.0.0.1:0", "--drain-seconds", "600"], in: scratch)
        let port = try running.port()
        let wire = try #require(Wire(port: port))
        wire.write(String(Self.post(token, reference: "NEVER").dropLast(40)))
        #expect(Wire.ask(port, Self.get("/healthz"))?.status == 200)
        running.send(SIGTERM)
        try running.waitUntilRefused(port)
        running.send(SIGTERM)
        // Patience is far below the 600 seconds that the first signal alone would give the slow request.
        #expect(try running.wait().code == 0)
        #expect(await scratch.run("verify").code == .done)
    }

    @Test func whatWasAcknowledgedSurvivesAKill() async throws {
        let (scratch, token) = try await Self.withReferrer()
        var all: [String] = []
        for round in 0..<3 {
            let running = try Running(["serve", "--listen", "127.0.0.1:0", "--quiet"], in: scratch)
            let port = try running.port()
            let acknowledged = Lock<[String]>([])
            let posters = DispatchGroup()
            for poster in 0..<4 {
                let thread = Thread {
                    var number = 0
                    while true {
                        number += 1
                        let reference = "R\(round)-\(poster)-\(number)"
                        guard let answer = Wire.ask(port, Self.post(token, reference: reference)), answer.status == 201
                        else { break }
                        acknowledged.withLock { $0.append(reference) }
                    }
                    posters.leave()
                }
                posters.enter()
                thread.start()
            }
            try running.waitUntil("some were acknowledged") { acknowledged.withLock(\.count) >= 20 + 7 * round }
            running.send(SIGKILL)
            #expect(try running.wait().code == -SIGKILL)
            #expect(posters.wait(timeout: .now() + Running.patienceSeconds) == .success)
            all += acknowledged.withLock { $0 }
            #expect(await scratch.run("verify").code == .done)
        }
        let kept = try scratch.open { Set(try $0.all("SELECT external_reference FROM referral") { $0.text(0) }) }
        #expect(all.count >= 60)
        #expect(all.allSatisfy(kept.contains))

        // And a service that starts again shows them, and knows them when they come again.
        let running = try Running(["serve", "--listen", "127.0.0.1:0", "--quiet"], in: scratch)
        let port = try running.port()
        let last = try #require(all.last)
        #expect(Wire.ask(port, Self.post(token, reference: last))?.status == 409)
        #expect(Wire.ask(port, Self.get("/v1/referrals?limit=1", token))?.text.contains("R2-") == true)
        running.send(SIGTERM)
        #expect(try running.wait().code == 0)
    }

    @Test func aDemoThatIsKilledIsToldFromAWholeOne() async throws {
        let scratch = try await Scratch.migrated()
        let running = try Running(["demo", "load", "--referrals", "3000"], in: scratch)
        // Once the first referral is there it is under way.
        try running.waitUntil("the load is under way") {
            let count = try? scratch.open { try $0.first("SELECT count(*) FROM referral") { $0.int(0) } ?? 0 }
            return (count ?? 0) > 0 || !running.isRunning
        }
        running.send(SIGKILL)
        #expect(try running.wait().code == -SIGKILL)
        let ran = await scratch.run("demo", "load")
        #expect(ran.code == .failed)
        #expect(ran.told.count == 1 && ran.told[0].contains("stopped halfway"))
        #expect(await scratch.run("verify").code == .done)
    }

    @Test func anInstanceCanComeFromStandardInput() throws {
        let scratch = try Scratch()
        let path = try scratch.write(#"{"format":"match-instance/1","candidates":[],"dwellings":[]}"#, to: "i.json")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Running.program())
        process.arguments = ["match", "-"]
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(String(decoding: text, as: UTF8.self).hasPrefix(#"{"format":"match-result/1""#))
    }

    @Test func aResultThatCanNotBeWrittenIsNoSuccess() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Running.program())
        process.arguments = ["version"]
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 3)
        #expect(String(decoding: text, as: UTF8.self) == "thuispunt: can't write the output\n")
    }

    // MARK: Requests

    /// A database with a care provider, and the token of its referrer.
    static func withReferrer() async throws -> (Scratch, String) {
        let scratch = try await Scratch.migrated()
        let care = try #require(
            await scratch.run("organisation", "add", "--kind", "care_provider", "--name", "Zorg Voorbeeld").said.first)
        let token = await scratch.run(
            "token", "issue", "--organisation", care, "--role", "referrer", "--label", "poster")
        return (scratch, try #require(token.said.first))
    }

    static func get(_ target: String, _ token: String? = nil) -> String {
        "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + (token.map { "Authorization: Bearer \($0)\r\n" } ?? "") + "\r\n"
    }

    static func post(_ token: String, reference: String) -> String {
        let body = """
            {"opening":{"declined":true},"route":"shelter_exit","municipality":"GM0153",
             "person":{"givenName":"Fictje","familyName":"Voorbeeld","birthDate":"1988-04-12"},
             "screening":{"legalResidence":true,"acuteDanger":false,"lasting24hSupervision":false,
                          "ownStrengthSuffices":false,"homelessTonight":false},
             "wishes":[{"form":"independent","municipalities":["GM0153"]}],"supportNeeds":[],"consents":["intake"],
             "externalReference":"\(reference)"}
            """
        return
            "POST /v1/referrals HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer \(token)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body
    }
}
