// The flags of the limits on what callers may ask for, each with its bounds, and when they may be off. Why a limit is
// what it is, RateSettings says.

internal import API
internal import Domain
internal import HTTPServer

enum RateFlags {
    /// A number of the settings.
    struct Number: Sendable {
        var option: Option
        var range: ClosedRange<Int>
        var path: any WritableKeyPath<RateSettings, Int> & Sendable
    }

    private static let rateLimits = Option(
        "rate-limits", "on|off", "limits per token and address; off for load tests on this machine alone (on)",
        choices: ["on", "off"])

    static let numbers: [Number] = [
        number("token-burst", "units a token may spend at once", 1...1_000_000_000, \.tokenBurst),
        number("token-rate", "units that come back to a token each second", 1...1_000_000, \.tokenPerSecond),
        number("sign-in-burst", "wrong tokens of one address at once", 1...10_000, \.signInBurst),
        number("sign-in-seconds", "seconds until an address may be wrong once more", 1...3_600, \.signInSeconds),
    ]

    /// Every option of these limits.
    static let options = [rateLimits] + numbers.map(\.option)

    /// The limits that the command line asks for; nil for none.
    ///
    /// - Throws: `CommandFault` with exit code 2, also for none at an address that others can reach.
    static func settings(_ arguments: Arguments, listeningOn addresses: [ListenAddress]) throws -> RateSettings? {
        switch arguments.text(rateLimits) ?? "on" {
        case "on": break
        case "off":
            guard let open = addresses.first(where: { !isPrivate($0) }) else { return nil }
            throw CommandFault.usage(
                "--rate-limits off is for 127.0.0.1, [::1] and Unix sockets alone, not for \(open); leave it out")
        default: throw CommandFault.usage("--rate-limits must be on or off")
        }
        var settings = RateSettings()
        for number in numbers {
            if let value = try arguments.number(number.option, in: number.range) {
                settings[keyPath: number.path] = value
            }
        }
        return settings
    }

    /// Whether only this machine reaches an address.
    private static func isPrivate(_ address: ListenAddress) -> Bool {
        switch address {
        case .unix: true
        case .ipv4(let host, _), .ipv6(let host, _): AddressList("127.0.0.0/8,::1")?.contains(host) ?? false
        }
    }

    private static func number(
        _ name: String, _ help: String, _ range: ClosedRange<Int>,
        _ path: any WritableKeyPath<RateSettings, Int> & Sendable
    ) -> Number {
        Number(
            option: Option(name, "N", "\(help) (\(RateSettings()[keyPath: path]))"), range: range, path: path)
    }
}
