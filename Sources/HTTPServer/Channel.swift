// One connected socket as its task and its loop see it: what is known of its readiness, the bytes that wait on either
// side, and who waits. It knows bytes and deadlines, nothing of HTTP.

internal import CLinux
internal import Glibc
internal import HTTPWire

/// Why a wait ended.
enum Wake {
    /// The socket may be ready: try again.
    case ready
    /// The deadline passed.
    case timeout
    /// The server drains and this connection was idle.
    case drain
}

/// What a read brought.
enum Received {
    case bytes, end, later, failed
}

/// A connected socket. Every member belongs to the loop's thread: the loop and the connection's task, which runs on it,
/// are the only users, and that is why it may be `@unchecked Sendable`.
final class Channel: @unchecked Sendable {
    let descriptor: Int32
    let generation: UInt32
    let peer: PeerAddress
    let admission: ConnectionCensus.Admission
    /// Strong both ways: `EventLoop.close` breaks the circle, and an unowned reference would cost on every use.
    let loop: EventLoop
    let kernel: Kernel

    // Run-time exclusivity checks cost more than the accesses they guard here; one thread is what makes them needless.
    @exclusivity(unchecked) var inbox = ByteBuffer()
    @exclusivity(unchecked) var outbox = ByteBuffer()
    /// Whether the connection waits for a request and has none of its bytes.
    @exclusivity(unchecked) var isIdle = false
    /// Whether closing should send a reset: a close-delimited answer broke off.
    var resetsOnClose = false
    var task: Task<Void, Never>?

    /// When the waiting task is woken, or a running handler cancelled; in the loop's milliseconds. Later is a store:
    /// the loop finds out when it looks. Only a deadline before that look has to be filed anew.
    @exclusivity(unchecked) var deadline = Int64.max {
        didSet { if deadline < nextLook { loop.file(self) } }
    }
    /// When the loop looks at the deadline; the loop's to set.
    @exclusivity(unchecked) var nextLook = Int64.min
    @exclusivity(unchecked) private(set) var hasFailed = false
    /// Steps since the task last waited.
    @exclusivity(unchecked) private var steps = 0
    @exclusivity(unchecked) private var isReadable = true
    @exclusivity(unchecked) private var sawReadHangup = false
    @exclusivity(unchecked) private var reader: UnsafeContinuation<Wake, Never>?
    @exclusivity(unchecked) private var writer: UnsafeContinuation<Wake, Never>?
    /// What the handler waits for, see `wait`.
    @exclusivity(unchecked) private var signal: Signal?

    init(
        descriptor: Int32, generation: UInt32, peer: PeerAddress, admission: ConnectionCensus.Admission, loop: EventLoop
    ) {
        self.descriptor = descriptor
        self.generation = generation
        self.peer = peer
        self.admission = admission
        self.loop = loop
        kernel = loop.kernel
    }

    /// Bytes moved that are as much work as another step: copying them costs about what reading a head does.
    private static let bytesPerStep = 4_096
    /// Microseconds that a handler kept the loop that are as much work as another step.
    private static let microsecondsPerStep: Int64 = 8
    /// Bytes given to one call, so that one large answer to a peer that takes it all is not one long turn.
    private static let bytesPerCall = 262_144

    // MARK: what the task calls

    /// Reads once into `inbox`, without waiting.
    func receive() -> Received {
        guard isReadable, !hasFailed else { return hasFailed ? .failed : .later }
        if inbox.capacity == 0 { loop.lend(&inbox) }
        var result = 0
        var room = 0
        inbox.fill(minimum: 4_096) { free in
            guard let start = free.baseAddress else { return 0 }
            room = free.count
            repeat { result = kernel.receive(descriptor, start, room) } while result == -Int(EINTR)
            return max(0, result)
        }
        if result > 0 {
            loop.metrics.count(.receivedBytes, result, loop: loop.index)
            steps &+= result / Self.bytesPerStep
            // A short read has emptied the socket; whatever comes later makes a new edge (epoll(7)).
            if result < room, !sawReadHangup { isReadable = false }
            return .bytes
        }
        if inbox.isEmpty { loop.takeBack(&inbox) }
        if result == 0 { return .end }
        isReadable = false
        guard result == -Int(EAGAIN) else {
            fail()
            return .failed
        }
        return .later
    }

    /// Counts a step of work; true when the others are due (`giveWay`).
    @inline(__always)
    func hasHadItsTurn() -> Bool {
        steps &+= 1
        return steps >= loop.context.configuration.stepsPerTurn
    }

    /// Counts a handler's time as steps; one that waited has let the others go on anyway.
    func charge(microseconds: Int64) {
        steps &+= Int(clamping: max(0, microseconds) / Self.microsecondsPerStep)
    }

    /// Lets every other connection that is ready go first; what was collected for the peer leaves meanwhile.
    func giveWay() async {
        steps = 0
        if !outbox.isEmpty { loop.unsent = self }
        await loop.nextTurn()
    }

    /// Sends what waits in `outbox`, without waiting; false when some of it has to wait.
    @discardableResult
    func send() -> Bool {
        if hasFailed { outbox.consume(outbox.count) }
        while !outbox.isEmpty {
            let result = outbox.withRawBytes { bytes in
                bytes.baseAddress.map { kernel.send(descriptor, $0, bytes.count) } ?? 0
            }
            guard note(result) else { return hasFailed }
        }
        if outbox.capacity > 0 { loop.takeBack(&outbox) }
        return true
    }

