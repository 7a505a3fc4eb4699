// Every limit and deadline of the server with its flag: one row each, from which the option, its help with the default,
// the reading and the bounds follow. It does not know why a limit is what it is; ServerConfiguration and WireLimits say so.

internal import HTTPServer
internal import HTTPWire

enum ServerSettings {
    /// A number of the server's configuration.
    struct Number: Sendable {
        var option: Option
        /// What the flag takes, in its own unit.
        var range: ClosedRange<Int>
        var get: @Sendable (ServerConfiguration) -> Int
        var set: @Sendable (inout ServerConfiguration, Int) -> Void
    }

    /// A list of addresses of the server's configuration.
    struct Addresses: Sendable {
        var option: Option
        var path: any WritableKeyPath<ServerConfiguration, Set<String>> & Sendable
    }

    static let numbers: [Number] = [
        seconds("head-seconds", "the longest a request's head may take", \.headMilliseconds),
        seconds("idle-seconds", "how long a connection may stay open without a request", \.idleMilliseconds),
        seconds("body-grace-seconds", "how long a body may wait before its rate counts", \.bodyGraceMilliseconds),
        rate("body-rate", "the slowest a body may come", \.bodyBytesPerSecond),
        seconds("write-grace-seconds", "how long an answer may wait before its rate counts", \.writeGraceMilliseconds),
        rate("write-rate", "the slowest a client may read", \.writeBytesPerSecond),
        seconds("request-seconds", "the longest a whole request may take", \.requestMilliseconds),
        seconds("linger-seconds", "reading on after an early answer", \.lingerMilliseconds),
        count("linger-bytes", "bytes read on after an early answer", 0...1_073_741_824, \.lingerBytes),
        count(
            "discarded-body-bytes", "longest unread body that keeps its connection", 0...1_073_741_824,
            \.discardedBodyBytes),
        seconds("drain-seconds", "from the first signal to closing what is still open", \.drainMilliseconds),
        seconds("last-words-seconds", "what is cancelled by that gets to answer", \.lastWordsMilliseconds),
        count("connections", "connections in all", 1...1_000_000, \.connections),
        count("connections-per-address", "connections of one address", 1...1_000_000, \.connectionsPerAddress),
        count("surplus-connections", "answers of 503 at once beyond those", 0...1_000_000, \.surplusConnections),
        count("backlog", "connections the kernel keeps waiting", 1...65_535, \.backlog),
        count("accepts-per-turn", "connections accepted before the open ones go on", 1...65_535, \.acceptsPerTurn),
        count("steps-per-turn", "steps of one connection before the others go on", 1...65_535, \.stepsPerTurn),
        count(
            "collected-bytes", "pipelined answers collected before they are sent", 4_096...16_777_216,
            \.collectedBytes),
        count("request-line-bytes", "longest request line", 8_000...1_048_576, \.limits.requestLineBytes),
        count("field-bytes", "longest header field line", 256...1_048_576, \.limits.fieldLineBytes),
        count("header-bytes", "all header fields together", 1_024...16_777_216, \.limits.fieldSectionBytes),
        count("header-fields", "number of header fields", 10...10_000, \.limits.fieldCount),
        count("empty-lines", "empty lines skipped before a request", 1...1_000, \.limits.leadingEmptyLines),
        count(
            "body-bytes", "longest body; of JSON at most 1 MiB whatever is said here", 1...1_073_741_824,
            \.limits.bodyBytes),
        count("chunk-extension-bytes", "chunk extensions of one body", 0...1_048_576, \.limits.chunkExtensionBytes),
        count("trailer-bytes", "trailer fields of one body", 0...1_048_576, \.limits.trailerBytes),
    ]

    static let addresses = [
        Addresses(
            option: Option("trusted-proxies", "LIST", "addresses whose Forwarded and X-Forwarded-For are believed"),
            path: \.trustedProxies),
        Addresses(
            option: Option(
                "uncapped-addresses", "LIST",
                "addresses that --connections-per-address leaves alone, trusted proxies besides (127.0.0.1,::1)"),
            path: \.uncappedAddresses),
    ]

    /// Every option of this table.
    static let options = numbers.map(\.option) + addresses.map(\.option)

    /// Puts what the command line says into the configuration; throws `CommandFault` with exit code 2.
    static func apply(_ arguments: Arguments, to configuration: inout ServerConfiguration) throws {
        for number in numbers {
            if let value = try arguments.number(number.option, in: number.range) { number.set(&configuration, value) }
        }
        for list in addresses {
            if let text = arguments.text(list.option) {
                configuration[keyPath: list.path] = Set(
                    try text.split(separator: ",").map { part in
                        let address = part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
                        guard let known = PeerText.canonical(String(address)) else {
                            throw CommandFault.usage(
                                "--\(list.option.name): '\(part)' is no address; write 192.0.2.1, 2001:db8::1 or unix")
                        }
                        return known
                    })
            }
        }
        configuration.uncappedAddresses.formUnion(configuration.trustedProxies)
    }

    // MARK: rows

    private typealias Path<Value> = any WritableKeyPath<ServerConfiguration, Value> & Sendable

    private static func count(
        _ name: String, _ help: String, _ range: ClosedRange<Int>, _ path: Path<Int>
    ) -> Number {
        row(name, help, range, { $0[keyPath: path] }, { $0[keyPath: path] = $1 })
    }

    private static func seconds(_ name: String, _ help: String, _ path: Path<Int64>) -> Number {
        row(name, help, 1...86_400, { Int($0[keyPath: path] / 1_000) }, { $0[keyPath: path] = Int64($1) * 1_000 })
    }

    private static func rate(_ name: String, _ help: String, _ path: Path<Int64>) -> Number {
        row(
            name, "\(help), bytes per second", 1...1_000_000, { Int($0[keyPath: path]) },
            { $0[keyPath: path] = Int64($1) })
    }

    private static func row(
        _ name: String, _ help: String, _ range: ClosedRange<Int>,
        _ get: @escaping @Sendable (ServerConfiguration) -> Int,
        _ set: @escaping @Sendable (inout ServerConfiguration, Int) -> Void
    ) -> Number {
        let standard = get(ServerConfiguration(listen: [], threads: 1))
        return Number(option: Option(name, "N", "\(help) (\(standard))"), range: range, get: get, set: set)
    }
}
