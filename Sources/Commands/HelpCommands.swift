// help and completion: what the table of commands says of itself, to people, to man(1), to shells and to scripts.

internal import JSON

enum HelpCommands {
    private static let man = Option("man", nil, "as a page for man(1), in roff")

    static let all: [Command] = [
        Command(
            name: "help", operands: ["[COMMAND...]"], summary: "Shows all commands, or the manual of one",
            notes: ["thuispunt COMMAND --help shows the same as thuispunt help COMMAND."], options: [man],
            json: .lines(["name", "operands", "summary", "options", "no", "examples"]),
            examples: ["thuispunt help migrate up", "thuispunt help --man > thuispunt.1"], run: help),
        Command(
            name: "completion", operands: ["SHELL"],
            summary: "Prints a script by which bash, zsh or fish completes this program's commands and options",
            json: .object(["shell", "script"]),
            examples: [
                "source <(thuispunt completion bash)", "thuispunt completion zsh > _thuispunt",
                "thuispunt completion fish > thuispunt.fish",
            ], run: completion),
    ]

    private static func help(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let name = arguments.operands.joined(separator: " ")
        let all = Thuispunt.commands
        let one = all.first { $0.name == name }
        let wanted = one.map { [$0] } ?? all.filter { name.isEmpty || $0.name.hasPrefix(name + " ") }
        guard !wanted.isEmpty else {
            throw CommandFault.usage("there is no command \(name); see: thuispunt help")
        }
        if arguments.has(.json) {
            for command in wanted { terminal.say { writer in write(command, to: &writer) } }
        } else if arguments.has(man) {
            let manual = one.map(Manual.init(of:)) ?? Manual(of: wanted)
            terminal.say(manual.page(title: name.isEmpty ? "thuispunt" : "thuispunt \(name)"))
        } else {
            terminal.say(one.map { Manual(of: $0).text } ?? Overview.text(wanted))
        }
        return .done
    }

    private static func write(_ command: Command, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", command.name)
            writer.field("operands", command.operands)
            writer.field("summary", command.summary)
            writer.array("options") { writer in
                for option in command.options {
                    writer.object { writer in
                        writer.field("name", option.name)
                        writer.field("value", ifPresent: option.value)
                        writer.field("help", option.help)
                        writer.field("environment", option.environmentName)
                    }
                }
            }
            writer.field("no", ifPresent: command.no)
            writer.field("examples", command.examples.map(\.line))
        }
    }

    private static func completion(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let name = arguments.operands.first ?? ""
        guard let shell = Shell(rawValue: name) else {
            let known = Shell.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFault.usage("there is no completion for \(name); there is one for: \(known)")
        }
        let script = Completion(of: Thuispunt.commands).script(for: shell)
        if arguments.has(.json) {
            terminal.say { writer in
                writer.object { writer in
                    writer.field("shell", name)
                    writer.field("script", script)
                }
            }
        } else {
            terminal.say(script)
        }
        return .done
    }
}
