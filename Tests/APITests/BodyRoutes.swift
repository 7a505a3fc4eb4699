// Every route that takes a body, with one it accepts and what belongs where in it. The tests of bodies walk this table
// and spoil one thing at a time.

import Domain
import HTTPWire
import TestKit

/// A route with a body that is accepted as it stands.
struct BodyRoute: Sendable {
    var name: String
    var speaker: Speaker
    var method: Method = .post
    var path: String
    var draft: JSONTree
    /// Members that must be there.
    var required: [String] = []
    /// Members that take a word from a list.
    var words: [String] = []
    /// Members that take a day.
    var days: [String] = []
    /// Members of a merge patch that null clears.
    var clearable: [String] = []
    /// Values that are not taken, with the code that says so.
    var refused: [(pointer: String, value: JSONTree, code: String)] = []

    func send(_ body: [UInt8], on bench: Bench) async throws -> Reply {
        try await bench.client.send(
            method, path, as: speaker, body,
            type: method == .patch ? "application/merge-patch+json" : "application/json", fields: [("If-Match", "*")])
    }
}

enum BodyRoutes {
    /// The table, for a journey whose support is arranged.
    static func all(_ journey: Journey, consent: String, _ bench: Bench) -> [BodyRoute] {
        referrals(journey) + conversation(journey, consent: consent) + supply(journey) + support(journey, bench)
            + guarded(journey, bench) + talk(journey, bench)
    }

    private static let endless = JSONTree.text(String(repeating: "x", count: 20_001))

    private static func referrals(_ journey: Journey) -> [BodyRoute] {
        let booleans = ["legalResidence", "acuteDanger", "lasting24hSupervision", "ownStrengthSuffices"]
        return [
            BodyRoute(
                name: "createReferral", speaker: .referrer, path: "/v1/referrals",
                draft: Drafts.referral.removing("/person/bsn").removing("/externalReference"),
                required: [
                    "/opening", "/opening/missedSignals", "/opening/neededTwoYearsAgo", "/route", "/municipality",
                    "/person", "/person/givenName", "/person/familyName", "/person/birthDate", "/screening",
                    "/screening/homelessTonight", "/wishes/0/form", "/household/adults", "/household/children",
                    "/household/pets",
                ] + booleans.map { "/screening/" + $0 },
                words: ["/route", "/wishes/0/form", "/supportNeeds/0", "/consents/0", "/accessibility/0"],
                days: ["/person/birthDate"],
                refused: [
                    ("/opening/missedSignals", endless, "too-long"), ("/opening/missedSignals", "", "too-short"),
                    ("/municipality", "GM15", "format"), ("/municipality", "gm0153", "format"),
                    ("/person/givenName", .text(String(repeating: "é", count: 101)), "too-long"),
                    ("/person/birthDate", "2026-11-24", "range"), ("/person/birthDate", "1896-01-01", "range"),
                    ("/person/bsn", "123456789", "eleven-test"), ("/person/bsn", "9999900190", "eleven-test"),
                    ("/person/phone", "06-kanarie", "format"), ("/person/phone", "12", "format"),
                    ("/person/phone", "+ 31600000000", "format"), ("/person/email", "nobody", "format"),
                    ("/wishes", .list((0..<11).map { _ in ["form": "shared"] }), "too-many"),
                    ("/wishes/0/municipalities/1", "GM0153", "duplicate"), ("/supportNeeds/1", "money", "duplicate"),
                    ("/household/adults", 0, "range"), ("/household/adults", .raw("1.5"), "type"),
                    ("/household/children", .raw("99999999999999999999"), "range"),
                    ("/household/children", -1, "range"),
                    ("/externalReference", "with space", "format"), ("/externalReference", "", "format"),
                    ("/finances/debts", -1, "range"), ("/opening/declined", "yes", "type"),
                ]),
            BodyRoute(
                name: "changeReferral", speaker: .referrer, method: .patch, path: journey.path,
                draft: [
                    "externalReference": "NEW-1", "route": "clinic_exit", "municipality": "GM0164",
                    "person": [
                        "givenName": "A", "infix": "de", "familyName": "B", "birthDate": "1990-01-01",
                        "bsn": "111222333", "phone": "+31600000000", "email": "a@b.example",
                    ], "household": ["adults": 2, "children": 0, "pets": true], "accessibility": ["lift"],
                    "supportNeeds": ["money"], "health": "Fine.", "finances": ["incomePerMonth": 1, "debts": 1],
                ],
                words: ["/route", "/accessibility/0", "/supportNeeds/0"], days: ["/person/birthDate"],
                clearable: [
                    "/externalReference", "/person/infix", "/person/bsn", "/person/phone", "/person/email", "/health",
                    "/finances/incomePerMonth", "/finances/debts",
                ], refused: [("/person/bsn", "123456789", "eleven-test"), ("/household/adults", 21, "range")]),
            BodyRoute(
                name: "searchReferrals", speaker: .intaker, path: "/v1/referrals/_search",
                draft: [
                    "bsn": .text(Canary.bsn), "familyName": .text(Canary.familyName),
                    "birthDate": .text(Canary.birthDate), "candidateNumber": "K-000001",
                    "externalReference": .text(Canary.reference),
                ], days: ["/birthDate"],
                refused: [
                    ("/bsn", "123456789", "eleven-test"), ("/candidateNumber", "000001", "format"),
                    ("/familyName", "", "too-short"),
                ]),
            BodyRoute(
                name: "moveReferral", speaker: .coordinator, path: journey.path + "/transitions",
                draft: Drafts.admission.setting("/reason", "Because.").setting("/agreementWaived", "In hospital."),
                required: ["/move", "/urgency", "/urgencyGround", "/form"], words: ["/move", "/urgency", "/form"],
                refused: [
                    ("/urgencyGround", endless, "too-long"), ("/move", "offer", "follows"),
                    ("/advice", ["other_region"], "unknown-field"), ("/until", "2027-01-01", "unknown-field"),
                ]),
        ]
    }

