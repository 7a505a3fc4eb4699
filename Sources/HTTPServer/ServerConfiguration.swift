// Every limit and deadline of the server with its default and the reason for it. One file, so that `serve --help` and
// this list can be held next to each other.

package import HTTPWire

/// How a server listens, how much it takes and how long it waits.
package struct ServerConfiguration: Sendable {
    /// Where to listen; each TCP address gets one socket per thread (SO_REUSEPORT).
    package var listen: [ListenAddress]
    /// Event loops, one thread each; one per core is enough, since loops never block.
    package var threads: Int
    /// The limits of one message.
    package var limits = WireLimits()
    /// The system calls of connections; tests play faults here.
    package var kernel = Kernel.system

    /// Connections in all: 10,000 waiting long-polls and room to spare. Beyond it: 503.
    package var connections = 16_384
    /// Connections of one address (IPv6: of one /64): an office behind one address, but not one runaway script.
    package var connectionsPerAddress = 512
    /// Addresses without that second cap: a reverse proxy and the machine itself.
    package var uncappedAddresses: Set<String> = ["127.0.0.1", "::1"]
    /// Proxies whose Forwarded and X-Forwarded-For are believed (RFC 7239 section 8.1); nobody unless listed.
    package var trustedProxies: Set<String> = []
    /// Answers of 503 under way at once beyond the cap; whoever comes after those is closed without a word.
    package var surplusConnections = 64
    /// listen(2)'s queue of connections not yet accepted; the kernel's usual ceiling is 4096.
    package var backlog = 1_024

    /// A whole head, from its first byte: nginx waits 60 s, Apache 20–40 s, and a head fits one packet.
    package var headMilliseconds: Int64 = 20_000
    /// An open connection without a request: nginx's 75 s outlasts the proxies' and browsers' reuse.
    package var idleMilliseconds: Int64 = 75_000
    /// A body's allowance of waiting before the rate below counts: Apache's RequestReadTimeout body=20,MinRate=500.
    package var bodyGraceMilliseconds: Int64 = 20_000
    /// The rate that earns a body more waiting, in bytes per second: slower than any modem.
    package var bodyBytesPerSecond: Int64 = 500
    /// An answer's allowance of waiting for a client that does not read.
    package var writeGraceMilliseconds: Int64 = 20_000
    /// The rate that earns an answer more waiting, in bytes per second.
    package var writeBytesPerSecond: Int64 = 500
    /// A whole request; its task is cancelled then. Long enough for an import at an ordinary uplink.
    package var requestMilliseconds: Int64 = 600_000
    /// Reading on after an early answer, so that the reset does not eat it (RFC 9112 section 9.6).
    package var lingerMilliseconds: Int64 = 2_000
    /// Bytes thrown away while lingering; whoever sends more has to wait, and sees the answer then.
    package var lingerBytes = 1_048_576
    /// An unread body up to this length is read and dropped to keep the connection; a longer one closes it.
    package var discardedBodyBytes = 65_536
    /// From the first `drain()` to closing whatever is still open.
    package var drainMilliseconds: Int64 = 15_000
    /// Answer bytes collected for pipelined requests before they are sent; also the largest body worth copying is a
    /// quarter of this.
    package var collectedBytes = 65_536
    /// Steps (a head, a receive, a piece of a stream, 4 KiB moved, 8 µs of a handler) that one connection may take
    /// without a wait before all others have their turn: a fraction of a millisecond of work, and rare enough to cost nothing.
    package var stepsPerTurn = 64
    /// Connections accepted, or lost while accepting, before those that are open get their turn.
    package var acceptsPerTurn = 64
    /// What handlers cancelled by the drain's deadline get to say so; then the server leaves them behind.
    package var lastWordsMilliseconds: Int64 = 1_000

    /// A server for these addresses with the defaults above.
    package init(listen: [ListenAddress], threads: Int) {
        self.listen = listen
        self.threads = threads
    }
}
