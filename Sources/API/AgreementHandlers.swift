// The routes of yearly agreements: what was agreed, what came, who is ahead.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum AgreementHandlers {
    static func read(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let year = query.year("year") ?? exchange.today.parts.year
        try query.finish()
        let (caller, today) = (exchange.caller, exchange.today)
        // In a year with many offers counting them would keep the loop from its sockets.
        return try await exchange.lookLong {
            (answer(try Agreements.read(year: year, by: caller, in: $0), on: today), [])
        }
    }

    static func set(_ exchange: Exchange) async throws -> Answer {
        let precondition = try exchange.precondition()
        let (year, terms) = try exchange.form { form -> (Int, [AgreementTerm])? in
            let year = form.integer("year", in: years)
            let terms = form.objects("agreements", count: 0...1000, term)
            guard let year, let terms else { return nil }
            return (Int(year), terms)
        }
        let caller = exchange.caller
        let today = exchange.today
        return try await exchange.write { tx in
            answer(try Agreements.set(terms, year: year, if: precondition, by: caller, in: tx), on: today)
        }
    }

    private static let years: ClosedRange<Int64> = 2000...2200

    private static func term(_ form: inout ObjectReader) -> AgreementTerm? {
        let landlord = form.identifier("organisation", of: OrganisationTag.self)
        let municipality = form.municipality("municipality")
        let kind = form.choice("form", as: HousingForm.self)
        let dwellings = form.integer("dwellings", in: 0...100_000)
        guard let landlord, let municipality, let kind, let dwellings else { return nil }
        return AgreementTerm(landlord: landlord, municipality: municipality, form: kind, dwellings: Int(dwellings))
    }

    private static func answer(_ found: AgreementYear, on today: CivilDate) -> Answer {
        .ok(version: found.regionVersion) { writer in
            writer.object { writer in
                writer.field("year", found.year)
                writer.field("regionVersion", found.regionVersion)
                writer.array("agreements") { writer in
                    for line in found.lines { writer.object { write(line, on: today, to: &$0) } }
                }
            }
        }
    }

    private static func write(_ line: AgreementLine, on today: CivilDate, to writer: inout JSONWriter) {
        if let landlord = line.landlord { writer.field("organisation", landlord) }
        writer.field("corporation", line.key.corporation)
        writer.field("municipality", line.key.municipality.code)
        writer.field("form", line.key.form)
        writer.field("dwellings", line.agreed)
        writer.field("offered", line.offered)
        writer.field("balance", line.balance)
        writer.field("standing", line.standing(on: today))
    }
}
