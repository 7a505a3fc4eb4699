// Every role × every route × every way of standing to what the route is about, from one table. A route without a row
// fails, and so does a row without a route. The same answers, as a page to read, are kept in Tests/access-matrix.md.

import Domain
import Foundation
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct AccessMatrixTests {
    /// A line per route, a cell per role in the order of `Role`. A cell of five says what is answered about what is one's
    /// own, assigned, offered, another's and nothing; a cell of one, for a route that names no resource, says it of the
    /// route. 2: done. 3: forbidden, 403. 4: not found, 404. Let in, and then refused for what was asked: b 400, c 409, p 412.
    /// A dash: for this role there is no such thing.
    static let table = """
        route | referrer supporter policymaker intaker coordinator allocator panel candidate auditor admin
        POST /session | 2 2 2 2 2 2 2 2 2 2
        DELETE /session | 2 2 2 2 2 2 2 2 2 2
        GET /v1/me | 2 2 2 2 2 2 2 2 2 2
        GET /v1/changes | 2 2 2 2 2 2 2 2 2 2
        GET /v1/organisations | 3 3 3 2 2 3 3 3 3 2
        GET /v1/region | 3 3 3 2 2 3 3 3 3 2
        POST /v1/referrals | 2 3 3 2 2 3 3 3 3 3
        GET /v1/referrals | 2 2 2 2 2 3 3 2 3 3
        POST /v1/referrals/_search | 2 3 3 2 2 3 3 3 3 3
        POST /v1/referrals/batch | 2 3 3 2 2 3 3 3 3 3
        GET /v1/referrals/{id} | 2--44 -2444 2--44 ---24 ---24 --333 --333 2--44 ---33 ---33
        PATCH /v1/referrals/{id} | 2--44 -3333 3--33 ---24 ---24 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/transitions | 2--44 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/transitions | p--44 -3333 3--33 ---p4 ---p4 --333 --333 p--44 ---33 ---33
        GET /v1/referrals/{id}/events | 2--44 -2444 2--44 ---24 ---24 --333 --333 2--44 ---33 ---33
        GET /v1/referrals/{id}/clocks | 2--44 -2444 2--44 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/clocks/{clockId}/pauses | 3--33 -3333 3--33 ---44 ---44 --333 --333 3--33 ---33 ---33
        POST /v1/referrals/{id}/clocks/{clockId}/resumptions | 3--33 -3333 3--33 ---44 ---44 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/trusted-people | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/trusted-people | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/trusted-people/{tokenId}/revocations | 3--33 -3333 3--33 ---44 ---44 --333 --333 4--44 ---33 ---33
        GET /v1/referrals/{id}/explanations | 2--44 -2444 2--44 ---24 ---24 --333 --333 2--44 ---33 ---33
        GET /v1/referrals/{id}/overview | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        GET /v1/referrals/{id}/dossier | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        GET /v1/referrals/{id}/correction-requests | 2--44 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/correction-requests | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/correction-requests/{requestId}/decisions | 3--33 -3333 3--33 ---44 ---44 --333 --333 3--33 ---33 ---33
        POST /v1/referrals/{id}/correction-requests/{requestId}/statements | 3--33 -3333 3--33 ---44 ---44 --333 --333 4--44 ---33 ---33
        GET /v1/referrals/{id}/erasure-requests | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/erasure-requests | 3--33 -3333 3--33 ---c4 ---c4 --333 --333 c--44 ---33 ---33
        POST /v1/referrals/{id}/erasure-requests/{requestId}/decisions | 3--33 -3333 3--33 ---33 ---44 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/links | 3--33 -3333 3--33 ---24 ---24 --333 --333 3--33 ---33 ---33
        POST /v1/referrals/{id}/links | 3--33 -3333 3--33 ---b4 ---b4 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/restriction | 3--33 -3333 3--33 ---44 ---44 --333 --333 3--33 ---33 ---33
        POST /v1/referrals/{id}/restriction | 3--33 -3333 3--33 ---c4 ---c4 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/emergency-access | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/emergency-access | 3--33 -3333 3--33 ---c4 ---c4 --333 --333 3--33 ---33 ---33
        POST /v1/referrals/{id}/emergency-access/{accessId}/reviews | 3--33 -3333 3--33 ---33 ---44 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/disclosures | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---24 ---33
        GET /v1/referrals/{id}/intake | 3--33 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/intake | 3--33 -3333 3--33 ---c4 ---c4 --333 --333 3--33 ---33 ---33
        POST /v1/referrals/{id}/intake/responses | 3--33 -3333 3--33 ---p4 ---p4 --333 --333 p--44 ---33 ---33
        POST /v1/referrals/{id}/assignments | 3--33 -3333 3--33 ---24 ---24 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/advice | 2--44 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/advice | b--44 -3333 3--33 ---b4 ---b4 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/records | 3--33 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/records | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        GET /v1/referrals/{id}/measurements | 3--33 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/measurements | 3--33 -2444 3--33 ---24 ---24 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/risks | 3--33 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/risks | 3--33 -3333 3--33 ---24 ---24 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/network | 3--33 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/network | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/network/{personId}/withdrawals | 3--33 -3333 3--33 ---44 ---44 --333 --333 4--44 ---33 ---33
        GET /v1/referrals/{id}/exclusion-zones | 3--33 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/exclusion-zones | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/exclusion-zones/{zoneId}/ends | 3--33 -3333 3--33 ---44 ---44 --333 --333 4--44 ---33 ---33
        GET /v1/referrals/{id}/objections | 3--33 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/objections | 3--33 -3333 3--33 ---c4 ---c4 --333 --333 c--44 ---33 ---33
        POST /v1/referrals/{id}/objections/{objectionId}/decisions | 3--33 -3333 3--33 ---33 ---44 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/wishes | 2--44 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/wishes | 2--44 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        GET /v1/referrals/{id}/consents | 2--44 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/consents | 2--44 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/consents/{consentId}/withdrawals | 2--44 -3333 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        GET /v1/referrals/{id}/support-requests | 2--44 -2444 3--33 ---24 ---24 --333 --333 2--44 ---33 ---33
        POST /v1/referrals/{id}/support-requests | 3--33 -3333 3--33 ---c4 ---c4 --333 --333 3--33 ---33 ---33
        GET /v1/referrals/{id}/support-proposals | 3--33 -3333 3--33 ---24 ---24 --333 --333 3--33 ---33 ---33
        POST /v1/referrals/{id}/themes | 3--33 -3333 3--33 ---24 ---24 --333 --333 3--33 ---33 ---33
        GET /v1/consultations | 2 2 3 2 2 2 3 3 3 3
        POST /v1/consultations | 2 2 3 2 2 2 3 3 3 3
        GET /v1/consultations/{id} | 2--44 2--44 ---33 ---24 ---24 ---44 ---33 ---33 ---33 ---33
        POST /v1/consultations/{id}/responses | 3--33 3--33 ---33 ---24 ---c4 ---33 ---33 ---33 ---33 ---33
        POST /v1/consultations/{id}/themes | 3--33 3--33 ---33 ---24 ---24 ---33 ---33 ---33 ---33 ---33
        GET /v1/reports/missed-signals | 3 3 2 3 2 3 3 3 3 3
        GET /v1/reports/declines | 3 3 3 2 2 2 2 3 3 3
        GET /v1/dwellings | 3 3 3 2 2 2 2 3 3 3
        POST /v1/dwellings | 3 3 3 3 b 2 3 3 3 3
        GET /v1/dwellings/{id} | ---33 ---33 ---33 ---24 ---24 2--44 2--44 ---33 ---33 ---33
        GET /v1/dwellings/{id}/explanations | ---33 ---33 ---33 ---24 ---24 2--44 2--44 ---33 ---33 ---33
        PATCH /v1/dwellings/{id} | ---33 ---33 ---33 ---33 ---24 2--44 3--33 ---33 ---33 ---33
        GET /v1/agreements | 3 3 3 2 2 2 2 3 3 3
        PUT /v1/agreements | 3 3 3 3 c 3 3 3 3 3
        POST /v1/match-runs | 3 3 3 3 2 3 3 3 3 3
        GET /v1/match-runs | 3 3 3 3 2 3 3 3 3 3
        GET /v1/match-runs/{id} | ---33 ---33 ---33 ---33 ---24 ---33 ---33 ---33 ---33 ---33
        GET /v1/match-runs/{id}/candidates | ---33 ---33 ---33 ---33 ---24 ---33 ---33 ---33 ---33 ---33
        GET /v1/match-runs/{id}/dwellings | ---33 ---33 ---33 ---33 ---24 ---33 ---33 ---33 ---33 ---33
        GET /v1/match-runs/{id}/replay | ---33 ---33 ---33 ---33 ---24 ---33 ---33 ---33 ---33 ---33
        POST /v1/match-runs/{id}/offers | ---33 ---33 ---33 ---33 ---24 ---33 ---33 ---33 ---33 ---33
        GET /v1/matches | 3 2 3 2 2 2 2 2 3 3
        POST /v1/matches | 3 3 3 3 c 3 3 3 3 3
        GET /v1/matches/{id} | ---33 -2444 ---33 ---24 ---24 2-244 --244 2--44 ---33 ---33
        POST /v1/matches/{id}/offers | ---33 -3333 ---33 ---33 ---c4 3-333 --333 3--33 ---33 ---33
        POST /v1/matches/{id}/responses | ---33 -p444 ---33 ---33 ---p4 p-p44 --p44 p--44 ---33 ---33
        POST /v1/matches/{id}/reviews | ---33 -3333 ---33 ---33 ---c4 3-333 --333 3--33 ---33 ---33
        POST /v1/matches/{id}/viewings | ---33 -3333 ---33 ---33 ---c4 c-244 --c44 3--33 ---33 ---33
        POST /v1/matches/{id}/introductions | ---33 -3333 ---33 ---c4 ---c4 3-333 --333 c--44 ---33 ---33
        GET /v1/support-requests | 3 2 3 2 2 3 3 3 3 3
        GET /v1/support-requests/{id} | 2--44 -2244 ---33 ---24 ---24 ---33 ---33 2--44 ---33 ---33
        POST /v1/support-requests/{id}/conversions | 3--33 -pp44 ---33 ---33 ---33 ---33 ---33 3--33 ---33 ---33
        POST /v1/support-requests/{id}/responses | 3--33 -pp44 ---33 ---33 ---33 ---33 ---33 3--33 ---33 ---33
        GET /v1/tasks | 2 2 3 2 2 2 2 2 3 3
        GET /v1/tasks/{id} | ---44 -4-44 ---33 ---24 ---24 ---44 ---44 4--44 ---33 ---33
        POST /v1/tasks/{id}/completions | ---44 -4-44 ---33 ---p4 ---p4 ---44 ---44 4--44 ---33 ---33
        POST /v1/tasks/{id}/assignments | ---44 -4-44 ---33 ---p4 ---p4 ---44 ---44 4--44 ---33 ---33
        POST /v1/tasks/{id}/answers | ---44 -4-44 ---33 ---p4 ---p4 ---44 ---44 4--44 ---33 ---33
        POST /v1/signals | 2 2 3 2 2 2 2 2 3 3
        GET /v1/signals | 2 2 3 2 2 2 2 2 3 3
        GET /v1/signals/{id} | ---44 -2-44 ---33 ---24 ---24 2--44 2--44 2--44 ---33 ---33
        POST /v1/signals/{id}/responses | ---33 -p-44 ---33 ---p4 ---p4 3--33 3--33 3--33 ---33 ---33
        POST /v1/handovers | 3 3 3 b b 3 3 3 3 3
        GET /v1/handovers | 2 3 3 2 2 3 3 2 3 3
        GET /v1/handovers/{id} | 2--44 ---33 ---33 ---24 ---24 ---33 ---33 ---44 ---33 ---33
        GET /v1/handovers/{id}/package | 2--44 ---33 ---33 ---24 ---24 ---33 ---33 ---33 ---33 ---33
        POST /v1/handovers/{id}/responses | p--44 ---33 ---33 ---p4 ---p4 ---33 ---33 ---33 ---33 ---33
        GET /v1/forecasts/promise | 3 3 3 2 2 3 3 3 3 3
        GET /v1/tenancies | 3 2 3 2 2 2 2 2 3 3
        POST /v1/tenancies | 3 3 3 3 b b b 3 3 3
        GET /v1/tenancies/{id} | ---33 -2-44 ---33 ---24 ---24 2--44 2--44 2--44 ---33 ---33
        """

    private static func rows() -> [(route: String, cells: [String])] {
        table.split(separator: "\n").dropFirst().map { line in
            let parts = line.split(separator: "|")
            let route = parts[0].trimmingCharacters(in: .whitespaces)
            return (route, parts[1].split(separator: " ").map(String.init))
        }
    }

    private static func name(_ route: Route) -> String { "\(route.method.rawValue) \(route.template)" }

    /// What was answered, as the table writes it.
    private static func code(_ reply: Reply) -> Character {
        switch reply.status {
        case 200, 201, 204: "2"
        case 400: "b"
        case 403: "3"
        case 404: "4"
        case 409: "c"
        case 412: "p"
        default: "?"
        }
    }

    @Test func everyRoleByEveryRouteByEveryRelation() async throws {
        let world = try await World()
        let rows = Self.rows()
        #expect(rows.map(\.route) == Routes.all.map(Self.name), "a route without a row, or a row without a route")
        var observed: [(route: String, cells: [String])] = []
        for (route, row) in zip(Routes.all, rows) {
            try #require(row.cells.count == Role.allCases.count, "\(row.route)")
            var cells: [String] = []
            for role in Role.allCases { cells.append(try await cell(route, role, in: world)) }
            for (role, (found, expected)) in zip(Role.allCases, zip(cells, row.cells)) {
                #expect(found == expected, "\(role) \(row.route)")
            }
            observed.append((row.route, cells))
        }
        try expectPage(Self.page(observed))
    }

    private func cell(_ route: Route, _ role: Role, in world: World) async throws -> String {
        guard let kind = route.kind else {
            return String(Self.code(try await ask(route, nil, as: world.speaker(role), in: world)))
        }
        var cell = ""
        for relation in Relation.allCases {
            guard let id = world.id(kind, role, relation) else {
                cell.append("-")
                continue
            }
            cell.append(Self.code(try await ask(route, id, as: world.speaker(role), in: world)))
        }
        return cell
    }

    /// A request that is well formed and would be carried out, or on a version long gone where doing it would change what
    /// the next cells are about.
    private func ask(_ route: Route, _ id: String?, as speaker: Speaker, in world: World) async throws -> Reply {
        let client = world.bench.client
        var target = route.template
        if target.contains("{consentId}") {
            let given = try await client.post(
                "/v1/referrals/\(id ?? "")/consents", as: .intaker, ["purpose": "network"])
            target = target.replacing("{consentId}", with: given.json["/id"]?.text ?? World.missing)
        }
        target = target.filled(id ?? "")
        guard route.body != .none else { return try await client.send(route.method, target, as: speaker) }
        let isPatch = route.body == .mergePatch
        let tag = isPatch ? "*" : "\"0\""
        return try await client.send(
            route.method, target, as: speaker, body(route, speaker, world).bytes,
            type: route.body.mediaTypes[0], fields: [("If-Match", tag)])
    }

    private func body(_ route: Route, _ speaker: Speaker, _ world: World) -> JSONTree {
        if let talk = Drafts.talk(route.template, token: world.bench.region.token(of: .intaker)) { return talk }
        return switch route.action {
        case .createReferral: Drafts.plainReferral
        case .searchReferrals: ["familyName": "Bakker"]
        case .moveReferral: ["move": "withdraw", "reason": "No."]
        case .writeReport: Drafts.report
        case .answerReport: ["agrees": true]
        case .writeWishes: ["wishes": [["form": "shared"]]]
        case .writeConsents: route.template.contains("{consentId}") ? [:] : ["purpose": "network"]
        case .askSupport: ["provider": .text(world.bench.region.id(of: .careProvider)), "hoursPerWeek": 2]
        case .createDwelling: Drafts.dwelling.removing("/externalReference")
        case .proposeMatch:
            ["referral": .text(world.first.referral), "dwelling": .text(world.first.dwelling), "reason": "Why not."]
        case .answerMatch: ["answer": "accept"]
        case .answerSupport: Drafts.supportAccepted
        case .createTenancy: ["match": .text(World.missing), "startsOn": "2026-12-01"]
        case .restrictReferral: ["reason": "No.", "ended": true]
        case .breakGlass: ["reason": "Somebody is in danger."]
        case .askCorrection:
            route.template.hasSuffix("statements")
                ? ["statement": "No."] : ["fields": ["identity"], "text": "With two s."]
        case .decideCorrection: ["outcome": "corrected"]
        case .pauseClock:
            route.template.hasSuffix("pauses") ? ["ground": "force_majeure", "reason": "A flood."] : [:]
        case .decideErasure: ["outcome": "granted"]
        case .giveSignal:
            speaker.role == .candidate ? ["kind": "crisis"] : Drafts.strangerSignal.removing("/person/birthDate")
        case .answerSignal: ["outcome": "not_reached"]
        case .askHandover: Drafts.handover.setting("/referral", .text(World.missing))
        case .answerHandover: ["answer": "decline", "reason": "no_capacity"]
        case .trust: route.template.contains("{tokenId}") ? [:] : ["name": "My sister"]
        case .linkReferrals: ["referral": .text(World.missing), "outcome": "same_person"]
        case .reviewEmergency: ["outcome": "justified", "note": "Yes."]
        case .runMatches: route.template.hasSuffix("offers") ? ["all": true] : [:]
        case .reviewDecline: ["outcome": "uphold", "reason": "It stands."]
        case .setViewing: ["at": "2026-12-10T10:00:00Z"]
        case .introduce: ["text": "I cook well."]
        case .writeAgreements: ["year": 2026, "agreements": []]
        case .changeTasks:
            switch route.segments.last {
            case "completions": ["note": "Yes."]
            case "answers": ["reason": "capacity", "until": "2026-12-01"]
            default: ["note": "Yes.", "token": .text(World.missing)]
            }
        default: [:]
        }
    }

    @Test func withoutATokenNothingIsAnswered() async throws {
        let world = try await World()
        for route in Routes.all {
            for id in [world.first.referral, World.missing] {
                let target = route.template.filled(id)
                let reply = try await world.bench.client.send(
                    route.method, target, as: nil, Array("{}".utf8), type: route.body.mediaTypes.first)
                #expect(reply.status == 401, "\(Self.name(route))")
            }
        }
    }

    /// A list holds just what its reader may read one by one.
    @Test func listsHoldWhatMayBeRead() async throws {
        let world = try await World()
        for kind in Kind.allCases {
            let list = try #require(Routes.all.first { $0.method == .get && $0.template == "/v1/\(kind.rawValue)" })
            let one = try #require(list.action)
            for role in one.roles.roles {
                let speaker = world.speaker(role)
                var mayRead: Set<String> = []
                for id in world.all(kind) {
                    let reply = try await world.bench.client.get("\(list.template)/\(id)", as: speaker)
                    if reply.status == 200 { mayRead.insert(id) }
                }
                let listed = try await world.bench.client.get(list.template, as: speaker).json["/items"]?.elements
                #expect(Set((listed ?? []).compactMap { $0["/id"]?.text }) == mayRead, "\(role) \(kind)")
            }
        }
    }

    /// What a landlord names in a body is held to the same scope as what stands in a path.
    @Test func aTenancyIsOfAMatchInScope() async throws {
        let world = try await World()
        let (fulfilled, offered) = (world.first.match, world.fourth.match)
        let tries: [(Speaker, String, Int)] = [
            (.allocator, fulfilled, 409), (.allocator, offered, 409), (.allocator, world.second.match, 400),
            (.panel, world.third.match, 409), (.panel, fulfilled, 400), (.coordinator, world.second.match, 409),
        ]
        var unknown: Set<String> = []
        for (speaker, match, status) in tries + [(.allocator, World.missing, 400), (.panel, World.missing, 400)] {
            let reply = try await world.bench.client.post(
                "/v1/tenancies", as: speaker, ["match": .text(match), "startsOn": "2026-12-01"])
            #expect(reply.status == status, "\(speaker)")
            if status == 400 { unknown.insert("\(reply.json.removing("/instance"))") }
        }
        #expect(unknown.count == 1, "another's match looks like none")
    }

    // MARK: The page

    private static func page(_ rows: [(route: String, cells: [String])]) -> String {
        let counts = rows.flatMap(\.cells).joined().reduce(into: [Character: Int]()) { $0[$1, default: 0] += 1 }
        let asked = counts.reduce(0) { $0 + ($1.key == "-" ? 0 : $1.value) }
        let legend: [(Character, String)] = [
            ("2", "done"), ("3", "forbidden (403)"), ("4", "not found (404)"), ("b", "400"), ("c", "409"), ("p", "412"),
        ]
        let sums = legend.map { "\($0.1) \(counts[$0.0] ?? 0)" }.joined(separator: ", ")
        var lines = [
            "# Who may what", "",
            "Written by `AccessMatrixTests` with `THUISPUNT_RECORD=1`; the test fails when it is not what the service answers.",
            "",
            "A cell of five says what is answered about something of one's own, assigned, offered, another's, and nothing:",
            "`2` done, `3` 403, `4` 404; let in and then refused for what was asked `b` 400, `c` 409, `p` 412;",
            "`-` for this role there is no such thing. Routes that name no resource have a cell of one.", "",
            "\(rows.count) routes × \(Role.allCases.count) roles, \(asked) questions: \(sums).", "",
            "| route | " + Role.allCases.map(\.rawValue).joined(separator: " | ") + " |",
            "|---|" + Role.allCases.map { _ in "---|" }.joined(),
        ]
        for row in rows {
            lines.append("| `\(row.route)` | " + row.cells.map { "`\($0)`" }.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func expectPage(_ page: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "access-matrix.md")
        if ProcessInfo.processInfo.environment["THUISPUNT_RECORD"] != nil {
            try page.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == page)
    }
}