    private static func conversation(_ journey: Journey, consent: String) -> [BodyRoute] {
        [
            BodyRoute(
                name: "writeReport", speaker: .intaker, path: journey.path + "/intake", draft: Drafts.report,
                required: [
                    "/summary", "/conditions/0/condition", "/conditions/0/level", "/skills/0/skill", "/skills/0/level",
                    "/advisedForm", "/personalPlanReceived", "/clientSupportOffered",
                ],
                words: ["/conditions/0/condition", "/skills/0/skill", "/risks/0", "/supportNeeds/0", "/advisedForm"],
                refused: [
                    ("/summary", endless, "too-long"), ("/conditions/0/level", 6, "range"),
                    ("/skills/0/level", 0, "range"), ("/conditions/0/note", "", "too-short"),
                    ("/incomePerMonth", -1, "range"),
                ]),
            BodyRoute(
                name: "answerReport", speaker: journey.candidate, path: journey.path + "/intake/responses",
                draft: ["agrees": true, "remarks": "Fine."], required: ["/agrees"],
                refused: [("/remarks", endless, "too-long"), ("/remarks", "", "too-short")]),
            BodyRoute(
                name: "writeWishes", speaker: journey.candidate, path: journey.path + "/wishes",
                draft: [
                    "phase": "growing",
                    "wishes": [
                        [
                            "form": "shared", "municipalities": ["GM0153"], "note": "n",
                            "near": [["municipality": "GM0153", "neighbourhood": "Zuid"], ["municipality": "GM0164"]],
                        ]
                    ],
                ],
                required: ["/wishes", "/wishes/0/form"], words: ["/phase", "/wishes/0/form"],
                refused: [("/wishes", [], "too-few"), ("/wishes/0/municipalities/0", "GM", "format")]),
            BodyRoute(
                name: "giveConsent", speaker: journey.candidate, path: journey.path + "/consents",
                draft: ["purpose": "network", "recipient": .text(journey.referral), "endsOn": "2027-01-01"],
                required: ["/purpose"], words: ["/purpose"], days: ["/endsOn"],
                refused: [("/recipient", "nobody", "format"), ("/recipient", .text(journey.referral), "unknown")]),
            BodyRoute(
                name: "withdrawConsent", speaker: journey.candidate,
                path: journey.path + "/consents/\(consent)/withdrawals", draft: ["reason": "No."],
                refused: [("/reason", "", "too-short"), ("/reason", endless, "too-long")]),
        ]
    }

