// serve: opens the database, listens, and drains on SIGTERM or SIGINT; a second signal ends at once. Every limit and
// deadline of the server has a flag here.

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
    private static let trustedProxies = Option(
        "trusted-proxies", "LIST", "addresses whose Forwarded and X-Forwarded-For are believed")

    /// A number of the server's configuration with its flag.
    private struct Setting: Sendable {
        var option: Option
        var range: ClosedRange<Int>
        var apply: @Sendable (inout ServerConfiguration, Int) -> Void
    }

    private static let settings: [Setting] = [
        seconds("head-seconds", "the longest a request's head may take (20)") { $0.headMilliseconds = $1 },
        seconds("idle-seconds", "how long a connection may stay open without a request (75)") {
            $0.idleMilliseconds = $1
        },
        seconds("body-grace-seconds", "how long a body may wait before its rate counts (20)") {
            $0.bodyGraceMilliseconds = $1
        },
        count("body-rate", "the slowest a body may come, bytes per second (500)", 1...1_000_000) {
            $0.bodyBytesPerSecond = Int64($1)
        },
        seconds("write-grace-seconds", "how long an answer may wait before its rate counts (20)") {
            $0.writeGraceMilliseconds = $1
        },
        count("write-rate", "the slowest a client may read, bytes per second (500)", 1...1_000_000) {
            $0.writeBytesPerSecond = Int64($1)
        },
        seconds("request-seconds", "the longest a whole request may take (600)") { $0.requestMilliseconds = $1 },
        seconds("linger-seconds", "reading on after an early answer (2)") { $0.lingerMilliseconds = $1 },
        seconds("drain-seconds", "from the first signal to closing what is still open (15)") {
            $0.drainMilliseconds = $1
        },
        count("connections", "connections in all (16384)", 1...1_000_000) { $0.connections = $1 },
        count("connections-per-address", "connections of one address, loopback aside (512)", 1...1_000_000) {
            $0.connectionsPerAddress = $1
        },
        count("backlog", "connections the kernel keeps waiting (1024)", 1...65_535) { $0.backlog = $1 },
        count("request-line-bytes", "longest request line (8192)", 8000...1_048_576) {
            $0.limits.requestLineBytes = $1
        },
        count("field-bytes", "longest header field line (8192)", 256...1_048_576) { $0.limits.fieldLineBytes = $1 },
        count("header-bytes", "all header fields together (32768)", 1024...16_777_216) {
            $0.limits.fieldSectionBytes = $1
        },
        count("header-fields", "number of header fields (100)", 10...10_000) { $0.limits.fieldCount = $1 },
        count("body-bytes", "longest body on any route (268435456)", 1...1_073_741_824) { $0.limits.bodyBytes = $1 },
    ]

    private static func seconds(
        _ name: String, _ help: String, _ apply: @escaping @Sendable (inout ServerConfiguration, Int64) -> Void
    ) -> Setting {
        Setting(option: Option(name, "N", help), range: 1...86_400) { apply(&$0, Int64($1) * 1000) }
    }

    private static func count(
        _ name: String, _ help: String, _ range: ClosedRange<Int>,
        _ apply: @escaping @Sendable (inout ServerConfiguration, Int) -> Void
    ) -> Setting {
        Setting(option: Option(name, "N", help), range: range, apply: apply)
    }

    static let command = Command(
        name: "serve", summary: "Serves the API and the pages until SIGTERM or Ctrl-C",
        options: [.database, listen, metricsListen, threads, migrate, quiet, trustedProxies] + settings.map(\.option),
        run: serve)

    private static func serve(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let configuration = try configuration(arguments)
        let operatorsAt = try arguments.text(metricsListen).map { try address($0, of: metricsListen) }
        if arguments.has(migrate) {
            try Folder.make(above: arguments.database)
            _ = try Migrator().up(at: arguments.database, now: Environment.system.now)
        }
        let log = ServiceLog(writesAccess: !arguments.has(quiet))
        defer { log.close() }
        let database = try Database(
            path: arguments.database, lanes: configuration.threads, environment: .system,
            notice: { log.notice($0) })
        defer { database.close() }
        let traffic = ServerMetrics(configuration)
        let process = ProcessMetrics()
        let application = Application(
            database: database, environment: .system,
            log: ApplicationLog(access: { log.access($0) }, failure: { log.failure($0, $1) }),
            audience: operatorsAt == nil ? .everybody : .users,
            sources: [traffic.expose, log.expose, process.expose],
            pages: { Pages.response(path: $0.path, ifNoneMatch: $0.field("if-none-match")) })
        do {
            let server = try Server(configuration: configuration, responder: application, metrics: traffic) { record in
                // What the wire refused never reached the application, which writes down all the rest.
                guard let reason = record.refusal else { return }
                application.metrics?.count(loop: record.loop, refusal: reason)
                log.refusal(record)
            }
            let window = try operatorsAt.map { address in
                try OperatorWindow(address, application.forOperators()) { if $0.refusal != nil { log.refusal($0) } }
            }
            for address in server.boundAddresses { terminal.tell("serving \(arguments.database) on \(address)") }
            if let window { terminal.tell("to be watched on \(window.address)") }
            try Signals.onEnd { server.drain() }
            defer { window?.close() }
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

    private static func configuration(_ arguments: Arguments) throws -> ServerConfiguration {
        let addresses = try (arguments.text(listen) ?? "127.0.0.1:8080").split(separator: ",").map {
            try address(String($0), of: listen)
        }
        guard !addresses.isEmpty else { throw CommandFault.usage("--listen names no address") }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let loops = try arguments.number(threads, in: 1...256) ?? max(1, min(cores, 64))
        var configuration = ServerConfiguration(listen: addresses, threads: loops)
        for setting in settings {
            if let value = try arguments.number(setting.option, in: setting.range) {
                setting.apply(&configuration, value)
            }
        }
        if let proxies = arguments.text(trustedProxies) {
            configuration.trustedProxies = Set(proxies.split(separator: ",").map(String.init))
            configuration.uncappedAddresses.formUnion(configuration.trustedProxies)
        }
        return configuration
    }
}
