// How a command line is read: help everywhere, one line and exit code 2 for what is wrong, and flags before environment
// before defaults.

import Foundation
import JSON
import Testing

@testable import Commands

@Suite struct CommandLineTests {
    @Test func theOverviewNamesEveryCommand() async {
        for words in [["--help"], ["help"], ["-h"]] {
            let ran = await Ran.of(words)
            #expect(ran.code == .done)
            for command in Thuispunt.commands {
                #expect(ran.said.contains { $0.hasPrefix("  \(command.name) ") }, "\(command.name)")
            }
        }
        #expect(await Ran.of([]).code == .usage)
    }

    @Test(arguments: [
        (["fly"], "there is no command fly"), (["migrate"], "say which: migrate status"),
        (["migrate", "sideways"], "say which"), (["version", "--loud"], "unknown option --loud"),
        (["version", "extra"], "takes no operand"), (["backup"], "takes FILE"), (["match"], "takes FILE"),
        (["match", "a", "b"], "takes FILE"), (["help", "fly"], "there is no command fly"),
        (["completion"], "takes SHELL"), (["completion", "tcsh"], "there is one for: bash, zsh, fish"),
        (["help", "--man=yes"], "--man takes no value"),
        (["migrate", "status", "--database"], "--database needs a value"),
        (["migrate", "status", "--json=yes"], "--json takes no value"),
        (["migrate", "status", "--json", "--json"], "--json is given twice"),
        (["migrate", "up", "--to", "x"], "--to must be a number from 1"),
        (["migrate", "up", "--to", "0"], "--to must be"),
        (["serve", "--threads", "0"], "--threads must be"), (["serve", "--listen", "nonsense"], "--listen"),
        (["serve", "--listen", ","], "--listen names no address"), (["token", "issue"], "--organisation is needed"),
        (["demo", "load", "--referrals", "0"], "--referrals must be"),
        (["demo", "load", "--referrals", "2000001"], "--referrals must be"),
        (["demo", "load", "--seed", "-1"], "--seed must be"),
    ])
    func wrongUseIsOneLineAndExitCode2(words: [String], text: String) async {
        let ran = await Ran.of(words)
        #expect(ran.code == .usage)
        #expect(ran.said.isEmpty)
        #expect(ran.told.count == 1)
        #expect(ran.told.first?.hasPrefix("thuispunt: ") == true)
        #expect(ran.told.first?.contains(text) == true, "\(ran.told)")
    }

    /// What the system or a room below throws is told in words, on one line, with the file it is about.
    @Test func whateverIsThrownIsOneLineInWords() async throws {
        let ran = await Ran.of(["migrate", "new", "x", "--directory", "/proc"])
        #expect(ran.code == .failed)
        let told = try #require(ran.told.first)
        #expect(ran.told.count == 1 && told.hasPrefix("thuispunt: ") && told.contains("/proc"))
        #expect(!told.contains("Error Domain") && !told.contains("("))
    }

    @Test func aFlagGoesBeforeTheEnvironmentAndThatBeforeTheDefault() async throws {
        let first = try Scratch()
        let second = try Scratch()
        let environment = ["THUISPUNT_DATABASE": first.database]
        #expect(await Ran.of(["migrate", "up"], environment: environment).code == .done)
        #expect(FileManager.default.fileExists(atPath: first.database))
        #expect(await Ran.of(["migrate", "up", "--database", second.database], environment: environment).code == .done)
        #expect(FileManager.default.fileExists(atPath: second.database))
        #expect(try Arguments([], for: command("verify"), environment: [:]).database == "var/thuispunt.db")
        #expect(
            try Arguments([], for: command("verify"), environment: ["THUISPUNT_DATABASE": ""]).database
                == "var/thuispunt.db")
        #expect(try Arguments(["--database=x"], for: command("verify"), environment: environment).database == "x")
    }

    @Test(arguments: [
        ("1", true), ("yes", true), ("true", true), ("0", false), ("off", false), ("False", false), ("no", false),
        ("", false),
    ])
    func aFlagCanBeSetByTheEnvironment(value: String, isSet: Bool) throws {
        let arguments = try Arguments([], for: command("verify"), environment: ["THUISPUNT_JSON": value])
        #expect(arguments.has(.json) == isSet)
    }

    @Test func twoDashesEndTheOptions() throws {
        let arguments = try Arguments(["--", "--odd-name"], for: command("backup"), environment: [:])
        #expect(arguments.operands == ["--odd-name"])
    }

    private func command(_ name: String) throws -> Command {
        try #require(Thuispunt.commands.first { $0.name == name })
    }
}

extension Command: CustomTestStringConvertible {
    package var testDescription: String { name }
}
