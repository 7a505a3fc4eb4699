// The manual, made from the table of commands: all of a command stands in it, in its places, and the page for man(1) is one
// that the tools for such pages take without a word.

import Foundation
import JSON
import Testing

@testable import Commands

@Suite struct ManualTests {
    private func words(_ command: Command) -> [String] { command.name.split(separator: " ").map(String.init) }

    @Test(arguments: Thuispunt.commands) func everyCommandHasAManual(command: Command) async throws {
        let ran = await Ran.of(words(command) + ["--help"])
        #expect(ran.code == .done && ran.told.isEmpty)
        for other in [words(command) + ["-h"], ["help"] + words(command)] {
            #expect(await Ran.of(other).said == ran.said)
        }
        let titles = ran.said.filter { $0.first?.isUppercase == true }
        #expect(
            titles == ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "EXAMPLES"])
        let text = ran.said.joined(separator: "\n")
        #expect(ran.said.dropFirst().first?.hasPrefix("    thuispunt \(command.name) - ") == true)
        for option in command.options {
            let term = "    --" + option.name + (option.value.map { " " + $0 } ?? "")
            #expect(ran.said.filter { $0 == term }.count == 1, "\(option.name)")
            #expect(text.contains(option.environmentName))
        }
        #expect(Set(command.options.map(\.name)).count == command.options.count)
        #expect(command.operands.allSatisfy { text.contains($0) })
        for code in ["0", "2", "3"] { #expect(ran.said.contains("    " + code)) }
        #expect(ran.said.contains("    1") == (command.no != nil))
        #expect(text.contains("With --json "))
        for example in command.examples { #expect(ran.said.contains("    " + example.line)) }
        let long = ran.said.filter { $0.count > 80 && !$0.hasPrefix("    thuispunt") && $0.contains(" ") }
        #expect(long.allSatisfy { $0.drop { $0 == " " }.contains(" ") == false }, "\(long)")
    }

    /// The same option means the same, and is completed in the same way, wherever it stands.
    @Test func anOptionTakesTheSameEverywhere() {
        var seen: [String: Option] = [:]
        for option in Thuispunt.commands.flatMap(\.options) {
            if let other = seen[option.name] {
                #expect(
                    other.choices == option.choices && (other.value == nil) == (option.value == nil), "\(option.name)")
            }
            seen[option.name] = option
        }
    }

    @Test func aFamilyAndTheTable() async throws {
        let family = await Ran.of(["help", "migrate"])
        #expect(family.code == .done && family.said.filter { $0.hasPrefix("  migrate ") }.count == 4)
        let table = try await Ran.of(["help", "--json"]).documents()
        #expect(table.map { $0["name"]?.string } == Thuispunt.commands.map(\.name))
        #expect(table.first?["options"]?.count == Thuispunt.commands.first?.options.count)
        let one = try await Ran.of(["help", "--json", "backup", "rotate"]).document()
        #expect(one["operands"]?[0]?.string == "FOLDER")
    }

    // MARK: The page

    static let pages =
        [["help", "--man"]]
        + Thuispunt.commands.map { ["help", "--man"] + $0.name.split(separator: " ").map(String.init) }

    @Test(arguments: pages) func thePageIsRoff(words: [String]) async throws {
        let page = await Ran.of(words)
        #expect(page.code == .done)
        #expect(page.said.first?.hasPrefix(".TH THUISPUNT") == true)
        #expect(page.said.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } })
        let scratch = try Scratch()
        try scratch.write(page.said.joined(separator: "\n") + "\n", to: "page.1")
        let world = try ShellWorld(in: scratch)
        if ShellWorld.tool("groff", for: "the manual page") != nil {
            let ran = try world.run("groff -man -ww -Tutf8 -P-cbou page.1")
            #expect(ran.code == 0 && ran.told.isEmpty, "\(ran.told)")
            #expect(ran.said.contains("\nEXIT STATUS\n") && !ran.said.contains("\\"))
        }
        if ShellWorld.tool("mandoc", for: "the manual page") != nil {
            // A page without a date is meant: it is made anew by each program.
            let ran = try world.run("mandoc -T lint -W warning page.1 | grep -v 'missing date'")
            #expect(ran.said.isEmpty, "\(ran.said)")
        }
        if ShellWorld.tool("man", for: "the manual page") != nil {
            let ran = try world.run("MANWIDTH=80 man -l page.1 | col -b")
            #expect(ran.code == 0 && ran.said.contains("EXIT STATUS"), "\(ran.told)")
        }
    }
}