    private static func supply(_ journey: Journey) -> [BodyRoute] {
        [
            BodyRoute(
                name: "createDwelling", speaker: .allocator, path: "/v1/dwellings",
                draft: Drafts.dwelling.removing("/externalReference"),
                required: [
                    "/form", "/municipality", "/neighbourhood", "/address", "/address/street", "/address/houseNumber",
                    "/address/postcode", "/address/city", "/rooms", "/rent", "/householdMaximum", "/petsAllowed",
                    "/availableFrom",
                ], words: ["/form", "/accessibility/0", "/tenancyKind"], days: ["/availableFrom"],
                refused: [
                    ("/rooms", 0, "range"), ("/rent", -1, "range"), ("/rent", 1_000_001, "range"),
                    ("/address/postcode", "7511AB", "format"), ("/address/postcode", "0511 AB", "format"),
                    ("/householdMaximum", 41, "range"), ("/organisation", .text(journey.referral), "unknown"),
                ]),
            BodyRoute(
                name: "changeDwelling", speaker: .allocator, method: .patch, path: "/v1/dwellings/\(journey.dwelling)",
                draft: Drafts.dwelling, words: ["/form", "/accessibility/0", "/tenancyKind"], days: ["/availableFrom"],
                clearable: ["/remarks", "/externalReference"],
                refused: [
                    ("/openNuisanceFile", "yes", "type"), ("/status", "let", "enum"), ("/status", "reserved", "enum"),
                    ("/rooms", 51, "range"),
                    ("/organisation", .text(journey.referral), "unknown-field"),
                ]),
            BodyRoute(
                name: "askMatchRun", speaker: .coordinator, path: "/v1/match-runs",
                draft: [
                    "dry": true,
                    "rules": [
                        "horizonDays": 30, "rentSharePercent": 33, "neighbourhoodCap": 4, "holdToAgreements": true,
                        "without": ["pets"],
                    ],
                ], words: ["/rules/without/0"],
                refused: [
                    ("/rules/horizonDays", -1, "range"), ("/rules/rentSharePercent", 0, "range"),
                    ("/rules/neighbourhoodCap", -1, "range"), ("/rules/without/0", "consent", "enum"),
                    ("/dry", false, "trial"),
                ]),
            BodyRoute(
                name: "offerFromMatchRun", speaker: .coordinator,
                path: "/v1/match-runs/01a19b98-1e3b-7c03-9b11-7d20e5a8c4f6/offers",
                draft: ["referrals": [.text(journey.referral)]], required: ["/referrals"],
                refused: [("/referrals", [], "too-few")]),
            BodyRoute(
                name: "setAgreements", speaker: .coordinator, method: .put, path: "/v1/agreements",
                draft: [
                    "year": 2026,
                    "agreements": [
                        [
                            "organisation": .text(journey.region.id(of: .housingCorporation)), "municipality": "GM0153",
                            "form": "independent", "dwellings": 12,
                        ]
                    ],
                ],
                required: [
                    "/year", "/agreements", "/agreements/0/organisation", "/agreements/0/municipality",
                    "/agreements/0/form", "/agreements/0/dwellings",
                ], words: ["/agreements/0/form"],
                refused: [
                    ("/year", 1999, "range"), ("/agreements/0/dwellings", -1, "range"),
                    ("/agreements/0/municipality", "Enschede", "format"),
                    ("/agreements/0/organisation", "nobody", "format"),
                ]),
            BodyRoute(
                name: "proposeMatch", speaker: .coordinator, path: "/v1/matches",
                draft: [
                    "referral": .text(journey.referral), "dwelling": .text(journey.dwelling), "reason": "Fits.",
                    "offer": false,
                ], required: ["/referral", "/dwelling", "/reason"],
                refused: [
                    ("/referral", .text(journey.dwelling), "unknown"),
                    ("/dwelling", .text(journey.referral), "unknown"),
                    ("/referral", "nobody", "format"), ("/reason", endless, "too-long"),
                ]),
            BodyRoute(
                name: "reviewDecline", speaker: .coordinator, path: "/v1/matches/\(journey.match)/reviews",
                draft: ["outcome": "uphold", "reason": "It stands."], required: ["/outcome", "/reason"],
                words: ["/outcome"], refused: [("/reason", endless, "too-long")]),
            BodyRoute(
                name: "setViewing", speaker: .allocator, path: "/v1/matches/\(journey.match)/viewings",
                draft: ["at": "2026-12-10T10:00:00Z"], required: ["/at"],
                refused: [("/at", "tomorrow", "format"), ("/at", "2020-01-01T10:00:00Z", "range")]),
            BodyRoute(
                name: "introduce", speaker: journey.candidate, path: "/v1/matches/\(journey.match)/introductions",
                draft: ["text": "I cook well."], required: ["/text"], refused: [("/text", endless, "too-long")]),
            BodyRoute(
                name: "offerMatch", speaker: .coordinator, path: "/v1/matches/\(journey.match)/offers", draft: [:]),
            BodyRoute(
                name: "answerMatch", speaker: journey.candidate, path: "/v1/matches/\(journey.match)/responses",
                draft: ["answer": "decline", "reason": "wants_to_wait", "note": "Later.", "onBehalfOf": "candidate"],
                required: ["/answer", "/reason"], words: ["/answer", "/reason", "/onBehalfOf"],
                refused: [("/reason", "dwelling_unavailable", "enum"), ("/note", endless, "too-long")]),
            BodyRoute(
                name: "createTenancy", speaker: .allocator, path: "/v1/tenancies",
                draft: [
                    "match": .text(journey.match), "startsOn": "2026-12-01", "kind": "via_provider",
                    "convertOn": "2027-12-01",
                ], required: ["/match", "/startsOn"], words: ["/kind"], days: ["/startsOn", "/convertOn"],
                refused: [
                    ("/convertOn", "2026-12-01", "range"), ("/match", .text(journey.referral), "unknown"),
                    ("/match", "nothing", "format"),
                ]),
            BodyRoute(
                name: "endTenancy", speaker: .allocator, path: "/v1/tenancies/\(String.missingID)/ends",
                draft: ["endedOn": "2026-12-01"], required: ["/endedOn"], days: ["/endedOn"]),
        ]
    }

