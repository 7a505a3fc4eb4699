// Carries a match run out behind the answer that asked for it: computed on the pool for long reads, kept by the writer,
// its progress known meanwhile. What it computes and keeps is said in UseCases.

internal import Domain
internal import Lock
internal import Storage
internal import UseCases

/// How far the runs of this process are.
final class RunBoard: Sendable {
    /// People held against the homes, of how many.
    struct Progress: Sendable, Equatable {
        var done: Int
        var total: Int
    }

    private let progress = Lock<[MatchRunID: Progress]>([:])

    /// Notes how far a run is.
    func note(_ id: MatchRunID, _ done: Int, of total: Int) {
        progress.withLock { $0[id] = Progress(done: done, total: total) }
    }

    /// How far a run is; nil when it is not under way here.
    subscript(id: MatchRunID) -> Progress? { progress.withLock { $0[id] } }

    /// A run is over.
    func end(_ id: MatchRunID) { progress.withLock { _ = $0.removeValue(forKey: id) } }
}

/// Carries runs out.
struct MatchRunner: Sendable {
    let database: Database
    let board: RunBoard
    /// Gets one line for the log when a run fails.
    let failure: @Sendable (String) -> Void

    /// Begins a run that has been asked for; its answer need not wait.
    func begin(_ id: MatchRunID, by caller: Caller) {
        board.note(id, 0, of: 0)
        // The one task of its own in the service: it outlives the request that asked for it.
        Task { await run(id, by: caller) }
    }

    private func run(_ id: MatchRunID, by caller: Caller) async {
        defer { board.end(id) }
        let board = board
        do {
            let offers = try await database.write { tx in
                let store = MatchRunStore(tx.db)
                try store.begin(id)
                return try store.find(id)?.offers ?? false
            }
            let result = try await database.readLong { tx in
                try RunMatches.compute(id, by: caller, in: tx) { board.note(id, $0, of: $1) }
            }
            let offering = Lock<RunOffering?>(nil)
            let keep = { @Sendable (tx: WriteTransaction) throws -> Void in
                let begun = try RunMatches.finish(id, result, by: caller, in: tx)
                offering.withLock { $0 = begun }
            }
            let proposals = offers ? result.outcome.counts.proposals : 0
            _ = try await database.writeAll(
                [keep]
                    + (0..<proposals).map { number in
                        { @Sendable tx in try offering.withLock { try $0?.offer(number, in: tx) } }
                    })
        } catch {
            failure("match run \(id): \(error)")
            // When not even this can be written, the next start says that the run was interrupted.
            _ = try? await database.write {
                try MatchRunStore($0.db).fail(id, "The run could not be carried out; the service's log says why.")
            }
        }
    }
}
