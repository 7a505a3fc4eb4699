// The routes of reports: figures without people, as JSON or as CSV (RFC 4180), with small numbers hidden.

internal import Domain
internal import HTTPWire
internal import JSON
internal import Storage
internal import UseCases

enum ReportHandlers {
    static func missedSignals(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let year = query.year("year")
        let municipality = query.municipality("municipality")
        try query.finish()
        let caller = exchange.caller
        let wantsText = !MediaTypes.accepts(exchange.request.field("accept") ?? "*/*", "application/json")
        return try await exchange.lookLong { tx in
            let report = try ReportSignals.run(year: year, municipality: municipality, by: caller, in: tx)
            var answer = Answer.ok { $0.object { write(report, to: &$0) } }
            if wantsText {
                answer = Answer(200, body: Array(text(report).utf8))
                answer.contentType = "text/csv; charset=utf-8"
            }
            answer.fields = [("Vary", "Accept")]
            return (answer, [])
        }
    }

    static func declines(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let year = query.year("year")
        try query.finish()
        let caller = exchange.caller
        return try await exchange.lookLong { tx in
            let (year, lines) = try ReportDeclines.run(year: year, by: caller, in: tx)
            let answer = Answer.ok {
                $0.object { writer in
                    writer.field("year", year)
                    writer.array("items") { writer in
                        for line in lines { writer.object { write(line, to: &$0) } }
                    }
                }
            }
            return (answer, [])
        }
    }

    private static func write(_ line: DeclineLine, to writer: inout JSONWriter) {
        writer.organisation("landlord", line.landlord)
        writer.field("offered", line.offered)
        writer.field("declinedByLandlord", line.byLandlord)
        writer.field("declinedByCandidate", line.byCandidate)
        writer.field("lateByLandlord", line.lateByLandlord)
        writer.field("lateByCandidate", line.lateByCandidate)
        writer.array("reasons") { writer in
            for reason in DeclineReason.allCases {
                guard let count = line.reasons[reason] else { continue }
                writer.object { writer in
                    writer.field("reason", reason)
                    writer.field("count", count)
                }
            }
        }
    }

    private static func write(_ report: SignalReport, to writer: inout JSONWriter) {
        writer.field("year", report.year)
        writer.field("municipality", ifPresent: report.municipality?.code)
        writer.object("openings") { writer in
            cell("answered", report.openings.cell(row: 0, column: 0), &writer)
            cell("declined", report.openings.cell(row: 0, column: 1), &writer)
            cell("total", report.openings.total, &writer)
        }
        writer.array("themes") { writer in
            for (row, theme) in SignalTheme.allCases.enumerated() {
                writer.object { writer in
                    writer.field("theme", theme)
                    routes(&writer) { report.themes.cell(row: row, column: $0) }
                    cell("total", report.themes.total(row: row), &writer)
                }
            }
        }
        writer.object("totals") { writer in
            routes(&writer) { report.themes.total(column: $0) }
            cell("total", report.themes.total, &writer)
        }
    }

    private static func routes(_ writer: inout JSONWriter, _ cell: (Int) -> SmallCells.Cell) {
        writer.array("routes") { writer in
            for (column, route) in ReferralRoute.allCases.enumerated() {
                writer.object { writer in
                    writer.field("route", route)
                    Self.cell("count", cell(column), &writer)
                }
            }
        }
    }

    /// A hidden count is the word for it, so that nobody takes its absence for none.
    private static func cell(_ name: StaticString, _ cell: SmallCells.Cell, _ writer: inout JSONWriter) {
        switch cell {
        case .count(let count): writer.field(name, count)
        case .hidden: writer.field(name, hidden)
        }
    }

    private static let hidden = "hidden"

    // All of it is codes and numbers of ours: nothing that a spreadsheet could take for a formula.
    private static func text(_ report: SignalReport) -> String {
        func word(_ cell: SmallCells.Cell) -> String {
            switch cell {
            case .count(let count): String(count)
            case .hidden: hidden
            }
        }
        let routes = ReferralRoute.allCases
        var lines = [(["theme"] + routes.map(\.rawValue) + ["total"])]
        for (row, theme) in SignalTheme.allCases.enumerated() {
            let cells = routes.indices.map { word(report.themes.cell(row: row, column: $0)) }
            lines.append([theme.rawValue] + cells + [word(report.themes.total(row: row))])
        }
        lines.append(
            ["total"] + routes.indices.map { word(report.themes.total(column: $0)) } + [word(report.themes.total)])
        return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
    }
}
