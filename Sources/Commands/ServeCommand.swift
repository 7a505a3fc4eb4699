// serve: opens the database, listens, and drains on SIGTERM or SIGINT; a second signal ends at once. The flags for the
// server's limits and deadlines are ServerSettings' business.

internal import API
internal import Domain
internal import Foundation
internal import HTTPServer
internal import HTTPWire
internal import Storage
internal import WebUI

enum ServeCommand {
    private static let listen = Option(
        "listen", "ADDRESS", "ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH; several with commas (default 127.0.0.1:8080)")
    private static let threads = Option("threads", "N", "event loops, one thread each (default: one per core)")
    private static let migrate = Option("migrate", nil, "apply pending migrations first")
    private static let quiet = Option("quiet", nil, "no line per request on standard output")
    private static let metricsListen = Option(
        "metrics-listen", "ADDRESS", "where alone /metrics is answered, with /healthz and /readyz, for those who watch")
    private static let clockwork = Option(
        "clockwork-seconds", "N",
        "how often what is due by itself is done, such as tasks for late steps; 0 for never (60)")
    private static let securityContact = Option(
        "security-contact", "URI", "whom to tell of a weakness: mailto:…, https://… or tel:…, for security.txt")
    private static let eventSource = Option(
        "event-source", "URN",
        "who the events of the change feed are from: urn:nld:oin:<20 digits>:systeem:<name>, or kvknr and 8 digits")

    static let command = Command(
        name: "serve", summary: "Serves the API and the pages until SIGTERM or Ctrl-C",
        notes: [
            "The first signal lets requests in progress finish; a second one ends at once. It refuses to start while "
                + "migrations wait, unless --migrate."
        ],
        options: [
            .database, listen, metricsListen, threads, migrate, quiet, clockwork, securityContact, eventSource,
            LedgerCommands.anchors,
        ] + RateFlags.options + SessionFlags.options
            + ServerSettings.options,
        json: .document("it prints what it prints without: its log, a JSON object for each request"),
        examples: ["thuispunt serve --listen unix:thuispunt.sock --quiet"], run: serve)

    private static func serve(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let configuration = try configuration(arguments)
        let limits = try RateFlags.settings(arguments, listeningOn: configuration.listen)
        let contact = try arguments.text(securityContact).map(contact)
        let source = try arguments.text(eventSource).map(source)
        let operatorsAt = try arguments.text(metricsListen).map { try address($0, of: metricsListen) }
        let seconds = try arguments.number(clockwork, in: 0...86_400) ?? 60
        if arguments.has(migrate) {
            try Folder.make(above: arguments.database)
            var teller = MigrationTeller(on: terminal)
            _ = try Migrator().up(at: arguments.database, now: Environment.system.now) { teller.tell($0) }
        }
        let log = ServiceLog(writesAccess: !arguments.has(quiet), loops: configuration.threads)
        defer { log.close() }
        let database = try Database(
            path: arguments.database, lanes: configuration.threads, environment: .system,
            ledgerAnchors: LedgerCommands.anchorPath(arguments),
            notice: { log.notice($0) })
        defer { database.close() }
        // Runs that were under way when the service stopped; nobody goes on with them.
        try await database.write { tx in
            _ = try MatchRunStore(tx.db).failInterrupted()
            try FeedStore(tx.db).beginEpoch(nonce: UInt32(truncatingIfNeeded: tx.environment.randomBits()))
        }
        let traffic = ServerMetrics(configuration)
        let process = ProcessMetrics()
        let application = Application(
            database: database, environment: .system,
            log: ApplicationLog(access: { log.access($0) }, failure: { log.failure($0, $1) }),
            audience: operatorsAt == nil ? .everybody : .users, limits: limits,
            sessions: try SessionFlags.terms(arguments), securityContact: contact,
            eventSource: source ?? Application.unnamedSource, sources: [traffic.expose, log.expose, process.expose],
            pages: { Pages.response(path: $0.path, ifNoneMatch: $0.field("if-none-match")) })
        do {
            // The wire tells what it refused; the application writes down all the rest.
            let server = try Server(configuration: configuration, responder: application, metrics: traffic) { record in
                application.metrics?.count(loop: record.loop, refusal: record.reason)
                log.refusal(record)
            }
            let window = try operatorsAt.map { address in
                try OperatorWindow(address, application.forOperators()) { log.refusal($0) }
            }
            // Whoever reads that it serves may end it at once.
            try Signals.onEnd {
                application.end()
                server.drain()
            }
            for address in server.boundAddresses { terminal.tell("serving \(arguments.database) on \(address)") }
            if let window { terminal.tell("to be watched on \(window.address)") }
            defer { window?.close() }
            let clock = seconds == 0 ? nil : ClockworkRounds(database, everySeconds: seconds) { log.notice($0) }
            defer { clock?.close() }
            try server.run()
        } catch let fault as ServerFault {
            throw CommandFault(fault.description)
        }
        terminal.tell("drained; everything acknowledged is on disk")
        return .done
    }

    private static func address(_ text: String, of option: Option) throws -> ListenAddress {
        do throws(ServerFault) {
            return try ListenAddress(parsing: text)
        } catch {
            throw CommandFault.usage("--\(option.name): \(error.description)")
        }
    }

    private static func source(_ text: String) throws -> String {
        // The Dutch government's profile of CloudEvents names an organisation by its OIN or its number at the chamber of
        // commerce, and the system behind it.
        let form = #/urn:nld:(oin:[0-9]{20}|kvknr:[0-9]{8}):systeem:[a-z0-9][a-z0-9.\-]{0,63}/#
        guard text.wholeMatch(of: form) != nil else {
            throw CommandFault.usage(
                "--event-source must be urn:nld:oin:<20 digits>:systeem:<name> or urn:nld:kvknr:<8 digits>:systeem:<name>"
            )
        }
        return text
    }

    private static func contact(_ text: String) throws -> SecurityContact {
        guard let contact = SecurityContact(text) else {
            throw CommandFault.usage("--security-contact must be mailto:…, https://… or tel:…")
        }
        return contact
    }

    /// How the server is to run, by flags, environment and defaults; throws `CommandFault` with exit code 2.
    static func configuration(_ arguments: Arguments) throws -> ServerConfiguration {
        let addresses = try (arguments.text(listen) ?? "127.0.0.1:8080").split(separator: ",").map {
            try address(String($0), of: listen)
        }
        guard !addresses.isEmpty else { throw CommandFault.usage("--listen names no address") }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let loops = try arguments.number(threads, in: 1...256) ?? max(1, min(cores, 64))
        var configuration = ServerConfiguration(listen: addresses, threads: loops)
        try ServerSettings.apply(arguments, to: &configuration)
        return configuration
    }
}