    private static func support(_ journey: Journey, _ bench: Bench) -> [BodyRoute] {
        [
            BodyRoute(
                name: "askSupport", speaker: .coordinator, path: journey.path + "/support-requests",
                draft: [
                    "provider": .text(bench.region.id(of: .careProvider, other: true)), "hoursPerWeek": 4,
                    "needs": ["money"], "wantedFrom": "2026-12-01", "note": "n",
                ], required: ["/provider", "/hoursPerWeek"], words: ["/needs/0"], days: ["/wantedFrom"],
                refused: [
                    ("/hoursPerWeek", 0, "range"), ("/hoursPerWeek", 169, "range"), ("/provider", "nobody", "format"),
                ]),
            BodyRoute(
                name: "answerSupport", speaker: .supporter,
                path: "/v1/support-requests/\(journey.supportRequest)/responses", draft: Drafts.supportAccepted,
                required: ["/answer", "/startsOn", "/contact", "/contact/name", "/contact/phone"], words: ["/answer"],
                days: ["/startsOn"],
                refused: [("/contact/phone", "call me", "format"), ("/reason", "other", "unknown-field")]),
        ]
    }

    private static func talk(_ journey: Journey, _ bench: Bench) -> [BodyRoute] {
        let token = bench.region.token(of: .intaker)
        func route(_ name: String, _ path: String, _ speaker: Speaker = .intaker) -> BodyRoute {
            let template = "/v1/referrals/{id}/" + path
            return BodyRoute(
                name: name, speaker: speaker, path: template.filled(journey.referral),
                draft: Drafts.talk(template, token: token) ?? [:])
        }
        var assign = route("assignReferral", "assignments")
        assign.required = ["/token"]
        assign.refused = [("/token", "nobody", "format"), ("/token", .text(String.missingID), "unknown")]
        var advice = route("tellAdvice", "advice")
        (advice.required, advice.words) = (["/advice"], ["/advice"])
        advice.refused = [("/advice", "youth_care", "unknown"), ("/note", "", "too-short")]
        var record = route("writeRecord", "records", journey.candidate)
        (record.required, record.words, record.days) = (["/kind", "/text"], ["/kind"], ["/happenedOn"])
        record.refused = [("/happenedOn", "2027-11-20", "range"), ("/text", endless, "too-long")]
        var measurement = route("measure", "measurements", .supporter)
        measurement.required = ["/moment", "/domains/0/domain", "/domains/0/level", "/domains/0/necessity"]
        (measurement.words, measurement.days) = (["/moment", "/domains/0/domain"], ["/measuredOn"])
        measurement.refused = [
            ("/domains/0/level", 0, "range"), ("/domains/0/level", 6, "range"),
            ("/domains/0/necessity", "", "too-short"), ("/measuredOn", "2027-11-20", "range"),
        ]
        var risks = route("writeRisks", "risks")
        (risks.required, risks.words) = (["/risks"], ["/risks/0"])
        risks.refused = [("/risks/1", "lasting_debts", "duplicate"), ("/note", endless, "too-long")]
        var person = route("addNetworkPerson", "network", journey.candidate)
        person.required = ["/name", "/relation", "/consentGivenOn"]
        (person.words, person.days) = (["/relation"], ["/consentGivenOn"])
        person.refused = [("/phone", "call me", "format"), ("/consentGivenOn", "2027-11-20", "range")]
        var zone = route("addExclusionZone", "exclusion-zones", journey.candidate)
        (zone.required, zone.words, zone.days) = (["/municipality", "/ground"], ["/ground"], ["/until"])
        zone.refused = [("/municipality", "Almelo", "format"), ("/until", "2020-01-01", "range")]
        var objection = route("lodgeObjection", "objections", journey.candidate)
        objection.required = ["/text"]
        objection.refused = [("/text", "", "too-short"), ("/text", endless, "too-long")]
        var themes = route("giveReferralThemes", "themes")
        (themes.required, themes.words) = (["/themes"], ["/themes/0"])
        var decision = route("decideObjection", "objections/{objectionId}/decisions", .coordinator)
        (decision.required, decision.words) = (["/outcome", "/note"], ["/outcome"])
        return [
            assign, advice, record, measurement, risks, person, zone, objection, decision, themes,
            route("withdrawNetworkPerson", "network/{personId}/withdrawals"),
            route("endExclusionZone", "exclusion-zones/{zoneId}/ends"),
        ] + consultations(journey)
    }

