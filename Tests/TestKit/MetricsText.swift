// A strict reader of Prometheus' text format, version 0.0.4, stricter than the format where this house promises more:
// every family has help and a type and stands in one place, counters end in _total, histograms add up.

internal import Foundation
internal import Glibc

/// A page of metrics, read.
package struct MetricsText: Sendable {
    /// What is wrong with a page.
    package struct Fault: Error, Sendable {
        /// The line, from 1.
        package let line: Int
        /// What is wrong with it.
        package let text: String
    }

    /// One sample.
    package struct Sample: Sendable {
        /// Its name, with the suffix of a histogram's.
        package let name: String
        /// Its labels.
        package let labels: [String: String]
        /// Its value as it is written.
        package let text: String
        /// Its value.
        package var value: Double { Double(text) ?? .nan }
    }

    /// The type of every family, by name.
    package private(set) var types: [String: String] = [:]
    /// All samples, in order.
    package private(set) var samples: [Sample] = []

    /// The value of a sample; nil when there is none.
    package subscript(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    /// Reads a page.
    ///
    /// - Throws: `Fault` for the first line that is not as it should be.
    package init(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        guard Array(text.utf8) == bytes, text.hasSuffix("\n") else { throw Fault(line: 0, text: "no UTF-8 lines") }
        var family = ""
        var hasHelp: Set<String> = []
        for (index, line) in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let fault = { (text: String) in Fault(line: index + 1, text: "\(text): \(line)") }
            if let match = line.wholeMatch(of: /# HELP ([a-z_]+) ((?:[^\\]|\\\\|\\n)+)/) {
                family = String(match.1)
                guard hasHelp.insert(family).inserted else { throw fault("a family in two places") }
            } else if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) (counter|gauge|histogram)/) {
                guard match.1 == family, types[family] == nil else { throw fault("a type without its help") }
                guard family.hasPrefix("thuispunt_") else { throw fault("not one of ours") }
                guard (match.2 == "counter") == family.hasSuffix("_total") else { throw fault("a wrong ending") }
                types[family] = String(match.2)
            } else {
                guard let sample = Self.sample(line) else { throw fault("not a sample") }
                let names = types[family] == "histogram" ? ["_bucket", "_sum", "_count"].map { family + $0 } : [family]
                guard types[family] != nil, names.contains(sample.name) else { throw fault("a stray sample") }
                guard self[sample.name, sample.labels] == nil else { throw fault("a sample stands twice") }
                guard types[family] == "gauge" || sample.value >= 0 else { throw fault("less than nothing") }
                samples.append(sample)
            }
        }
        for (name, type) in types where type == "histogram" { try checkHistogram(name) }
    }

    private static func sample(_ line: Substring) -> Sample? {
        let form = #/([a-z_]+)(?:\{(.+)\})? (-?[0-9]+(?:\.[0-9]*[1-9])?)/#
        guard let match = line.wholeMatch(of: form) else { return nil }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            guard let label = rest.prefixMatch(of: #/([a-z]+)="((?:[^"\\]|\\\\|\\"|\\n)*)"(,|$)/#),
                labels.updateValue(unescaped(label.2), forKey: String(label.1)) == nil
            else { return nil }
            rest = rest[label.range.upperBound...]
            if label.3 == ",", rest.isEmpty { return nil }
        }
        return Sample(name: String(match.1), labels: labels, text: String(match.3))
    }

    private static func unescaped(_ text: Substring) -> String {
        var plain = ""
        var isEscape = false
        for scalar in text.unicodeScalars {
            if isEscape || scalar != "\\" {
                plain.unicodeScalars.append(isEscape && scalar == "n" ? "\n" : scalar)
                isEscape = false
            } else {
                isEscape = true
            }
        }
        return plain
    }

    /// Buckets rise to +Inf, which is the count; each row has its sum.
    private func checkHistogram(_ name: String) throws {
        let buckets = samples.filter { $0.name == name + "_bucket" }
        let rows = Dictionary(grouping: buckets) { $0.labels.filter { $0.key != "le" } }
        let counts = samples.filter { $0.name == name + "_count" }
        let fault = { (text: String) in Fault(line: 0, text: "\(name): \(text)") }
        guard Set(counts.map(\.labels)) == Set(rows.keys) else { throw fault("rows without a count") }
        for (labels, row) in rows {
            guard row.last?.labels["le"] == "+Inf" else { throw fault("no last bucket") }
            let bounds = row.dropLast().compactMap { $0.labels["le"].flatMap { Double($0) } }
            guard bounds.count == row.count - 1, zip(bounds, bounds.dropFirst()).allSatisfy(<),
                zip(row, row.dropFirst()).allSatisfy({ $0.value <= $1.value })
            else { throw fault("buckets that do not rise") }
            guard self[name + "_count", labels] == row.last?.value, self[name + "_sum", labels] != nil
            else { throw fault("a count that is not its last bucket") }
        }
    }
}

/// Prometheus' own checker, where it is installed.
package enum Promtool {
    private static let path = ["/usr/bin/promtool", "/usr/local/bin/promtool"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Whether it is there.
    package static var isInstalled: Bool { path != nil }

    /// What it says of a page; empty when all is well.
    ///
    /// - Throws: when it is not there or can't be run.
    package static func check(_ page: [UInt8]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path ?? "")
        process.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        // It reads to the end before it says anything, so neither side waits for the other.
        try input.fileHandleForWriting.write(contentsOf: Data(page))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let verdict = process.terminationStatus == 0 ? "" : "exit \(process.terminationStatus)"
        return String(decoding: said, as: UTF8.self) + verdict
    }
}
