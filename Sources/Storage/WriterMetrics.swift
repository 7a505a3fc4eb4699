// What the writer counts of its commits: how many jobs share one, how long one takes, and how many failed. One shard, as
// one thread writes; the queue and the files are looked at when somebody asks.

internal import Metrics

/// The counts of the writer's thread.
struct WriterMetrics: Sendable {
    /// Jobs per commit: its count is the commits, its sum the jobs.
    let batches = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, EngineLimits.writesPerCommit], scale: 0, shards: 1)
    private let commits = Histogram(bounds: Histogram.requestMicroseconds, scale: 6, shards: 1)
    private let checkpoints = Histogram(bounds: Histogram.requestMicroseconds, scale: 6, shards: 1)
    private let failures = Tally(cells: 1, shards: 1)
    private let begunAnew = Tally(cells: 1, shards: 1)

    func noteCommit(jobs: Int, microseconds: Int64) {
        batches.note(jobs, shard: 0)
        commits.note(Int(microseconds), shard: 0)
    }

    func noteCheckpoint(microseconds: Int64) { checkpoints.note(Int(microseconds), shard: 0) }

    func noteFailure() { failures.add(1, to: 0, shard: 0) }

    func noteBegunAnew() { begunAnew.add(1, to: 0, shard: 0) }

    func expose(in page: inout Exposition) {
        let done = batches.reading()
        page.counter("thuispunt_writer_commits_total", "Transactions on disk.", done.count)
        page.counter("thuispunt_writer_commit_failures_total", "Transactions undone because they failed.", failures[0])
        page.counter(
            "thuispunt_writer_commits_begun_anew_total",
            "Transactions that began again because one of their writes failed after it had changed a row.", begunAnew[0]
        )
        page.counter("thuispunt_writer_jobs_total", "Writes that were part of a transaction on disk.", done.sum)
        page.histogram("thuispunt_writer_batch_jobs", "Writes that shared one transaction.", batches)
        page.histogram(
            "thuispunt_writer_commit_duration_seconds", "Time from the begin of a transaction to its being on disk.",
            commits)
        page.histogram(
            "thuispunt_writer_checkpoint_duration_seconds",
            "Time in which no write begins because pages of the log are copied into the file.", checkpoints)
    }
}
