// What the storage tells those who watch it: commits with their jobs, failures, and what waits.

import Foundation
import Metrics
import SQLite
import Storage
import TestKit
import Testing

@Suite struct WriterMetricsTests {
    let bench: EngineBench
    init() throws { bench = try EngineBench() }

    private func page(_ database: Database) throws -> MetricsText {
        try MetricsText(Exposition.page([database.expose]))
    }

    @Test func commitsAndTheirJobsAreCounted() async throws {
        let database = try bench.make()
        let gate = Gate()
        let held = await gate.hold(database)
        let tasks = (0..<5).map { number in
            Task { try await database.write { _ = try $0.db.run("INSERT INTO note(text) VALUES(?)", "\(number)") } }
        }
        try await eventually { database.statistics.waiting == 5 }
        let before = try page(database)
        #expect(before["thuispunt_writer_queue_jobs"] == 5)
        #expect(before["thuispunt_writer_commits_total"] == 0)
        gate.open()
        try await held.value
        for task in tasks { try await task.value }
        let after = try page(database)
        #expect(after["thuispunt_writer_queue_jobs"] == 0)
        #expect(after["thuispunt_writer_commits_total"] == 2)
        #expect(after["thuispunt_writer_jobs_total"] == 6)
        let bucket = { after["thuispunt_writer_batch_jobs_bucket", ["le": $0]] }
        #expect(["1", "2", "4", "8", "256", "+Inf"].map(bucket) == [1, 1, 1, 2, 2, 2])
        #expect(after["thuispunt_writer_commit_duration_seconds_count"] == 2)
        #expect(after["thuispunt_writer_commit_failures_total"] == 0)
        #expect(after["thuispunt_database_writable"] == 1)
        #expect(after["thuispunt_database_bytes"] ?? 0 > 0)
        #expect(after["thuispunt_database_wal_bytes"] ?? 0 > 0)
        #expect(after["thuispunt_long_reads_waiting"] == 0)
    }

    /// A job that breaks the transaction fails the commit, and with it the file: that has to be seen.
    @Test func aFailedCommitIsCounted() async throws {
        let database = try bench.make()
        await #expect(throws: StorageFault.self) { try await database.write { try $0.db.rollback() } }
        try await eventually { database.isWritable }
        try await database.write { _ in }
        let page = try page(database)
        #expect(page["thuispunt_writer_commit_failures_total"] == 1)
        #expect(page["thuispunt_writer_commits_total"] == 1)
        #expect(page["thuispunt_writer_jobs_total"] == 1)
    }
}
