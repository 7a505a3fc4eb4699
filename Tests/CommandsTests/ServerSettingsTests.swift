// Every number of the server's configuration has a flag that sets it, it alone, and names its default. A number that is
// added without one fails here.

import HTTPServer
import HTTPWire
import Testing

@testable import Commands

@Suite struct ServerSettingsTests {
    private static func configuration(_ words: String...) throws -> ServerConfiguration {
        let command = try #require(Thuispunt.commands.first { $0.name == "serve" })
        return try ServeCommand.configuration(Arguments(words, for: command, environment: [:]))
    }

    /// What a flag with this value changes.
    private static func changed(_ flag: String, _ value: String) throws -> Set<String> {
        let (standard, other) = (properties(try configuration()), properties(try configuration(flag, value)))
        return Set(standard.keys.filter { standard[$0] != other[$0] })
    }

    /// Each property with its value as text; those of the wire's limits behind a dot.
    private static func properties(_ configuration: ServerConfiguration) -> [String: String] {
        var found: [String: String] = [:]
        for child in Mirror(reflecting: configuration).children where child.label != "limits" {
            let addresses = (child.value as? Set<String>).map { "\($0.sorted())" }
            found[child.label ?? ""] = child.label == "kernel" ? "" : addresses ?? "\(child.value)"
        }
        for child in Mirror(reflecting: configuration.limits).children {
            found["limits.\(child.label ?? "")"] = "\(child.value)"
        }
        return found
    }

    @Test func everyPropertyHasExactlyOneFlag() throws {
        var flags: [String: [String]] = [:]
        func note(_ flag: String, _ value: String) throws {
            for name in try Self.changed("--\(flag)", value) { flags[name, default: []].append(flag) }
        }
        for number in ServerSettings.numbers {
            let standard = number.get(try Self.configuration())
            let values = [number.range.lowerBound, number.range.upperBound]
            let value = try #require(values.first { $0 != standard }, "\(number.option.name)")
            #expect(try Self.changed("--\(number.option.name)", "\(value)").count == 1, "\(number.option.name)")
            try note(number.option.name, "\(value)")
        }
        try note("uncapped-addresses", "192.0.2.1")
        try note("listen", "127.0.0.1:1")
        try note("threads", "200")
        // Whoever is believed speaks for many, so it is not capped either.
        #expect(
            try Self.changed("--trusted-proxies", "192.0.2.9") == ["trustedProxies", "uncappedAddresses"])
        let names = Set(Self.properties(try Self.configuration()).keys)
        #expect(names.subtracting(flags.keys) == ["trustedProxies", "kernel"])
        #expect(flags.filter { $0.value.count > 1 }.isEmpty)
        #expect(names.count > 30)
    }

    @Test(arguments: ServerSettings.numbers)
    func theHelpNamesTheDefaultAndTheBoundsHold(_ number: ServerSettings.Number) throws {
        let standard = number.get(try Self.configuration())
        let name = "--\(number.option.name)"
        #expect(number.option.help.hasSuffix("(\(standard))"))
        #expect(number.range.contains(standard))
        for value in [number.range.lowerBound, standard, number.range.upperBound] {
            #expect(number.get(try Self.configuration(name, "\(value)")) == value)
        }
        for value in [number.range.lowerBound - 1, number.range.upperBound + 1] {
            #expect(throws: CommandFault.self) { try Self.configuration(name, "\(value)") }
        }
    }

    @Test func listsOfAddressesReplaceTheDefault() throws {
        #expect(try Self.configuration().uncappedAddresses == ["127.0.0.1", "::1"])
        #expect(
            try Self.configuration("--uncapped-addresses", "192.0.2.1,::2").uncappedAddresses == ["192.0.2.1", "::2"])
        #expect(try Self.configuration("--uncapped-addresses", ",").uncappedAddresses.isEmpty)
    }
}

extension ServerSettings.Number: CustomTestStringConvertible {
    var testDescription: String { option.name }
}
