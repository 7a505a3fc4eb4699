// The routes of the conversation besides report and wishes: records, measurements, risks, the people around somebody and the
// places they must avoid.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum IntakeHandlers {
    // MARK: Records

    static func records(_ exchange: Exchange) async throws -> Answer {
        try await list(exchange, NoteIntake.records) { IntakeJSON.write($0, to: &$1) }
    }

    static func record(_ exchange: Exchange) async throws -> Answer {
        let (kind, day, text) = try exchange.form { form -> (IntakeRecordKind, CivilDate?, String)? in
            let kind = form.choice("kind", as: IntakeRecordKind.self)
            let day = form.date("happenedOn", .optional)
            let text = form.string("text", length: 1...20_000)
            guard let kind, let text else { return nil }
            return (kind, day, text)
        }
        return try await add(exchange, to: "records") {
            try NoteIntake.record(kind, on: day, text: text, of: $0, by: $1, in: $2)
        } write: {
            IntakeJSON.write($0, to: &$1)
        }
    }

    // MARK: Measurements

    static func measurements(_ exchange: Exchange) async throws -> Answer {
        try await list(exchange, NoteIntake.measurements) { IntakeJSON.write($0, to: &$1) }
    }

    static func measure(_ exchange: Exchange) async throws -> Answer {
        let form = try exchange.form(IntakeForms.measurement)
        return try await add(exchange, to: "measurements") {
            try NoteIntake.measure(
                form.moment, on: form.on, mix: form.mix, domains: form.domains, of: $0, by: $1, in: $2)
        } write: {
            IntakeJSON.write($0, to: &$1)
        }
    }

    // MARK: Risks

    static func risks(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try NoteIntake.risks(id, by: exchange.caller, in: $0)
        } answer: { sheet in
            Answer.ok { $0.object { IntakeJSON.write(sheet, to: &$0) } }
        }
    }

    static func writeRisks(_ exchange: Exchange) async throws -> Answer {
        let (risks, note) = try exchange.form { form -> ([RiskFactor], String?)? in
            let risks = form.choices("risks", as: RiskFactor.self, count: 0...7)
            let note = form.string("note", .optional, length: 1...2000)
            return risks.map { ($0, note) }
        }
        return try await add(exchange, to: "risks") {
            try NoteIntake.write(risks: risks, note: note, of: $0, by: $1, in: $2)
        } write: {
            IntakeJSON.write($0, to: &$1)
        }
    }

    // MARK: People and places

    static func network(_ exchange: Exchange) async throws -> Answer {
        try await list(exchange, NoteIntake.network) { IntakeJSON.write($0, to: &$1) }
    }

    static func addPerson(_ exchange: Exchange) async throws -> Answer {
        let today = exchange.today
        let person = try exchange.form { IntakeForms.person(&$0, today: today) }
        return try await add(exchange, to: "network") {
            try NoteIntake.add(person, to: $0, by: $1, in: $2)
        } write: {
            IntakeJSON.write($0, to: &$1)
        }
    }

    static func withdrawPerson(_ exchange: Exchange) async throws -> Answer {
        let person = try exchange.id(1, of: NetworkPersonTag.self)
        return try await end(exchange) {
            try NoteIntake.withdraw(person, of: $0, by: $1, in: $2)
        } write: {
            IntakeJSON.write($0, to: &$1)
        }
    }

    static func zones(_ exchange: Exchange) async throws -> Answer {
        let today = exchange.today
        return try await list(exchange, NoteIntake.zones) { IntakeJSON.write($0, on: today, to: &$1) }
    }

    static func addZone(_ exchange: Exchange) async throws -> Answer {
        let today = exchange.today
        let zone = try exchange.form(IntakeForms.zone)
        return try await add(exchange, to: "exclusion-zones") {
            try NoteIntake.add(zone, to: $0, by: $1, in: $2)
        } write: {
            IntakeJSON.write($0, on: today, to: &$1)
        }
    }

    static func endZone(_ exchange: Exchange) async throws -> Answer {
        let zone = try exchange.id(1, of: ExclusionZoneTag.self)
        let today = exchange.today
        return try await end(exchange) {
            try NoteIntake.end(zone, of: $0, by: $1, in: $2)
        } write: {
            IntakeJSON.write($0, on: today, to: &$1)
        }
    }

    // MARK: What they share

    private typealias Change<Value> = @Sendable (ReferralID, Caller, WriteTransaction) throws -> Value
    private typealias Write<Value> = @Sendable (Value, inout JSONWriter) -> Void

    private static func list<Value>(
        _ exchange: Exchange, _ read: (ReferralID, Caller, ReadTransaction) throws -> Reading<[Value]>,
        _ write: (Value, inout JSONWriter) -> Void
    ) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        return try await exchange.look {
            try read(id, exchange.caller, $0)
        } answer: { found in
            Answer.ok { $0.items(found) { write($1, &$0) } }
        }
    }

    private static func add<Value>(
        _ exchange: Exchange, to list: String, _ change: @escaping Change<Value>, write: @escaping Write<Value>
    ) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        let caller = exchange.caller
        return try await exchange.write { tx in
            let value = try change(id, caller, tx)
            return .created(at: "/v1/referrals/\(id)/\(list)", showing: Showing(.care, of: id)) {
                $0.object { write(value, &$0) }
            }
        }
    }

    private static func end<Value>(
        _ exchange: Exchange, _ change: @escaping Change<Value>, write: @escaping Write<Value>
    ) async throws -> Answer {
        let id = try exchange.id(of: ReferralTag.self)
        _ = try exchange.form { _ in true }
        let caller = exchange.caller
        return try await exchange.write { tx in
            let value = try change(id, caller, tx)
            return .ok(showing: Showing(.care, of: id)) { $0.object { write(value, &$0) } }
        }
    }
}

