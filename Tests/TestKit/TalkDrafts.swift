// Bodies of the routes of the conversation, by the end of their paths, and paths with their variables filled in.

extension String {
    /// An id that nothing has.
    package static let missingID = "01a19b98-1e3b-7c03-9b11-7d20e5a8c4f6"

    /// A route's template as a path: the first variable an id, every other one another.
    package func filled(_ id: String, _ others: String = .missingID) -> String {
        replacing("{id}", with: id).replacing(/\{[a-zA-Z]+\}/, with: others)
    }
}

extension Drafts {
    /// A case in which nobody can be recognised.
    package static let consultation: JSONTree = [
        "opening": ["missedSignals": "The rent was late.", "neededTwoYearsAgo": "Somebody who rang."],
        "route": "prevention", "municipality": "GM0153", "ageBand": "27_44", "question": "May they come in?",
    ]

    /// A body that is accepted, of a route of the conversation; nil for other routes. `token` is of the intake point.
    package static func talk(_ template: String, token: String = .missingID) -> JSONTree? {
        switch template.split(separator: "/").last {
        case "assignments" where template.hasPrefix("/v1/referrals"): ["token": .text(token), "note": "Yours."]
        case "advice": ["advice": "shelter_first", "note": "On the phone."]
        case "records": ["kind": "personal_plan", "happenedOn": "2026-11-20", "text": "I want to work."]
        case "measurements":
            [
                "moment": "start", "measuredOn": "2026-11-20", "stableMix": ["housing": false, "income": true],
                "domains": [["domain": "finances", "level": 2, "necessity": "To know which rent fits."]],
            ]
        case "risks": ["risks": ["lasting_debts", "little_social_support"], "note": "Since 2024."]
        case "network":
            [
                "name": "Ria", "relation": "family", "phone": "+31611111111", "helpsWith": "Moving.",
                "consentGivenOn": "2026-11-20",
            ]
        case "exclusion-zones":
            ["municipality": "GM0141", "neighbourhood": "Kerkelanden", "ground": "contact_ban", "until": "2027-06-30"]
        case "objections": ["text": "I was not heard."]
        case "decisions" where template.contains("objections"): ["outcome": "unfounded", "note": "Heard on Monday."]
        case "themes": ["themes": ["rent_arrears", "unread_mail"]]
        case "consultations": consultation
        case "responses" where template.hasPrefix("/v1/consultations"):
            ["text": "Yes; post it.", "advice": ["neighbourhood_team"]]
        case "conversions": ["hoursPerWeek": 5]
        case "withdrawals" where template.contains("network"), "ends" where template.contains("zones"): [:]
        default: nil
        }
    }
}
