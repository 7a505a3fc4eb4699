// The table `dwelling`: what corporations and facilities offer. Which state may follow which is decided before it
// comes here; the row is guarded by its version.

package import Domain
package import SQLite

/// What a list of dwellings is narrowed to.
package struct DwellingFilter: Sendable, Equatable {
    package var states: [DwellingState] = []
    package var form: HousingForm?
    package var municipality: Municipality?

    /// No narrowing.
    package init() {}
}

/// The dwellings.
package struct DwellingStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    private static let columns = """
        d.id, o.id, o.name, d.status, d.form, d.municipality, d.neighbourhood, d.street, d.house_number, d.postcode,
        d.city, d.rooms, d.rent, d.service_cost, d.accessibility, d.household_maximum, d.pets_allowed, d.tenancy_kind,
        d.available_from, d.remarks, d.external_reference, d.created_at, d.version, d.nuisance_file
        """

    private static func dwelling(_ row: borrowing Row) -> Dwelling {
        let content = DwellingDraft(
            form: row.code(4, otherwise: .independent), municipality: row.municipality(5),
            neighbourhood: row.text(6),
            address: Address(
                street: row.text(7), houseNumber: row.text(8), postcode: row.text(9),
                city: row.text(10)),
            rooms: row.int(11), rent: row.int64(12), serviceCost: row.int64(13),
            accessibility: row.codes(14), householdMaximum: row.int(15),
            petsAllowed: row.bool(16), tenancyKind: row.code(17, otherwise: .regular),
            availableFrom: row.date(18), remarks: row.optionalText(19),
            externalReference: row.optionalText(20))
        return Dwelling(
            id: row.id(0), landlord: row.organisation(1),
            state: row.code(3, otherwise: .withdrawn), content: content,
            hasNuisanceFile: row.bool(23), createdAt: row.instant(21), version: row.int(22))
    }

    /// What is offered with a match; the address last, and not read for who never sees one.
    static func offerColumns(withAddress: Bool) -> String {
        let address = withAddress ? "d.street, d.house_number, d.postcode, d.city" : "NULL, NULL, NULL, NULL"
        return """
            d.id, o.id, o.name, d.form, d.municipality, d.neighbourhood, d.rooms, d.rent, d.service_cost,
            d.accessibility, d.pets_allowed, d.tenancy_kind, d.available_from, \(address)
            """
    }

    static func offer(_ row: borrowing Row, from first: Int, withAddress: Bool) -> OfferedDwelling {
        var offer = OfferedDwelling(
            id: row.id(first), landlord: row.organisation(first + 1),
            form: row.code(first + 3, otherwise: .independent),
            municipality: row.municipality(first + 4), neighbourhood: row.text(first + 5), rooms: row.int(first + 6),
            rent: row.int64(first + 7), serviceCost: row.int64(first + 8), accessibility: row.codes(first + 9),
            petsAllowed: row.bool(first + 10), tenancyKind: row.code(first + 11, otherwise: .regular),
            availableFrom: row.date(first + 12), address: nil)
        if withAddress {
            offer.address = Address(
                street: row.text(first + 13), houseNumber: row.text(first + 14), postcode: row.text(first + 15),
                city: row.text(first + 16))
        }
        return offer
    }

    private static func head(_ source: String = "dwelling d") -> String {
        "SELECT \(columns) FROM \(source) JOIN organisation o ON o.id = d.organisation_id"
    }

    /// A dwelling, if it is in what may be known of.
    package func find(_ id: DwellingID, in visibility: DwellingVisibility) throws -> Dwelling? {
        let one = ScopeSQL.oneDwelling(visibility)
        var select = SelectSQL(Self.head(one.source), where: one.scope)
        select.and("\(one.key) = ?", id.value)
        return try select.first(db) { Self.dwelling($0) }
    }

    /// A page of dwellings, newest first.
    package func list(
        _ filter: DwellingFilter, in visibility: DwellingVisibility, page: PageRequest<DwellingID>
    ) throws -> Page<Dwelling, DwellingID> {
        var select = SelectSQL(Self.head(), where: ScopeSQL.dwellings(visibility))
        select.and("d.status", in: filter.states.map(\.rawValue))
        if let form = filter.form { select.and("d.form = ?", .text(form.rawValue)) }
        if let municipality = filter.municipality { select.and("d.municipality = ?", .text(municipality.code)) }
        if let id = page.after { select.and("d.id < ?", id.value) }
        select.order(by: "d.id DESC", limit: page.limit)
        return Page(try select.all(db) { Self.dwelling($0) }, limit: page.limit) { $0.id }
    }

    /// Every dwelling that is free, in the order of ids.
    package func free() throws -> [Dwelling] {
        try db.all(
            SQL(dynamic: Self.head() + " WHERE d.status = 'free' ORDER BY d.id"), read: Self.dwelling)
    }

    /// The dwelling an organisation offered under its own reference.
    package func find(externalReference: String, of landlord: OrganisationID) throws -> DwellingID? {
        try db.first(
            "SELECT id FROM dwelling WHERE organisation_id = ? AND external_reference = ?", landlord, externalReference
        ) { $0.id(0) }
    }

    /// Adds a dwelling, free to be matched.
    package func insert(
        _ draft: DwellingDraft, id: DwellingID, landlord: OrganisationID, at now: Instant
    ) throws {
        try db.run(
            """
            INSERT INTO dwelling (id, organisation_id, external_reference, status, form, municipality, neighbourhood,
                street, house_number, postcode, city, rooms, rent, service_cost, accessibility, household_maximum,
                pets_allowed, tenancy_kind, available_from, remarks, created_at, version)
            VALUES (?, ?, ?, 'free', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            """,
            id, landlord, draft.externalReference, Code(draft.form), draft.municipality, draft.neighbourhood,
            draft.address.street, draft.address.houseNumber, draft.address.postcode, draft.address.city, draft.rooms,
            draft.rent, draft.serviceCost, draft.accessibility.codes, draft.householdMaximum, draft.petsAllowed,
            Code(draft.tenancyKind), draft.availableFrom, draft.remarks, now)
    }

    /// Writes a dwelling after a change, if the row still has the version before; false when somebody was first.
    package func update(_ dwelling: Dwelling) throws -> Bool {
        let draft = dwelling.content
        return try db.run(
            """
            UPDATE dwelling SET external_reference = ?, status = ?, form = ?, municipality = ?, neighbourhood = ?,
                street = ?, house_number = ?, postcode = ?, city = ?, rooms = ?, rent = ?, service_cost = ?,
                accessibility = ?, household_maximum = ?, pets_allowed = ?, tenancy_kind = ?, available_from = ?,
                remarks = ?, nuisance_file = ?, version = ?
            WHERE id = ? AND version = ?
            """,
            draft.externalReference, Code(dwelling.state), Code(draft.form), draft.municipality, draft.neighbourhood,
            draft.address.street, draft.address.houseNumber, draft.address.postcode, draft.address.city, draft.rooms,
            draft.rent, draft.serviceCost, draft.accessibility.codes, draft.householdMaximum, draft.petsAllowed,
            Code(draft.tenancyKind), draft.availableFrom, draft.remarks, dwelling.hasNuisanceFile, dwelling.version,
            dwelling.id,
            dwelling.version - 1) > 0
    }

    /// Moves a dwelling to a state, whatever its version: what follows from a match or a tenancy.
    package func update(state: DwellingState, of id: DwellingID) throws {
        try db.run("UPDATE dwelling SET status = ?, version = version + 1 WHERE id = ?", Code(state), id)
    }
}