    private static func consultations(_ journey: Journey) -> [BodyRoute] {
        func route(_ name: String, _ template: String, _ speaker: Speaker, _ id: String = .missingID) -> BodyRoute {
            BodyRoute(
                name: name, speaker: speaker, path: template.filled(id), draft: Drafts.talk(template) ?? [:])
        }
        var ask = route("consult", "/v1/consultations", .referrer)
        ask.required = [
            "/opening", "/opening/missedSignals", "/opening/neededTwoYearsAgo", "/route", "/municipality", "/question",
        ]
        ask.words = ["/route", "/ageBand"]
        ask.refused = [
            ("/question", "Call 06 - 123 456 78", "identifying"), ("/question", "Her BSN is 999990019.", "identifying"),
            ("/question", "Born 12-04-1988", "identifying"), ("/question", "Mail sam@example.org", "identifying"),
            ("/municipality", "Enschede", "format"), ("/question", "", "too-short"),
        ]
        var answer = route("answerConsultation", "/v1/consultations/{id}/responses", .intaker)
        (answer.required, answer.words) = (["/text"], ["/advice/0"])
        var themes = route("giveConsultationThemes", "/v1/consultations/{id}/themes", .intaker)
        (themes.required, themes.words) = (["/themes"], ["/themes/0"])
        let convert = route(
            "convertSupport", "/v1/support-requests/{id}/conversions", .supporter, journey.supportRequest)
        return [ask, answer, themes, convert]
    }

