// What gives somebody away in a text, and in which order providers are asked.

import Domain
import Testing

@Suite struct ConsultationTests {
    @Test(arguments: [
        "Her BSN is 999990019.", "bsn 9999.90.019", "Call 0612345678", "06 - 1234 5678 is the number",
        "+31 6 12 34 56 78", "mail sam@example.org", "Born on 12-04-1988", "born 12/4/1988", "since 1988-04-12",
    ])
    func whatGivesSomebodyAwayIsFound(text: String) { #expect(Anonymity.trace(in: text) != nil) }

    @Test(arguments: [
        "", "A woman of 43 with two children, 3 months behind with the rent of 620 euro.", "Since 2024, or 2025.",
        "Debts of 48.000 euro; postcode area 7511.", "123456789 letters unopened", "In april 2026 the benefit ended.",
        "12-4", "24/7 care",
    ])
    func whatNamesNobodyIsLetBe(text: String) { #expect(Anonymity.trace(in: text) == nil) }

    @Test func whoWorksHereIsAskedFirst() throws {
        let codes = ["GM0153", "GM0164", "GM0141"].compactMap { Municipality(code: $0) }
        try #require(codes.count == 3)
        var region = RegionSettings.standard
        region.municipalities = [
            RegionMunicipality(code: codes[0], name: "Enschede", central: codes[0]),
            RegionMunicipality(code: codes[1], name: "Hengelo", central: codes[0]),
            RegionMunicipality(code: codes[2], name: "Almelo", central: codes[2]),
        ]
        func name(_ place: UInt64, _ text: String) -> OrganisationName {
            OrganisationName(id: OrganisationID(high: 0, low: place), name: text)
        }
        let providers: [(OrganisationName, Municipality?)] = [
            (name(1, "A"), codes[2]), (name(2, "B"), nil), (name(3, "C"), codes[1]), (name(4, "E"), codes[0]),
            (name(5, "D"), codes[0]),
        ]
        let order = ProviderFit.inOrder(providers, for: codes[0], in: region)
        #expect(order.map(\.provider.name) == ["D", "E", "C", "B", "A"])
        #expect(order.map(\.nearness) == [.sameMunicipality, .sameMunicipality, .sameCentral, .everywhere, .elsewhere])
        #expect(ProviderFit.inOrder(providers.reversed(), for: codes[0], in: region) == order)
        // In a region that lists none there is no central municipality to share.
        let bare = ProviderFit.inOrder(providers, for: codes[0], in: .standard)
        #expect(bare.map(\.provider.name) == ["D", "E", "B", "A", "C"])
    }
}
