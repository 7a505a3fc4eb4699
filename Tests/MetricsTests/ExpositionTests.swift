// The text: letter for letter, with what has to be escaped; and the reader that the other tests trust is tried on pages
// that are wrong.

import TestKit
import Testing

@testable import Metrics

@Suite struct ExpositionTests {
    private static let nasty = "a\\b \"c\"\nd é {e=\"f\"},"

    private static var page: [UInt8] {
        let spread = Histogram(bounds: [500, 1_000_000], scale: 6, rows: 3, shards: 1)
        for value in [500, 501, 2_000_000] { spread.note(value, row: 1, shard: 0) }
        let empty = Histogram(bounds: [1, 256], scale: 0, shards: 1)
        return Exposition.page([
            { page in
                page.counter("thuispunt_answers_total", "One \\ two\nthree \"four\".", [([("of", nasty)], 3), ([], 4)])
                page.counter("thuispunt_busy_seconds_total", "Time.", 2500, scale: 6)
            },
            { page in
                page.gauge("thuispunt_depth", "Below.", -1_500, scale: 3)
                page.histogram(
                    "thuispunt_delay_seconds", "Spread.", spread, rows: [[("r", "0")], [("r", "1")], [("r", "2")]])
                page.histogram("thuispunt_empty", "Nothing yet.", empty)
            },
        ])
    }

    @Test func thePageIsLetterForLetter() {
        let expected = #"""
            # HELP thuispunt_answers_total One \\ two\nthree "four".
            # TYPE thuispunt_answers_total counter
            thuispunt_answers_total{of="a\\b \"c\"\nd é {e=\"f\"},"} 3
            thuispunt_answers_total 4
            # HELP thuispunt_busy_seconds_total Time.
            # TYPE thuispunt_busy_seconds_total counter
            thuispunt_busy_seconds_total 0.0025
            # HELP thuispunt_depth Below.
            # TYPE thuispunt_depth gauge
            thuispunt_depth -1.5
            # HELP thuispunt_delay_seconds Spread.
            # TYPE thuispunt_delay_seconds histogram
            thuispunt_delay_seconds_bucket{r="1",le="0.0005"} 1
            thuispunt_delay_seconds_bucket{r="1",le="1"} 2
            thuispunt_delay_seconds_bucket{r="1",le="+Inf"} 3
            thuispunt_delay_seconds_sum{r="1"} 2.001001
            thuispunt_delay_seconds_count{r="1"} 3
            # HELP thuispunt_empty Nothing yet.
            # TYPE thuispunt_empty histogram
            thuispunt_empty_bucket{le="1"} 0
            thuispunt_empty_bucket{le="256"} 0
            thuispunt_empty_bucket{le="+Inf"} 0
            thuispunt_empty_sum 0
            thuispunt_empty_count 0

            """#
        #expect(String(decoding: Self.page, as: UTF8.self) == expected)
    }

    @Test func thePageCanBeRead() throws {
        let text = try MetricsText(Self.page)
        #expect(text["thuispunt_answers_total", ["of": Self.nasty]] == 3)
        #expect(text["thuispunt_answers_total"] == 4)
        #expect(text["thuispunt_depth"] == -1.5)
        #expect(text["thuispunt_delay_seconds_bucket", ["r": "1", "le": "0.0005"]] == 1)
        #expect(text.types.count == 5)
    }

    @Test(.enabled(if: Promtool.isInstalled, "skipped, because promtool is not installed"))
    func prometheusItselfTakesIt() throws {
        #expect(try Promtool.check(Self.page) == "")
        #expect(try Promtool.check(Array("a b c\n".utf8)) != "")
    }

    @Test(arguments: [
        (0, 0, "0"), (7, 0, "7"), (-7, 0, "-7"), (0, 6, "0"), (1, 6, "0.000001"), (500, 6, "0.0005"),
        (1_000_000, 6, "1"), (60_000_000, 6, "60"), (1_230_000, 6, "1.23"), (-1, 3, "-0.001"), (-1000, 3, "-1"),
        (Int.max, 6, "9223372036854.775807"), (Int.min, 6, "-9223372036854.775808"), (10, 1, "1"),
    ])
    func wholeNumbersBecomeDecimalsExactly(value: Int, scale: Int, text: String) {
        #expect(Exposition.decimal(value, scale: scale) == text)
    }

    private static let head = "# HELP thuispunt_answers_total A.\n# TYPE thuispunt_answers_total counter\n"
    private static let histogram = "# HELP thuispunt_h A.\n# TYPE thuispunt_h histogram\n"

    @Test(arguments: [
        "", "thuispunt_answers_total 1\n", head + "thuispunt_answers_total 1", head + "thuispunt_answers_total  1\n",
        head + "thuispunt_b_total 1\n", head + "thuispunt_answers_total 1\nthuispunt_answers_total 2\n",
        head + "thuispunt_answers_total -1\n", head + "thuispunt_answers_total 1.50\n",
        head + "thuispunt_answers_total{} 1\n",
        head + "thuispunt_answers_total{a=\"b\\c\"} 1\n", head + "thuispunt_answers_total{a=\"b\",} 1\n",
        head + "thuispunt_answers_total{a=\"b\",a=\"c\"} 1\n", head + "thuispunt_answers_total{a=\"b\"c\"} 1\n",
        head + "thuispunt_answers_total 1\n" + head, head + "\n", "# TYPE thuispunt_a gauge\n",
        "# HELP thuispunt_a A.\n# TYPE thuispunt_a counter\n", "# HELP a_total A.\n# TYPE a_total counter\n",
        "# HELP thuispunt_answers_total A.\n# TYPE thuispunt_answers_total gauge\n",
        histogram + "thuispunt_h 1\n",
        histogram + "thuispunt_h_bucket{le=\"+Inf\"} 1\nthuispunt_h_sum 1\nthuispunt_h_count 2\n",
        histogram + "thuispunt_h_bucket{le=\"1\"} 1\nthuispunt_h_sum 1\nthuispunt_h_count 1\n",
        histogram + "thuispunt_h_bucket{le=\"1\"} 2\nthuispunt_h_bucket{le=\"+Inf\"} 1\nthuispunt_h_sum 1\n"
            + "thuispunt_h_count 1\n",
        histogram + "thuispunt_h_bucket{le=\"2\"} 1\nthuispunt_h_bucket{le=\"1\"} 1\n"
            + "thuispunt_h_bucket{le=\"+Inf\"} 1\nthuispunt_h_sum 1\nthuispunt_h_count 1\n",
        histogram + "thuispunt_h_bucket{le=\"+Inf\"} 1\nthuispunt_h_count 1\n",
    ])
    func aWrongPageIsFound(page: String) {
        #expect(throws: MetricsText.Fault.self) { try MetricsText(Array(page.utf8)) }
    }
}
