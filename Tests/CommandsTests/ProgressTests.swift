// What long work shows: on a terminal a line that rewrites itself, with speed and rest once they say something; elsewhere a
// plain line for every tenth part; and of a migration no number that SQLite does not know.

import Domain
import Lock
import Migrations
import SQLite
import Storage
import Testing

@testable import Commands

@Suite struct ProgressTests {
    /// A terminal of which every word is kept, and a clock that the test moves.
    private final class Watched: Sendable {
        private let lines = Lock<[String]>([])
        private let clock = Lock<Int64>(0)
        let terminal: Terminal

        init(isTerminal: Bool) {
            let lines = lines
            let keep: @Sendable (String) -> Void = { text in lines.withLock { $0.append(text) } }
            terminal = Terminal(say: keep, tell: keep, repaint: isTerminal ? keep : nil)
        }

        var shown: [String] { lines.withLock { $0 } }
        var microseconds: @Sendable () -> Int64 { { self.clock.withLock { $0 } } }

        func pass(seconds: Double) { clock.withLock { $0 += Int64(seconds * 1_000_000) } }
    }

    @Test func aTerminalSeesSpeedAndRest() {
        let watched = Watched(isTerminal: true)
        var progress = Progress("copying rows", of: "rows", on: watched.terminal, microseconds: watched.microseconds)
        watched.pass(seconds: 0.5)
        progress.update(500, of: 10_000)
        watched.pass(seconds: 0.1)
        progress.update(600, of: 10_000)
        watched.pass(seconds: 0.4)
        progress.update(1000, of: 10_000)
        watched.pass(seconds: 89)
        progress.update(2000, of: 10_000)
        progress.update(10_000, of: 10_000)
        progress.update(10_000, of: 10_000)
        #expect(
            watched.shown == [
                "\rcopying rows: 5%", "\rcopying rows: 10%, 1000 rows a second, 9 s left",
                "\rcopying rows: 20%, 22 rows a second, 6 min 0 s left",
                "\rcopying rows: 100%" + String(repeating: " ", count: 33), "\n",
            ])
    }

    @Test func elsewhereEveryTenthPartIsALine() {
        let watched = Watched(isTerminal: false)
        var progress = Progress("copying", on: watched.terminal, microseconds: watched.microseconds)
        for done in 0...1000 {
            watched.pass(seconds: 1)
            progress.update(done, of: 1000)
        }
        progress.end()
        #expect(watched.shown == (1...10).map { "copying: \($0 * 10)%" })
    }

    @Test(arguments: [true, false]) func whatHasNoKnownEndTellsHowLongItRuns(isTerminal: Bool) {
        let watched = Watched(isTerminal: isTerminal)
        var progress = Progress("checking", on: watched.terminal, microseconds: watched.microseconds)
        for _ in 0..<3 {
            watched.pass(seconds: 7)
            progress.goOn()
        }
        progress.end()
        #expect(
            watched.shown
                == (isTerminal
                    ? ["\rchecking: 7 s", "\rchecking: 14 s", "\rchecking: 21 s", "\n"] : ["checking: 14 s"]))
    }

    @Test(arguments: [(59_999_999, "59 s"), (185_000_000, "3 min 5 s"), (7_860_000_000, "2 h 11 min")])
    func durations(microseconds: Int64, text: String) { #expect(Progress.duration(microseconds) == text) }

    // MARK: Migrations

    private func moment(_ number: Int, _ text: String, _ read: Int, of rows: Int?) -> ScriptMoment {
        ScriptMoment(number: number, count: 3, statement: text, rowsRead: read, rows: rows)
    }

    @Test func aLongMigrationIsTold() throws {
        let migration = try #require(EmbeddedMigrations.all.first)
        let steps: [(seconds: Double, step: MigrationStep)] = [
            (0, .copying(done: 1, total: 100)), (2, .copying(done: 50, total: 100)), (2, .copied(path: "a.backup")),
            (0, .applying(migration)),
            // Too short to be shown.
            (1, .running(migration, moment(1, "CREATE TABLE new", 0, of: nil))),
            (0, .running(migration, moment(2, "INSERT INTO new", 0, of: 4000))),
            (1, .running(migration, moment(2, "INSERT INTO new", 1000, of: 4000))),
            (3, .running(migration, moment(2, "INSERT INTO new", 4000, of: 4000))),
            (0, .running(migration, moment(3, "CREATE INDEX i ON new", 0, of: nil))),
            (5, .running(migration, moment(3, "CREATE INDEX i ON new", 0, of: nil))),
            (0, .checking(migration, isDone: false)), (30, .checking(migration, isDone: false)),
            (1, .checking(migration, isDone: true)),
        ]
        for isTerminal in [true, false] {
            let watched = Watched(isTerminal: isTerminal)
            var teller = MigrationTeller(on: watched.terminal, microseconds: watched.microseconds)
            for (seconds, step) in steps {
                watched.pass(seconds: seconds)
                teller.tell(step)
            }
            let shown = watched.shown.map { String($0.reversed().drop { $0 == " " }.reversed()) }
                .joined(separator: "|")
            #expect(
                shown
                    == (isTerminal
                        ? """
                        \rcopying: 50%, 2 s left|
                        |copied the database to a.backup|applying 0001_initial.sql|\
                        \rstatement 2 of 3 (INSERT INTO new): 25%, 1000 rows a second, 3 s left|\
                        \rstatement 2 of 3 (INSERT INTO new): 100%|
                        |\rstatement 3 of 3 (CREATE INDEX i ON new): 5 s|
                        |\rchecking references: 30 s|

                        """
                        : """
                        copying: 50%|copied the database to a.backup|applying 0001_initial.sql|\
                        statement 2 of 3 (INSERT INTO new): 20%|statement 2 of 3 (INSERT INTO new): 100%|\
                        checking references: 30 s
                        """),
                "\(shown.debugDescription)")
        }
    }

    /// All that a real upgrade tells: each statement in its turn, the copy first, the references last.
    @Test func everyStepOfAnUpgradeIsTold() async throws {
        let scratch = try Scratch()
        #expect(await scratch.run("migrate", "up", "--to", "11").code == .done)
        var steps: [MigrationStep] = []
        try Migrator().up(at: scratch.database, now: { Instant(milliseconds: 1_800_000_000_000) }) { steps.append($0) }
        guard case .copying = steps.first else {
            Issue.record("the copy comes first: \(steps.prefix(2))")
            return
        }
        for migration in EmbeddedMigrations.all.dropFirst(11) {
            let own = steps.compactMap { step in
                if case .running(migration, let moment) = step { moment } else { nil }
            }
            #expect(own.map(\.number) == Array(1...(own.last?.count ?? 1)), "\(migration.name)")
            #expect(steps.contains(.checking(migration, isDone: true)))
        }
    }
}
