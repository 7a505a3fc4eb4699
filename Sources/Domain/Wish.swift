// What a person wants of a home, and where it should be.

/// A municipality or a neighbourhood in it.
package struct WishPlace: Sendable, Hashable {
    package var municipality: Municipality
    /// Nil for anywhere in it.
    package var neighbourhood: String?

    /// A place from its parts; a neighbourhood is one line.
    package init(_ municipality: Municipality, _ neighbourhood: String? = nil) {
        self.municipality = municipality
        let line = neighbourhood?.split(whereSeparator: \.isNewline).joined(separator: " ") ?? ""
        self.neighbourhood = line.isEmpty ? nil : line
    }
}

/// What a person wants, in one rank of their list.
package struct Wish: Sendable, Equatable {
    package var form: HousingForm
    /// Where; empty when anywhere in the region is well.
    package var municipalities: [Municipality]
    package var surroundings: [Surroundings]
    package var livingWith: LivingWith?
    /// Whether a pet comes along; nil when nothing was said.
    package var pets: Bool?
    /// The people or places that it should be close to, in words that nothing is decided by.
    package var closeTo: String?
    /// The places that it should be close to.
    package var near: [WishPlace]
    package var note: String?

    /// A wish.
    package init(
        form: HousingForm, municipalities: [Municipality] = [], surroundings: [Surroundings] = [],
        livingWith: LivingWith? = nil, pets: Bool? = nil, closeTo: String? = nil,
        near: [WishPlace] = [], note: String? = nil
    ) {
        self.form = form
        self.municipalities = municipalities
        self.surroundings = surroundings
        self.livingWith = livingWith
        self.pets = pets
        self.closeTo = closeTo
        self.near = near
        self.note = note
    }
}
