// A dossier as a page that people read without us: the JSON document in Dutch words, without the ids, everything escaped, no
// script, and a style that counts once the file is opened from a disk.

internal import Domain
internal import JSON

enum DossierPage {
    /// The page of a document; `places` are the names of municipalities by their codes.
    ///
    /// - Throws: `JSONSyntaxFault`, when the document is none.
    static func page(of document: [UInt8], _ number: String, _ places: [String: String]) throws -> [UInt8] {
        var html = """
            <!doctype html>
            <html lang="nl"><head><meta charset="utf-8"><title>Dossier \(escaped(number))</title>
            <style>body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}dt{font-weight:bold}
            dd{margin:0 0 .5rem 1.5rem}li{margin-bottom:1rem}h2{border-bottom:1px solid}</style></head><body>
            <h1>Dossier \(escaped(number))</h1>

            """
        let root = try JSONDocument(document, limits: limits).root
        for (key, value) in root.members {
            html += "<h2>\(escaped(DossierWords.members[key] ?? key))</h2>\n"
            write(value, key, places, to: &html)
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

    private static func write(_ value: JSONValue, _ key: String, _ places: [String: String], to html: inout String) {
        switch value.kind {
        case .object:
            let members = value.members.filter { !isReference($0.value) }
            // A text in both languages.
            if let dutch = members.first(where: { $0.key == "nl" })?.value {
                return write(dutch, key, places, to: &html)
            }
            html += "<dl>"
            for (name, member) in members {
                html += "<dt>\(escaped(DossierWords.members[name] ?? name))</dt><dd>"
                write(member, name, places, to: &html)
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
                write(element, key, places, to: &html)
                html += "</li>\n"
            }
            html += "</ol>\n"
        case .boolean: html += value.boolean == true ? "ja" : "nee"
        case .null: html += "–"
        case .string: html += escaped(words(value.string ?? "", places))
        default: html += escaped(words(value.numberText ?? "", of: key))
        }
    }

    /// Whether a value only names another record, by an id that says nothing to people.
    private static func isReference(_ value: JSONValue) -> Bool {
        switch value.kind {
        case .string: ReferralID(value.string ?? "") != nil
        case .array: value.count > 0 && value.elements.allSatisfy(isReference)
        default: false
        }
    }

    /// A day, a moment, a municipality or a code in words; any other text as it is.
    private static func words(_ text: String, _ places: [String: String]) -> String {
        CivilDate(iso: text)?.words.nl ?? Instant(rfc3339: text)?.words.nl ?? places[text] ?? DossierWords.codes[text]
            ?? text
    }

    /// A number as Dutch people write it: "€ 1.830,00".
    private static func words(_ number: String, of key: String) -> String {
        guard DossierWords.cents.contains(key), let cents = Int64(number), cents >= 0 else { return number }
        var euros = String(cents / 100)
        for place in stride(from: euros.count - 3, to: 0, by: -3) {
            euros.insert(".", at: euros.index(euros.startIndex, offsetBy: place))
        }
        return "€ \(euros),\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
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
}
