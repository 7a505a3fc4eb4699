// A random walk over the whole API: every role asks every route for everybody's things, with bodies that are accepted,
// spoiled or none, while four people make their way. After every step each answer is held against the oracle.

import Domain
import HTTPWire
import TestKit

@testable import API

/// SplitMix64, as everything random in the tests.
struct WalkDice: RandomNumberGenerator {
    private let bits: SeededBits
    init(seed: UInt64) { bits = SeededBits(seed: seed) }
    mutating func next() -> UInt64 { bits.next() }
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
    mutating func pick<Item>(_ items: [Item], or otherwise: Item) -> Item {
        items.randomElement(using: &self) ?? otherwise
    }
}

struct CanaryWalk {
    let bench: Bench
    let people: [Planted]
    private(set) var journeys: [Journey] = []
    private(set) var faults: [String] = []
    /// How many answers were looked at, and how often a reader met what it may.
    private(set) var answers = 0
    private(set) var sights: [Role: Int] = [:]
    private(set) var routes: Set<String> = []
    private(set) var statuses: [Int: Int] = [:]
    private var dice: WalkDice
    private var seen = 0
    private var repeated: [(speaker: Speaker, target: String, body: [UInt8], fields: [(String, String)])] = []

    init(seed: UInt64) async throws {
        dice = WalkDice(seed: seed)
        bench = try await Bench()
        people = (0..<4).map(Planted.init)
        let landlords: [Speaker] = [.allocator, .other(.allocator), .panel, .allocator]
        for (number, person) in people.enumerated() {
            let isOther = number % 2 == 1
            var journey = Journey(on: bench)
            journey.poster = isOther ? .other(.referrer) : .referrer
            journey.supporter = isOther ? .other(.supporter) : .supporter
            journey.landlord = landlords[number]
            (journey.draft, journey.dwellingDraft) = (person.draft, person.dwelling)
            (journey.report, journey.admission) = (person.report, person.admission)
            journey.remarks = person.words[.report]?.last ?? ""
            journey.matchReason = person.words[.matchReason]?.first ?? ""
            journey.supportNote = person.words[.supportNote]?.first
            _ = try await journey.take(.posted)
            journeys.append(journey)
        }
    }

    // MARK: Steps

    mutating func step(_ number: Int) async throws {
        if dice.chance(30), try await advance() {
        } else if dice.chance(8), let again = repeated.randomElement(using: &dice) {
            _ = try await bench.client.send(
                .post, again.target, as: again.speaker, again.body, type: "application/json", fields: again.fields)
        } else {
            try await ask()
        }
        try look(number)
    }

    /// One person's next step, as the parties take it; false when it can't be taken now.
    private mutating func advance() async throws -> Bool {
        let place = Int.random(in: journeys.indices, using: &dice)
        let next = journeys[place].stage.flatMap { Journey.Stage(rawValue: $0.rawValue + 1) }
        guard let next else { return false }
        _ = try await journeys[place].take(next)
        return journeys[place].stage == next
    }

    private mutating func ask() async throws {
        guard let route = Routes.all.randomElement(using: &dice) else { return }
        let everybody = Region.speakers + journeys.map(\.candidate)
        let entitled = everybody.filter { route.action?.roles.contains($0.role) == true }
        let speaker = dice.pick(dice.chance(75) ? entitled : everybody, or: .intaker)
        let id = try anID(route.kind)
        let consents = try bench.scratch.ids(in: "consent")
        let consent = dice.chance(20) ? dice.pick(consents, or: World.missing) : World.missing
        let requests = try bench.scratch.ids(in: "correction_request")
        let request = dice.chance(70) ? dice.pick(requests, or: World.missing) : World.missing
        var target = route.template.replacing("{consentId}", with: consent)
            .replacing("{requestId}", with: request).filled(id)
        // What is written to what is nobody's of the four is in words of a fifth, who is not looked for.
        let person = journeys.firstIndex { holds($0, id) }.map { people[$0] } ?? Planted(4)
        if route.readsQuery || dice.chance(5) { target += aQuery(person) }
        var body: [UInt8] = []
        var fields: [(String, String)] = []
        var type: String?
        if route.body != .none {
            body = try aBody(route, person, speaker)
            type = route.body.mediaTypes.first
            fields.append(("If-Match", dice.chance(70) ? "*" : "\"\(Int.random(in: 0...4, using: &dice))\""))
            if dice.chance(30) { fields.append(("Idempotency-Key", "k\(Int.random(in: 0...40, using: &dice))")) }
        }
        _ = try await bench.client.send(route.method, target, as: speaker, body, type: type, fields: fields)
        if fields.count == 2, route.method == .post { repeated.append((speaker, target, body, fields)) }
        routes.insert("\(route.method.rawValue) \(route.template)")
    }

