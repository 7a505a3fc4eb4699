// The routes of supply: dwellings as corporations and facilities offer them.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum DwellingHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        var filter = DwellingFilter()
        filter.states = query.choices("status", as: DwellingState.self)
        filter.form = query.choice("form", as: HousingForm.self)
        filter.municipality = query.municipality("municipality")
        let page = query.page { Cursor.id($0, of: DwellingTag.self) }
        try query.finish()
        let found = try exchange.read { try Look.dwellings(filter, page: page, by: exchange.caller, in: $0) }
        return Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
            DwellingJSON.write($1, to: &$0)
        }
    }

    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: DwellingTag.self)
        let dwelling = try exchange.read { try Look.dwelling(id, by: exchange.caller, in: $0) }
        return .ok(version: dwelling.version) { $0.object { DwellingJSON.write(dwelling, to: &$0) } }
    }

    static func create(_ exchange: Exchange) async throws -> Answer {
        let (landlord, draft) = try exchange.form(DwellingForms.offer)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let dwelling = try OfferDwelling.run(draft, of: landlord, by: caller, in: tx)
            let showing = Showing(.address, of: .dwelling(dwelling.id), about: nil)
            return .created(
                at: "/v1/dwellings/\(dwelling.id)", version: dwelling.version, showing: showing
            ) { writer in
                writer.object { DwellingJSON.write(dwelling, to: &$0) }
            }
        }
    }

    static func change(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: DwellingTag.self)
        let precondition = try exchange.precondition()
        let changes = try exchange.form(DwellingForms.changes)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let dwelling = try OfferDwelling.change(id, changes, if: precondition, by: caller, in: tx)
            return .ok(version: dwelling.version) { $0.object { DwellingJSON.write(dwelling, to: &$0) } }
        }
    }
}

enum DwellingForms {
    static func offer(_ form: inout ObjectReader) -> (landlord: OrganisationID?, draft: DwellingDraft)? {
        let landlord = form.identifier("organisation", .optional, of: OrganisationTag.self)
        let kind = form.choice("form", as: HousingForm.self)
        let municipality = form.municipality("municipality")
        let neighbourhood = form.string("neighbourhood", length: 1...100)
        let address = form.object("address", .required, address)
        let rooms = form.integer("rooms", in: 1...50)
        let rent = form.integer("rent", in: AmountLimits.rent)
        let service = form.integer("serviceCost", .optional, in: AmountLimits.rent)
        let access = form.choices("accessibility", .optional, as: Accessibility.self, count: 0...4)
        let household = form.integer("householdMaximum", in: 1...40)
        let pets = form.boolean("petsAllowed")
        let tenancy = form.choice("tenancyKind", .optional, as: TenancyKind.self)
        let from = form.date("availableFrom")
        let remarks = form.string("remarks", .optional, length: 1...2000)
        let reference = form.reference("externalReference", .optional)
        guard let kind, let municipality, let neighbourhood, let address, let rooms, let rent, let household, let pets,
            let from
        else { return nil }
        let draft = DwellingDraft(
            form: kind, municipality: municipality, neighbourhood: neighbourhood, address: address, rooms: Int(rooms),
            rent: rent, serviceCost: service ?? 0, accessibility: access ?? [], householdMaximum: Int(household),
            petsAllowed: pets, tenancyKind: tenancy ?? .regular, availableFrom: from, remarks: remarks,
            externalReference: reference)
        return (landlord, draft)
    }

    private static func address(_ form: inout ObjectReader) -> Address? {
        let street = form.string("street", length: 1...100)
        let number = form.string("houseNumber", length: 1...20)
        let postcode = form.postcode("postcode")
        let city = form.string("city", length: 1...100)
        guard let street, let number, let postcode, let city else { return nil }
        return Address(street: street, houseNumber: number, postcode: postcode, city: city)
    }

    private enum SettableState: String, CaseIterable {
        case free
        case withdrawn
    }

