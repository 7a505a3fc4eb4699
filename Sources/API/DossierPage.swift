// A dossier as a page that people read without us: the JSON document with Dutch headings, everything escaped, no script, and
// a style that counts once the file is opened from a disk. Knows the names of members, not what they mean.

internal import JSON

enum DossierPage {
    /// The page of a document.
    ///
    /// - Throws: `JSONSyntaxFault`, when the document is none.
    static func page(of document: [UInt8], _ number: String) throws -> [UInt8] {
        var html = """
            <!doctype html>
            <html lang="nl"><head><meta charset="utf-8"><title>Dossier \(escaped(number))</title>
            <style>body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}dt{font-weight:bold}
            dd{margin:0 0 .5rem 1.5rem}li{margin-bottom:1rem}h2{border-bottom:1px solid}</style></head><body>
            <h1>Dossier \(escaped(number))</h1>

            """
        let root = try JSONDocument(document, limits: limits).root
        for (key, value) in root.members {
            html += "<h2>\(escaped(title(key)))</h2>\n"
            write(value, to: &html)
        }
        html += "</body></html>\n"
        return Array(html.utf8)
    }

    // Our own document, which is larger than one that somebody sends.
    private static let limits: JSONLimits = {
        var limits = JSONLimits()
        limits.bytes = 64 << 20
        limits.nodes = 4_000_000
        return limits
    }()

    private static func write(_ value: JSONValue, to html: inout String) {
        switch value.kind {
        case .object:
            html += "<dl>"
            for (key, member) in value.members {
                html += "<dt>\(escaped(title(key)))</dt><dd>"
                write(member, to: &html)
                html += "</dd>\n"
            }
            html += "</dl>\n"
        case .array:
            if value.count == 0 {
                html += "<p>Niets.</p>\n"
                return
            }
            html += "<ol>"
            for element in value.elements {
                html += "<li>"
                write(element, to: &html)
                html += "</li>\n"
            }
            html += "</ol>\n"
        case .boolean: html += value.boolean == true ? "ja" : "nee"
        case .null: html += "–"
        case .string: html += escaped(value.string ?? "")
        default: html += escaped(value.numberText ?? "")
        }
    }

    /// Text as HTML shows it (HTML Living Standard, section 13.1.2.4).
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n": result += "<br>"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A member's name for people: in Dutch where there is a word, else its own words apart.
    static func title(_ key: String) -> String {
        if let dutch = dutch[key] { return dutch }
        var words = ""
        for character in key {
            if character.isUppercase {
                words += " " + character.lowercased()
            } else {
                words.append(character == "_" ? " " : character)
            }
        }
        return words
    }

    private static let dutch = [
        "referral": "Aanmelding", "events": "Tijdlijn", "reports": "Verslagen", "wishes": "Woonwensen",
        "consents": "Toestemmingen", "clocks": "Termijnen", "matches": "Voordrachten",
        "supportRequests": "Begeleiding", "tenancies": "Huurovereenkomsten", "emergencies": "Noodtoegang",
        "correctionRequests": "Verzoeken om correctie", "replaced": "wat er stond", "before": "eerder",
        "statement": "verklaring van de kandidaat", "requestedAt": "gevraagd op", "decidedAt": "besloten op",

        "erasureRequests": "Verzoeken om vernietiging", "records": "Gesprekken en stukken",
        "measurements": "Metingen", "network": "Mensen om u heen", "exclusionZones": "Waar u niet kunt wonen",
        "objections": "Bezwaren", "stableMix": "stabiele mix", "domains": "leefgebieden", "domain": "leefgebied",
        "asked": "gevraagd", "level": "niveau (1 tot 5)", "necessity": "waarom gevraagd", "moment": "moment",
        "happenedOn": "op", "measuredOn": "gemeten op",
        "housing": "wonen", "income": "inkomen", "dayActivity": "dagbesteding", "supportContact": "contact met hulp",
        "relation": "wie het is", "helpsWith": "helpt met", "consentGivenOn": "toestemming gegeven op",
        "neighbourhood": "wijk", "ground": "grond", "until": "tot en met", "inForce": "geldt", "told": "verteld",
        "why": "waarom", "proposal": "voorstel voor begeleiding", "versions": "versies", "outcome": "uitkomst",
        "lodgedAt": "ingediend op", "urgentNeed": "spoed", "closeTo": "dicht bij", "livingWith": "samen met",
        "surroundings": "omgeving", "disclosures": "Wie heeft gekeken",
        "signals": "Signalen", "handovers": "Overdrachten", "handedOverFrom": "overgedragen door",
        "hasMoreDisclosures": "Er is vaker gekeken dan hier staat", "status": "stand", "route": "route",
        "municipality": "gemeente", "candidateNumber": "kandidaatnummer", "receivedAt": "ontvangen",
        "updatedAt": "gewijzigd", "waitingSince": "wacht sinds", "promiseDueOn": "woning beloofd voor",
        "person": "persoon", "givenName": "voornaam", "infix": "tussenvoegsel", "familyName": "achternaam",
        "birthDate": "geboortedatum", "phone": "telefoon", "email": "e-mail",
        "bsnLastDigits": "laatste cijfers van het BSN", "referrer": "verwijzer", "opening": "de eerste twee vragen",
        "missedSignals": "gemiste signalen", "neededTwoYearsAgo": "wat twee jaar geleden nodig was",
        "screening": "vragen aan de deur", "supportNeeds": "hulp gewenst bij", "health": "gezondheid",
        "finances": "geld", "incomePerMonth": "inkomen per maand (centen)", "debts": "schulden (centen)",
        "household": "huishouden", "adults": "volwassenen", "children": "kinderen", "pets": "huisdieren",
        "decision": "besluit", "advice": "advies", "urgency": "urgentie", "reason": "reden", "at": "op",
        "role": "rol", "organisation": "organisatie", "name": "naam", "purpose": "doel", "version": "versie",
        "summary": "samenvatting", "risks": "wat om meer hulp vraagt", "skills": "vaardigheden", "response": "reactie",
        "agrees": "eens", "remarks": "opmerkingen", "note": "toelichting", "dueOn": "uiterlijk",
        "startedOn": "begonnen", "endedOn": "geëindigd", "dwelling": "woning", "rent": "huur (centen)",
        "provider": "zorgaanbieder", "hoursPerWeek": "uren per week", "startsOn": "begint", "contact": "contact",
        "text": "in woorden", "nl": "Nederlands", "en": "Engels", "fields": "gegevens", "grounds": "grondslagen",
        "action": "handeling", "form": "woonvorm", "kind": "soort", "state": "stand",
    ]
}
