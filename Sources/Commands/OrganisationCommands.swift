// organisation add | list | disable: the parties that meet here.

internal import Domain
internal import JSON
internal import Storage

enum OrganisationCommands {
    private static let kind = Option("kind", "KIND", oneOf: OrganisationKind.allCases.map(\.rawValue))
    private static let name = Option("name", "TEXT", "the organisation's name")
    private static let municipality = Option(
        "municipality", "CODE", "its municipality, such as GM0153; a municipality needs it")

    static let all: [Command] = [
        Command(
            name: "organisation add", summary: "Adds an organisation and prints its id",
            options: [.database, kind, name, municipality], json: .object(["id"]),
            examples: ["thuispunt organisation add --kind care_provider --name 'Zorg Oost'"], run: add),
        Command(
            name: "organisation list", summary: "Lists the organisations", options: [.database, kind],
            json: .lines(["id", "kind", "name", "municipality", "disabledAt"]),
            examples: ["thuispunt organisation list --kind care_provider --json"], run: list),
        Command(
            name: "organisation disable", operands: ["ID"],
            summary: "Closes an organisation's door: its tokens stop at once",
            options: [.database], json: .object(["id"]),
            examples: [#"thuispunt organisation disable "$ORGANISATION""#], run: disable),
    ]

    private static func add(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let kind = try chosenKind(try arguments.required(kind))
        let text = try arguments.requiredWords(name)
        var code: Municipality?
        if let given = arguments.text(municipality) {
            code = Municipality(code: given)
            if code == nil { throw CommandFault.usage("--municipality must be GM and four digits") }
        }
        guard kind != .municipality || code != nil else {
            throw CommandFault.usage("a municipality needs --municipality")
        }
        let place = code
        let id = try await Store.writing(arguments) { tx in
            let store = OrganisationStore(tx.db)
            // Texts of Swift are equal when they are canonically equivalent: é is one letter, however it is composed.
            guard try !store.list(kind: kind).contains(where: { $0.name == text }) else {
                throw CommandFault("there is a \(kind.rawValue) named \(text) already")
            }
            let id = tx.newIdentifier(of: OrganisationTag.self)
            try store.insert(Organisation(id: id, kind: kind, name: text, municipality: place), at: tx.now)
            return id
        }
        if arguments.has(.json) {
            terminal.say { $0.object { $0.field("id", id.description) } }
        } else {
            terminal.say(id.description)
        }
        return .done
    }

    private static func chosenKind(_ text: String) throws -> OrganisationKind {
        guard let kind = OrganisationKind(rawValue: text) else {
            throw CommandFault.usage(
                "--kind must be one of: \(OrganisationKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return kind
    }

    private static func list(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let wanted = try arguments.text(kind).map(chosenKind)
        let found = try Store.reading(arguments) { try OrganisationStore($0.db).list(kind: wanted) }
        for organisation in found {
            if arguments.has(.json) {
                terminal.say { writer in
                    writer.object { writer in
                        writer.field("id", organisation.id.description)
                        writer.field("kind", organisation.kind.rawValue)
                        writer.field("name", organisation.name)
                        writer.field("municipality", ifPresent: organisation.municipality?.code)
                        writer.field("disabledAt", ifPresent: organisation.disabledAt?.description)
                    }
                }
            } else {
                let note = organisation.disabledAt.map { "  disabled \($0)" } ?? ""
                terminal.say(
                    "\(organisation.id)  \(organisation.kind.rawValue)  \(organisation.municipality?.code ?? "-")  "
                        + organisation.name + note)
            }
        }
        return .done
    }

    private static func disable(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        guard let id = OrganisationID(arguments.operands[0]) else { throw CommandFault.usage("ID must be a UUID") }
        let isDone = try await Store.writing(arguments) { try OrganisationStore($0.db).disable(id, at: $0.now) }
        guard isDone else { throw CommandFault("there is no such organisation, or it is disabled already") }
        if arguments.has(.json) {
            terminal.say { $0.object { $0.field("id", id.description) } }
        } else {
            terminal.say("disabled \(id)")
        }
        return .done
    }
}

/// The database of a command that is done with it at the end.
enum Store {
    static func open(_ arguments: Arguments) throws -> Database {
        try Database(path: arguments.database, lanes: 1, environment: .system)
    }

    static func writing<Value: Sendable>(
        _ arguments: Arguments, _ job: @escaping @Sendable (WriteTransaction) throws -> Value
    ) async throws -> Value {
        let database = try open(arguments)
        defer { database.close() }
        return try await database.write(job)
    }

    static func reading<Value>(_ arguments: Arguments, _ body: (ReadTransaction) throws -> Value) throws -> Value {
        let database = try open(arguments)
        defer { database.close() }
        return try database.read(lane: 0, body)
    }
}
