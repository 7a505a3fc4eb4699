// The hard limits in words a person understands (B1), Dutch and English: what it means for them, for how many homes, and
// whether it is the only thing in the way. No word of blame, and none about anybody else.

internal import Domain
internal import Matching

enum LimitWords {
    typealias Words = (english: String, dutch: String)

    /// What a limit means for somebody who looks for a home.
    static func person(
        _ limit: MatchLimit, homes: Int, alone: Int, rentGapCents: Int64?, declinedBy: Set<MatchParty> = []
    ) -> Words {
        let (english, dutch) = limit == .declinedBefore ? declined(by: declinedBy) : person(limit)
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
                "there is no room left this year, there or with who supports you, which is nothing of yours",
                "is er daar, of bij wie u begeleidt, dit jaar geen ruimte meer; dat ligt niet aan u"
            )
        case .agreement: ("there is no place left in the yearly agreement", "is er geen plaats meer in de jaarafspraak")
        case .nuisance: ("the home can not be let now", "kan de woning nu niet worden verhuurd")
        case .declinedBefore: ("it was declined before", "is er eerder nee gezegd")
        }
    }

    private static func declined(by parties: Set<MatchParty>) -> Words {
        switch (parties.contains(.candidate), parties.contains(.landlord)) {
        case (true, false): ("you said no before", "hebt u eerder nee gezegd")
        case (false, true): ("the landlord said no before", "heeft de verhuurder eerder nee gezegd")
        default: ("you or the landlord said no before", "is er door u of door de verhuurder eerder nee gezegd")
        }
    }

    /// How many homes are free and fit.
    static func supply(_ homes: Int, fitting: Int) -> Words {
        switch (homes, fitting) {
        case (0, _): ("No home is free at this moment.", "Er is op dit moment geen woning vrij.")
        case (_, 0):
            (
                "\(are(homes)) free at this moment. None of them fits yet.",
                "Er \(homes == 1 ? "is" : "zijn") nu \(homes) \(homes == 1 ? "woning" : "woningen") vrij. Er past nog geen bij u."
            )
        default:
            (
                "\(are(homes)) free at this moment. \(fitting == 1 ? "One fits" : "\(fitting) fit") what you asked for.",
                "Er \(homes == 1 ? "is" : "zijn") nu \(homes) \(homes == 1 ? "woning" : "woningen") vrij. Er \(fitting == 1 ? "past" : "passen") \(fitting) bij u."
            )
        }
    }

    private static func are(_ homes: Int) -> String { homes == 1 ? "1 home is" : "\(homes) homes are" }

    /// Why the last run had nothing for somebody: how many homes fitted and went, or the room for moves there, to whose turn
    /// came before; and which single change would have given a home, or plainly that none would.
    static func lastRun(_ unlocks: [MatchLimit], fitted: Int, given: Int) -> Words {
        let changes = unlocks.compactMap(change)
        let head: Words =
            switch (fitted, given) {
            case (0, _):
                ("In the last round there was no home for you.", "In de laatste ronde was er geen woning voor u.")
            case (_, 0):
                (
                    "In the last round \(count(fitted)) fitted you, "
                        + "but the room for moves there went to people whose turn came before yours.",
                    "In de laatste ronde \(passed(fitted)) bij u, "
                        + "maar de ruimte daar ging naar mensen die eerder aan de beurt waren."
                )
            case (1, _):
                (
                    "In the last round 1 home fitted you. It went to somebody whose turn came before yours.",
                    "In de laatste ronde paste er 1 bij u. Die ging naar iemand die eerder aan de beurt was."
                )
            default:
                (
                    "In the last round \(fitted) homes fitted you. They went to people whose turn came before yours.",
                    "In de laatste ronde pasten er \(fitted) bij u. Die gingen naar mensen die eerder aan de beurt waren."
                )
            }
        var middle: Words? = ("No single change would have made one;", "Met één verandering was dat ook niet gelukt;")
        if fitted > 0 { middle = nil }
        if !changes.isEmpty {
            middle = (
                "There would have been one \(changes.map(\.english).joined(separator: ", or ")).",
                "Er was er wel een geweest \(changes.map(\.dutch).joined(separator: ", of "))."
            )
        }
        let isOneSentence = changes.isEmpty && fitted == 0
        let tail: Words =
            isOneSentence
            ? ("your place stays yours.", "u houdt uw plaats.") : ("Your place stays yours.", "U houdt uw plaats.")
        return (
            [head.english, middle?.english, tail.english].compactMap(\.self).joined(separator: " "),
            [head.dutch, middle?.dutch, tail.dutch].compactMap(\.self).joined(separator: " ")
        )
    }

    private static func count(_ homes: Int) -> String { homes == 1 ? "1 home" : "\(homes) homes" }
    private static func passed(_ homes: Int) -> String { homes == 1 ? "paste er 1" : "pasten er \(homes)" }

    /// Why a home that fits somebody, or did, is not theirs.
    static func fitting(wasGiven: Bool, isFree: Bool, isOutOfReach: Bool) -> Words {
        switch (isOutOfReach, wasGiven, isFree) {
        case (true, true, _):
            (
                "In the last round it went to somebody whose turn came before yours.",
                "Die ging in de laatste ronde naar iemand die eerder aan de beurt was."
            )
        case (true, false, _):
            (
                "In the last round the room for moves there went to people whose turn came before yours.",
                "De ruimte daar ging in de laatste ronde naar mensen die eerder aan de beurt waren."
            )
        case (false, _, true):
            (
                "It is free; the next round says whom it is for.",
                "Die is vrij; in de volgende ronde blijkt voor wie die is."
            )
        case (false, _, false): ("It is not free any more.", "Die is niet meer vrij.")
        }
    }

    // What nobody may ask of somebody, such as to come where they must not, is no change.
    private static func change(_ limit: MatchLimit) -> Words? {
        switch limit {
        case .form: ("with more support arranged", "met meer begeleiding")
        case .wish: ("with another kind of home among your wishes", "met ook een andere woonvorm bij uw wensen")
        case .municipality: ("with another place among your wishes", "met ook een andere plaats bij uw wensen")
        case .exclusion: nil
        case .accessibility: ("with a home that was adapted", "met een aangepaste woning")
        case .household: ("with a home of another size", "met een woning van een andere grootte")
        case .rent: ("with a lower rent or a higher income", "met een lagere huur of een hoger inkomen")
        case .pets: ("with a home that takes pets", "met een woning waar huisdieren mogen")
        case .availability: ("by waiting for a home that comes free later", "met een woning die later vrijkomt")
        case .consent:
            ("with your consent, which is yours to give or not", "met uw toestemming, die u mag geven of niet")
        case .cap:
            (
                "with more room in a neighbourhood, which is not in your hands",
                "met meer ruimte in een buurt, waar u niets aan kunt doen"
            )
        case .agreement:
            (
                "with more places in the yearly agreement, which are not in your hands",
                "met meer plaatsen in de jaarafspraak, waar u niets aan kunt doen"
            )
        case .nuisance: ("with a home that can not be let now", "met een woning die nu niet verhuurd kan worden")
        case .declinedBefore:
            (
                "with a home that you or the landlord said no to before",
                "met een woning waar u of de verhuurder eerder nee op zei"
            )
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