    /// Takes note of a send's result; false when it could not go on.
    private func note(_ result: Int) -> Bool {
        if result >= 0 {
            loop.metrics.count(.sentBytes, result, loop: loop.index)
            steps &+= result / Self.bytesPerStep
            outbox.consume(min(result, outbox.count))
        } else if result == -Int(EAGAIN) {
            return false
        } else if result != -Int(EINTR) {
            fail()
            return false
        }
        return true
    }

    /// Sends everything, waiting while the peer is behind; false when the peer is gone or too slow.
    func flush(_ allowance: inout Allowance) async -> Bool {
        while true {
            let before = outbox.count
            let isDone = send()
            allowance.noteMoved(before - outbox.count)
            if isDone { return !hasFailed }
            guard await waitUntilWritable(&allowance) else { return false }
        }
    }

    /// Sends `outbox` and `body` in as few calls as the kernel allows, without copying `body`.
    func flush(_ allowance: inout Allowance, with body: [UInt8]) async -> Bool {
        var offset = 0
        while offset < body.count {
            if hasHadItsTurn() { await giveWay() }
            // Meanwhile the loop may have sent the head, and failed: a body without it must not follow.
            guard !hasFailed else { return false }
            let waiting = outbox.count
            let end = min(body.count, offset + Self.bytesPerCall)
            let result = outbox.withRawBytes { head in
                body.withUnsafeBytes {
                    kernel.sendTwo(descriptor, head, UnsafeRawBufferPointer(rebasing: $0[offset..<end]))
                }
            }
            if note(result) {
                let moved = max(0, result)
                allowance.noteMoved(moved)
                offset += max(0, moved - waiting)
            } else {
                guard !hasFailed, await waitUntilWritable(&allowance) else { return false }
            }
        }
        return await flush(&allowance)
    }

    /// Waits until the socket may be read; at once when it may be already.
    func waitUntilReadable(deadline: Int64) async -> Wake {
        if isReadable || hasFailed { return .ready }
        steps = 0
        let outer = self.deadline
        self.deadline = min(outer, deadline)
        let wake = await withUnsafeContinuation { reader = $0 }
        endWait(wake, outer)
        return wake
    }

    /// Waits, without reading any more, until the peer has left. What it still sends stays with the kernel until that
    /// takes no more, and a sender that has to wait looks at what it was told.
    func waitUntilLeft(deadline: Int64) async {
        while !hasFailed, !sawReadHangup {
            isReadable = false
            guard await waitUntilReadable(deadline: deadline) == .ready else { return }
        }
    }

    private func waitUntilWritable(_ allowance: inout Allowance) async -> Bool {
        steps = 0
        let since = loop.nowMilliseconds
        let outer = deadline
        deadline = min(outer, allowance.deadline(now: since))
        let wake = await withUnsafeContinuation { writer = $0 }
        endWait(wake, outer)
        allowance.noteWait(loop.nowMilliseconds - since)
        if wake == .ready { return !hasFailed }
        fail()
        return false
    }

    /// Goes back to the deadline of the whole request, unless that is what ended the wait: then what is left to do,
    /// saying so and lingering, has its own.
    private func endWait(_ wake: Wake, _ outer: Int64) {
        deadline = wake == .timeout && outer <= loop.nowMilliseconds ? .max : outer
    }

    /// Gives up on the peer: nothing more is sent.
    func fail() {
        hasFailed = true
        outbox.consume(outbox.count)
    }

    // MARK: what the loop calls

    /// Whether nothing is lost when the server drains: no request is here, or one whose handler only waits for news.
    var isAtRest: Bool { isIdle || signal != nil }

    /// Takes note of what epoll reported.
    func notice(_ flags: UInt32) {
        let isHangup = flags & clinux_hangup != 0
        if isHangup || flags & (clinux_in | clinux_read_hangup) != 0 {
            isReadable = true
            if isHangup || flags & clinux_read_hangup != 0 {
                sawReadHangup = true
                // Gone or only done with sending: an answer now is right for both.
                signal?.end(.left)
            }
            if let waiting = reader {
                reader = nil
                waiting.resume(returning: .ready)
                return
            }
        }
        if isHangup || flags & clinux_out != 0 {
            if let waiting = writer {
                writer = nil
                waiting.resume(returning: .ready)
                return
            }
            if !outbox.isEmpty { send() }
        }
        // Nobody waits for the socket, so a handler runs for a peer that is gone.
        if isHangup { task?.cancel() }
    }

    /// Ends the current wait, or cancels the handler when there is none.
    func interrupt(_ wake: Wake) {
        deadline = .max
        if let signal {
            signal.end(wake == .drain ? .drained : .timedOut)
        } else if let waiting = reader ?? writer {
            reader = nil
            writer = nil
            waiting.resume(returning: wake)
        } else {
            task?.cancel()
        }
    }
}

extension Channel: WaitPoint {
    func makeWaiter() -> any Waiter { Signal(self) }

    /// Waits for what a handler has to say: `signal` is woken on any thread, all else happens on the loop's.
    func wait(for signal: Signal, atMostMilliseconds milliseconds: Int64) async -> WaitEnd {
        if hasFailed || sawReadHangup { return .left }
        if loop.isDraining { return .drained }
        steps = 0
        let outer = deadline
        deadline = min(outer, loop.nowMilliseconds + milliseconds)
        self.signal = signal
        let end = await signal.ended()
        self.signal = nil
        deadline = outer
        return end
    }
}
