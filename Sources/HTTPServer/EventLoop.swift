// An event loop: one thread that waits in epoll, wakes connections and runs their tasks. It is a `TaskExecutor`, so a
// connection's code is straight-line and never leaves its thread. It knows sockets and jobs, nothing of HTTP.

internal import CLinux
internal import Glibc
internal import HTTPWire
internal import Lock
internal import Synchronization

/// One thread, one epoll, its connections.
///
/// `@unchecked Sendable`: tasks need a Sendable executor, but all state except `foreignJobs` and `thread` is touched
/// on the loop's own thread only; `enqueue` is the one entry for other threads. For the same reason exclusivity is not
/// checked at run time on the members used for every request.
final class EventLoop: TaskExecutor, @unchecked Sendable {
    let index: Int
    let kernel: Kernel
    let context: ServerContext
    let metrics: ServerMetrics
    /// The loop's clock, read once per turn.
    @exclusivity(unchecked) private(set) var nowMilliseconds: Int64
    /// The "Date: …" line of the current second.
    @exclusivity(unchecked) private(set) var dateLine: [UInt8]
    /// The channel whose collected answers must leave if its task suspends before sending them.
    @exclusivity(unchecked) var unsent: Channel?
    @exclusivity(unchecked) private(set) var isDraining = false

    private let epoll: Int32
    private let wakeup: Int32
    private let thread = Atomic<UInt>(0)
    private let foreignJobs = Lock<[UnownedJob]>([])
    @exclusivity(unchecked) private var jobs: [UnownedJob] = []
    @exclusivity(unchecked) private var batch: [UnownedJob] = []
    /// Who gave way to the others, and goes on in the next turn.
    @exclusivity(unchecked) private var waitingForTurn: [UnsafeContinuation<Void, Never>] = []
    @exclusivity(unchecked) private var channels: [Channel?] = []
    private var liveCount = 0
    private var generation: UInt32 = 0
    @exclusivity(unchecked) private var blocks: [UnsafeMutableRawBufferPointer] = []
    private var acceptor: Acceptor
    @exclusivity(unchecked) private var wheel: TimerWheel
    private var due: [Int32] = []
    private var nextTick: Int64 = 0
    private var shownSecond: Int64
    private var drainDeadline = Int64.max

    /// Empty buffer blocks kept for the next connection: as many as are in use within one turn.
    private static let keptBlocks = 64
    /// Passes over the jobs before epoll is asked again, so that a chain of awaits costs no system call each.
    private static let passesPerTurn = 8
    /// Reports taken from epoll at once.
    private static let eventsPerTurn = 512
    private static let wakeupToken = UInt64.max
    private static let listenerToken = UInt64(UInt32.max) << 32

    /// A loop for these listening sockets; throws when the kernel has no epoll to give.
    init(index: Int, context: ServerContext, listeners: [Int32]) throws(ServerFault) {
        self.index = index
        self.context = context
        metrics = context.metrics
        kernel = context.configuration.kernel
        nowMilliseconds = kernel.monotonicMilliseconds()
        wheel = TimerWheel(nowMilliseconds: nowMilliseconds)
        shownSecond = kernel.unixSeconds()
        dateLine = ResponseEncoder.dateLine(unixSeconds: shownSecond)
        acceptor = Acceptor(listeners: listeners, kernel: kernel)
        let epoll = clinux_epoll_create()
        guard epoll >= 0 else { throw .system(call: "epoll_create1", code: Int32(-epoll)) }
        let wakeup = clinux_eventfd()
        guard wakeup >= 0 else { throw .system(call: "eventfd", code: Int32(-wakeup)) }
        self.epoll = Int32(epoll)
        self.wakeup = Int32(wakeup)
        // Edge-triggered: every signal is a new edge, so the counter never has to be read.
        clinux_epoll_add(self.epoll, self.wakeup, clinux_in | clinux_edge, Self.wakeupToken)
        for descriptor in listeners { watch(listener: descriptor) }
    }

    deinit {
        for block in blocks { block.deallocate() }
        _ = Glibc.close(epoll)
        _ = Glibc.close(wakeup)
    }

