// A referral, its summary and its timeline as JSON. Writes what the view holds: a part that is nil was never read, and
// has no member here either.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

extension JSONWriter {
    mutating func field<Subject>(_ name: StaticString, _ id: Identifier<Subject>) { field(name, id.description) }
    mutating func field(_ name: StaticString, _ instant: Instant) { field(name, instant.description) }
    mutating func field(_ name: StaticString, ifPresent instant: Instant?) {
        if let instant { field(name, instant) }
    }
    mutating func field(_ name: StaticString, _ day: CivilDate) { field(name, day.description) }
    mutating func field(_ name: StaticString, ifPresent day: CivilDate?) {
        if let day { field(name, day) }
    }
    mutating func field<Word: RawRepresentable<String>>(_ name: StaticString, _ word: Word) {
        field(name, word.rawValue)
    }
    mutating func field<Word: RawRepresentable<String>>(_ name: StaticString, ifPresent word: Word?) {
        if let word { field(name, word.rawValue) }
    }
    mutating func field<Word: RawRepresentable<String>>(_ name: StaticString, _ words: [Word]) {
        field(name, words.map(\.rawValue))
    }

    mutating func organisation(_ name: StaticString, _ organisation: OrganisationName) {
        object(name) { writer in
            writer.field("id", organisation.id)
            writer.field("name", organisation.name)
        }
    }

    /// A list of items under `items`, as every list has it.
    mutating func items<Item>(_ items: [Item], _ write: (inout JSONWriter, Item) -> Void) {
        object { writer in
            writer.array("items") { writer in
                for item in items { writer.object { write(&$0, item) } }
            }
        }
    }
}

enum ReferralJSON {
    static func write(_ view: ReferralView, to writer: inout JSONWriter) {
        standing(view.standing, to: &writer)
        writer.field("holdUntil", ifPresent: view.standing.holdUntil)
        if view.groups.contains(.decision) { writer.field("outcome", ifPresent: view.standing.outcome) }
        if let origin = view.origin { write(origin, to: &writer) }
        person(view, to: &writer)
        if let care = view.care { write(care, to: &writer) }
        if let finances = view.finances, finances != Finances() {
            writer.object("finances") { writer in
                writer.field("incomePerMonth", ifPresent: finances.incomePerMonth)
                writer.field("debts", ifPresent: finances.debts)
            }
        }
        housingNeeds(view.household, view.accessibility, to: &writer)
        if let wishes = view.wishes {
            writer.object("wishes") { ConversationJSON.write(wishes, now: view.readAt, to: &$0) }
        }
        if let support = view.support { commitment(support, to: &writer) }
        if let decision = view.decision { write(decision, to: &writer) }
        if let themes = view.themes { writer.field("themes", themes) }
        if let assignee = view.assignee {
            writer.object("assignee") { writer in
                writer.field("token", assignee.token)
                writer.field("label", assignee.label)
            }
        }
        if !view.possibleDuplicates.isEmpty {
            writer.array("possibleDuplicates") { writer in
                for duplicate in view.possibleDuplicates {
                    writer.object { writer in
                        writer.field("id", duplicate.id)
                        writer.field("basis", duplicate.basis)
                    }
                }
            }
        }
    }

    static func write(_ line: ReferralSummary, to writer: inout JSONWriter) {
        standing(line.standing, to: &writer)
        if line.groups.contains(.decision) { writer.field("urgency", ifPresent: line.standing.urgency) }
        writer.field("externalReference", ifPresent: line.externalReference)
        if let identity = line.identity { writer.object("person") { write(identity, to: &$0) } }
        if let clock = line.clock {
            writer.object("clock") { writer in
                writer.field("kind", clock.kind)
                writer.field("dueOn", clock.dueOn)
            }
        }
    }

    private static func standing(_ standing: ReferralStanding, to writer: inout JSONWriter) {
        writer.field("id", standing.id)
        writer.field("candidateNumber", standing.candidateNumber)
        writer.field("status", standing.state)
        writer.field("route", standing.route)
        writer.field("municipality", standing.municipality.code)
        writer.field("receivedAt", standing.receivedAt)
        writer.field("updatedAt", standing.updatedAt)
        writer.field("version", standing.version)
        writer.field("waitingSince", ifPresent: standing.waitingSince)
        writer.field("promiseDueOn", ifPresent: standing.promiseDueOn)
    }

    private static func write(_ origin: Origin, to writer: inout JSONWriter) {
        writer.organisation("referrer", origin.referrer)
        writer.field("externalReference", ifPresent: origin.externalReference)
        if let consultation = origin.consultation { writer.field("consultation", consultation) }
        if let opening = origin.opening { write(opening, to: &writer) }
        if let before = origin.handedOverFrom {
            writer.object("handedOverFrom") { writer in
                writer.field("name", before.name)
                writer.field("reference", before.reference)
            }
        }
    }

