// The whole service on a test's bench: a region in a database of its own, the application over it, a client in process
// or over a socket, and what the application told its log.

package import API
package import Domain
internal import HTTPServer
internal import HTTPWire
internal import Lock
internal import Storage

/// A service of one's own for one test.
package final class Bench: Sendable {
    /// How the client reaches the application.
    package enum Transport: String, CaseIterable, Sendable {
        /// Straight into it.
        case inProcess
        /// Through a server on a loopback port.
        case socket
    }

    /// The clock that the service sees.
    package let clock: TestClock
    /// The database under it.
    package let scratch: ScratchDatabase
    /// Who takes part.
    package let region: Region
    /// The application itself.
    package let application: Application
    /// Asks the application.
    package let client: Client
    /// What it told its log.
    package let log = Log()
    private let server: LiveServer?

    /// What the application wrote down.
    package final class Log: Sendable {
        private let lines = Lock<(access: [API.AccessRecord], failures: [String])>(([], []))
        /// One record per request.
        package var access: [API.AccessRecord] { lines.withLock { $0.access } }
        /// One line per failure.
        package var failures: [String] { lines.withLock { $0.failures } }

        /// The sinks that fill it.
        package var sinks: ApplicationLog {
            ApplicationLog(
                access: { record in self.lines.withLock { $0.access.append(record) } },
                failure: { id, text in self.lines.withLock { $0.failures.append(id + " " + text) } })
        }
    }

    /// Room for whatever a test asks within a standing clock.
    package static let roomyLimits: RateSettings = {
        var settings = RateSettings()
        settings.tokenBurst = 1_000_000
        settings.signInBurst = 10_000
        return settings
    }()

    /// A region with nobody in its queue yet.
    package init(
        _ transport: Transport = .inProcess, limits: RateSettings? = Bench.roomyLimits, isAnchored: Bool = false
    ) async throws {
        clock = TestClock()
        let environment = clock.environment()
        scratch = try ScratchDatabase(environment: environment, isAnchored: isAnchored)
        region = try await Region(scratch, environment: environment)
        application = Application(
            database: scratch.database, environment: environment, log: log.sinks, limits: limits,
            securityContact: SecurityContact("mailto:security@thuispunt.example.org"))
        let application = application
        switch transport {
        case .inProcess:
            server = nil
            client = Client(region: region) { try await Bench.ask(application, $0) }
        case .socket:
            let server = try LiveServer(application, threads: 2)
            self.server = server
            client = Client(region: region) { try server.ask($0) }
        }
    }

    /// Puts settings of the region's own in force: the defaults, with a name and two municipalities.
    package func applyRegion(_ change: @escaping @Sendable (inout RegionSettings) -> Void = { _ in }) async throws {
        try await scratch.database.write { tx in
            var settings = RegionSettings.standard
            settings.name = "Twente"
            settings.municipalities = [("GM0153", "Enschede"), ("GM0164", "Hengelo")].compactMap { code, name in
                Municipality(code: code).map { RegionMunicipality(code: $0, name: name, central: $0) }
            }
            change(&settings)
            _ = try RegionStore(tx.db).insert(settings, at: tx.now)
        }
    }

    deinit { server?.stop() }

    private static func ask(_ application: Application, _ question: Question) async throws -> Reply {
        let isHead = question.method == .head
        let body = RequestBody(bytes: question.body)
        let response = await respond(application, question, body)
        // What the wire does to every answer: no content after HEAD, 204 and 304 (RFC 9110, section 6.4.1).
        let hasContent = !isHead && response.status != 204 && response.status != 304
        return Reply(
            status: response.status, fields: response.allFields,
            body: hasContent ? try await response.body.collect(request: body) : [])
    }

    private static func respond(
        _ application: Application, _ question: Question, _ body: RequestBody
    ) async -> Response {
        do throws(Refusal) {
            let request = try Request(method: question.method, target: question.target, fields: question.fields)
            if question.body.isEmpty, let response = application.respondAtOnce(to: request) { return response }
            return await application.respond(to: request, body: body)
        } catch {
            return application.refuse(error)
        }
    }
}
