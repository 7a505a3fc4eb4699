// What the operating system knows of this process: memory, descriptors, processor time; and what was built. Read from
// /proc when somebody asks; what cannot be read is left out rather than guessed.

internal import Domain
internal import Foundation
internal import Glibc
internal import Metrics

/// The process as its operator sees it.
struct ProcessMetrics: Sendable {
    private let startedAt = Environment.system.now()

    /// Adds the process's families.
    func expose(in page: inout Exposition) {
        page.gauge("thuispunt_build_info", "What runs.", 1, labels: [("version", Thuispunt.version)])
        page.gauge(
            "thuispunt_process_start_time_seconds", "When the service started, in seconds since 1970.",
            Int(startedAt.milliseconds), scale: 3)
        if let bytes = residentBytes {
            page.gauge("thuispunt_process_resident_memory_bytes", "Memory in use.", bytes)
        }
        if let count = openDescriptors {
            page.gauge("thuispunt_process_open_descriptors", "Open file descriptors.", count)
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            page.gauge(
                "thuispunt_process_descriptor_limit", "File descriptors that may be open.",
                Int(clamping: limit.rlim_cur))
        }
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            let microseconds = [usage.ru_utime, usage.ru_stime].reduce(0) {
                $0 + $1.tv_sec * 1_000_000 + Int($1.tv_usec)
            }
            page.counter(
                "thuispunt_process_cpu_seconds_total", "Processor time used, of all threads.", microseconds, scale: 6)
        }
    }

    /// The second number of statm, in pages (proc_pid_statm(5)).
    private var residentBytes: Int? {
        let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        guard let text, let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            return nil
        }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    /// The folder's size is their number from Linux 6.2 on (proc_pid_fd(5)); before that it is 0, and they are counted.
    private var openDescriptors: Int? {
        var status = stat()
        guard stat("/proc/self/fd", &status) == 0 else { return nil }
        if status.st_size > 0 { return Int(status.st_size) }
        return try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
}