    private static func guarded(_ journey: Journey, _ bench: Bench) -> [BodyRoute] {
        let nothing = "/01a19b98-1e3b-7c03-9b11-7d20e5a8c4f6"
        let endless = JSONTree.text(String(repeating: "x", count: 2001))
        return [
            BodyRoute(
                name: "restrictReferral", speaker: .intaker, path: journey.path + "/restriction",
                draft: ["reason": "Threats.", "people": [.text(bench.region.token(of: .coordinator))]],
                required: ["/reason", "/people"],
                refused: [
                    ("/people/0", "nobody", "format"), ("/people/0", .text(String(nothing.dropFirst())), "unknown"),
                    ("/reason", endless, "too-long"),
                ]),
            BodyRoute(
                name: "askCorrection", speaker: journey.candidate, path: journey.path + "/correction-requests",
                draft: ["fields": ["identity", "bsn_tail"], "text": "With two s."], required: ["/fields", "/text"],
                refused: [
                    ("/fields/0", "bsn", "format"), ("/fields/0", "duplicates", "format"),
                    ("/fields/1", "identity", "duplicate"), ("/fields", [], "too-few"), ("/text", "", "too-short"),
                    ("/text", .text(String(repeating: "x", count: 4001)), "too-long"),
                ]),
            BodyRoute(
                name: "decideCorrection", speaker: .intaker,
                path: journey.path + "/correction-requests" + nothing + "/decisions",
                draft: ["outcome": "refused", "note": "The clinic says so."], required: ["/outcome", "/note"],
                words: ["/outcome"], refused: [("/note", endless, "too-long"), ("/note", "", "too-short")]),
            BodyRoute(
                name: "stateCorrection", speaker: journey.candidate,
                path: journey.path + "/correction-requests" + nothing + "/statements",
                draft: ["statement": "Mixed up."], required: ["/statement"], refused: [("/statement", "", "too-short")]),
            BodyRoute(name: "openSession", speaker: .intaker, path: "/session", draft: [:]),
            BodyRoute(
                name: "requestErasure", speaker: .intaker, path: journey.path + "/erasure-requests", draft: [:]),
            BodyRoute(
                name: "decideErasure", speaker: .coordinator,
                path: journey.path + "/erasure-requests" + nothing + "/decisions",
                draft: ["outcome": "refused", "ground": "legal_obligation", "note": "A law."],
                required: ["/outcome", "/ground", "/note"], words: ["/outcome", "/ground"],
                refused: [("/note", "", "too-short")]),
            BodyRoute(
                name: "trustSomebody", speaker: .intaker, path: journey.path + "/trusted-people",
                draft: ["name": "My sister", "until": "2027-01-31"], required: ["/name"], days: ["/until"],
                refused: [("/name", endless, "too-long"), ("/until", "2020-01-01", "range")]),
            BodyRoute(
                name: "endTrust", speaker: .intaker,
                path: journey.path + "/trusted-people" + nothing + "/revocations", draft: [:]),
            BodyRoute(
                name: "linkReferrals", speaker: .intaker, path: journey.path + "/links",
                draft: ["referral": .text(String(nothing.dropFirst())), "outcome": "same_person", "note": "Twins."],
                required: ["/referral", "/outcome"], words: ["/outcome"],
                refused: [("/referral", "nobody", "format"), ("/referral", .text(journey.referral), "unknown")]),
            BodyRoute(
                name: "breakGlass", speaker: .intaker, path: journey.path + "/emergency-access",
                draft: ["reason": "Somebody is in danger."], required: ["/reason"],
                refused: [("/reason", "Because", "too-short")]),
            BodyRoute(
                name: "reviewEmergency", speaker: .coordinator,
                path: journey.path + "/emergency-access" + nothing + "/reviews",
                draft: ["outcome": "justified", "note": "Yes."], required: ["/outcome", "/note"], words: ["/outcome"],
                refused: [("/note", endless, "too-long")]),
            BodyRoute(
                name: "giveSignal", speaker: .allocator, path: "/v1/signals",
                draft: Drafts.strangerSignal.setting("/kind", "arrears").setting(
                    "/arrears",
                    [
                        "writtenReminder": true, "personalContactTried": true, "pointedToDebtHelp": true,
                        "noObjection": true,
                    ]),
                required: ["/kind", "/municipality", "/person/familyName"], words: ["/kind"],
                days: ["/person/birthDate"],
                refused: [
                    ("/note", endless, "too-long"), ("/arrears/noObjection", false, "required"),
                    ("/arrears/writtenReminder", false, "required"), ("/person/phone", "call me", "format"),
                ]),
            BodyRoute(
                name: "answerSignal", speaker: .intaker, path: "/v1/signals" + nothing + "/responses",
                draft: ["outcome": "linked", "referral": .text(journey.referral), "note": "Called."],
                required: ["/outcome", "/referral"], words: ["/outcome"],
                refused: [("/note", "", "too-short"), ("/referral", "nobody", "format")]),
            BodyRoute(
                name: "askHandover", speaker: .intaker, path: "/v1/handovers",
                draft: Drafts.handover.setting("/referral", .text(journey.referral)).setting("/advice", "other_region"),
                required: ["/referral", "/to", "/to/name", "/reason", "/parts", "/consentGivenOn"],
                words: ["/advice", "/parts/0/part", "/parts/0/ground"], days: ["/consentGivenOn"],
                refused: [
                    ("/referral", .text(String(nothing.dropFirst())), "unknown"), ("/reason", endless, "too-long"),
                    ("/consentGivenOn", "2026-12-24", "range"),
                ]),
            BodyRoute(
                name: "answerHandover", speaker: .intaker, path: "/v1/handovers" + nothing + "/responses",
                draft: ["answer": "decline", "reason": "no_capacity", "note": "Full."],
                required: ["/answer", "/reason"], words: ["/answer", "/reason"],
                refused: [("/note", endless, "too-long"), ("/reference", "K-1", "unknown-field")]),
            BodyRoute(
                name: "pauseClock", speaker: .intaker, path: journey.path + "/clocks" + nothing + "/pauses",
                draft: ["ground": "force_majeure", "reason": "A flood."], required: ["/ground", "/reason"],
                words: ["/ground"],
                refused: [("/reason", endless, "too-long"), ("/ground", "candidates_wish", "follows")]),
            BodyRoute(
                name: "resumeClock", speaker: .intaker, path: journey.path + "/clocks" + nothing + "/resumptions",
                draft: [:]),
            BodyRoute(
                name: "completeTask", speaker: .intaker, path: "/v1/tasks" + nothing + "/completions",
                draft: ["note": "Done."], required: ["/note"], refused: [("/note", "", "too-short")]),
            BodyRoute(
                name: "assignTask", speaker: .intaker, path: "/v1/tasks" + nothing + "/assignments",
                draft: ["note": "Yours.", "token": .text(bench.region.token(of: .coordinator))],
                required: ["/note", "/token"], refused: [("/token", "nobody", "format")]),
            BodyRoute(
                name: "answerTask", speaker: .intaker, path: "/v1/tasks" + nothing + "/answers",
                draft: ["reason": "other", "until": "2026-12-08", "note": "A flood."],
                required: ["/reason", "/until", "/note"], words: ["/reason"], days: ["/until"],
                refused: [("/note", endless, "too-long"), ("/until", "2026-11-23", "range")]),
        ]
    }
}
