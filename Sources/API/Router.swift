// Finds the route of a request by its path's segments, and says which methods a path knows. Built once from the route
// table; literal segments go before variable ones.

internal import HTTPWire

struct Router: Sendable {
    enum Outcome: Sendable {
        case found(Route, parameters: [String])
        case wrongMethod(allowed: [Method])
        case nothing
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var variable: Int?
        var routes: [Method: Route] = [:]
    }
    private var nodes = [Node()]

    init(_ routes: [Route]) {
        for route in routes { insert(route) }
    }

    private mutating func insert(_ route: Route) {
        var at = 0
        for segment in route.segments {
            let isVariable = segment.hasPrefix("{")
            if let next = isVariable ? nodes[at].variable : nodes[at].literals[segment] {
                at = next
                continue
            }
            nodes.append(Node())
            if isVariable {
                nodes[at].variable = nodes.count - 1
            } else {
                nodes[at].literals[segment] = nodes.count - 1
            }
            at = nodes.count - 1
        }
        precondition(nodes[at].routes[route.method] == nil, "one route for a method and a path")
        nodes[at].routes[route.method] = route
    }

    /// The route for a method and a path. HEAD finds what GET finds (RFC 9110, section 9.3.2).
    func find(_ method: Method, _ segments: [String]) -> Outcome {
        var at = 0
        var parameters: [String] = []
        for segment in segments {
            if let next = nodes[at].literals[segment] {
                at = next
            } else if let next = nodes[at].variable, !segment.isEmpty {
                parameters.append(segment)
                at = next
            } else {
                return .nothing
            }
        }
        let routes = nodes[at].routes
        guard !routes.isEmpty else { return .nothing }
        if let route = routes[method == .head ? .get : method] { return .found(route, parameters: parameters) }
        return .wrongMethod(allowed: allowed(routes))
    }

    private func allowed(_ routes: [Method: Route]) -> [Method] {
        Method.allCases.filter { method in
            switch method {
            case .options: true
            case .head: routes[.get] != nil
            default: routes[method] != nil
            }
        }
    }
}
