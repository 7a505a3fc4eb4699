// A region's settings read from a document: all faults of form at once, with pointers, and then all that does not hold of
// the whole. Knows the names in the document; what must hold is the domain's.

package import Domain
package import JSON

/// Reads settings from JSON.
package enum RegionReader {
    /// The largest document in bytes: a region of hundreds of municipalities with years of agreements fits.
    package static let limitBytes = 4 << 20

    /// The settings in a document.
    ///
    /// - Throws: `InvalidBody` with every fault.
    package static func decode(_ bytes: [UInt8]) throws(InvalidBody) -> RegionSettings {
        let settings = try JSONForm.decode(bytes, settings)
        let faults = settings.faults.map { JSONFault(pointer: $0.pointer, code: "rule", text: $0.text) }
        guard faults.isEmpty else { throw InvalidBody(faults: faults) }
        return settings
    }

    /// Every part; what may be left out is what the defaults have, or nothing.
    package static func settings(_ form: inout ObjectReader) -> RegionSettings? {
        let standard = RegionSettings.standard
        let name = form.string("name", length: 1...100)
        let municipalities = form.objects("municipalities", count: 1...400, municipality)
        let terms = form.object("clocks", .optional, clocks)
        let profiles = form.objects("profiles", .optional, count: 1...200, profile)
        let criteria = form.objects("criteria", .optional, count: 1...400, criteria)
        let advice = form.objects("advice", .optional, count: 1...20, contact)
        let rents = form.objects("rents", .optional, count: 0...100, rentYear)
        let caps = form.objects("caps", .optional, count: 0...5000, cap)
        let agreements = form.objects("agreements", .optional, count: 0...5000, agreement)
        let holds = form.boolean("holdToAgreements", .optional)
        let providers = form.objects("providers", .optional, count: 0...1000) { form -> ProviderPlaces? in
            let name = form.string("provider", length: 1...200)
            let places = number(&form, "places", 0...100_000)
            guard let name, let places else { return nil }
            return ProviderPlaces(provider: name, places: places)
        }
        let conditions = form.objects("conditions", .optional, count: 0...200, condition)
        let retention = form.object("retention", .optional, retention)
        guard let name, let municipalities else { return nil }
        return RegionSettings(
            name: name, municipalities: municipalities,
            terms: standard.terms.merging(terms ?? [:]) { $1 }, profiles: profiles ?? standard.profiles,
            criteria: criteria ?? standard.criteria, advice: advice ?? standard.advice, rents: rents ?? [],
            caps: caps ?? [], agreements: agreements ?? [], holdsToAgreements: holds ?? true,
            providers: providers ?? [], conditions: conditions ?? standard.conditions, retention: retention ?? .standard
        )
    }

    private static func code(_ form: inout ObjectReader, _ key: String) -> Municipality? {
        form.custom(key, expecting: "a municipality's code, GM and four digits") { Municipality(code: $0) }
    }

    private static func day(_ form: inout ObjectReader, _ key: String) -> CivilDate? {
        form.custom(key, expecting: "a day, written as 2026-01-31") { CivilDate(iso: $0) }
    }

    private static func number(_ form: inout ObjectReader, _ key: String, _ range: ClosedRange<Int64>) -> Int? {
        form.integer(key, in: range).map { Int($0) }
    }

    private static func municipality(_ form: inout ObjectReader) -> RegionMunicipality? {
        let code = code(&form, "code")
        let name = form.string("name", length: 1...100)
        let central = Self.code(&form, "central")
        guard let code, let name, let central else { return nil }
        return RegionMunicipality(code: code, name: name, central: central)
    }

    private static func clocks(_ form: inout ObjectReader) -> [ClockKind: ClockTerm]? {
        var terms: [ClockKind: ClockTerm] = [:]
        for kind in ClockKind.allCases {
            guard let term = form.object(kind.rawValue, .optional, { term(&$0, of: kind) }) else { continue }
            terms[kind] = term
        }
        return terms
    }

    /// A term counts as its default does: in working days, or in days or weeks.
    private static func term(_ form: inout ObjectReader, of kind: ClockKind) -> ClockTerm? {
        if case .workingDays = kind.defaultTerm {
            return number(&form, "workingDays", 1...100).map(ClockTerm.workingDays)
        }
        if form.has("weeks") { return number(&form, "weeks", 1...104).map { .days($0 * 7) } }
        return number(&form, "days", 1...728).map(ClockTerm.days)
    }

    private static func profile(_ form: inout ObjectReader) -> ExitProfile? {
        let housing = form.choice("form", as: HousingForm.self)
        let version = number(&form, "version", 1...10_000)
        let levels = form.object("minimumLevels") { form -> [Skill: Int]? in
            var levels: [Skill: Int] = [:]
            for skill in Skill.allCases {
                if let level = form.integer(skill.rawValue, .optional, in: 1...5) { levels[skill] = Int(level) }
            }
            return levels
        }
        let compensable = form.choices("compensable", .optional, as: Skill.self, count: 0...5)
        let availability = form.choice("availability", as: SupportAvailability.self)
        let hours = form.integer("hoursPerWeek", .optional, in: 1...168)
        let signatures = form.objects("signatures", .optional, count: 0...4, signature)
        guard let housing, let version, let levels, let availability else { return nil }
        return ExitProfile(
            form: housing, version: version, minimumLevels: levels, compensable: compensable ?? Skill.allCases,
            availability: availability, hoursPerWeek: hours.map { Int($0) }, signatures: signatures ?? [])
    }

    private static func signature(_ form: inout ObjectReader) -> ProfileSignature? {
        let party = form.choice("party", as: ProfileParty.self)
        let by = form.string("by", length: 1...200)
        let on = day(&form, "on")
        guard let party, let by, let on else { return nil }
        return ProfileSignature(party: party, by: by, on: on)
    }

    private static func criteria(_ form: inout ObjectReader) -> EntryCriteria? {
        let version = number(&form, "version", 1...10_000)
        let from = day(&form, "validFrom")
        let municipalities = form.customs(
            "municipalities", .optional, count: 0...400, expecting: "a municipality's code, GM and four digits"
        ) { Municipality(code: $0) }
        let questions = form.choices("questions", as: ScreeningQuestion.self, count: 1...10)
        let age = form.integer("minimumAgeMonths", .optional, in: 0...300)
        guard let version, let from, let questions else { return nil }
        return EntryCriteria(
            version: version, validFrom: from, municipalities: municipalities ?? [], questions: questions,
            minimumAgeMonths: age.map { Int($0) } ?? EntryCriteria.standard.minimumAgeMonths)
    }

    private static func contact(_ form: inout ObjectReader) -> AdviceContact? {
        let advice = form.choice("advice", as: Advice.self)
        let name = form.string("name", length: 1...200)
        let why = form.string("why", length: 1...500)
        let phone = form.string("phone", .optional, length: 3...30)
        let url = form.string("url", .optional, length: 8...300)
        guard let advice, let name, let why else { return nil }
        return AdviceContact(advice: advice, name: name, why: why, phone: phone, url: url)
    }

    private static func rentYear(_ form: inout ObjectReader) -> RentYear? {
        let year = number(&form, "year", 2000...2200)
        let share = number(&form, "maximumSharePercent", 1...100)
        let limits = form.objects("limits", .optional, count: 0...20) { form -> RentLimit? in
            let size = number(&form, "householdSize", 1...40)
            let rent = form.integer("maximumRent", in: 0...1_000_000)
            guard let size, let rent else { return nil }
            return RentLimit(householdSize: size, maximumRent: rent)
        }
        guard let year, let share else { return nil }
        return RentYear(year: year, maximumSharePercent: share, limits: limits ?? [])
    }

    private static func cap(_ form: inout ObjectReader) -> SpreadCap? {
        let scope = form.choice("scope", .optional, as: SpreadScope.self) ?? .neighbourhood
        let municipality = scope == .region ? nil : code(&form, "municipality")
        let neighbourhood =
            scope == .neighbourhood ? form.string("neighbourhood", .optional, length: 1...100) : nil
        let perYear = number(&form, "perYear", 0...100_000)
        guard scope == .region || municipality != nil, let perYear else { return nil }
        return SpreadCap(municipality: municipality, neighbourhood: neighbourhood, perYear: perYear, scope: scope)
    }

    private static func agreement(_ form: inout ObjectReader) -> YearlyAgreement? {
        let year = number(&form, "year", 2000...2200)
        let corporation = form.string("corporation", length: 1...200)
        let municipality = code(&form, "municipality")
        let housing = form.choice("form", as: HousingForm.self)
        let dwellings = number(&form, "dwellings", 0...100_000)
        guard let year, let corporation, let municipality, let housing, let dwellings else { return nil }
        return YearlyAgreement(
            year: year, corporation: corporation, municipality: municipality, form: housing, dwellings: dwellings)
    }

    private static func retention(_ form: inout ObjectReader) -> RetentionTerms? {
        let with = number(&form, "withProvisionYears", 1...100)
        let without = number(&form, "withoutProvisionYears", 1...100)
        guard let with, let without else { return nil }
        return RetentionTerms(withProvisionYears: with, withoutProvisionYears: without)
    }

    private static func condition(_ form: inout ObjectReader) -> PartyCondition? {
        let party = form.choice("party", as: ProvidingParty.self)
        let gives = form.choice("gives", as: Provision.self)
        let needs = form.choices("needs", as: Provision.self, count: 1...20)
        guard let party, let gives, let needs else { return nil }
        return PartyCondition(party: party, gives: gives, needs: needs)
    }
}
