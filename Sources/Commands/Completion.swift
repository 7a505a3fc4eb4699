// Completion for shells, as scripts made from the table of commands: names, options, the words an option takes, and files
// where a file is meant. The scripts know the table as it was when they were made and ask no program while somebody types.

/// The shells there is a completion for.
enum Shell: String, CaseIterable, Sendable {
    case bash
    case zsh
    case fish
}

/// What may stand in a place of a command line.
private enum Words {
    case words([String])
    case files
    case folders
    case anything
}

/// The table of commands as a completion sees it.
struct Completion {
    /// A place in the names of commands, such as `migrate` or `migrate up`, and what may come next.
    private struct Node {
        var name: String
        /// The next word of a longer name, with what it does.
        var next: [(word: String, help: String)]
        /// Nil where the name is none of a command yet.
        var command: Command?
        var operand: Words
    }

    private let nodes: [Node]
    /// Options that take a value; one of a name stands for all, as the same name means the same everywhere.
    private let valued: [Option]

    init(of commands: [Command]) {
        let names = commands.map(\.name)
        let families = names.compactMap { $0.split(separator: " ").first }.map(String.init)
        var all = [""]
        for name in names + families where !all.contains(name) { all.append(name) }
        nodes = all.map { name in
            let command = commands.first { $0.name == name }
            return Node(
                name: name, next: Completion.next(after: name, commands), command: command,
                operand: command.map { Completion.operand($0, among: commands) } ?? .anything)
        }
        valued = commands.flatMap(\.options).filter { $0.value != nil }.reduce(into: []) { all, option in
            if !all.contains(where: { $0.name == option.name }) { all.append(option) }
        }
    }

    private static func next(after name: String, _ commands: [Command]) -> [(word: String, help: String)] {
        let depth = name.isEmpty ? 0 : name.split(separator: " ").count
        return commands.reduce(into: []) { next, command in
            let words = command.name.split(separator: " ").map(String.init)
            guard words.count > depth, words.prefix(depth).joined(separator: " ") == name else { return }
            guard !next.contains(where: { $0.word == words[depth] }) else { return }
            let own = commands.first { $0.name == words.prefix(depth + 1).joined(separator: " ") }
            next.append((words[depth], own?.summary ?? "\(words[depth]) commands"))
        }
    }

    private static func operand(_ command: Command, among commands: [Command]) -> Words {
        switch command.operands.first ?? "" {
        case "SHELL": .words(Shell.allCases.map(\.rawValue))
        case "[COMMAND...]": .words(next(after: "", commands).map(\.word))
        case let name where name.hasPrefix("FILE"): .files
        case "FOLDER": .folders
        default: .anything
        }
    }

    private static func value(_ option: Option) -> Words {
        if !option.choices.isEmpty { return .words(option.choices) }
        let value = option.value ?? ""
        return value == "PATH" || value.hasPrefix("FILE") ? .files : .anything
    }

    /// The script for a shell.
    func script(for shell: Shell) -> String {
        switch shell {
        case .bash: bash
        case .zsh: zsh
        case .fish: fish
        }
    }

    private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    // MARK: bash and zsh

    /// The arms of a `case` over names, each with what `body` makes of it.
    private func arms(_ body: (Node) -> String) -> String {
        nodes.map { "        \(quoted($0.name))) \(body($0)) ;;" }.joined(separator: "\n")
    }

    /// The arms of a `case` over options that take a value; those with nothing to offer in one.
    private func valueArms(words: ([String]) -> String, files: String) -> String {
        var free: [String] = []
        var lines: [String] = []
        for option in valued {
            switch Completion.value(option) {
            case .words(let list): lines.append("        --\(option.name)) \(words(list)); return ;;")
            case .files, .folders: lines.append("        --\(option.name)) \(files); return ;;")
            case .anything: free.append("--" + option.name)
            }
        }
        return (lines + ["        \(free.joined(separator: "|"))) return ;;"]).joined(separator: "\n")
    }

    /// How the words typed so far become the name of a command, in both shells.
    private func walk(from first: Int, to last: String) -> String {
        let names = nodes.dropFirst().map { quoted($0.name) }.joined(separator: "|")
        return """
                for ((i = \(first); i < \(last) && i < \(first + 2); i++)); do
                    each="${command:+$command }${words[i]}"
                    case "$each" in
                        \(names)) command=$each ;;
                        *) break ;;
                    esac
                done
            """
    }

    private func flags(_ node: Node) -> String {
        (node.command?.options ?? []).map { "--" + $0.name }.joined(separator: " ")
    }

