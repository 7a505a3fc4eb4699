// The lives of an organisation and of a token on the command line: what is printed once, what is kept, what ends.

import Commands
import Foundation
import JSON
import SQLite
import Testing

@Suite struct PartyTests {
    private static func add(_ scratch: Scratch, _ kind: String, _ name: String, _ more: String...) async throws
        -> String
    {
        let ran = await Ran.of(
            ["organisation", "add", "--kind", kind, "--name", name, "--database", scratch.database] + more)
        #expect(ran.code == .done)
        #expect(ran.said.count == 1)
        return try #require(ran.said.first)
    }

    @Test func organisationsAreAddedListedAndDisabled() async throws {
        let scratch = try await Scratch.migrated()
        let city = try await Self.add(scratch, "municipality", "Gemeente Voorbeeld", "--municipality", "GM0153")
        let care = try await Self.add(scratch, "care_provider", "Zorg Voorbeeld")
        let list = try await scratch.run("organisation", "list", "--json").documents()
        #expect(list.map { $0["id"]?.string } == [care, city])
        #expect(list.last?["municipality"]?.string == "GM0153")
        #expect(await scratch.run("organisation", "list", "--kind", "care_provider").said.count == 1)

        #expect(await scratch.run("organisation", "disable", care).said == ["disabled \(care)"])
        #expect(await scratch.run("organisation", "disable", care).code == .failed)
        #expect(try await scratch.run("organisation", "list", "--json").documents().first?["disabledAt"] != nil)
        let issue = await scratch.run(
            "token", "issue", "--organisation", care, "--role", "referrer", "--label", "late")
        #expect(issue.code == .failed)
        #expect(issue.told == ["thuispunt: There is no such organisation, or it is disabled."])
    }

    @Test(arguments: [
        (["--kind", "bakery", "--name", "x"], ExitCode.usage), (["--kind", "care_provider"], .usage),
        (["--name", "x"], .usage), (["--kind", "municipality", "--name", "x"], .usage),
        (["--kind", "municipality", "--name", "x", "--municipality", "0153"], .usage),
        (["--kind", "care_provider", "--name", String(repeating: "x", count: 201)], .usage),
        (["--kind", "care_provider", "--name", "Zorg\u{1B}[2J"], .usage),
        (["--kind", "care_provider", "--name", "Zorg\u{202E}tsoO"], .usage),
        (["--kind", "care_provider", "--name", "Zorg\tOost"], .usage),
        (["--kind", "care_provider", "--name", "Zorg\u{FFFD}"], .usage),
        (["--kind", "care_provider", "--name", "\u{200B} "], .usage),
        (["--kind", "care_provider", "--name", "Twice\u{301}"], .failed),
        (["--kind", "care_provider", "--name", "Twic\u{E9}"], .failed),
    ])
    func aWrongOrganisationIsRefusedInOneLine(words: [String], code: ExitCode) async throws {
        let scratch = try await Scratch.migrated()
        _ = try await Self.add(scratch, "care_provider", "Twice\u{301}")
        let ran = await Ran.of(["organisation", "add", "--database", scratch.database] + words)
        #expect(ran.code == code)
        #expect(ran.said.isEmpty && ran.told.count == 1)
        #expect(await scratch.run("organisation", "list").said.count == 1)
    }

    @Test func aTokenIsPrintedAloneAndOnlyItsHashIsKept() async throws {
        let scratch = try await Scratch.migrated()
        let care = try await Self.add(scratch, "care_provider", "Zorg")
        let ran = await scratch.run(
            "token", "issue", "--organisation", care, "--role", "referrer", "--label", "script", "--expires", "90d")
        #expect(ran.code == .done)
        #expect(ran.told.isEmpty)
        let secret = try #require(ran.said.first)
        #expect(ran.said.count == 1)
        #expect(secret.wholeMatch(of: /thp_[A-Za-z0-9_-]{49}/) != nil)

        let bytes = try scratch.bytes()
        #expect(bytes.range(of: Data(secret.utf8)) == nil)
        #expect(bytes.range(of: Data(secret.dropFirst(4).prefix(43).utf8)) == nil)
        #expect(try scratch.open { try $0.first("SELECT length(hash) FROM access_token") { $0.int(0) } } == 32)

        let listed = await scratch.run("token", "list", "--json")
        #expect(!listed.said.joined().contains(secret))
        let token = try listed.document()
        #expect(token["role"]?.string == "referrer")
        #expect(token["organisation"]?.string == care)
        #expect(token["expiresAt"]?.string != nil)
        #expect(await !scratch.run("token", "list").said.joined().contains(secret))
    }

