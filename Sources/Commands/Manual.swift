// What `help` says and what the manual page says: the table of commands as sections of a manual, and those as plain text or
// as roff for man(1) (https://man7.org/linux/man-pages/man7/man-pages.7.html, man(7)).

internal import Foundation

/// A part of a section.
private enum Block {
    case text(String)
    /// A term with what it means.
    case item(String, String)
    /// A line as it is typed.
    case line(String)
    /// A heading within a section.
    case heading(String)
}

/// The manual: all commands, or one.
struct Manual {
    /// Plain text is no wider than this.
    private static let columns = 80

    private var sections: [(title: String, blocks: [Block])]

    /// The manual of one command.
    init(of command: Command) {
        sections = [
            ("NAME", [.text("thuispunt \(command.name) - \(Manual.headline(command))")]),
            ("SYNOPSIS", [.line(Manual.synopsis(command))]),
            ("DESCRIPTION", Manual.description(command).map { .text($0) }),
            ("OPTIONS", Manual.options(command)),
            ("EXIT STATUS", Manual.exits(no: command.no)),
            ("ENVIRONMENT", Manual.environment(command.options)),
            ("EXAMPLES", command.examples.map { .line($0.line) }),
        ]
    }

    /// The manual of the whole program.
    init(of commands: [Command]) {
        var details: [Block] = []
        for command in commands {
            details.append(.heading("thuispunt " + Manual.words(command)))
            details += Manual.description(command).map { .text($0) }
            if let no = command.no { details.append(.text("Exit status 1: \(no).")) }
            details += Manual.options(command)
        }
        sections = [
            ("NAME", [.text("thuispunt - one front door for people who seek a home")]),
            ("SYNOPSIS", [.line("thuispunt COMMAND [OPTION...] [OPERAND...]"), .line("thuispunt help [COMMAND]")]),
            ("DESCRIPTION", [.text(Manual.purpose), .text(Manual.streams)]),
            ("COMMANDS", details),
            ("EXIT STATUS", Manual.exits(no: "the answer is no, as each command says")),
            ("ENVIRONMENT", Manual.environment([.database])),
            ("EXAMPLES", commands.flatMap { $0.examples.map { .line($0.line) } }),
        ]
    }

    // MARK: What it says

    private static let purpose = """
        A region's front door to homes with support: it takes referrals, keeps the queue, matches people with homes, and \
        serves an API and pages for all who take part. The commands look after its database, which is one file.
        """
    private static let streams = """
        Results go to standard output. Faults and progress go to standard error, a fault as one line that says what to do.
        """

    private static func words(_ command: Command) -> String {
        ([command.name] + command.operands).joined(separator: " ")
    }

    private static func synopsis(_ command: Command) -> String {
        (["thuispunt", command.name, "[OPTION...]"] + command.operands).joined(separator: " ")
    }

    /// The summary as a headline: without a capital.
    private static func headline(_ command: Command) -> String {
        command.summary.prefix(1).lowercased() + command.summary.dropFirst()
    }

    private static func description(_ command: Command) -> [String] {
        [command.summary + "."] + command.notes + ["With --json \(json(command.json))."]
    }

    private static func json(_ answer: JSONAnswer) -> String {
        switch answer {
        case .object(let members): "it prints one JSON object with, as far as they apply: " + list(members)
        case .lines(let members):
            "it prints a JSON object a line (none when there is nothing) with, as far as they apply: " + list(members)
        case .document(let words): words
        }
    }

    private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }

    private static func options(_ command: Command) -> [Block] {
        command.options.map { .item("--" + $0.name + ($0.value.map { " " + $0 } ?? ""), $0.help) }
    }

    private static func exits(no: String?) -> [Block] {
        [.item("0", "Done.")] + (no.map { [.item("1", "No: \($0).")] } ?? [])
            + [
                .item("2", "The command line is wrong."),
                .item("3", "It could not be done; a line on standard error says why, and what to do."),
            ]
    }

    private static func environment(_ options: [Option]) -> [Block] {
        [
            .text(
                """
                A variable stands for an option that is not given: THUISPUNT_DATABASE for --database, and so on. An option \
                goes before its variable, and that before the default. A flag's variable is off when it is 0, false, no or off.
                """), .text(list(options.map(\.environmentName))),
        ]
    }

    // MARK: Plain text

    /// The manual as text of at most 80 columns, but for lines as they are typed.
    var text: String {
        sections.filter { !$0.blocks.isEmpty }.map { section in
            section.title + "\n"
                + section.blocks.enumerated().map { index, block in
                    (index > 0 && Manual.isApart(block) ? "\n" : "") + Manual.plain(block)
                }.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private static func isApart(_ block: Block) -> Bool {
        switch block {
        case .text, .heading: true
        case .item, .line: false
        }
    }

    private static func plain(_ block: Block) -> String {
        switch block {
        case .text(let text): wrapped(text, indent: 4)
        case .item(let term, let text): "    " + term + "\n" + wrapped(text, indent: 10)
        case .line(let line): "    " + line
        case .heading(let text): "  " + text
        }
    }

    private static func wrapped(_ text: String, indent: Int) -> String {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if indent + last.count + 1 + word.count <= columns {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines.map { String(repeating: " ", count: indent) + $0 }.joined(separator: "\n")
    }

    // MARK: Roff

    /// The manual as a page for man(1).
    func page(title: String) -> String {
        let name = title.uppercased().replacing(" ", with: "\\-")
        var lines = [".TH \(name) 1 \"\" \"thuispunt \(Thuispunt.version)\""]
        for section in sections where !section.blocks.isEmpty {
            lines.append(".SH " + section.title)
            var last = Block.heading(section.title)
            for block in section.blocks {
                lines.append(Manual.roff(block, after: last))
                last = block
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func roff(_ block: Block, after other: Block) -> String {
        let apart = if case .heading = other { "" } else { ".PP\n" }
        return switch block {
        case .text(let text): apart + escaped(text)
        case .item(let term, let text): ".TP\n.B " + escaped(term) + "\n" + escaped(text)
        case .line(let line):
            apart + ".nf\n.B " + escaped(line).replacing("\"", with: "\\(dq") + "\n.fi"
        case .heading(let text): ".SS " + escaped(text)
        }
    }

    /// Text that roff takes for text: no escapes, no requests, and every sign beyond ASCII by its number (groff_char(7)).
    private static func escaped(_ text: String) -> String {
        let signs: [Unicode.Scalar: String] = [
            "\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti",
        ]
        let body = text.unicodeScalars.map { sign in
            if let known = signs[sign] { return known }
            guard !sign.isASCII else { return String(sign) }
            let digits = String(sign.value, radix: 16, uppercase: true)
            return "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
        }.joined()
        return body.hasPrefix(".") ? "\\&" + body : body
    }
}

/// The list of commands.
enum Overview {
    /// Every command on a line.
    static func text(_ commands: [Command]) -> String {
        let names = commands.map { ([$0.name] + $0.operands).joined(separator: " ") }
        let width = (names.map(\.count).max() ?? 0) + 2
        let lines = zip(names, commands).map { name, command in
            "  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + command.summary
        }
        return """
            usage: thuispunt COMMAND [--database PATH] [options]

            \(lines.joined(separator: "\n"))

            Flags go before THUISPUNT_* environment variables (--database: THUISPUNT_DATABASE), those before defaults.
            Exit codes: 0 done, 1 the answer is no, 2 usage, 3 could not. More: thuispunt help COMMAND
            """
    }
}
