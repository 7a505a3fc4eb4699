// Ids that stand below a referral in a path, each of something that is there and waits for what the route does to it; so that
// a walk over the routes meets success, and not the absence of an id.

import Domain
import TestKit

@testable import API

struct Nested {
    let world: World
    /// What was made and not used up, by the path below which it stands.
    private var waiting: [String: String] = [:]

    init(_ world: World) { self.world = world }

    /// The path of a route for a referral.
    mutating func path(_ route: Route, _ id: String) async throws -> String {
        guard route.template.replacing("{id}", with: "").contains("{"),
            let journey = world.journeys.first(where: { $0.referral == id })
        else { return route.template.filled(id) }
        let key = route.template.filled(id)
        if let nested = waiting[key] { return route.template.filled(id, nested) }
        let nested = try await make(route, journey)
        waiting[key] = nested
        return route.template.filled(id, nested)
    }

    /// What a path named is used up: the next one names another.
    mutating func use(_ route: Route, _ id: String) { waiting[route.template.filled(id)] = nil }

    private func make(_ route: Route, _ journey: Journey) async throws -> String {
        let (scratch, referral) = (world.bench.scratch, journey.referral)
        let collection = journey.path + "/" + route.segments[3]
        func asked(_ body: JSONTree, _ member: String = "/id") async throws -> String {
            let reply = try await world.bench.client.post(collection, as: journey.candidate, body)
            return reply.json[member]?.text ?? "none: \(reply.status) \(collection)"
        }
        switch route.segments[3] {
        case "clocks":
            return try await scratch.addClock(of: referral, isPaused: route.template.hasSuffix("resumptions"))
        case "trusted-people": return try await asked(["name": "My neighbour"], "/token")
        case "correction-requests":
            let request = try await asked(["fields": ["identity"], "text": "With two s."])
            if route.template.hasSuffix("statements") { try await scratch.refuseCorrection(request, of: referral) }
            return request
        case "erasure-requests": return try await scratch.addErasureRequest(of: referral)
        case "emergency-access":
            return try await scratch.addEmergency(of: referral, by: world.bench.region.token(of: .other(.panel)))
        case "objections": return try await scratch.addObjection(of: referral)
        case "consents": return try await asked(["purpose": "network"])
        default: return try await asked(Drafts.talk(collection) ?? [:])
        }
    }
}