    @Test func theListTellsFromWhereATokenHoldsAndWhenItWasUsed() async throws {
        let scratch = try await Scratch.migrated()
        let care = try await Self.add(scratch, "care_provider", "Zorg")
        let ranges = "192.0.2.0/24,2001:db8::/32"
        let words = ["--role", "referrer", "--label", "office", "--expires", "90d", "--addresses", ranges, "--json"]
        let issued = try await Ran.of(
            ["token", "issue", "--organisation", care, "--database", scratch.database] + words
        ).document()
        let id = try #require(issued["id"]?.string)
        let fresh = try #require(await scratch.run("token", "list").said.first)
        #expect(fresh.hasPrefix("\(id)  referrer  \(care)  until 20"))
        #expect(fresh.hasSuffix("  never used  from \(ranges)  office"))
        #expect(try await scratch.run("token", "list", "--json").document()["lastUsedOn"] == nil)

        _ = try scratch.open { try $0.run("UPDATE access_token SET last_used_on = 20000") }
        let used = try await scratch.run("token", "list", "--json").document()
        #expect(used["lastUsedOn"]?.string == "2024-10-04")
        #expect(used["addresses"]?.string == ranges)
        #expect(await scratch.run("token", "list").said.first?.contains("  used 2024-10-04  ") == true)

        // A new secret holds where the old one did, and was not used yet.
        #expect(await scratch.run("token", "rotate", id).code == .done)
        let both = try await scratch.run("token", "list", "--json").documents()
        #expect(both.map { $0["addresses"]?.string } == [ranges, ranges])
        #expect(both.map { $0["lastUsedOn"]?.string } == ["2024-10-04", nil])
    }

    @Test func rotationLetsTheOldTokenGoOnForADayAndRevocationEndsItAtOnce() async throws {
        let scratch = try await Scratch.migrated()
        let care = try await Self.add(scratch, "care_provider", "Zorg")
        let first = try await scratch.run(
            "token", "issue", "--organisation", care, "--role", "referrer", "--label", "script", "--json"
        ).document()
        let id = try #require(first["id"]?.string)
        let second = try await scratch.run("token", "rotate", id, "--json").document()
        let newID = try #require(second["id"]?.string)
        #expect(newID != id)
        #expect(second["token"]?.string != first["token"]?.string)
        let overlap = try scratch.open {
            try $0.first(
                """
                SELECT old.expires_at - new.created_at, new.expires_at IS NULL, new.label = old.label, new.role = old.role
                FROM access_token old, access_token new WHERE old.id < new.id
                """
            ) { [$0.int(0), $0.int(1), $0.int(2), $0.int(3)] }
        }
        #expect(overlap == [24 * 3_600_000, 1, 1, 1])

        #expect(await scratch.run("token", "revoke", newID).said == ["revoked \(newID)"])
        #expect(await scratch.run("token", "revoke", newID).code == .failed)
        #expect(
            await scratch.run("token", "rotate", newID).told == [
                "thuispunt: there is no token \(newID), or it has ended; see: thuispunt token list"
            ])
        #expect(await scratch.run("token", "revoke", "nonsense").code == .usage)
    }

    /// A token that nobody could read is none.
    @Test func aTokenThatIsNotPrintedIsNotIssued() async throws {
        let scratch = try await Scratch.migrated()
        let care = try await Self.add(scratch, "care_provider", "Zorg")
        let world = try ShellWorld(in: scratch)
        let ran = try world.run(
            "thuispunt token issue --organisation \(care) --role referrer --label a > /dev/full")
        #expect(ran.code == 3 && ran.told == "thuispunt: can't write the output; the token was taken back\n")
        let revoked = try await scratch.run("token", "list", "--json").documents()
        #expect(revoked.count == 1 && revoked[0]["revokedAt"] != nil)

        let issued = try await scratch.run(
            "token", "issue", "--organisation", care, "--role", "referrer", "--label", "a", "--json"
        ).document()
        let id = try #require(issued["id"]?.string)
        #expect(try world.run("thuispunt token rotate \(id) > /dev/full").code == 3)
        let tokens = try await scratch.run("token", "list", "--json").documents()
        let live = tokens.filter { $0["revokedAt"] == nil }
        #expect(tokens.count == 3 && live.map { $0["id"]?.string } == [id] && live[0]["expiresAt"] == nil)
    }

    @Test(arguments: [
        (["--role", "allocator", "--label", "x"], ExitCode.failed), (["--role", "king", "--label", "x"], .usage),
        (["--role", "referrer"], .usage), (["--role", "referrer", "--label", "x", "--expires", "1y"], .usage),
        (["--role", "referrer", "--label", "x", "--expires", "0d"], .usage),
        (["--role", "referrer", "--label", "x", "--expires", "9999d"], .usage),
        (["--role", "referrer", "--label", "x", "--expires", "d"], .usage),
        (["--role", "referrer", "--label", "x", "--expires", "+1d"], .usage),
        (["--role", "referrer", "--label", "a\u{1B}[31m"], .usage),
        (["--role", "referrer", "--label", "a\nb"], .usage),
        (["--role", "referrer", "--label", " "], .usage),
        (["--role", "referrer", "--label", "x", "--addresses", "192.0.2.7/24"], .usage),
        (["--role", "referrer", "--label", "x", "--addresses", ""], .usage),
        (["--role", "referrer", "--label", "x", "--referral", "y"], .usage),
        (["--role", "referrer", "--label", "x", "--referral", "01a061a9-a7c6-7000-9fba-5498185cbb81"], .failed),
    ])
    func aWrongTokenIsRefusedInOneLine(words: [String], code: ExitCode) async throws {
        let scratch = try await Scratch.migrated()
        let care = try await Self.add(scratch, "care_provider", "Zorg")
        let ran = await Ran.of(
            ["token", "issue", "--organisation", care, "--database", scratch.database] + words)
        #expect(ran.code == code)
        #expect(ran.said.isEmpty && ran.told.count == 1)
        #expect(await scratch.run("token", "list").said.isEmpty)
    }
}
