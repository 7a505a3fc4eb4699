// The words of the demo region: names that nobody could take for a real person's or organisation's, and notes that read
// like intake notes without being about anyone.

internal import Domain

enum DemoTexts {
    // MARK: Organisations

    static let municipalities = [
        ("GM0141", "Almelo"), ("GM0147", "Borne"), ("GM1774", "Dinkelland"), ("GM0153", "Enschede"),
        ("GM0158", "Haaksbergen"), ("GM0163", "Hellendoorn"), ("GM0164", "Hengelo"), ("GM1735", "Hof van Twente"),
        ("GM0168", "Losser"), ("GM0173", "Oldenzaal"), ("GM1742", "Rijssen-Holten"), ("GM0183", "Tubbergen"),
        ("GM1700", "Twenterand"), ("GM0189", "Wierden"),
    ]
    /// A municipality's name.
    static func name(of municipality: Municipality) -> String {
        municipalities.first { $0.0 == municipality.code }?.1 ?? municipality.code
    }

    private static let quarters = ["Noord", "Oost", "Zuid", "West"]
    /// Fifteen.
    static let corporations = [
        "Woningcorporatie Het Voorbeeld", "Woonstichting De Proef", "Wooncorporatie Het Demohuis",
    ]
    .flatMap { name in (quarters + ["Midden"]).map { "\(name) \($0)" } }
    /// Twelve.
    static let careProviders = ["Zorgaanbieder Het Voorbeeld", "Begeleiding De Proef", "Zorggroep Het Demohuis"]
        .flatMap { name in quarters.map { "\(name) \($0)" } }
    static let facility = "Opvang in zelfbeheer Het Verzonnen Huis"
    static let intakePoint = "Centrale Toegang Voorbeeldregio"

    // MARK: People

    static let givenNames = [
        "Fictje", "Verzina", "Proefke", "Exempla", "Modella", "Sjabloma", "Testine", "Dummelien", "Schetsje", "Fabelia",
        "Voorbeeldus", "Fictor", "Proefert", "Modelbert", "Sjablonius", "Testard", "Dummo", "Schetsaart", "Fabelio",
        "Verzinus",
    ]
    /// Infix and family name.
    static let familyNames: [(infix: String?, name: String)] = [
        (nil, "Voorbeeld"), (nil, "Proefman"), ("van der", "Demo"), (nil, "Verzonnen"), ("de", "Sjabloon"),
        (nil, "Nergensman"), ("van", "Nergenshuizen"), (nil, "Bestaatniet"), (nil, "Dummysma"), (nil, "Modelstra"),
        ("ter", "Schets"), (nil, "Proefstra"), ("van den", "Test"), (nil, "Fictiefsma"), ("in 't", "Verhaal"),
        (nil, "Fabelaar"), ("van 't", "Niets"), (nil, "Oefenink"), (nil, "Testerink"), ("de", "Fictieve"),
    ]
    static let workers = ["Noor Voorbeeld", "Teun Proefman", "Ans van der Demo", "Bram Verzonnen"]

    // MARK: The conversation

    static let missedSignals = [
        "The rent was late every month for a year; the letters stayed unopened.",
        "The neighbours called three times about noise at night; nobody rang the bell.",
        "School noticed the children came without breakfast and did not know whom to tell.",
        "The health insurer stopped the policy; no one asked why.",
        "The benefit was cut after a missed appointment that fell in a hospital stay.",
        "The energy company announced a cut-off twice.",
        "Lost the job in spring; the debts began that summer.",
        "The discharge date was known for weeks, a place to go was not.",
    ]
    static let neededTwoYearsAgo = [
        "Someone to open the mail with.", "One person who calls back.",
        "A quiet room and a door of my own.", "Help with the form for the debt plan before the bailiff came.",
        "A talk with the landlord with somebody beside me.", "To be told where I could go when the relationship ended.",
        "A place for the first weeks after the clinic.", "Nothing special: that somebody asked.",
    ]
    static let wishNotes = [
        "Close to my sister.", "Not on a busy road.", "Near the day activity centre.",
        "A garden for the dog, if it can be.",
        "Far from the old neighbourhood.", "Within cycling distance of the children's school.",
    ]
    static let health = [
        "Sleeps badly; follows treatment at the outpatient clinic.", "Diabetes, well set.",
        "In recovery, eight months without use.", "Walks with a stick since a fall.",
        "Low mood in winter; has a plan for it.",
    ]
    static let summaries = [
        "Wants a home of their own near family, with help for money and for the days. Keeps appointments, asks for help in time.",
        "Has lived in the shelter since the spring. Cooks for the group, manages the day well, loses grip when letters come.",
        "Looks back on a hard year and knows what went wrong. Wants to begin small, with somebody nearby in the evening.",
        "Ready for the next step by their own account and that of the mentor. A steady contact matters more than many hours.",
        "The children live half the week with the other parent. A second room makes the difference between visit and home.",
    ]
    static let conditionNotes: [(ConditionOfExistence, [String])] = [
        (.health, ["Stable with treatment.", "Needs a general practitioner nearby."]),
        (.housing, ["A shared room in the shelter.", "Stays with acquaintances, week by week."]),
        (.income, ["Benefit since September.", "Works three days a week through an agency."]),
        (.activities, ["Two mornings at the bicycle workshop.", "Looks for volunteer work."]),
        (.relations, ["Sees a brother every week.", "A small circle, and a good one."]),
    ]

    // MARK: Reasons

    static let questions = [
        "Which income does the person have now, and since when?", "Who is the mentor, and may we call?",
        "Is the treatment plan still the one of last year?",
    ]
    static let information = ["Benefit decision added by post.", "The mentor is reachable on weekday mornings."]
    static let acuteGrounds = ["Sleeps outside; the winter place has closed."]
    static let urgentGrounds = ["The place in the shelter ends next month.", "Discharge is planned within six weeks."]
    static let regularGrounds = ["A stable place until there is a home."]
    static let redirection = "Manages well with the neighbourhood team beside them."
    static let rejection = "A lasting need for care by day and night asks for another law."
    static let holds = [
        "Treatment elsewhere first, at the person's own wish.", "Wants to finish the training in place.",
    ]
    static let withdrawals = ["Found a room with a relative.", "Wants no help now; knows the way back."]
    static let matchReasons = [
        "First in the queue for this form and place.",
        "The ground floor fits, and it is the municipality of the first wish.",
        "Waits longest of those whose wish and household fit.",
    ]
    static let candidateDeclines: [(DeclineReason, String)] = [
        (.tooFarFromNetwork, "An hour by bus from the children."),
        (.placeFeelsUnsafe, "The old circle lives around the corner."),
        (.doesNotFitWishes, "Would rather wait for something with a lift."),
    ]
    static let landlordDecline = "The foundation needs repair first."
    static let matchWithdrawal = "The dwelling goes to a family from the same building."
    static let supportDecline = "No place in the team before the summer."
    static let lossReasons = [
        "The tenancy ended by agreement after nuisance.", "Moved out after a fire in the building.",
    ]
    static let supportNotes = [
        "Evenings would be best.", "A woman as contact, if possible.", "Start with the mail and the budget.",
    ]
    static let neighbourhoods = ["Voorbeeldbuurt", "Proefkwartier", "Demowijk", "Verzonnen Hoek", "Fictiepark"]
    static let streets = ["Voorbeeldlaan", "Proefstraat", "Demoweg", "Nergenspad", "Sjabloonhof"]
}
