// What a server counts of its connections, bytes and turns: each loop in a shard of its own. It knows no request; those
// are the application's to count.

package import Metrics

/// The counts of one server.
package final class ServerMetrics: Sendable {
    /// What is counted.
    enum Cell: Int, CaseIterable {
        /// Connections by what became of them; see `outcomes`.
        case served, refused, closed, lost
        /// Connections that were opened here, served or refused, and are gone.
        case ended
        case receivedBytes, sentBytes
    }

    private static let outcomes: [(cell: Cell, name: String)] = [
        (.served, "served"), (.refused, "refused"), (.closed, "closed"), (.lost, "lost"),
    ]
    /// A turn is tens of microseconds when all is well, and every connection of the loop waits for its end.
    private static let turnMicroseconds = [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
    ]

    private let tally: Tally
    private let turns: Histogram
    private let loops: Int
    private let limit: Int

    /// Zeros for the loops of a server with this configuration.
    package init(_ configuration: ServerConfiguration) {
        loops = configuration.threads
        limit = configuration.connections
        tally = Tally(cells: Cell.allCases.count, shards: loops)
        turns = Histogram(bounds: Self.turnMicroseconds, scale: 6, shards: loops)
    }

    /// Counts on a loop's own thread.
    func count(_ cell: Cell, _ amount: Int = 1, loop: Int) {
        tally.add(amount, to: cell.rawValue, shard: loop)
    }

    /// Notes how long a loop was busy between two looks at its sockets.
    func noteTurn(microseconds: Int64, loop: Int) {
        turns.note(Int(microseconds), shard: loop)
    }

    private subscript(_ cell: Cell) -> Int { tally[cell.rawValue] }

    /// Connections open now.
    var open: Int {
        // The ends first: what ends between the two looks must not make it negative.
        let ended = self[.ended]
        return max(0, self[.served] + self[.refused] - ended)
    }

    /// Adds the server's families.
    package func expose(in page: inout Exposition) {
        page.gauge("thuispunt_connections_open", "Connections open now.", open)
        page.gauge("thuispunt_connections_limit", "Connections that may be open; see serve --connections.", limit)
        page.counter(
            "thuispunt_connections_total",
            "Connections by outcome: served; refused (503) or closed at once beyond a limit; lost before that, also for "
                + "want of descriptors.",
            Self.outcomes.map { ([("outcome", $0.name)], self[$0.cell]) })
        page.counter("thuispunt_received_bytes_total", "Bytes received on connections.", self[.receivedBytes])
        page.counter("thuispunt_sent_bytes_total", "Bytes sent on connections.", self[.sentBytes])
        page.gauge("thuispunt_event_loops", "Event loops, one thread each.", loops)
        page.histogram(
            "thuispunt_event_loop_turn_duration_seconds",
            "Time from a loop's wake-up to the end of all work that was ready; what becomes ready waits that long.",
            turns)
    }
}
