// The server as its owner sees it: open, run, drain. It starts one thread per loop and ends when the last one does.

internal import Glibc
package import HTTPWire
internal import Synchronization

/// What all loops and connections share.
final class ServerContext: Sendable {
    static let serving = 0
    static let draining = 1
    static let stopping = 2

    let configuration: ServerConfiguration
    let responder: any Responder
    let log: RefusalLog?
    let metrics: ServerMetrics
    let census: ConnectionCensus
    /// 0 serving, 1 draining, 2 stopping; only ever grows.
    let phase = Atomic<Int>(serving)

    init(
        configuration: ServerConfiguration, responder: any Responder, metrics: ServerMetrics, log: RefusalLog?
    ) {
        self.configuration = configuration
        self.responder = responder
        self.metrics = metrics
        self.log = log
        census = ConnectionCensus(configuration)
    }
}

/// An HTTP/1.1 server.
package final class Server: Sendable {
    private let context: ServerContext
    private let loops: [EventLoop]
    /// What it counts.
    var metrics: ServerMetrics { context.metrics }
    /// Where it listens, with the ports that the kernel chose.
    package let boundAddresses: [ListenAddress]

    /// Opens the listening sockets; connections wait in the kernel's queue until `run`.
    ///
    /// `metrics`, made for the same configuration, is counted in; `log` gets one record per refusal by the wire, on the
    /// loop's thread. Throws a fault whose description is one clear line.
    package init(
        configuration: ServerConfiguration, responder: any Responder, metrics: ServerMetrics? = nil,
        log: RefusalLog? = nil
    ) throws(ServerFault) {
        precondition(
            configuration.threads > 0 && !configuration.listen.isEmpty, "a server needs a thread and an address")
        Self.raiseDescriptorLimit()
        context = ServerContext(
            configuration: configuration, responder: responder, metrics: metrics ?? ServerMetrics(configuration),
            log: log)
        var listeners: [Listener] = []
        var loops: [EventLoop] = []
        do throws(ServerFault) {
            for address in configuration.listen {
                listeners.append(
                    try Listener.open(address, count: configuration.threads, backlog: configuration.backlog))
            }
            for index in 0..<configuration.threads {
                loops.append(
                    try EventLoop(index: index, context: context, listeners: listeners.map { $0.descriptors[index] }))
            }
        } catch {
            for listener in listeners { listener.close() }
            throw error
        }
        self.loops = loops
        boundAddresses = listeners.map(\.address)
    }

    /// Serves until drained; blocks the calling thread, which is the first loop's.
    package func run() throws(ServerFault) {
        var threads: [pthread_t] = []
        var fault: ServerFault?
        for loop in loops.dropFirst() {
            do throws(ServerFault) {
                threads.append(try Self.start { loop.run() })
            } catch {
                fault = error
                drain()
            }
        }
        loops.first?.run()
        for thread in threads { pthread_join(thread, nil) }
        if let fault { throw fault }
    }

    /// Stops accepting, closes idle connections, lets requests in flight finish with "Connection: close"; after the
    /// deadline, or on a second call, closes what is left. From any thread, not from a signal handler.
    package func drain() {
        let (isFirst, _) = context.phase.compareExchange(
            expected: ServerContext.serving, desired: ServerContext.draining, ordering: .acquiringAndReleasing)
        if isFirst {
            // Now, while it is still ours: later a successor may already listen at the same path.
            for case .unix(let path) in boundAddresses { unlink(path) }
        } else {
            context.phase.store(ServerContext.stopping, ordering: .releasing)
        }
        for loop in loops { loop.wake() }
    }

    private static func start(_ body: @escaping @Sendable () -> Void) throws(ServerFault) -> pthread_t {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        let box = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { pointer in
                if let pointer { Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body() }
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw .system(call: "pthread_create", code: code)
        }
        return thread
    }

    /// As many descriptors as the machine allows: the usual soft limit of 1024 is fewer than the connections we
    /// promise.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