@Suite struct CompletionTests {
    /// What may be typed, with what must be offered, the last word being the one that is typed.
    static let offers: [(typed: [String], offered: [String], not: [String])] = [
        ([""], ["serve", "migrate", "token", "help"], ["up", "--database"]), (["to"], ["token"], ["serve"]),
        (["migrate", ""], ["status", "up", "verify", "new"], ["serve"]), (["migrate", "u"], ["up"], ["verify"]),
        (["migrate", "up", "--"], ["--to", "--dry-run", "--database", "--json"], ["--listen"]),
        (["serve", "--metrics"], ["--metrics-listen"], ["--listen"]),
        (["token", "issue", "--role", "in"], ["intaker"], ["referrer"]),
        (["token", "issue", "--organisation", "x", "--role", "r"], ["referrer"], ["intaker"]),
        (["organisation", "add", "--kind", "m"], ["municipality"], ["care_provider"]),
        (["completion", ""], ["bash", "zsh", "fish"], ["serve"]), (["help", "reg"], ["region"], ["serve"]),
        (["token", "issue", "--label", ""], [], ["issue", "--role", "a-file"]),
        (["backup", ""], ["rotate", "a-file"], ["--database"]), (["restore", "a-"], ["a-file"], ["rotate"]),
        (["verify", "--database", "a-"], ["a-file", "a-folder"], ["--json"]),
    ]

    private func world(_ shell: String) async throws -> ShellWorld {
        let scratch = try Scratch()
        let script = await Ran.of(["completion", shell])
        #expect(script.code == .done)
        try scratch.write(script.said.joined(separator: "\n") + "\n", to: "complete")
        try scratch.write("", to: "a-file")
        try FileManager.default.createDirectory(
            atPath: scratch.folder + "/a-folder", withIntermediateDirectories: false)
        return try ShellWorld(in: scratch)
    }

    private func expect(_ ran: Running.Ended, _ offer: (typed: [String], offered: [String], not: [String])) {
        let words = Set(ran.said.split(whereSeparator: \.isWhitespace).map { $0.hasSuffix("/") ? $0.dropLast() : $0 })
        #expect(ran.told.isEmpty, "\(offer.typed): \(ran.told)")
        #expect(Set(offer.offered.map { $0[...] }).subtracting(words) == [], "\(offer.typed): \(words)")
        #expect(words.intersection(offer.not.map { $0[...] }) == [], "\(offer.typed): \(words)")
    }

    private func quoted(_ words: [String]) -> String { words.map { "'\($0)'" }.joined(separator: " ") }

    @Test func bash() async throws {
        let world = try await world("bash")
        for offer in Self.offers {
            let ran = try world.run(
                """
                source ./complete; COMP_WORDS=(thuispunt \(quoted(offer.typed))); COMP_CWORD=\(offer.typed.count)
                _thuispunt; printf '%s\\n' "${COMPREPLY[@]}"
                """)
            expect(ran, offer)
        }
        if ShellWorld.tool("shellcheck", for: "the style of the completion for bash") != nil {
            #expect(try world.run("shellcheck -s bash complete").said == "")
        }
        // Written with an equals sign the value is a word of its own.
        let ran = try world.run(
            "source ./complete; COMP_WORDS=(thuispunt token issue --role = in); COMP_CWORD=5; _thuispunt; echo ${COMPREPLY[@]}"
        )
        #expect(ran.said == "intaker\n")
        #expect(try world.run("source ./complete; complete -p thuispunt").said == "complete -F _thuispunt thuispunt\n")
    }

    @Test func zsh() async throws {
        guard let shell = ShellWorld.tool("zsh", for: "the completion for zsh") else { return }
        let world = try await world("zsh")
        for offer in Self.offers {
            // The builtins of a completion work in the line editor alone; these say what they were asked to offer.
            let ran = try world.run(
                """
                compadd() { shift; local w; for w in "$@"; do [[ $w == ${words[CURRENT]}* ]] && print -r -- $w; done; true }
                _files() { print -rl -- ${words[CURRENT]}*(N) }
                compset() { true }; compdef() { true }
                source ./complete; words=(thuispunt \(quoted(offer.typed))); CURRENT=\(offer.typed.count + 1)
                _thuispunt
                """, shell: shell, ["-f"])
            expect(ran, offer)
        }
    }

    @Test func fish() async throws {
        guard let shell = ShellWorld.tool("fish", for: "the completion for fish") else { return }
        let world = try await world("fish")
        for offer in Self.offers {
            let typed = (["thuispunt"] + offer.typed).joined(separator: " ")
            let ran = try world.run(
                "source ./complete; complete -C '\(typed)' | cut -f 1", shell: shell, ["--no-config"])
            expect(ran, offer)
        }
    }
}
