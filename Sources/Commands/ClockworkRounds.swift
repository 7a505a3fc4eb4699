// Has the writer do what the passing of time calls for, every so often, and again a second later while there is more. What
// can't be done now is due the next time as well.

internal import Storage
internal import UseCases

/// Asks for the duties of time, from its making until it is closed.
final class ClockworkRounds: Sendable {
    private static let moreAfterSeconds = 1

    private let rounds: Task<Void, Never>

    /// Begins; `notice` gets a line for the log when a duty fails.
    init(_ database: Database, everySeconds seconds: Int, notice: @escaping @Sendable (String) -> Void) {
        rounds = Task {
            var hasMore = false
            while (try? await Task.sleep(for: .seconds(hasMore ? Self.moreAfterSeconds : seconds))) != nil {
                hasMore = false
                for duty in Clockwork.duties where await Self.isDone(duty, of: database, notice) { hasMore = true }
            }
        }
    }

    /// Whether something of a duty was done. While the disk is not back the writer has said so itself.
    private static func isDone(_ duty: Duty, of database: Database, _ notice: (String) -> Void) async -> Bool {
        guard database.isWritable else { return false }
        do {
            return try await database.write { try Clockwork.run(duty, in: $0) } > 0
        } catch StorageFault.busy, StorageFault.closed {
            return false
        } catch {
            notice("the duty \(duty.name) was not done: \(error)")
            return false
        }
    }

    /// Begins no other round.
    func close() { rounds.cancel() }
}
