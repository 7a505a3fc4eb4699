// What the application counts of its requests: by route and status, how long they took, how many are under way, and
// refusals by their slug. Routes, statuses and slugs are closed lists, so a count is an index and nothing that a peer
// sends can become a label.

internal import HTTPWire
package import Metrics

/// The counts of one application, a shard for each event loop.
package final class RequestMetrics: Sendable {
    /// What people's browsers fetch, as one route.
    static let pages = Routes.all.count + OpenRoutes.all.count
    /// Everything that no route took.
    static let unmatched = pages + 1

    /// Method and template of every route number.
    private static let routes: [(method: String, template: String)] =
        Routes.all.map { ($0.method.rawValue, $0.template) } + OpenRoutes.all.map { ("GET", $0.path) }
        + [("GET", "pages"), ("any", "unmatched")]

    /// The statuses that answers have; whatever else turns up is counted after the last of them.
    private static let statuses = [
        200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412,
        413,
        414, 415, 416, 417, 422, 428, 429, 431, 500, 501, 503, 504, 505, 507,
    ]
    private static let statusNumbers: [Int] = (0..<600).map { statuses.firstIndex(of: $0) ?? statuses.count }

    /// The slugs of problem documents and of the wire's refusals; whatever else turns up is counted after the last.
    private static let problems = ProblemType.all.map(\.slug)
    private static let refusals = Refusal.all.map(\.slug)
    private static let problemNumbers = numbers(problems)
    private static let refusalNumbers = numbers(refusals)

    private static func numbers(_ slugs: [String]) -> [String: Int] {
        Dictionary(slugs.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    private let requests: Tally
    private let durations: Histogram
    private let underWay: Tally
    private let problems: Tally
    private let refusals: Tally

    /// Zeros.
    init(loops: Int) {
        requests = Tally(cells: Self.routes.count * (Self.statuses.count + 1), shards: loops)
        durations = Histogram(
            bounds: Histogram.requestMicroseconds, scale: 6, rows: Self.routes.count, shards: loops)
        underWay = Tally(cells: 1, shards: loops)
        problems = Tally(cells: Self.problems.count + 1, shards: loops)
        refusals = Tally(cells: Self.refusals.count + 1, shards: loops)
    }

    // MARK: Counting, on the loop's own thread

    /// A request has come; `count` follows.
    func begin(loop: Int) { underWay.add(1, to: 0, shard: loop) }

    /// Its answer is made. `route` is the route's number; the time runs from the complete head to the answer.
    func count(loop: Int, route: Int, status: Int, microseconds: Int64) {
        let number = Self.statusNumbers.indices.contains(status) ? Self.statusNumbers[status] : Self.statuses.count
        requests.add(1, to: route * (Self.statuses.count + 1) + number, shard: loop)
        durations.note(Int(max(0, microseconds)), row: route, shard: loop)
        underWay.add(-1, to: 0, shard: loop)
    }

    /// A request was answered with a problem document.
    func count(loop: Int, problem slug: String) {
        problems.add(1, to: Self.problemNumbers[slug] ?? Self.problems.count, shard: loop)
    }

    /// The wire refused a request, which the application may never have seen.
    package func count(loop: Int, refusal slug: String) {
        refusals.add(1, to: Self.refusalNumbers[slug] ?? Self.refusals.count, shard: loop)
    }

    // MARK: Showing

    /// Adds the families of requests.
    package func expose(in page: inout Exposition) {
        page.counter(
            "thuispunt_http_requests_total", "Requests that the application answered.",
            Self.routes.indices.flatMap { route in
                (0...Self.statuses.count).compactMap { number in
                    let count = requests[route * (Self.statuses.count + 1) + number]
                    let status = number < Self.statuses.count ? String(Self.statuses[number]) : "other"
                    return count == 0 ? nil : (labels(of: route) + [("status", status)], count)
                }
            })
        page.histogram(
            "thuispunt_http_request_duration_seconds",
            "Time from a request's complete head to its answer, body included.",
            durations, rows: Self.routes.indices.map(labels))
        page.gauge("thuispunt_http_requests_in_flight", "Requests that are being answered.", max(0, underWay[0]))
        page.counter(
            "thuispunt_http_problems_total", "Problem documents that the application answered, by slug.",
            samples(problems, Self.problems))
        page.counter(
            "thuispunt_http_refusals_total", "Messages that were refused before or besides any route, by reason.",
            samples(refusals, Self.refusals))
    }

    private func labels(of route: Int) -> [Exposition.Label] {
        [("method", Self.routes[route].method), ("route", Self.routes[route].template)]
    }

    private func samples(_ tally: Tally, _ slugs: [String]) -> [(labels: [Exposition.Label], value: Int)] {
        (slugs + ["other"]).enumerated().map { ([("slug", $1)], tally[$0]) }
    }
}