enum IntakeForms {
    struct MeasurementForm: Sendable {
        var moment: MeasuringMoment
        var on: CivilDate?
        var mix: [MixPart: Bool]
        var domains: [AskedDomain]
    }

    static func measurement(_ form: inout ObjectReader) -> MeasurementForm? {
        let moment = form.choice("moment", as: MeasuringMoment.self)
        let day = form.date("measuredOn", .optional)
        let mix = form.object("stableMix", .optional) { form -> [MixPart: Bool]? in
            var mix: [MixPart: Bool] = [:]
            for (key, part) in IntakeJSON.mixMembers { mix[part] = form.boolean(key, .optional) }
            return mix
        }
        let domains = form.objects("domains", .optional, count: 0...13, domain)
        let names = (domains ?? []).map(\.domain)
        if Set(names).count != names.count {
            form.fault("domains", code: "duplicate", text: "Each domain stands here once.")
        }
        if !form.has("stableMix") && !form.has("domains") {
            form.fault(nil, code: "required", text: "Give the stable mix, domains, or both.")
        }
        return moment.map { MeasurementForm(moment: $0, on: day, mix: mix ?? [:], domains: domains ?? []) }
    }

    private static func domain(_ form: inout ObjectReader) -> AskedDomain? {
        let domain = form.choice("domain", as: LifeDomain.self)
        let level = form.integer("level", in: 1...5)
        let necessity = form.string("necessity", length: 1...500)
        guard let domain, let level, let necessity else { return nil }
        return AskedDomain(domain: domain, level: Int(level), necessity: necessity)
    }

    static func person(_ form: inout ObjectReader, today: CivilDate) -> NetworkPerson? {
        let name = form.string("name", length: 1...100)
        let relation = form.choice("relation", as: NetworkRelation.self)
        let phone = form.phone("phone", .optional)
        let helpsWith = form.string("helpsWith", .optional, length: 1...500)
        let day = form.date("consentGivenOn")
        guard let name, let relation, let day else { return nil }
        return NetworkPerson(
            id: NetworkPersonID(high: 0, low: 0), name: name, relation: relation, phone: phone, helpsWith: helpsWith,
            consentGivenOn: day, recordedAt: Instant(milliseconds: 0), recordedBy: .intaker)
    }

