// The bodies that tests post, and the words planted in them that a reader without the right must never meet again.
// Every planted word is unlike anything the service says by itself.

/// Planted words, each of a group of fields of its own.
package enum Canary {
    /// A number of the test range that passes the eleven-test.
    package static let bsn = "999990019"
    /// The given name.
    package static let givenName = "Samzilver"
    /// The family name.
    package static let familyName = "Meeuwkanarie"
    /// The birth date.
    package static let birthDate = "1988-04-12"
    /// The phone number.
    package static let phone = "+31698765432"
    /// The e-mail address.
    package static let email = "kanarie@voliere.example.org"
    /// An answer to the first opening question.
    package static let missedSignals = "kanarie-gemiste-signalen"
    /// An answer to the second.
    package static let neededTwoYearsAgo = "kanarie-twee-jaar-geleden"
    /// Words about health.
    package static let health = "kanarie-gezondheid"
    /// Income a month in euro cents.
    package static let income: Int64 = 187_613
    /// Debts in euro cents.
    package static let debts: Int64 = 4_918_277
    /// A note with a wish.
    package static let wishNote = "kanarie-woonwens"
    /// The report's summary.
    package static let summary = "kanarie-verslag"
    /// A risk of the report.
    package static let risk = "detention_history"
    /// What the candidate says of the report.
    package static let remarks = "kanarie-zienswijze"
    /// The ground of the urgency.
    package static let urgencyGround = "kanarie-urgentie"
    /// Why the match was made.
    package static let matchReason = "kanarie-voordracht"
    /// The poster's own reference.
    package static let reference = "KANARIE-0042"
}

/// Bodies that are accepted as they stand.
package enum Drafts {
    /// A referral with every member there is.
    package static let referral: JSONTree = [
        "opening": [
            "missedSignals": .text(Canary.missedSignals), "neededTwoYearsAgo": .text(Canary.neededTwoYearsAgo),
        ],
        "route": "shelter_exit", "municipality": "GM0153",
        "person": [
            "givenName": .text(Canary.givenName), "infix": "van der", "familyName": .text(Canary.familyName),
            "birthDate": .text(Canary.birthDate), "bsn": .text(Canary.bsn), "phone": .text(Canary.phone),
            "email": .text(Canary.email),
        ],
        "screening": [
            "legalResidence": true, "acuteDanger": false, "lasting24hSupervision": false, "ownStrengthSuffices": false,
            "homelessTonight": false,
        ],
        "wishes": [
            [
                "form": "independent_ambulatory", "municipalities": ["GM0153", "GM0164"],
                "note": .text(Canary.wishNote),
            ],
            ["form": "clustered"],
        ],
        "supportNeeds": ["money", "day_structure"], "consents": ["intake", "matching", "share_with_landlord"],
        "externalReference": .text(Canary.reference), "household": ["adults": 1, "children": 1, "pets": false],
        "accessibility": ["lift"], "health": .text(Canary.health),
        "finances": ["incomePerMonth": .number(Canary.income), "debts": .number(Canary.debts)],
    ]

    /// The least that a referral can be: nobody's words, no number, no reference.
    package static let plainReferral: JSONTree = [
        "opening": ["declined": true], "route": "clinic_exit", "municipality": "GM0153",
        "person": ["givenName": "Robin", "familyName": "Bakker", "birthDate": "1979-10-30"],
        "screening": [
            "legalResidence": true, "acuteDanger": false, "lasting24hSupervision": false, "ownStrengthSuffices": false,
            "homelessTonight": false,
        ],
    ]

    /// An intake report.
    package static let report: JSONTree = [
        "summary": .text(Canary.summary),
        "conditions": [
            ["condition": "income", "level": 3, "note": "Benefit since September."],
            ["condition": "housing", "level": 1],
        ],
        "skills": [["skill": "money", "level": 2]], "risks": [.text(Canary.risk)], "supportNeeds": ["money"],
        "advisedForm": "independent_ambulatory", "incomePerMonth": .number(Canary.income),
        "personalPlanReceived": false, "clientSupportOffered": true,
    ]

    /// The move into the queue.
    package static let admission: JSONTree = [
        "move": "admit", "urgency": "urgent", "urgencyGround": .text(Canary.urgencyGround),
        "form": "independent_ambulatory",
    ]

    /// A dwelling that fits the referral.
    package static let dwelling: JSONTree = [
        "form": "independent_ambulatory", "municipality": "GM0153", "neighbourhood": "Lasonder",
        "address": ["street": "Lindenstraat", "houseNumber": "12", "postcode": "7511 AB", "city": "Enschede"],
        "rooms": 3, "rent": 62_500, "serviceCost": 4500, "accessibility": ["lift"], "householdMaximum": 3,
        "petsAllowed": false, "tenancyKind": "regular", "availableFrom": "2026-11-01", "remarks": "Second floor.",
        "externalReference": "VHE-20871",
    ]

    /// A handover to another region; the referral is to be filled in.
    package static let handover: JSONTree = [
        "referral": "", "to": ["name": "Regio Zuid"], "reason": "Elsewhere is family.", "consentGivenOn": "2026-11-20",
        "parts": [
            ["part": "origin", "ground": "municipal_task"], ["part": "identity", "ground": "municipal_task"],
            ["part": "care", "ground": "consent"], ["part": "contact", "ground": "consent"],
        ],
    ]

    /// Somebody who is not known yet, of whom a signal is given.
    package static let strangerSignal: JSONTree = [
        "kind": "eviction_announced", "municipality": "GM0153", "note": "On 15 December.",
        "person": [
            "givenName": "Robin", "familyName": "Bakker", "birthDate": "1979-10-30", "phone": "+31612345678",
        ],
    ]

    /// A provider's yes.
    package static let supportAccepted: JSONTree = [
        "answer": "accept", "startsOn": "2026-12-01", "hoursPerWeek": 4,
        "contact": ["name": "Noor Smit", "phone": "+31610000000"],
    ]
}
