// Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats): families with help and
// type, samples with labels. It writes what it is given and counts nothing itself.

/// A page of metrics being written. Each room adds its own families.
package struct Exposition: Sendable {
    /// Adds the families of one room.
    package typealias Source = @Sendable (inout Exposition) -> Void
    /// A label's name and value; values are escaped here.
    package typealias Label = (name: String, value: String)
    /// The text's media type.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private var text = ""

    /// The page of all sources, in their order.
    package static func page(_ sources: [Source]) -> [UInt8] {
        var page = Exposition()
        page.text.reserveCapacity(1 << 16)
        for source in sources { source(&page) }
        return Array(page.text.utf8)
    }

    /// A number that only grows, for each set of labels that is given.
    package mutating func counter(_ name: String, _ help: String, _ samples: [(labels: [Label], value: Int)]) {
        family(name, "counter", help)
        for sample in samples { line(name, Self.block(sample.labels), Self.decimal(sample.value, scale: 0)) }
    }

    /// A number that only grows; `scale` is the decimal places of the value.
    package mutating func counter(_ name: String, _ help: String, _ value: Int, scale: Int = 0) {
        family(name, "counter", help)
        line(name, "", Self.decimal(value, scale: scale))
    }

    /// A number that goes up and down; `scale` is the decimal places of the value.
    package mutating func gauge(
        _ name: String, _ help: String, _ value: Int, scale: Int = 0, labels: [Label] = []
    ) {
        family(name, "gauge", help)
        line(name, Self.block(labels), Self.decimal(value, scale: scale))
    }

    /// A histogram; of several rows, those that have seen something, each under its labels.
    package mutating func histogram(
        _ name: String, _ help: String, _ histogram: Histogram, rows: [[Label]] = [[]]
    ) {
        family(name, "histogram", help)
        for (row, labels) in rows.enumerated() {
            let reading = histogram.reading(row: row)
            guard rows.count == 1 || reading.count > 0 else { continue }
            var below = 0
            for (index, count) in reading.counts.enumerated() {
                below += count
                let isLast = index == histogram.bounds.count
                let bound = isLast ? "+Inf" : Self.decimal(histogram.bounds[index], scale: histogram.scale)
                line(name + "_bucket", Self.block(labels + [("le", bound)]), String(below))
            }
            line(name + "_sum", Self.block(labels), Self.decimal(reading.sum, scale: histogram.scale))
            line(name + "_count", Self.block(labels), String(below))
        }
    }

    private mutating func family(_ name: String, _ kind: String, _ help: String) {
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind)\n"
    }

    private mutating func line(_ name: String, _ labels: String, _ value: String) {
        text += name
        text += labels
        text += " "
        text += value
        text += "\n"
    }

    private static func block(_ labels: [Label]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    /// A backslash and a line feed are written with a backslash, in a label's value a quotation mark too.
    static func escaped(_ value: String, quotes: Bool) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return value }
        return value.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\"" where quotes: text += "\\\""
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// A whole number of small units as a decimal of the large one, exactly: 2500 of scale 6 is 0.0025.
    static func decimal(_ value: Int, scale: Int) -> String {
        let digits = String(value.magnitude)
        guard scale > 0 else { return value < 0 ? "-" + digits : digits }
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        var fraction = padded.suffix(scale)
        while fraction.last == "0" { fraction.removeLast() }
        return (value < 0 ? "-" : "") + padded.dropLast(scale) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