    private func holds(_ journey: Journey, _ id: String) -> Bool {
        [journey.referral, journey.dwelling, journey.match, journey.supportRequest, journey.tenancy].contains(id)
    }

    private mutating func anID(_ kind: Kind?) throws -> String {
        let tables: [Kind: String] = [
            .referral: "referral", .dwelling: "dwelling", .match: "match", .supportRequest: "support_request",
            .tenancy: "tenancy", .task: "task", .consultation: "consultation", .matchRun: "match_run",
            .signal: "signal", .handover: "handover",
        ]
        guard let kind else { return "" }
        if dice.chance(8) { return dice.chance(50) ? World.missing : "kanarie" }
        let wanted = dice.chance(92) ? kind : dice.pick(Kind.allCases, or: kind)
        return dice.pick(try bench.scratch.ids(in: tables[wanted] ?? ""), or: World.missing)
    }

    /// Now and then with a planted word as a value that is not taken: what is refused must not be said again. (The name of
    /// a member or a parameter is the place of a fault, and is.)
    private mutating func aQuery(_ person: Planted) -> String {
        let word = person.words[.health]?.first ?? ""
        return dice.pick(
            [
                "", "", "?limit=1", "?limit=100", "?sort=queue", "?sort=receivedAt", "?status=\(word)",
                "?cursor=\(word)", "?unknown=\(word)", "?status=waiting,matched", "?limit=0",
            ], or: "")
    }

