// The command line as a table of commands with their options: read, defaulted, refused with one line. Flags go before
// THUISPUNT_* environment, that before defaults. What a command says of itself here is what help, the manual page and the
// completion of shells say; this file knows no command's work.

internal import Foundation
internal import JSON

/// How a command ended, as scripts see it.
package enum ExitCode: Int32, Sendable {
    /// Done.
    case done = 0
    /// The answer is no: migrations are pending, a verification failed.
    case no = 1
    /// The command line is wrong.
    case usage = 2
    /// It could not be done.
    case failed = 3
}

/// Why a command stops, in one line that says what to do next.
package struct CommandFault: Error, Sendable, CustomStringConvertible {
    package var code: ExitCode
    package var description: String

    /// A fault; "could not" unless told otherwise.
    package init(_ description: String, code: ExitCode = .failed) {
        self.description = description
        self.code = code
    }

    /// The command line is wrong.
    static func usage(_ text: String) -> CommandFault { CommandFault(text, code: .usage) }
}

/// One option of a command.
struct Option: Sendable {
    var name: String
    /// What stands for its value in the help; nil for a flag without one.
    var value: String?
    var help: String
    /// The words it takes, where those are a closed list.
    var choices: [String] = []

    init(_ name: String, _ value: String? = nil, _ help: String, choices: [String] = []) {
        self.name = name
        self.value = value
        self.help = help
        self.choices = choices
    }

    /// An option that takes one word of a closed list.
    init(_ name: String, _ value: String, oneOf choices: [String], _ help: String = "one of") {
        self.init(name, value, "\(help): \(choices.joined(separator: ", "))", choices: choices)
    }

    /// The environment variable that gives it when the flag does not: THUISPUNT_DATABASE for --database.
    var environmentName: String { "THUISPUNT_" + name.uppercased().replacing("-", with: "_") }

    /// Whether it names a file or a folder.
    var isPath: Bool { value == "PATH" || value?.hasPrefix("FILE") == true }

    static let database = Option("database", "PATH", "the database file (default var/thuispunt.db)")
    static let json = Option("json", nil, "answer in JSON")
}

/// What a command prints with `--json`.
enum JSONAnswer: Sendable {
    /// One object with some of these members.
    case object([String])
    /// An object a line, each with some of these members.
    case lines([String])
    /// What is said in words here: a document of another description, JSON or lines of it.
    case document(String)
}

/// A command line that can be tried, in a folder where what it names is there.
struct Example: Sendable {
    var line: String

    init(_ line: String) { self.line = line }
}

/// One command. All take `--json` besides their own options.
struct Command: Sendable {
    /// One or two words: `serve`, `migrate up`.
    var name: String
    /// What stands after the options, such as FILE; in brackets what may be left out, with dots what may be several.
    var operands: [String]
    var summary: String
    /// What is to be known besides, in paragraphs.
    var notes: [String]
    var options: [Option]
    /// What exit code 1 says; nil where there is no such answer.
    var no: String?
    var json: JSONAnswer
    var examples: [Example]
    var run: @Sendable (Arguments, Terminal) async throws -> ExitCode

    init(
        name: String, operands: [String] = [], summary: String, notes: [String] = [], options: [Option] = [],
        no: String? = nil, json: JSONAnswer, examples: [String],
        run: @escaping @Sendable (Arguments, Terminal) async throws -> ExitCode
    ) {
        self.name = name
        self.operands = operands
        self.summary = summary
        self.notes = notes
        self.options = options + [.json]
        self.no = no
        self.json = json
        self.examples = examples.map(Example.init)
        self.run = run
    }

    /// How many operands it takes.
    var operandCounts: ClosedRange<Int> {
        let least = operands.count { !$0.hasPrefix("[") }
        return least...(operands.last?.hasSuffix("...]") == true ? 1000 : operands.count)
    }
}

