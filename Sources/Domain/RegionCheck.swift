// What must hold of a region's settings as a whole, beyond the form of each part: every fault with the place where it
// stands, so that somebody can mend a file in one go.

/// Something that does not hold.
package struct RegionFault: Sendable, Equatable {
    /// A JSON pointer into the settings (RFC 6901).
    package var pointer: String
    package var text: String
}

extension RegionSettings {
    /// Everything that does not hold, in the order of the settings; none when they may be applied.
    package var faults: [RegionFault] {
        municipalityFaults + profileFaults + criteriaFaults + adviceFaults + rentFaults + supplyFaults
            + conditionFaults
    }

    private func isOurs(_ municipality: Municipality) -> Bool { municipalities.contains { $0.code == municipality } }

    private static let outside = "Must be a municipality of the region."

    private var municipalityFaults: [RegionFault] {
        var faults = Self.repeats(municipalities.map(\.code), "/municipalities", "code")
        for (place, one) in municipalities.enumerated() where !isOurs(one.central) {
            faults.append(RegionFault(pointer: "/municipalities/\(place)/central", text: Self.outside))
        }
        return faults
    }

    private var profileFaults: [RegionFault] {
        var faults = Self.repeats(profiles.map { "\($0.form.rawValue) \($0.version)" }, "/profiles", "version")
        for (place, profile) in profiles.enumerated() {
            faults += Self.repeats(profile.signatures.map(\.party), "/profiles/\(place)/signatures", "party")
        }
        let missing = HousingForm.allCases.filter { profile(of: $0) == nil }
        if !missing.isEmpty {
            let names = missing.map(\.rawValue).joined(separator: ", ")
            faults.append(
                RegionFault(pointer: "/profiles", text: "No version signed by all four parties for: \(names)."))
        }
        return faults
    }

    private var criteriaFaults: [RegionFault] {
        var faults = Self.repeats(criteria.map(\.version), "/criteria", "version")
        for (place, one) in criteria.enumerated() {
            for (index, municipality) in one.municipalities.enumerated() where !isOurs(municipality) {
                faults.append(
                    RegionFault(pointer: "/criteria/\(place)/municipalities/\(index)", text: Self.outside))
            }
        }
        if !criteria.contains(where: \.municipalities.isEmpty) {
            let bare = municipalities.filter { one in !criteria.contains { $0.municipalities.contains(one.code) } }
            if !bare.isEmpty {
                let names = bare.map(\.code.code).joined(separator: ", ")
                faults.append(RegionFault(pointer: "/criteria", text: "No criteria for: \(names)."))
            }
        }
        return faults
    }

    private var adviceFaults: [RegionFault] {
        var faults = Self.repeats(advice.map(\.advice), "/advice", "advice")
        let missing = Advice.allCases.filter { contact(for: $0) == nil }
        if !missing.isEmpty {
            let names = missing.map(\.rawValue).joined(separator: ", ")
            faults.append(RegionFault(pointer: "/advice", text: "Nobody to turn to for: \(names)."))
        }
        return faults
    }

    private var rentFaults: [RegionFault] {
        var faults = Self.repeats(rents.map(\.year), "/rents", "year")
        for (place, year) in rents.enumerated() {
            for (index, pair) in zip(year.limits, year.limits.dropFirst()).enumerated()
            where pair.0.householdSize >= pair.1.householdSize || pair.0.maximumRent > pair.1.maximumRent {
                let text = "Sizes must ascend, and with them the rents."
                faults.append(RegionFault(pointer: "/rents/\(place)/limits/\(index + 1)", text: text))
            }
        }
        return faults
    }

    private var supplyFaults: [RegionFault] {
        var faults = Self.repeats(
            caps.map { "\($0.scope.rawValue) \($0.municipality?.code ?? "") \($0.neighbourhood?.lowercased() ?? "")" },
            "/caps", "neighbourhood")
        for (place, cap) in caps.enumerated() where cap.municipality.map({ !isOurs($0) }) ?? false {
            faults.append(RegionFault(pointer: "/caps/\(place)/municipality", text: Self.outside))
        }
        faults += Self.repeats(
            agreements.map { "\($0.year) \($0.corporation) \($0.municipality.code) \($0.form.rawValue)" },
            "/agreements", "form")
        for (place, agreement) in agreements.enumerated() where !isOurs(agreement.municipality) {
            faults.append(RegionFault(pointer: "/agreements/\(place)/municipality", text: Self.outside))
        }
        return faults + Self.repeats(providers.map(\.provider), "/providers", "provider")
    }

    private var conditionFaults: [RegionFault] {
        var faults = Self.repeats(
            conditions.map { "\($0.party.rawValue) \($0.gives.rawValue)" }, "/conditions", "gives")
        for (place, condition) in conditions.enumerated() where condition.needs.contains(condition.gives) {
            faults.append(
                RegionFault(pointer: "/conditions/\(place)/needs", text: "Nobody can wait for what they give."))
        }
        return faults
    }

    /// A fault at each item whose key an earlier one has.
    private static func repeats<Key: Hashable>(_ keys: [Key], _ list: String, _ member: String) -> [RegionFault] {
        var seen: Set<Key> = []
        return keys.enumerated().compactMap { place, key in
            seen.insert(key).inserted
                ? nil : RegionFault(pointer: "\(list)/\(place)/\(member)", text: "Stands in the list already.")
        }
    }
}