    static func changes(_ form: inout ObjectReader) -> DwellingChanges? {
        let state = form.choice("status", .optional, as: SettableState.self)
        let kind = form.choice("form", .optional, as: HousingForm.self)
        let municipality = form.municipality("municipality", .optional)
        let neighbourhood = form.string("neighbourhood", .optional, length: 1...100)
        let address = form.object("address", .optional) { form in
            let street = form.string("street", .optional, length: 1...100)
            let number = form.string("houseNumber", .optional, length: 1...20)
            let postcode = form.postcode("postcode", .optional)
            let city = form.string("city", .optional, length: 1...100)
            return (street: street, number: number, postcode: postcode, city: city)
        }
        let rooms = form.integer("rooms", .optional, in: 1...50)
        let rent = form.integer("rent", .optional, in: AmountLimits.rent)
        let service = form.integer("serviceCost", .optional, in: AmountLimits.rent)
        let access = form.choices("accessibility", .optional, as: Accessibility.self, count: 0...4)
        let household = form.integer("householdMaximum", .optional, in: 1...40)
        let pets = form.boolean("petsAllowed", .optional)
        let tenancy = form.choice("tenancyKind", .optional, as: TenancyKind.self)
        let from = form.date("availableFrom", .optional)
        let remarks: FieldChange<String> = form.change("remarks") { $0.string($1, length: 1...2000) }
        let reference: FieldChange<String> = form.change("externalReference") { $0.reference($1) }
        let nuisance = form.boolean("openNuisanceFile", .optional)
        return DwellingChanges(
            state: state.flatMap { DwellingState(rawValue: $0.rawValue) }, nuisanceFile: nuisance
        ) { old in
            var new = old
            new.form = kind ?? old.form
            new.municipality = municipality ?? old.municipality
            new.neighbourhood = neighbourhood ?? old.neighbourhood
            new.address.street = address?.street ?? old.address.street
            new.address.houseNumber = address?.number ?? old.address.houseNumber
            new.address.postcode = address?.postcode ?? old.address.postcode
            new.address.city = address?.city ?? old.address.city
            new.rooms = rooms.map { Int($0) } ?? old.rooms
            new.rent = rent ?? old.rent
            new.serviceCost = service ?? old.serviceCost
            new.accessibility = access ?? old.accessibility
            new.householdMaximum = household.map { Int($0) } ?? old.householdMaximum
            new.petsAllowed = pets ?? old.petsAllowed
            new.tenancyKind = tenancy ?? old.tenancyKind
            new.availableFrom = from ?? old.availableFrom
            new.remarks = remarks.applied(to: old.remarks)
            new.externalReference = reference.applied(to: old.externalReference)
            return new
        }
    }
}

extension ObjectReader {
    fileprivate mutating func postcode(_ key: String, _ presence: Presence = .required) -> String? {
        custom(key, presence, expecting: "a Dutch postcode, written as 7511 AB") { text in
            let bytes = Array(text.utf8)
            guard bytes.count == 7, (0x31...0x39).contains(bytes[0]), bytes[4] == 0x20 else { return nil }
            let isNumbered = bytes[1...3].allSatisfy { (0x30...0x39).contains($0) }
            return isNumbered && bytes[5...6].allSatisfy { (0x41...0x5A).contains($0) } ? text : nil
        }
    }
}

enum DwellingJSON {
    static func write(_ dwelling: Dwelling, to writer: inout JSONWriter) {
        write(dwelling.offered, to: &writer)
        writer.field("status", dwelling.state)
        writer.field("householdMaximum", dwelling.content.householdMaximum)
        writer.field("openNuisanceFile", dwelling.hasNuisanceFile)
        writer.field("remarks", ifPresent: dwelling.content.remarks)
        writer.field("externalReference", ifPresent: dwelling.content.externalReference)
        writer.field("createdAt", dwelling.createdAt)
        writer.field("version", dwelling.version)
    }

    /// What both sides of a match know of a dwelling, with the address for who may know it.
    static func write(_ dwelling: OfferedDwelling, to writer: inout JSONWriter) {
        writer.field("id", dwelling.id)
        writer.organisation("landlord", dwelling.landlord)
        writer.field("form", dwelling.form)
        writer.field("municipality", dwelling.municipality.code)
        writer.field("neighbourhood", dwelling.neighbourhood)
        writer.field("rooms", dwelling.rooms)
        writer.field("rent", dwelling.rent)
        writer.field("serviceCost", dwelling.serviceCost)
        writer.field("accessibility", dwelling.accessibility)
        writer.field("petsAllowed", dwelling.petsAllowed)
        writer.field("tenancyKind", dwelling.tenancyKind)
        writer.field("availableFrom", dwelling.availableFrom)
        guard let address = dwelling.address else { return }
        writer.object("address") { writer in
            writer.field("street", address.street)
            writer.field("houseNumber", address.houseNumber)
            writer.field("postcode", address.postcode)
            writer.field("city", address.city)
        }
    }
}