    private mutating func aBody(_ route: Route, _ person: Planted, _ speaker: Speaker) throws -> [UInt8] {
        let whole = try draft(route, person, speaker)
        guard dice.chance(20) else { return whole.bytes }
        let word = person.words[.name]?.first ?? ""
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: return Array("{\"note\": \"\(word)\" \(word)".utf8)
        case 1: return whole.setting("/unknown", .text(word)).bytes
        case 2: return JSONTree.list([.text(word)]).bytes
        default:
            let pointer = dice.pick(whole.pointers, or: "/reason")
            return whole.setting(pointer, .text(word + "\u{7}")).bytes
        }
    }

    private mutating func draft(_ route: Route, _ person: Planted, _ speaker: Speaker) throws -> JSONTree {
        if let talk = talk(route, person) { return talk }
        let isLandlord = speaker.role == .allocator || speaker.role == .panel
        switch route.action {
        case .createReferral: return Drafts.plainReferral
        case .searchReferrals:
            let searches: [JSONTree] = [
                ["bsn": person.word(.bsn)], ["familyName": person.word(.name)],
                ["externalReference": .text(person.words[.origin]?.last ?? "")], ["candidateNumber": "K-000001"],
            ]
            return dice.pick(searches, or: [:])
        case .changeReferral:
            return dice.chance(50) ? ["household": ["adults": 2, "children": 0, "pets": false]] : ["accessibility": []]
        case .moveReferral: return aMove(person)
        case .writeReport: return person.report
        case .answerReport: return ["agrees": true, "remarks": .text(person.words[.report]?.last ?? "")]
        case .writeWishes: return ["wishes": [["form": "shared", "note": person.word(.wish)]]]
        case .writeConsents: return route.template.contains("{consentId}") ? [:] : ["purpose": "network"]
        case .askSupport:
            let provider = bench.region.id(of: .careProvider, other: dice.chance(50))
            return ["provider": .text(provider), "hoursPerWeek": 3, "note": person.word(.supportNote)]
        case .createDwelling: return Drafts.dwelling.removing("/externalReference")
        case .changeDwelling: return ["rooms": .number(Int64.random(in: 1...5, using: &dice))]
        case .proposeMatch:
            let journey = dice.pick(journeys, or: journeys[0])
            let home = dice.pick(try bench.scratch.ids(in: "dwelling"), or: World.missing)
            return [
                "referral": .text(journey.referral), "dwelling": .text(home), "reason": .text(journey.matchReason),
            ]
        case .answerMatch:
            let note = person.word(isLandlord ? .landlordNote : .candidateNote)
            var answer: JSONTree = ["answer": "accept"]
            if dice.chance(15) {
                let reason: JSONTree = isLandlord ? "dwelling_unavailable" : "wants_to_wait"
                answer = ["answer": "decline", "reason": reason, "note": note]
            }
            if speaker.role == .panel, answer["/answer"] == "accept" {
                answer = answer.setting("/vote", ["present": 4, "inFavour": 3])
            }
            let speaksForOther = speaker.role == .supporter || speaker.role == .coordinator
            return speaksForOther ? answer.setting("/onBehalfOf", "candidate") : answer
        case .answerSupport:
            return dice.chance(80) ? Drafts.supportAccepted : ["answer": "decline", "reason": "no_capacity"]
        case .restrictReferral:
            return dice.chance(50)
                ? ["reason": person.word(.staffReason), "people": []] : ["reason": "Over.", "ended": true]
        case .breakGlass: return ["reason": "Somebody is in danger."]
        case .askCorrection:
            return route.template.hasSuffix("statements")
                ? ["statement": person.word(.health)] : ["fields": ["care"], "text": person.word(.health)]
        case .decideCorrection:
            return dice.chance(50) ? ["outcome": "corrected"] : ["outcome": "refused", "note": person.word(.health)]
        case .giveSignal: return aSignal(isLandlord)
        case .answerSignal:
            let outcome: JSONTree = dice.chance(50) ? "not_reached" : "helped"
            return ["outcome": outcome, "note": "Called."]
        case .askHandover:
            return Drafts.handover.setting("/referral", .text(dice.pick(journeys, or: journeys[0]).referral))
        case .answerHandover: return ["answer": "decline", "reason": "no_capacity", "note": "Full."]
        case .pauseClock:
            return route.template.hasSuffix("pauses")
                ? ["ground": "force_majeure", "reason": person.word(.staffReason)] : [:]
        case .decideErasure: return ["outcome": "granted", "note": person.word(.staffReason)]
        case .runMatches:
            return route.template.hasSuffix("offers") ? ["all": true] : ["dry": .boolean(dice.chance(50))]
        case .reviewDecline: return ["outcome": "uphold", "reason": "It stands."]
        case .setViewing: return ["at": "2026-12-10T10:00:00Z"]
        case .introduce: return ["text": "I cook well."]
        case .writeAgreements: return ["year": 2026, "agreements": []]
        case .trust: return ["name": "My sister"]
        case .linkReferrals:
            return [
                "referral": .text(dice.pick(journeys, or: journeys[0]).referral), "outcome": "same_person",
                "note": person.word(.staffReason),
            ]
        case .reviewEmergency: return ["outcome": "justified", "note": "Yes."]
        case .changeTasks where route.template.hasSuffix("answers"):
            return ["reason": "other", "until": "2026-12-01", "note": person.word(.staffReason)]
        case .changeTasks: return ["note": "Done.", "token": .text(bench.region.token(of: .coordinator))]
        case .createTenancy:
            let match = dice.pick(try bench.scratch.ids(in: "match"), or: World.missing)
            return ["match": .text(match), "startsOn": "2026-12-01"]
        case .endTenancy: return ["endedOn": "2026-12-01"]
        default: return [:]
        }
    }

    /// The routes of the conversation, each with a planted word where it has words.
    private func talk(_ route: Route, _ person: Planted) -> JSONTree? {
        // A case that is nobody's has nobody's words.
        if route.template.hasPrefix("/v1/consultations") { return Drafts.talk(route.template) }
        guard let draft = Drafts.talk(route.template, token: bench.region.token(of: .intaker)) else { return nil }
        let word = person.word(.talk)
        return ["/text", "/note", "/helpsWith", "/neighbourhood", "/domains/0/necessity"].reduce(draft) {
            $0[$1] == nil || route.action == .assignReferral || route.action == .tellAdvice ? $0 : $0.setting($1, word)
        }
    }

    private mutating func aSignal(_ isLandlord: Bool) -> JSONTree {
        let place = Int.random(in: journeys.indices, using: &dice)
        if isLandlord {
            return [
                "kind": "nuisance", "tenancy": .text(journeys[place].tenancy),
                "note": people[place].word(.homeSignal),
            ]
        }
        return [
            "kind": dice.chance(50) ? "crisis" : "damage", "referral": .text(journeys[place].referral),
            "note": people[place].word(.careSignal),
        ]
    }

    private mutating func aMove(_ person: Planted) -> JSONTree {
        let moves: [JSONTree] = [
            ["move": "ask_information", "reason": person.word(.staffReason)], ["move": "give_information"],
            ["move": "start_intake"], ["move": "complete_report"], ["move": "resume"],
            ["move": "hold", "reason": "Away.", "until": "2027-01-31"], person.admission,
        ]
        let ends: [JSONTree] = [["move": "withdraw", "reason": "No."], ["move": "lose_home", "reason": "Gone."]]
        return dice.chance(4) ? dice.pick(ends, or: [:]) : dice.pick(moves, or: [:])
    }

    // MARK: Looking

    private static let core: Set<Secret> = [.name, .contact, .origin, .money, .bsn, .bsnTail, .health]

    private mutating func look(_ step: Int) throws {
        let exchanges = bench.client.exchanges.dropFirst(seen)
        seen += exchanges.count
        for exchange in exchanges {
            statuses[exchange.reply.status, default: 0] += 1
            guard let speaker = exchange.speaker else { continue }
            let text = exchange.reply.text + exchange.reply.fields.map { "\($0.name): \($0.value)" }.joined()
            answers += 1
            for place in people.indices {
                let met = people[place].met(in: text)
                let may = try oracle(speaker, place)
                let what = "step \(step): \(speaker) \(exchange.question.method) \(exchange.question.target)"
                let extra = met.subtracting(may)
                if !extra.isEmpty { faults.append("\(what) meets \(extra.map(\.rawValue).sorted()) of \(place)") }
                if exchange.reply.status == 500 { faults.append("\(what) answers 500") }
                if !met.isEmpty { sights[speaker.role, default: 0] += 1 }
                let isWhole =
                    exchange.question.target == journeys[place].path && exchange.question.method == .get
                    && exchange.reply.status == 200
                let missing = may.intersection(Self.core).subtracting(met)
                if isWhole, !missing.isEmpty { faults.append("\(what) lacks \(missing.map(\.rawValue).sorted())") }
            }
        }
    }

    private func oracle(_ speaker: Speaker, _ place: Int) throws -> Set<Secret> {
        let journey = journeys[place]
        let isThePerson = speaker == journey.candidate
        let oracle = Oracle(
            facts: try bench.scratch.facts(of: journey.referral), role: speaker.role,
            organisation: bench.region.organisation(of: speaker), isThePerson: isThePerson)
        let own = journeys.first { $0.candidate == speaker }?.referral
        return oracle.may(homeOf: try bench.scratch.facts(ofHome: journey.dwelling, candidate: own))
    }

    /// Everybody reads everybody's referral once more: what may be seen is there, and nothing else.
    mutating func lookAround() async throws {
        for speaker in Region.speakers + journeys.map(\.candidate) {
            for journey in journeys { try await bench.client.get(journey.path, as: speaker) }
            for list in [
                "/v1/referrals", "/v1/matches", "/v1/dwellings", "/v1/support-requests", "/v1/tenancies", "/v1/signals",
            ] {
                try await bench.client.get(list + "?limit=100", as: speaker)
            }
        }
        try look(-1)
    }

    /// Planted words and secrets in what is written down about requests and counted; none should be.
    func wordsInLogs() async throws -> [String] {
        let page = try await bench.client.get("/metrics").text
        let log = "\(bench.log.access)" + bench.log.failures.joined() + page
        let words = people.flatMap { $0.words.values.flatMap(\.self) }.filter { !$0.hasPrefix(":") }
        let secrets = (Region.speakers + journeys.map(\.candidate)).map { bench.region.secret(of: $0) }
        let answers = bench.client.exchanges.map(\.reply.text).joined()
        return (words + secrets).filter { log.contains($0) } + secrets.filter { answers.contains($0) }
    }
}