/// The options and operands a command was called with.
struct Arguments: Sendable {
    private(set) var values: [String: String] = [:]
    private(set) var operands: [String] = []
    private let environment: [String: String]

    /// Reads what stands after the command's name.
    ///
    /// - Throws: `CommandFault` with exit code 2.
    init(_ words: [String], for command: Command, environment: [String: String]) throws {
        self.environment = environment.filter { !$0.value.isEmpty }
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            }
            guard word.hasPrefix("--") else {
                operands.append(word)
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts.first ?? "")
            guard let option = command.options.first(where: { $0.name == name }) else {
                throw CommandFault.usage("unknown option --\(name); see: thuispunt \(command.name) --help")
            }
            guard values[name] == nil else { throw CommandFault.usage("--\(name) is given twice") }
            if option.value == nil {
                guard parts.count == 1 else { throw CommandFault.usage("--\(name) takes no value") }
                values[name] = ""
            } else if parts.count == 2 {
                values[name] = String(parts[1])
            } else {
                guard let value = rest.popFirst() else { throw CommandFault.usage("--\(name) needs a value") }
                values[name] = value
            }
        }
        try refuseNamesOfNothing(command)
        guard command.operandCounts.contains(operands.count) else {
            let wanted = command.operands.isEmpty ? "no operand" : command.operands.joined(separator: " ")
            throw CommandFault.usage("thuispunt \(command.name) takes \(wanted); see: thuispunt \(command.name) --help")
        }
    }

    /// An empty name is a variable that was not set, and would be the root of the disk or a file that nobody sees.
    ///
    /// - Throws: `CommandFault` with exit code 2.
    private func refuseNamesOfNothing(_ command: Command) throws {
        guard !operands.contains("") else { throw CommandFault.usage("an operand of \(command.name) is empty") }
        for option in command.options where option.isPath {
            // The second is SQLite's word for no file at all.
            guard let path = text(option), path.isEmpty || path == ":memory:" else { continue }
            throw CommandFault.usage("--\(option.name) must name a file, not '\(path)'")
        }
    }

    /// Words that leave a flag's environment variable off; any other sets it.
    private static let offWords: Set<String> = ["0", "false", "no", "off"]

    /// Whether a flag is set, on the command line or by its environment variable.
    func has(_ option: Option) -> Bool {
        if values[option.name] != nil { return true }
        guard option.value == nil, let word = environment[option.environmentName] else { return false }
        return !Self.offWords.contains(word.lowercased())
    }

    /// An option's value, from the flag or the environment.
    func text(_ option: Option) -> String? { values[option.name] ?? environment[option.environmentName] }

    /// An option's value that must be there.
    func required(_ option: Option) throws -> String {
        guard let text = text(option) else { throw CommandFault.usage("--\(option.name) is needed") }
        return text
    }

    /// An option's value that must be there as a text of one line, of 1 to 200 characters, to be read by people.
    func requiredWords(_ option: Option) throws -> String {
        let text = try required(option)
        guard (1...200).contains(text.unicodeScalars.count) else {
            throw CommandFault.usage("--\(option.name) must be 1 to 200 characters")
        }
        // Bytes that are no UTF-8 have become U+FFFD by now.
        guard !text.unicodeScalars.contains("\u{FFFD}") else {
            throw CommandFault.usage("--\(option.name) must be UTF-8")
        }
        guard !PlainText.isForbidden(text), !text.contains(where: { $0 == "\t" || $0.isNewline }) else {
            throw CommandFault.usage(
                "--\(option.name) must be one line without control characters, or such as turn the direction of writing"
            )
        }
        guard !PlainText.isBlank(text) else {
            throw CommandFault.usage("--\(option.name) must hold something that can be seen")
        }
        return text
    }

    /// An option's value as a number within bounds.
    func number(_ option: Option, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = text(option) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw CommandFault.usage(
                "--\(option.name) must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Where the database is.
    var database: String { text(.database) ?? "var/thuispunt.db" }
}