    /// Whether the caller runs on this loop's thread.
    var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    // MARK: jobs

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            jobs.append(job)
            return
        }
        // The loop takes all at once, so only the first one has to wake it.
        let isFirst = foreignJobs.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        if isFirst { wake() }
    }

    /// Makes the loop look at its foreign jobs and at the server's phase; from any thread.
    func wake() {
        _ = clinux_eventfd_signal(wakeup)
    }

    private func takeForeignJobs() {
        foreignJobs.withLock { foreign in
            jobs.append(contentsOf: foreign)
            foreign.removeAll(keepingCapacity: true)
        }
    }

    private func runJobs() {
        for _ in 0..<Self.passesPerTurn where !jobs.isEmpty {
            swap(&jobs, &batch)
            for job in batch {
                job.runSynchronously(on: asUnownedTaskExecutor())
                if let channel = unsent {
                    unsent = nil
                    channel.send()
                }
            }
            batch.removeAll(keepingCapacity: true)
        }
    }

    // MARK: turns

    /// Suspends the caller until epoll was asked again and everyone else who is ready has been woken first.
    func nextTurn() async {
        await withUnsafeContinuation { waitingForTurn.append($0) }
    }

    /// Serves until the server has drained.
    func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Self.eventsPerTurn)
        defer { events.deallocate() }
        while !isFinished {
            let count = clinux_epoll_wait(epoll, events, Int32(Self.eventsPerTurn), waitMilliseconds)
            let wokenAt = kernel.monotonicMicroseconds()
            nowMilliseconds = kernel.monotonicMilliseconds()
            if nowMilliseconds >= nextTick { tick() }
            for index in 0..<max(0, count) {
                dispatch(clinux_event_data(events + index), clinux_event_flags(events + index))
            }
            for waiting in waitingForTurn { waiting.resume() }
            waitingForTurn.removeAll(keepingCapacity: true)
            runJobs()
            metrics.noteTurn(microseconds: kernel.monotonicMicroseconds() - wokenAt, loop: index)
        }
        acceptor.close()
    }

    private var waitMilliseconds: Int32 {
        if !jobs.isEmpty || !waitingForTurn.isEmpty { return 0 }
        guard liveCount > 0 || isDraining || acceptor.isPaused else { return -1 }
        return Int32(clamping: max(1, nextTick - nowMilliseconds))
    }

    private var isFinished: Bool {
        guard isDraining else { return false }
        return liveCount == 0 || nowMilliseconds >= drainDeadline + context.configuration.lastWordsMilliseconds
    }

    private func dispatch(_ token: UInt64, _ flags: UInt32) {
        if token == Self.wakeupToken {
            takeForeignJobs()
            followPhase()
        } else if token >= Self.listenerToken {
            accept(from: Int32(truncatingIfNeeded: token & 0xffff_ffff))
        } else {
            let descriptor = Int(token & 0xffff_ffff)
            guard descriptor < channels.count, let channel = channels[descriptor],
                UInt64(channel.generation) == token >> 32
            else { return }
            channel.notice(flags)
        }
    }

    /// What happens ten times a second: the Date field, the deadlines, a listener that had to pause, the drain.
    private func tick() {
        nextTick = (nowMilliseconds / TimerWheel.slotMilliseconds + 1) * TimerWheel.slotMilliseconds
        let second = kernel.unixSeconds()
        if second != shownSecond {
            shownSecond = second
            dateLine = ResponseEncoder.dateLine(unixSeconds: second)
        }
        expire()
        if acceptor.isPaused {
            acceptor.isPaused = false
            for descriptor in acceptor.listeners { watch(listener: descriptor) }
        }
        if isDraining { followPhase() }
    }

    // MARK: deadlines

    /// Ends the waits whose deadline has passed; whoever's deadline has moved on since it was filed, is filed again.
    private func expire() {
        wheel.advance(to: nowMilliseconds, taking: &due)
        for descriptor in due {
            guard let channel = channels[Int(descriptor)] else { continue }
            if channel.deadline <= nowMilliseconds { channel.interrupt(.timeout) }
            file(channel)
        }
        due.removeAll(keepingCapacity: true)
    }

    /// Has the loop look at `channel` when its deadline passes, or after one turn of the wheel.
    func file(_ channel: Channel) {
        channel.nextLook = wheel.file(channel.descriptor, deadlineMilliseconds: channel.deadline)
    }

    // MARK: drain

    private func followPhase() {
        let phase = context.phase.load(ordering: .acquiring)
        if phase >= ServerContext.draining, !isDraining {
            for descriptor in acceptor.listeners { accept(from: descriptor) }
            isDraining = true
            drainDeadline = nowMilliseconds + context.configuration.drainMilliseconds
            acceptor.close()
            for channel in channels {
                if let channel, channel.isAtRest { channel.interrupt(.drain) }
            }
        }
        if phase >= ServerContext.stopping { drainDeadline = min(drainDeadline, nowMilliseconds) }
        if isDraining, nowMilliseconds >= drainDeadline {
            // Waits end as timed out, handlers are cancelled and may still say so; then the loop leaves.
            for channel in channels { channel?.interrupt(.timeout) }
        }
    }

    // MARK: connections

    private func watch(listener descriptor: Int32) {
        // Exclusive matters for a Unix socket, which all loops share: one connection wakes one loop.
        clinux_epoll_add(
            epoll, descriptor, clinux_in | clinux_exclusive, Self.listenerToken | UInt64(UInt32(bitPattern: descriptor))
        )
    }

    private func accept(from descriptor: Int32) {
        for _ in 0..<context.configuration.acceptsPerTurn {
            switch acceptor.accept(from: descriptor) {
            case .connection(let socket, let address): open(socket, PeerAddress(address))
            case .lost: metrics.count(.lost, loop: index)
            case .none: return
            case .exhausted:
                acceptor.isPaused = true
                for descriptor in acceptor.listeners { _ = clinux_epoll_remove(epoll, descriptor) }
                return
            }
        }
    }

    private func open(_ descriptor: Int32, _ peer: PeerAddress) {
        let admission = context.census.enter(peer)
        let slot = Int(descriptor)
        generation = (generation + 1) & 0x7fff_ffff
        let token = UInt64(generation) << 32 | UInt64(slot)
        let flags = clinux_in | clinux_out | clinux_read_hangup | clinux_edge
        guard admission != .rejected, clinux_epoll_add(epoll, descriptor, flags, token) == 0 else {
            context.census.leave(peer, admission)
            metrics.count(.closed, loop: index)
            _ = kernel.close(descriptor)
            return
        }
        let channel = Channel(
            descriptor: descriptor, generation: generation, peer: peer, admission: admission, loop: self)
        while channels.count <= slot { channels.append(nil) }
        channels[slot] = channel
        liveCount += 1
        metrics.count(admission == .admitted ? .served : .refused, loop: index)
        file(channel)
        let context = context
        channel.task = Task(executorPreference: self) {
            await Connection(channel: channel, context: context).serve()
            channel.loop.close(channel)
        }
    }

    private func close(_ channel: Channel) {
        precondition(isCurrent, "a connection left its loop")
        channels[Int(channel.descriptor)] = nil
        wheel.remove(channel.descriptor)
        liveCount -= 1
        metrics.count(.ended, loop: index)
        channel.task = nil
        channel.fail()
        channel.inbox.consume(channel.inbox.count)
        takeBack(&channel.inbox)
        takeBack(&channel.outbox)
        if channel.resetsOnClose { Acceptor.resetOnClose(channel.descriptor) }
        _ = kernel.close(channel.descriptor)
        context.census.leave(channel.peer, channel.admission)
    }

    // MARK: buffers

    /// Gives `buffer` a block; most connections need one only for the length of a turn, so few blocks stay warm.
    func lend(_ buffer: inout ByteBuffer) {
        buffer.adopt(
            blocks.popLast()
                ?? UnsafeMutableRawBufferPointer.allocate(byteCount: ByteBuffer.blockBytes, alignment: 16))
    }

    /// Takes back the block of an empty buffer.
    func takeBack(_ buffer: inout ByteBuffer) {
        let block = buffer.surrender()
        if block.count == ByteBuffer.blockBytes, blocks.count < Self.keptBlocks {
            blocks.append(block)
        } else {
            block.deallocate()
        }
    }
}
