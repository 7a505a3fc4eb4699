// Addresses and ranges: every spelling of one address is the same address, and what is none is refused, so that nobody
// gets past a token's ranges by writing an address in another way.

import Domain
import Testing

@Suite struct NetworkAddressTests {
    /// Spellings of one address, those of RFC 4291, section 2.2, and RFC 5952, section 2, among them.
    @Test(arguments: [
        ["2001:db8:0:0:8:800:200c:417a", "2001:DB8::8:800:200C:417A", "2001:0db8:0000:0000:0008:0800:200c:417a"],
        ["ff01:0:0:0:0:0:0:101", "ff01::101"], ["0:0:0:0:0:0:0:1", "::1"], ["0:0:0:0:0:0:0:0", "::"],
        ["0:0:0:0:0:0:13.1.68.3", "::13.1.68.3", "::d01:4403"], ["129.144.52.38", "::ffff:129.144.52.38"],
        ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"], ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"],
    ])
    func spellingsOfOneAddress(texts: [String]) throws {
        let first = try #require(NetworkAddress(texts[0]))
        for text in texts { #expect(NetworkAddress(text) == first, "\(text)") }
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1.2.3.-4", "1.2.3.+4", "1.2.3.4 ",
        "1..3.4", "0x1.2.3.4", "1.2.3.４", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", ":1", "1:", ":::",
        "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::", "g::", "+1::", "-1::", "::1%lo", "1.2.3.4::",
        "::1.2.3", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "[::1]", "::1.2.3.4.", "unix", "localhost",
        String(repeating: ":", count: 10_000), String(repeating: "1:", count: 10_000),
    ])
    func whatIsNone(text: String) {
        #expect(NetworkAddress(text) == nil)
        #expect(AddressRange(text) == nil)
    }

    @Test func theBitsAreWhereTheyBelong() throws {
        let address = try #require(NetworkAddress("1:2:3:4:5:6:7:8"))
        #expect(address.high == 0x0001_0002_0003_0004 && address.low == 0x0005_0006_0007_0008 && !address.isIPv4)
        let old = try #require(NetworkAddress("192.0.2.1"))
        #expect(old.high == 0 && old.low == 0xFFFF_C000_0201 && old.isIPv4)
    }

    @Test(arguments: [
        ("192.0.2.0/24", ["192.0.2.0", "192.0.2.255", "::ffff:192.0.2.7"], ["192.0.1.255", "192.0.3.0", "::"]),
        ("192.0.2.7", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8", "::c000:207"]),
        ("192.0.2.6/31", ["192.0.2.6", "192.0.2.7"], ["192.0.2.5", "192.0.2.8"]),
        ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "::1", "2001:db8::"]),
        ("::/0", ["::", "ffff::", "2001:db8::1"], ["0.0.0.0", "192.0.2.1", "::ffff:192.0.2.1"]),
        ("2001:db8::/32", ["2001:db8::", "2001:db8:ffff:ffff::1"], ["2001:db7:ffff::", "2001:db9::"]),
        ("2001:db8::/64", ["2001:db8::ffff:0:0:1"], ["2001:db8:0:1::"]),
        ("2001:db8::8000:0:0:0/65", ["2001:db8::8000:0:0:0", "2001:db8::ffff:0:0:1"], ["2001:db8::7fff:0:0:0"]),
        ("::1", ["::1"], ["::", "::2", "127.0.0.1"]),
        ("::ffff:192.0.2.0/120", ["192.0.2.9"], ["192.0.3.9"]),
    ])
    func ranges(text: String, inside: [String], outside: [String]) throws {
        let range = try #require(AddressRange(text))
        for other in inside { #expect(range.contains(try #require(NetworkAddress(other))), "\(other)") }
        for other in outside { #expect(!range.contains(try #require(NetworkAddress(other))), "\(other)") }
    }

    @Test(arguments: [
        "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "192.0.2.0/024", "192.0.2.0/24/1", "/24",
        "::/129", "2001:db8::1/64", "::1/+8", "192.0.2.0/2４", "192.0.2.0 /24",
    ])
    func noRange(text: String) { #expect(AddressRange(text) == nil) }

    @Test func lists() throws {
        let list = try #require(AddressList("192.0.2.0/24,2001:db8::/32"))
        #expect(list.contains("192.0.2.1") && list.contains("2001:db8::1") && !list.contains("198.51.100.1"))
        // What is no address is nowhere.
        for text in ["", "unix", "192.0.2.1:80", "192.0.2.01"] { #expect(!list.contains(text), "\(text)") }
        #expect(list.description == "192.0.2.0/24,2001:db8::/32")
        let full = Array(repeating: "::1", count: AddressList.rangeLimit)
        #expect(AddressList(full.joined(separator: ",")) != nil)
        for text in ["", ",", "::1,", "::1, ::2", "::1,nowhere", (full + ["::1"]).joined(separator: ",")] {
            #expect(AddressList(text) == nil, "\(text)")
        }
        #expect(!AddressList.unreadable("x").contains("192.0.2.1"))
    }
}
