// The address for those who watch the service: a second, small server with one thread of its own, so that a scrape
// takes no turn on the loops it measures and still answers when they are busy or drain.

internal import API
internal import Foundation
internal import HTTPServer
internal import Synchronization

/// A server for operators, from its making until it is closed.
final class OperatorWindow: Sendable {
    /// A few scrapers and a person; beyond it somebody has mistaken the address.
    private static let connections = 64

    private let server: Server
    private let ended = DispatchSemaphore(value: 0)

    /// Where it listens, with the port that the kernel chose.
    var address: String { server.boundAddresses.map(\.description).joined(separator: ", ") }

    /// Listens and serves. `log` gets one record per refusal by the wire.
    init(
        _ address: ListenAddress, _ application: Application, log: @escaping RefusalLog
    ) throws(ServerFault) {
        var configuration = ServerConfiguration(listen: [address], threads: 1)
        configuration.connections = Self.connections
        let server = try Server(configuration: configuration, responder: application, log: log)
        self.server = server
        Thread.detachNewThread { [ended] in
            // One loop runs on this very thread: there is no other to start, which alone could fail.
            try? server.run()
            ended.signal()
        }
    }

    /// Closes its connections and waits for its end; the service itself has drained by then.
    func close() {
        server.drain()
        server.drain()
        ended.wait()
    }
}
