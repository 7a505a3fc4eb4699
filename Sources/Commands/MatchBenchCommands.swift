// match make and match bench: instances of any size from a seed, to check the engine with elsewhere, and how long a run
// takes and how much memory, by size. Nothing here is about a real person.

internal import Foundation
internal import JSON
internal import Matching

enum MatchBenchCommands {
    static let all = [make, bench]

    private static let candidates = Option("candidates", "N", "people in the queue (default 10000)")
    private static let dwellings = Option("dwellings", "N", "dwellings offered (default 1000)")
    private static let seed = Option("seed", "N", "the same seed makes the same instance (default 1)")
    private static let sizes = Option(
        "sizes", "LIST",
        "people x dwellings, commas between (default 300x60,1000x200,10000x1000,30000x3000,100000x10000)")
    private static let repeats = Option("repeats", "N", "runs of each size; the fastest counts (default 3)")

    private static let make = Command(
        name: "match make", summary: "Prints a made instance of the matching engine's file format",
        options: [candidates, dwellings, seed],
        json: .document("it prints what it prints without: one JSON document, format match-instance/1"),
        examples: ["thuispunt match make --candidates 20 --dwellings 5 | thuispunt match -"], run: make)

    private static let bench = Command(
        name: "match bench", summary: "Measures the matching engine on made instances: time and memory by size",
        options: [sizes, seed, repeats],
        json: .lines([
            "candidates", "dwellings", "seed", "pairs", "caps", "proposals", "layoutMicroseconds", "runMicroseconds",
            "peakMebibytes",
        ]), examples: ["thuispunt match bench --sizes 300x60 --repeats 1"], run: bench)

    private static let people = 1...1_000_000

    private static func make(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let question = MadeQuestion(
            candidates: try arguments.number(candidates, in: people) ?? 10_000,
            dwellings: try arguments.number(dwellings, in: people) ?? 1000, seed: try seed(arguments))
        terminal.say { MatchInstanceWriter.write(question.make(), to: &$0) }
        return .done
    }

    private static func seed(_ arguments: Arguments) throws -> UInt64 {
        UInt64(try arguments.number(seed, in: 0...Int.max) ?? 1)
    }

    // MARK: Measuring

    /// What one size took.
    struct Measure {
        var question: MadeQuestion
        var pairs: Int
        var caps: Int
        var proposals: Int
        /// Checking and laying out.
        var layoutMilliseconds: Double
        /// The outcome with every explanation.
        var runMilliseconds: Double
        /// The most memory the process held meanwhile; nil where the kernel does not say.
        var peakMebibytes: Int?
    }

    private static func bench(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let list = try sizes(arguments.text(sizes) ?? "300x60,1000x200,10000x1000,30000x3000,100000x10000")
        let seed = try seed(arguments)
        let repeats = try arguments.number(repeats, in: 1...100) ?? 3
        let isJSON = arguments.has(.json)
        if !isJSON {
            terminal.say(row("people", "dwellings", "pairs", "caps", "proposals", "layout ms", "run ms", "MiB"))
        }
        for (candidates, dwellings) in list {
            let question = MadeQuestion(candidates: candidates, dwellings: dwellings, seed: seed)
            let measure = try measure(question, repeats: repeats)
            if isJSON { terminal.say { write(measure, to: &$0) } } else { terminal.say(line(measure)) }
        }
        return .done
    }

    private static func sizes(_ text: String) throws -> [(Int, Int)] {
        try text.split(separator: ",").map { part in
            let numbers = part.split(separator: "x").map { Int($0) }
            guard numbers.count == 2, let candidates = numbers[0], let dwellings = numbers[1],
                people.contains(candidates), people.contains(dwellings)
            else { throw CommandFault.usage("--sizes must be numbers such as 300x60,10000x1000") }
            return (candidates, dwellings)
        }
    }

    static func measure(_ question: MadeQuestion, repeats: Int) throws -> Measure {
        let input = question.make()
        PeakMemory.reset()
        let clock = ContinuousClock()
        var layout = Duration.seconds(1_000_000)
        var run = layout
        var proposals = 0
        for _ in 0..<repeats {
            let start = clock.now
            let instance = try MatchInstance(input)
            let middle = clock.now
            proposals = MatchEngine.run(instance).assignments.count
            layout = min(layout, middle - start)
            run = min(run, clock.now - middle)
        }
        return Measure(
            question: question, pairs: input.candidates.reduce(0) { $0 + $1.edges.count }, caps: input.groups.count,
            proposals: proposals, layoutMilliseconds: layout / .milliseconds(1),
            runMilliseconds: run / .milliseconds(1),
            peakMebibytes: PeakMemory.mebibytes)
    }

    private static func line(_ measure: Measure) -> String {
        row(
            "\(measure.question.candidates)", "\(measure.question.dwellings)", "\(measure.pairs)", "\(measure.caps)",
            "\(measure.proposals)", tenths(measure.layoutMilliseconds), tenths(measure.runMilliseconds),
            measure.peakMebibytes.map(String.init) ?? "-")
    }

    private static func tenths(_ milliseconds: Double) -> String {
        String(format: "%.1f", milliseconds)
    }

    private static func row(_ cells: String...) -> String {
        cells.map { String(repeating: " ", count: max(0, 10 - $0.count)) + $0 }.joined(separator: " ")
    }

    private static func write(_ measure: Measure, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("candidates", measure.question.candidates)
            writer.field("dwellings", measure.question.dwellings)
            writer.field("seed", String(measure.question.seed))
            writer.field("pairs", measure.pairs)
            writer.field("caps", measure.caps)
            writer.field("proposals", measure.proposals)
            writer.field("layoutMicroseconds", Int(measure.layoutMilliseconds * 1000))
            writer.field("runMicroseconds", Int(measure.runMilliseconds * 1000))
            writer.field("peakMebibytes", ifPresent: measure.peakMebibytes)
        }
    }
}

/// The most memory this process has held since it was last asked to forget (proc_pid_status(5), proc_pid_clear_refs(5)).
private enum PeakMemory {
    static func reset() { try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8) }

    static var mebibytes: Int? {
        let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 / 1024 }
    }
}
