// The hard limits in words a person understands (B1), Dutch and English: what it means for them, for how many homes, and
// whether it is the only thing in the way. No word of blame, and none about anybody else.

internal import Matching

enum LimitWords {
    typealias Words = (english: String, dutch: String)

    /// What a limit means for somebody who looks for a home.
    static func person(_ limit: MatchLimit, homes: Int, alone: Int, rentGapCents: Int64?) -> Words {
        let (english, dutch) = person(limit)
        var words = (
            "\(homes == 1 ? "With 1 home" : "With \(homes) homes") \(english).",
            "\(homes == 1 ? "Bij 1 woning" : "Bij \(homes) woningen") \(dutch)."
        )
        if alone > 0 {
            words.0 += alone == homes ? " That is the only reason." : " With \(alone) of them that is the only reason."
            words.1 += alone == homes ? " Dat is de enige reden." : " Bij \(alone) daarvan is dat de enige reden."
        }
        if let cents = rentGapCents, cents > 0 {
            let euros = (cents + 99) / 100
            words.0 += " The least that it is too dear by is \(euros) euros a month."
            words.1 += " Het kleinste verschil is \(euros) euro per maand."
        }
        return words
    }

    private static func person(_ limit: MatchLimit) -> Words {
        switch limit {
        case .form:
            (
                "more support is needed than has been arranged for you",
                "is meer begeleiding nodig dan nu voor u is geregeld"
            )
        case .wish: ("the kind of home is not one you asked for", "past de woonvorm niet bij uw wensen")
        case .municipality: ("the place is not one you asked for", "past de plaats niet bij uw wensen")
        case .exclusion:
            ("the place is one where you must not or will not live", "is het een plaats waar u niet kunt wonen")
        case .accessibility:
            ("something that you need in a home is missing", "mist iets dat u in een woning nodig hebt")
        case .household: ("the size does not fit your household", "past de grootte niet bij uw huishouden")
        case .rent: ("the rent is too high for your income", "is de huur te hoog voor uw inkomen")
        case .pets: ("pets are not allowed", "zijn huisdieren niet toegestaan")
        case .availability: ("it comes free too far ahead", "duurt het te lang tot die vrijkomt")
        case .consent: ("your consent is missing", "ontbreekt uw toestemming")
        case .cap:
            (
                "no more moves are possible in that neighbourhood this year",
                "is er dit jaar geen ruimte meer in de buurt"
            )
        case .agreement: ("there is no place left in the yearly agreement", "is er geen plaats meer in de jaarafspraak")
        case .nuisance: ("the home can not be let now", "kan de woning nu niet worden verhuurd")
        case .declinedBefore: ("it was declined before", "is er eerder nee gezegd")
        }
    }

    /// How many homes are free and fit.
    static func supply(_ homes: Int, fitting: Int) -> Words {
        switch (homes, fitting) {
        case (0, _): ("No home is free at this moment.", "Er is op dit moment geen woning vrij.")
        case (_, 0):
            (
                "\(count(homes)) free at this moment. None of them fits yet.",
                "Er \(homes == 1 ? "is" : "zijn") nu \(homes) \(homes == 1 ? "woning" : "woningen") vrij. Er past nog geen bij u."
            )
        default:
            (
                "\(count(homes)) free at this moment. \(fitting == 1 ? "One fits" : "\(fitting) fit") what you asked for.",
                "Er \(homes == 1 ? "is" : "zijn") nu \(homes) \(homes == 1 ? "woning" : "woningen") vrij. Er \(fitting == 1 ? "past" : "passen") \(fitting) bij u."
            )
        }
    }

    private static func count(_ homes: Int) -> String { homes == 1 ? "1 home is" : "\(homes) homes are" }

    /// Why the last run had nothing for somebody: which single change would have given a home, or plainly that none would.
    static func lastRun(_ unlocks: [String]) -> Words {
        let changes = unlocks.compactMap { MatchLimit(rawValue: $0) }.map(change)
        guard !changes.isEmpty else {
            return (
                "In the last round there was no home for you. No single change would have made one; your place stays yours.",
                "In de laatste ronde was er geen woning voor u. Met één verandering was dat ook niet gelukt; u houdt uw plaats."
            )
        }
        let english = changes.map(\.english).joined(separator: ", or ")
        let dutch = changes.map(\.dutch).joined(separator: ", of ")
        return (
            "In the last round there was no home for you. There would have been one \(english). Your place stays yours.",
            "In de laatste ronde was er geen woning voor u. Die was er wel geweest \(dutch). U houdt uw plaats."
        )
    }

    private static func change(_ limit: MatchLimit) -> Words {
        switch limit {
        case .form: ("with more support arranged", "met meer begeleiding")
        case .wish: ("with a wish for another kind of home", "met een wens voor een andere woonvorm")
        case .municipality: ("with a wish for another place", "met een wens voor een andere plaats")
        case .exclusion: ("without the place to avoid", "zonder de plaats die u mijdt")
        case .accessibility: ("with a home that was adapted", "met een aangepaste woning")
        case .household: ("with another size of household", "met een andere grootte van uw huishouden")
        case .rent: ("with a lower rent or a higher income", "met een lagere huur of een hoger inkomen")
        case .pets: ("without pets", "zonder huisdieren")
        case .availability: ("by waiting for a home that comes free later", "met een woning die later vrijkomt")
        case .consent: ("with your consent", "met uw toestemming")
        case .cap: ("with more room in a neighbourhood", "met meer ruimte in een buurt")
        case .agreement: ("with more places in the yearly agreement", "met meer plaatsen in de jaarafspraak")
        case .nuisance: ("with a home that can not be let now", "met een woning die nu niet verhuurd kan worden")
        case .declinedBefore: ("with a home that was declined before", "met een woning die eerder is afgewezen")
        }
    }

    /// What a limit means for a home.
    static func home(_ limit: MatchLimit, people: Int) -> Words {
        let who = people == 1 ? ("1 person", "1 persoon") : ("\(people) people", "\(people) mensen")
        return (
            "\(who.0) would fit but for one thing: \(limit.reason).",
            "\(who.1) past dit op één punt na: \(dutch(limit))."
        )
    }

    private static func dutch(_ limit: MatchLimit) -> String {
        switch limit {
        case .form: "de begeleiding die is afgesproken"
        case .wish: "de woonvorm"
        case .municipality: "de gemeente"
        case .exclusion: "een plaats die gemeden moet worden"
        case .accessibility: "de toegankelijkheid"
        case .household: "de grootte van het huishouden"
        case .rent: "de huur"
        case .pets: "huisdieren"
        case .availability: "het moment"
        case .consent: "de toestemming"
        case .cap: "de ruimte in de buurt dit jaar"
        case .agreement: "de jaarafspraak"
        case .nuisance: "een lopend overlastdossier"
        case .declinedBefore: "een eerder nee"
        }
    }
}
