// One connection from its first byte to its last on a real event loop, on the fuzzer's own thread: what arrives and what
// leaves goes through played calls in the pieces that the cuts say, with waits in between; all else is the server's own.

import CLinux
import Glibc
import Synchronization

@testable import HTTPServer
@testable import HTTPWire

/// A peer that sends some bytes, says that it is done, and keeps what it is sent.
///
/// `@unchecked Sendable`: a kernel's calls must be Sendable; here all of them come from one thread.
private final class PlayedPeer: @unchecked Sendable {
    let input: [UInt8]
    var cuts: Cuts
    var position = 0
    var sent: [UInt8] = []
    var isShut = false
    /// Whether the next call has to wait, so that waits stand between the pieces.
    var mustWait = false
    var newsCount = 0
    /// The server's end and ours: they carry nothing but the news that there is news.
    var ends: [Int32] = [-1, -1]
    var isAccepted = false
    let started = Kernel.system.monotonicMilliseconds()

    static let patienceMilliseconds: Int64 = 5_000

    init(_ input: [UInt8], _ cuts: Cuts) {
        self.input = input
        self.cuts = cuts
        hold(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0, &ends) == 0, "no pair")
    }

    /// Whether this call waits; then epoll will report the socket again, readable and writable.
    private func waits() -> Bool {
        guard case .drawn = cuts else { return false }
        mustWait.toggle()
        guard !mustWait else { return false }
        makeNews()
        return true
    }

    /// Has epoll report the socket.
    private func makeNews() {
        // Old news goes long before the socket is full, and before the new, which has to be there when epoll looks.
        if newsCount == 64 {
            var old = [UInt8](repeating: 0, count: newsCount)
            hold(Glibc.read(ends[0], &old, newsCount) == newsCount, "old news did not get through")
            newsCount = 0
        }
        var byte: UInt8 = 0
        hold(Glibc.write(ends[1], &byte, 1) == 1, "the news did not get through")
        newsCount += 1
    }

    func receive(_ memory: UnsafeMutableRawPointer, _ room: Int) -> Int {
        if waits() { return -Int(EAGAIN) }
        let length = min(room, cuts.next(), input.count - position)
        input[position..<position + length].withUnsafeBytes {
            if let start = $0.baseAddress { memory.copyMemory(from: start, byteCount: length) }
        }
        position += length
        // A short read tells the channel that the socket is empty, so there must be more news.
        if length > 0, length < room { makeNews() }
        return length
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        hold(!isShut, "more was sent after the end")
        if waits() { return -Int(EAGAIN) }
        let length = min(bytes.count, cuts.next())
        sent.append(contentsOf: bytes.prefix(length))
        return length
    }

    /// A loop's clock turns with the loop, so it is where a hang is noticed.
    func milliseconds() -> Int64 {
        let now = Kernel.system.monotonicMilliseconds()
        hold(now - started < Self.patienceMilliseconds, "no end after \(sent.count) bytes of answers")
        return now
    }

    /// `atClose` is called when the server has closed the connection.
    func kernel(atClose: @escaping @Sendable () -> Void) -> Kernel {
        var kernel = Kernel.system
        kernel.accept = { [self] listener, address, _ in
            guard !isAccepted else { return -Int(EAGAIN) }
            isAccepted = true
            var signals: UInt64 = 0
            _ = Glibc.read(listener, &signals, 8)
            address.pointee.ss_family = sa_family_t(AF_UNIX)
            return Int(ends[0])
        }
        kernel.receive = { [self] _, memory, room in receive(memory, room) }
        kernel.send = { [self] _, bytes, count in send(UnsafeRawBufferPointer(start: bytes, count: count)) }
        kernel.sendTwo = { [self] _, first, second in
            guard first.isEmpty else { return send(first) }
            return send(second)
        }
        kernel.shutdownWriting = { [self] _ in
            isShut = true
            return 0
        }
        kernel.close = { descriptor in
            atClose()
            return Int(Glibc.close(descriptor))
        }
        kernel.monotonicMilliseconds = { [self] in milliseconds() }
        kernel.unixSeconds = { 784_111_777 }
        return kernel
    }

    deinit { _ = Glibc.close(ends[1]) }
}

/// Serves `input` as one connection and gives all that was answered.
func serve(_ input: [UInt8], _ cuts: Cuts, responder: any Responder, adjust: (inout ServerConfiguration) -> Void)
    -> [UInt8]
{
    /// Filled in once the loop is there.
    final class Stop: @unchecked Sendable {
        var loop: EventLoop?
    }
    let peer = PlayedPeer(input, cuts)
    let stop = Stop()
    var configuration = ServerConfiguration(listen: [], threads: 1)
    adjust(&configuration)
    configuration.kernel = peer.kernel {
        guard let loop = stop.loop else { return }
        loop.context.phase.store(ServerContext.draining, ordering: .releasing)
        loop.wake()
    }
    let context = ServerContext(
        configuration: configuration, responder: responder, metrics: ServerMetrics(configuration), log: nil)
    // Readable from the start: somebody waits to be accepted.
    let listener = Int32(clinux_eventfd())
    hold(clinux_eventfd_signal(listener) > 0, "no listener")
    do throws(ServerFault) {
        let loop = try EventLoop(index: 0, context: context, listeners: [listener])
        stop.loop = loop
        loop.run()
        stop.loop = nil
    } catch {
        broken("no loop: \(error)")
    }
    return peer.sent
}