    private var bash: String {
        let values = valueArms(
            words: { "_thuispunt_words \(quoted($0.joined(separator: " ")))" }, files: "_thuispunt_files -f")
        let places = arms { node in
            let words = node.next.map(\.word)
            let more: String
            switch node.operand {
            case .words(let list): more = "offers=\(quoted((words + list).joined(separator: " ")))"
            case .files: more = "offers=\(quoted(words.joined(separator: " "))); files=-f"
            case .folders: more = "offers=\(quoted(words.joined(separator: " "))); files=-d"
            case .anything: more = "offers=\(quoted(words.joined(separator: " ")))"
            }
            return "flags=\(quoted(flags(node))); \(more)"
        }
        return """
            # Completion of thuispunt for bash. Made by: thuispunt completion bash
            _thuispunt_words() {
                local found
                while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen -W "$1" -- "$word")
            }
            _thuispunt_files() {
                local found
                compopt -o filenames 2> /dev/null
                while IFS= read -r found; do COMPREPLY+=("$found"); done < <(compgen "$1" -- "$word")
            }
            _thuispunt() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
                local command='' each='' flags='' files='' offers='' i
                local -a words=("${COMP_WORDS[@]}")
                COMPREPLY=()
                # --name=value comes as three words.
                if [[ $word == '=' ]]; then
                    word=''
                elif [[ $before == '=' ]]; then
                    before=${COMP_WORDS[COMP_CWORD - 2]}
                fi
            \(walk(from: 1, to: "COMP_CWORD"))
                case "$before" in
            \(values)
                esac
                offers=''
                case "$command" in
            \(places)
                esac
                if [[ $word == -* ]]; then
                    _thuispunt_words "$flags"
                    return
                fi
                            _thuispunt_words "$offers"
                if [[ -n $files ]]; then _thuispunt_files "$files"; fi
            }
            complete -F _thuispunt thuispunt
            """
    }

    private var zsh: String {
        let values = valueArms(words: { "compadd -- \($0.joined(separator: " "))" }, files: "_files")
        let places = arms { node in
            var words = node.next.map(\.word)
            var files = ""
            switch node.operand {
            case .words(let list): words += list
            case .files: files = "; _files"
            case .folders: files = "; _files -/"
            case .anything: break
            }
            let flags = flags(node)
            let own = words.isEmpty ? ":" : "compadd -- \(words.joined(separator: " "))"
            let options = flags.isEmpty ? ":" : "compadd -- \(flags)"
            return "if [[ $word == -* ]]; then \(options); else \(own)\(files); fi"
        }
        return """
            #compdef thuispunt
            # Completion of thuispunt for zsh. Made by: thuispunt completion zsh
            _thuispunt() {
                local word=${words[CURRENT]} before=${words[CURRENT - 1]} command='' each=''
                integer i
                if [[ $word == --*=* ]]; then
                    before=${word%%=*}
                    compset -P '*='
                fi
            \(walk(from: 2, to: "CURRENT"))
                case "$before" in
            \(values)
                esac
                case "$command" in
            \(places)
                esac
            }
            if [[ ${funcstack[1]} == _thuispunt ]]; then _thuispunt "$@"; else compdef _thuispunt thuispunt; fi
            """
    }

    // MARK: fish

    private var fish: String {
        var lines: [String] = []
        for node in nodes {
            let at = "complete -c thuispunt -n \(quoted("__thuispunt_at " + node.name))"
            for (word, help) in node.next { lines.append("\(at) -a \(word) -d \(fishQuoted(help))") }
            switch node.operand {
            case .words(let list): lines.append("\(at) -a \(quoted(list.joined(separator: " ")))")
            case .files: lines.append("\(at) -F")
            case .folders: lines.append("\(at) -a '(__fish_complete_directories)'")
            case .anything: break
            }
            for option in node.command?.options ?? [] {
                lines.append("\(at) -l \(option.name)\(fishValue(option)) -d \(fishQuoted(option.help))")
            }
        }
        return """
            # Completion of thuispunt for fish. Made by: thuispunt completion fish
            set -g __thuispunt_names \(nodes.dropFirst().map { quoted($0.name) }.joined(separator: " "))
            function __thuispunt_at
                set -l typed (commandline -opc)
                set -l name ''
                for word in $typed[2..3]
                    set -l longer (string trim -- "$name $word")
                    contains -- $longer $__thuispunt_names; or break
                    set name $longer
                end
                test "$name" = "$argv"
            end
            complete -c thuispunt -f
            \(lines.joined(separator: "\n"))
            """
    }

    private func fishValue(_ option: Option) -> String {
        guard option.value != nil else { return "" }
        switch Completion.value(option) {
        case .words(let list): return " -x -a \(quoted(list.joined(separator: " ")))"
        case .files, .folders: return " -r -F"
        case .anything: return " -x"
        }
    }

    private func fishQuoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
