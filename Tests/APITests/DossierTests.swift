// A whole dossier as one file: all that the person may see and nothing else, also as a page that can't be turned into a
// script, and in the ledger as an export.

import Domain
import TestKit
import Testing

@testable import API

@Suite struct DossierTests {
    @Test func thePersonHasAllOfIt() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.housed, on: bench)
        let reply = try await bench.client.get(journey.path + "/dossier", as: journey.candidate)
        #expect(reply.status == 200)
        #expect(reply["Content-Disposition"] == "attachment; filename=\"dossier-K-000001.json\"")
        for (part, least) in [
            ("events", 8), ("reports", 1), ("wishes", 1), ("consents", 3), ("clocks", 5), ("matches", 1),
            ("supportRequests", 1), ("tenancies", 1), ("disclosures", 10),
        ] {
            #expect((reply.json["/\(part)"]?.elements.count ?? 0) >= least, "\(part)")
        }
        #expect(reply.json["/referral/person/bsnLastDigits"] != nil && reply.json["/referral/person/bsn"] == nil)
        let staff = try await bench.client.get(journey.path + "/dossier", as: .intaker)
        #expect(staff.json["/referral/person/bsn"] != nil)
        let looks = try await bench.client.get(journey.path + "/disclosures?limit=1", as: journey.candidate)
        #expect(looks.json["/items/0/action"]?.text == "export_dossier")
    }

    @Test func asAPageNothingIsMarkup() async throws {
        let bench = try await Bench()
        let evil = "<script>alert('x')</script> & \"more\""
        let draft = Drafts.plainReferral.setting("/opening", ["missedSignals": .text(evil), "neededTwoYearsAgo": "A"])
            .setting("/person/familyName", "<b>Vet</b>")
        let journey = try await Journey.reaching(.posted, on: bench, draft)
        let page = try await bench.client.get(
            journey.path + "/dossier", as: journey.candidate, fields: [("Accept", "text/html")])
        #expect(page.status == 200 && page["Content-Type"] == "text/html; charset=utf-8")
        #expect(page["Content-Disposition"]?.hasSuffix(".html\"") == true)
        #expect(!page.text.contains("<script") && !page.text.contains("<b>"))
        #expect(page.text.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;"))
        #expect(page.text.contains("<h2>Toestemmingen</h2>") && page.text.contains("geboortedatum"))
        let either = try await bench.client.get(
            journey.path + "/dossier", as: journey.candidate, fields: [("Accept", "text/html, application/json;q=0.1")])
        #expect(either["Content-Type"] == "application/json")
        let neither = try await bench.client.get(
            journey.path + "/dossier", as: journey.candidate, fields: [("Accept", "text/csv")])
        #expect(neither.status == 406)
    }

    /// The page is for people: Dutch words, dates and euros, names of places, and no ids.
    @Test func asAPageItIsPlainDutch() async throws {
        let bench = try await Bench()
        try await bench.applyRegion()
        let journey = try await Journey.reaching(.housed, on: bench)
        try await bench.client.post(
            journey.path + "/trusted-people", as: journey.candidate, ["name": "Broer"])
        let page = try await bench.client.get(
            journey.path + "/dossier", as: journey.candidate, fields: [("Accept", "text/html")]
        ).text
        for words in [
            "<dt>gemeente</dt><dd>Enschede</dd>", "<dt>stand</dt><dd>heeft een woning</dd>", "<dd>€ 1.",
            "<h2>Wie met u meekijkt</h2>", "<dd>Broer</dd>", " om ", "<h2>Hiervan zijn er meer dan hier staan</h2>",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(!page.contains(journey.referral) && !page.contains("GM0153") && !page.contains("T0"))
        #expect(!page.contains("<dt>id</dt>") && !page.contains("_exit"))
    }

    /// Thousands of looks do not make it slow, and their end is said.
    @Test func manyLooks() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.posted, on: bench)
        for _ in 0..<300 { try await bench.client.get(journey.path, as: .intaker) }
        let reply = try await bench.client.get(journey.path + "/dossier", as: journey.candidate)
        #expect((reply.json["/disclosures"]?.elements.count ?? 0) > 300)
        #expect(reply.json["/hasMoreDisclosures"] == false)
    }
}
