// The system calls that make and serve a connection, as values: tests replace them to play short writes, EAGAIN, EINTR,
// resets and a lack of descriptors. Every call returns its result, or the negative of errno.

internal import CLinux
internal import Glibc

/// What connections ask of the operating system.
package struct Kernel: Sendable {
    /// accept4, non-blocking and closed on exec: listener, and where the peer's address goes.
    var accept: @Sendable (Int32, UnsafeMutablePointer<sockaddr_storage>, UnsafeMutablePointer<socklen_t>) -> Int
    /// recv: descriptor, memory, room.
    package var receive: @Sendable (Int32, UnsafeMutableRawPointer, Int) -> Int
    /// send without SIGPIPE: descriptor, memory, length.
    package var send: @Sendable (Int32, UnsafeRawPointer, Int) -> Int
    /// Two pieces in one call: a head and a large body.
    package var sendTwo: @Sendable (Int32, UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Int
    /// shutdown(SHUT_WR).
    package var shutdownWriting: @Sendable (Int32) -> Int
    /// close.
    package var close: @Sendable (Int32) -> Int
    /// Milliseconds of a clock that never jumps; a resolution of 10 ms will do.
    package var monotonicMilliseconds: @Sendable () -> Int64
    /// Microseconds of the same kind of clock, for how long a loop's turn takes.
    package var monotonicMicroseconds: @Sendable () -> Int64
    /// Seconds since 1970, for the Date field.
    package var unixSeconds: @Sendable () -> Int64

    /// The real one.
    package static let system = Kernel(
        accept: { clinux_accept($0, $1, $2) },
        receive: { clinux_receive($0, $1, $2) },
        send: { clinux_send($0, $1, $2) },
        sendTwo: { clinux_send_two($0, $1.baseAddress, $1.count, $2.baseAddress, $2.count) },
        shutdownWriting: { Int(Glibc.shutdown($0, Int32(SHUT_WR))) },
        close: { Int(Glibc.close($0)) },
        monotonicMilliseconds: { Kernel.read(CLOCK_MONOTONIC_COARSE, perSecond: 1_000) },
        monotonicMicroseconds: { Kernel.read(CLOCK_MONOTONIC, perSecond: 1_000_000) },
        unixSeconds: { Kernel.read(CLOCK_REALTIME_COARSE, perSecond: 1) }
    )

    private static func read(_ clock: Int32, perSecond units: Int64) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * units + Int64(time.tv_nsec) / (1_000_000_000 / units)
    }
}
