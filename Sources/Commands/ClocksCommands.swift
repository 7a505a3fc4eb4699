// clocks run: does what the passing of time calls for, once and by hand; `serve` does the same by itself.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum ClocksCommands {
    static let all: [Command] = [
        Command(
            name: "clocks run",
            summary:
                "Does what is due by now: offers lapse, matches end with their consent, stalled steps become tasks, old signals fade",
            notes: ["A running service does this by itself; the command is for a machine on which none runs."],
            options: [.database], json: .lines(["duty", "day", "done"]), examples: ["thuispunt clocks run"], run: run)
    ]

    private static func run(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let database = try Store.open(arguments)
        defer { database.close() }
        let today = AmsterdamTime.day(of: Environment.system.now())
        for duty in Clockwork.duties {
            var done = 0
            while true {
                let more = try await database.write { try Clockwork.run(duty, in: $0) }
                if more == 0 { break }
                done += more
            }
            if arguments.has(.json) {
                let count = done
                terminal.say { writer in
                    writer.object { writer in
                        writer.field("duty", duty.name)
                        writer.field("day", today.description)
                        writer.field("done", count)
                    }
                }
            } else {
                terminal.say("\(duty.name)  \(done) done, as of \(today) in Amsterdam")
            }
        }
        return .done
    }
}
