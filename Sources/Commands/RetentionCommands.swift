// retention list | apply: what may no longer be kept, by number and ground and without a name, and its destruction.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum RetentionCommands {
    private static let day = Option("on", "DAY", "what is due by this day, such as 2026-11-24 (default: today)")
    private static let yes = Option("yes", nil, "destroy without being asked once more")

    /// How long readers of what was destroyed are waited for.
    private static let patienceSeconds = 30

    static let all: [Command] = [
        Command(
            name: "retention list", summary: "Lists the dossiers that may no longer be kept",
            options: [.database, day], no: "there are some",
            json: .lines(["candidateNumber", "referral", "ground", "since"]),
            examples: ["thuispunt retention list"], run: list),
        Command(
            name: "retention apply",
            summary: "Destroys the dossiers that may no longer be kept, after listing them; needs --yes",
            notes: ["Backups keep what they had: rotate them."],
            options: [.database, yes], no: "there are some, and --yes was not said; nothing was destroyed",
            json: .lines(["candidateNumber", "referral", "ground", "since"]),
            examples: ["thuispunt retention apply --yes"], run: apply),
    ]

    private static func wantedDay(_ arguments: Arguments) throws -> CivilDate {
        guard let text = arguments.text(day) else { return AmsterdamTime.day(of: Environment.system.now()) }
        guard let day = CivilDate(iso: text) else { throw CommandFault.usage("--on must be a day, such as 2026-11-24") }
        return day
    }

    private static func due(_ database: Database, on day: CivilDate) throws -> [DueErasure] {
        try database.read(lane: 0) { try Forget.due(on: day, in: $0) }
    }

    private static func tell(_ due: [DueErasure], _ arguments: Arguments, _ terminal: Terminal) {
        for one in due {
            let number = CandidateNumber.text(one.number)
            if arguments.has(.json) {
                terminal.say { writer in
                    writer.object { writer in
                        writer.field("candidateNumber", number)
                        writer.field("referral", one.referral.description)
                        writer.field("ground", one.ground.rawValue)
                        writer.field("since", one.since.description)
                    }
                }
            } else {
                terminal.say("\(number)  \(one.ground.rawValue)  since \(one.since)")
            }
        }
    }

    private static func list(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let database = try Store.open(arguments)
        defer { database.close() }
        let due = try due(database, on: try wantedDay(arguments))
        tell(due, arguments, terminal)
        if !arguments.has(.json) { terminal.say("\(due.count) to destroy") }
        return due.isEmpty ? .done : .no
    }

    private static func apply(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let database = try Store.open(arguments)
        defer { database.close() }
        let due = try due(database, on: AmsterdamTime.day(of: Environment.system.now()))
        tell(due, arguments, terminal)
        guard arguments.has(yes) else {
            terminal.tell("thuispunt: nothing was destroyed; to destroy \(due.count): thuispunt retention apply --yes")
            return due.isEmpty ? .done : .no
        }
        var progress = Progress("destroying", on: terminal)
        let trace = try await database.write { $0.localTrace("retention") }
        for start in stride(from: 0, to: due.count, by: Forget.erasuresPerCommit) {
            let batch = Array(due[start..<min(start + Forget.erasuresPerCommit, due.count)])
            try await database.write { tx in
                for one in batch { try Forget.erase(one, trace: trace, in: tx) }
            }
            progress.update(start + batch.count, of: due.count)
        }
        if !arguments.has(.json) { terminal.say("\(due.count) destroyed") }
        // The log has it until nobody reads from that any more; a service that runs does not know of it.
        for _ in 0..<patienceSeconds * 4 where database.statistics.logPages > 0 {
            try await Task.sleep(for: .milliseconds(250))
        }
        if database.statistics.logPages > 0 {
            terminal.tell(
                "thuispunt: somebody reads from the log still, which has what was destroyed; start the service anew when they are done"
            )
        }
        return .done
    }
}
