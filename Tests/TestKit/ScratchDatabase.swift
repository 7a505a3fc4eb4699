// A migrated database in a folder of its own that goes away with it, and a look behind the stores for what a test has
// to know of the tables themselves: how many rows there are, and what the ledger says.

package import Domain
internal import Foundation
internal import SQLite
package import Storage
internal import UseCases

/// An open database for one test.
package final class ScratchDatabase: Sendable {
    /// The database as the service has it.
    package let database: Database
    private let folder: String

    /// Where the anchors of its ledger are, if it keeps any.
    package var anchors: String { LedgerAnchorFile.standardPath(for: database.path) }

    /// A new one with every migration applied; `isAnchored` when the ledger's head is to be kept beside it.
    package init(environment: Environment, lanes: Int = 2, isAnchored: Bool = false) throws {
        folder = NSTemporaryDirectory() + "thuispunt-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/thuispunt.db"
        try Migrator().up(at: path, now: environment.now)
        database = try Database(
            path: path, lanes: lanes, environment: environment,
            ledgerAnchors: isAnchored ? LedgerAnchorFile.standardPath(for: path) : nil)
    }

    deinit {
        database.close()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Does what the passing of time calls for, until nothing is left.
    package func runClockwork() async throws {
        for duty in Clockwork.duties {
            while try await database.write({ try Clockwork.run(duty, in: $0) }) > 0 {}
        }
    }

    /// The rows of every table, by the table's name; of the ledger its entries.
    package func rowCounts() throws -> [String: Int] {
        try database.read(lane: 0) { tx in
            let tables = try tx.db.all("SELECT name FROM sqlite_schema WHERE type = 'table'") { $0.text(0) }
            var counts = try tables.reduce(into: [:]) { counts, table in
                counts[table] = try tx.db.first(SQL(dynamic: "SELECT count(*) FROM \"\(table)\"")) { $0.int(0) }
            }
            counts["ledger"] = Int(try LedgerStore(tx.db).count())
            return counts
        }
    }

    /// An entry of the ledger, as far as tests look at it.
    package struct LedgerLine: Sendable, Equatable {
        /// Its place in the chain, from 1.
        package var sequence: Int
        /// Who looked or changed.
        package var role: String
        /// What was done.
        package var action: String
        /// About whom.
        package var referral: String
        /// Which groups of fields.
        package var groups: String
        /// As part of which request.
        package var requestID: String
    }

    /// The ledger after an entry, oldest first.
    package func ledger(after sequence: Int = 0) throws -> [LedgerLine] {
        try database.read(lane: 0) { tx in
            try LedgerStore(tx.db).search(LedgerSearch(), limit: 1_000_000).reversed()
                .filter { $0.disclosure.sequence > sequence }
                .map { line in
                    LedgerLine(
                        sequence: Int(line.disclosure.sequence), role: line.disclosure.role.rawValue,
                        action: line.disclosure.action, referral: line.referral.description,
                        groups: line.disclosure.fields.joined(separator: " "), requestID: line.source.trace.requestID)
                }
        }
    }

    /// The first entry of the ledger that is not as it was written; nil when the chain holds.
    package func firstBrokenLedgerEntry() throws -> Int64? {
        try database.read(lane: 0) { try LedgerStore($0.db).firstBrokenSequence() }
    }
}

extension ScratchDatabase {
    /// Lets go of the file, as when the disk is gone.
    package func close() { database.close() }

    /// What all connections together have done so far, in statements run and instructions of SQLite's machine.
    package func work() async throws -> (runs: Int, instructions: Int) {
        var sum = try await database.write { $0.db.work }
        for lane in 0..<database.laneCount {
            let more = try database.read(lane: lane) { $0.db.work }
            sum = (sum.runs + more.runs, sum.instructions + more.instructions)
        }
        return sum
    }

    /// Makes the kept answers such as a version kept them that did not say what they show.
    package func forgetWhatAnswersShow() async throws {
        try await database.write { tx in
            _ = try tx.db.run("UPDATE idempotency SET fields = substr(fields, 1, instr(fields, 'showing:') - 1)")
        }
    }

    /// How many writes wait for the writer.
    package var waitingWrites: Int { database.statistics.waiting }
}

/// Keeps the writer inside a job until opened.
package final class WriterGate: Sendable {
    private let entered = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    /// A gate that nobody holds yet.
    package init() {}

    /// Writes nothing until the gate is opened.
    package func hold(_ scratch: ScratchDatabase) async throws {
        try await scratch.database.write { [entered, opened] _ in
            entered.signal()
            _ = opened.wait(timeout: .now() + 20)
        }
    }

    /// Returns once the writer is inside.
    package func isHeld() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [entered] in
                _ = entered.wait(timeout: .now() + 20)
                continuation.resume()
            }
        }
    }

    /// Lets the writer go on.
    package func open() { opened.signal() }
}