    static func write(_ opening: Opening, to writer: inout JSONWriter) {
        writer.object("opening") { writer in
            switch opening {
            case .answered(let missed, let needed):
                writer.field("missedSignals", missed)
                writer.field("neededTwoYearsAgo", needed)
            case .declined: writer.field("declined", true)
            }
        }
    }

    private static func person(_ view: ReferralView, to writer: inout JSONWriter) {
        guard view.identity != nil || view.contact != nil || view.bsn != nil || view.bsnLastDigits != nil else {
            return
        }
        writer.object("person") { writer in
            if let identity = view.identity { write(identity, to: &writer) }
            if let contact = view.contact { write(contact, to: &writer) }
            writer.field("bsn", ifPresent: view.bsn?.disclosedDigits)
            writer.field("bsnLastDigits", ifPresent: view.bsnLastDigits)
        }
    }

    static func write(_ identity: Identity, to writer: inout JSONWriter) {
        writer.field("givenName", identity.givenName)
        writer.field("infix", ifPresent: identity.infix)
        writer.field("familyName", identity.familyName)
        writer.field("birthDate", identity.birthDate)
    }

    static func write(_ contact: Contact, to writer: inout JSONWriter) {
        writer.field("phone", ifPresent: contact.phone)
        writer.field("email", ifPresent: contact.email)
    }

    private static func write(_ care: CareWords, to writer: inout JSONWriter) {
        writer.object("screening") { writer in
            write(care.screening, to: &writer)
            writer.field("urgentNeed", care.screening.isUrgent)
            writer.field("advice", care.advice)
            writer.field("regionVersion", care.regionVersion)
            writer.field("criteriaVersion", care.criteriaVersion)
        }
        writer.field("supportNeeds", care.supportNeeds)
        writer.field("health", ifPresent: care.health)
    }

    static func write(_ screening: Screening, to writer: inout JSONWriter) {
        writer.field("legalResidence", screening.legalResidence)
        writer.field("acuteDanger", screening.acuteDanger)
        writer.field("lasting24hSupervision", screening.lasting24hSupervision)
        writer.field("ownStrengthSuffices", screening.ownStrengthSuffices)
        writer.field("homelessTonight", screening.homelessTonight)
    }

    static func housingNeeds(_ household: Household?, _ access: [Accessibility]?, to writer: inout JSONWriter) {
        if let household {
            writer.object("household") { writer in
                writer.field("adults", household.adults)
                writer.field("children", household.children)
                writer.field("pets", household.pets)
            }
        }
        if let access { writer.field("accessibility", access) }
    }

    static func commitment(_ support: SupportCommitment, to writer: inout JSONWriter) {
        writer.object("support") { writer in
            writer.organisation("provider", support.provider)
            writer.field("hoursPerWeek", support.hoursPerWeek)
            writer.field("startsOn", support.startsOn)
            writer.object("contact") { writer in
                writer.field("name", support.contactName)
                writer.field("phone", support.contactPhone)
            }
        }
    }

    private static func write(_ decision: Decision, to writer: inout JSONWriter) {
        writer.object("decision") { writer in
            writer.field("kind", decision.kind)
            writer.field("at", decision.at)
            writer.field("urgency", ifPresent: decision.urgency)
            writer.field("urgencyGround", ifPresent: decision.urgencyGround)
            writer.field("form", ifPresent: decision.form)
            writer.field("profileVersion", ifPresent: decision.profileVersion)
            writer.field("agreementWaived", ifPresent: decision.agreementWaived)
            writer.field("advice", decision.advice)
            writer.field("objectionDueOn", ifPresent: decision.objectionDueOn)
            writer.field("regionVersion", decision.regionVersion)
            writer.field("handoverTo", ifPresent: decision.handoverTo)
        }
    }

    static func write(_ event: Event, to writer: inout JSONWriter) {
        writer.field("id", event.id)
        writer.field("kind", event.kind)
        writer.field("from", ifPresent: event.from)
        writer.field("to", ifPresent: event.to)
        writer.field("at", event.at)
        writer.field("role", event.role)
        if let organisation = event.organisation { writer.organisation("organisation", organisation) }
        writer.field("reason", ifPresent: event.reason)
        guard !event.replaced.isEmpty else { return }
        writer.array("replaced") { writer in
            for trace in event.replaced {
                writer.object { writer in
                    writer.field("field", trace.field)
                    writer.field("before", ifPresent: trace.before)
                }
            }
        }
    }

    static func write(_ moves: [ReferralMove], from standing: ReferralStanding, to writer: inout JSONWriter) {
        writer.field("status", standing.state)
        writer.array("moves") { writer in
            for move in moves {
                let state = ReferralLifecycle.state(after: move, from: standing.state, resuming: standing.resuming)
                writer.object { writer in
                    writer.field("move", move)
                    writer.field("to", ifPresent: state)
                }
            }
        }
    }
}