    static func zone(_ form: inout ObjectReader) -> ExclusionZone? {
        let municipality = form.municipality("municipality")
        let neighbourhood = form.string("neighbourhood", .optional, length: 1...100)
        let ground = form.choice("ground", as: ExclusionGround.self)
        let until = form.date("until", .optional)
        guard let municipality, let ground else { return nil }
        return ExclusionZone(
            id: ExclusionZoneID(high: 0, low: 0), municipality: municipality, neighbourhood: neighbourhood,
            ground: ground, until: until, writtenAt: Instant(milliseconds: 0), writtenBy: .intaker)
    }
}

enum IntakeJSON {
    /// The members of the stable mix.
    static let mixMembers: [(key: String, part: MixPart)] = [
        ("housing", .housing), ("income", .income), ("dayActivity", .dayActivity), ("supportContact", .supportContact),
    ]

    static func write(_ record: IntakeRecord, to writer: inout JSONWriter) {
        writer.field("id", record.id)
        writer.field("kind", record.kind)
        writer.field("happenedOn", record.on)
        writer.field("text", record.text)
        writer.field("writtenAt", record.writtenAt)
        writer.field("writtenBy", record.writtenBy)
    }

    static func write(_ measurement: Measurement, to writer: inout JSONWriter) {
        writer.field("id", measurement.id)
        writer.field("moment", measurement.moment)
        writer.field("measuredOn", measurement.on)
        writer.object("stableMix") { writer in
            for (key, part) in mixMembers {
                writer.name(text: key)
                writer.value(measurement.state(of: part).rawValue)
            }
        }
        writer.array("domains") { writer in
            for domain in LifeDomain.allCases {
                writer.object { writer in
                    writer.field("domain", domain)
                    guard case .level(let level, let necessity) = measurement.answer(about: domain) else {
                        writer.field("asked", false)
                        return
                    }
                    writer.field("asked", true)
                    writer.field("level", level)
                    writer.field("necessity", necessity)
                }
            }
        }
        writer.field("writtenAt", measurement.writtenAt)
        writer.field("writtenBy", measurement.writtenBy)
    }

    static func write(_ sheet: RiskSheet, to writer: inout JSONWriter) {
        writer.array("versions") { writer in
            for version in sheet.versions {
                writer.object { writer in
                    writer.field("version", version.number)
                    writer.field("risks", version.risks)
                    writer.field("note", ifPresent: version.note)
                    writer.field("writtenAt", version.writtenAt)
                    writer.field("writtenBy", version.writtenBy)
                }
            }
        }
        guard let proposal = sheet.proposal else { return }
        writer.object("proposal") { writer in
            writer.field("form", proposal.form)
            writer.field("profileVersion", proposal.profileVersion)
            writer.field("profileHours", proposal.profileHours)
            writer.field("gaps", proposal.gaps)
            writer.field("risks", proposal.risks)
            writer.field("hoursPerWeek", proposal.hoursPerWeek)
            writer.field("regionVersion", sheet.regionVersion)
        }
    }

    static func write(_ person: NetworkPerson, to writer: inout JSONWriter) {
        writer.field("id", person.id)
        writer.field("name", ifPresent: person.name)
        writer.field("relation", person.relation)
        writer.field("phone", ifPresent: person.phone)
        writer.field("helpsWith", ifPresent: person.helpsWith)
        writer.field("consentGivenOn", person.consentGivenOn)
        writer.field("recordedAt", person.recordedAt)
        writer.field("recordedBy", person.recordedBy)
        writer.field("withdrawnAt", ifPresent: person.withdrawnAt)
    }

    static func write(_ zone: ExclusionZone, on today: CivilDate, to writer: inout JSONWriter) {
        writer.field("id", zone.id)
        writer.field("municipality", zone.municipality.code)
        writer.field("neighbourhood", ifPresent: zone.neighbourhood)
        writer.field("ground", zone.ground)
        writer.field("until", ifPresent: zone.until)
        writer.field("inForce", zone.isInForce(on: today))
        writer.field("writtenAt", zone.writtenAt)
        writer.field("writtenBy", zone.writtenBy)
        writer.field("endedAt", ifPresent: zone.endedAt)
    }
}
