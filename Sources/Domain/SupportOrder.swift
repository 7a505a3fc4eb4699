// In which order care providers are asked to support somebody: who works where the person is to live comes first. No
// person, no price and no past answer counts.

/// A provider that could be asked, and how near it is.
package struct ProviderFit: Sendable, Equatable {
    /// Where a provider works, seen from a municipality; nearest first.
    package enum Nearness: String, CaseIterable, Sendable {
        case sameMunicipality = "same_municipality"
        /// Under the same central municipality.
        case sameCentral = "same_central"
        /// The provider names no municipality: it works everywhere.
        case everywhere
        case elsewhere
    }
    package var provider: OrganisationName
    package var municipality: Municipality?
    package var nearness: Nearness

    /// Providers in the order in which they are asked for somebody of a municipality.
    package static func inOrder(
        _ providers: [(OrganisationName, Municipality?)], for municipality: Municipality, in region: RegionSettings
    ) -> [ProviderFit] {
        func nearness(_ own: Municipality?) -> Nearness {
            guard let own else { return .everywhere }
            if own == municipality { return .sameMunicipality }
            let central = region.central(of: own)
            return central != nil && central == region.central(of: municipality) ? .sameCentral : .elsewhere
        }
        let fits = providers.map { ProviderFit(provider: $0, municipality: $1, nearness: nearness($1)) }
        func rank(_ fit: ProviderFit) -> Int { Nearness.allCases.firstIndex(of: fit.nearness) ?? 0 }
        return fits.sorted {
            (rank($0), $0.provider.name, $0.provider.id) < (rank($1), $1.provider.name, $1.provider.id)
        }
    }
}
