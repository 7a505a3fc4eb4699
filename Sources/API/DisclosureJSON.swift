// A line of the ledger for the person it is about: the codes for scripts, and in plain Dutch and English (B1) who looked,
// at what, when and why that is allowed. Knows the words and decides nothing.

internal import Domain
internal import JSON
internal import Storage

enum DisclosureJSON {
    static func write(_ line: DisclosureLine, to writer: inout JSONWriter) {
        writer.field("at", line.at)
        writer.field("role", line.role)
        writer.field("trustedPerson", ifPresent: line.trustedPerson)
        writer.organisation("organisation", line.organisation)
        writer.field("action", line.action)
        writer.field("purpose", line.purpose)
        writer.field("grounds", line.grounds)
        writer.field("fields", line.fields)
        writer.field("result", line.result)
        writer.field("emergency", line.isEmergency)
        writer.field("count", line.count)
        if let source = line.source { write(source, to: &writer) }
        writer.object("text") { writer in
            let text = sentences(line)
            writer.field("nl", text.nl)
            writer.field("en", text.en)
        }
    }

    /// An entry for who checks on those who look: its number in the ledger and whom it is about, too.
    static func write(_ line: LedgerLine, to writer: inout JSONWriter) {
        writer.field("sequence", line.disclosure.sequence)
        if line.referral != .nobody { writer.field("referral", line.referral) }
        var disclosure = line.disclosure
        disclosure.source = line.source
        write(disclosure, to: &writer)
    }

    private static func write(_ source: LedgerSource, to writer: inout JSONWriter) {
        if !source.isLocalOperator { writer.field("token", source.token) }
        writer.field("requestId", source.trace.requestID)
        writer.field("traceId", source.trace.traceID)
        writer.field("address", source.trace.address)
    }

    /// What happened, in a few short sentences.
    static func sentences(_ line: DisclosureLine) -> Bilingual {
        var parts = [happened(line)]
        if line.count > 1 {
            parts.append(
                Bilingual(
                    "Dit gebeurde die dag \(line.count) keer; dit was de laatste keer.",
                    "This happened \(line.count) times that day; this was the last time."))
        }
        if line.isEmergency { parts.append(Bilingual("Het was een noodgeval.", "It was an emergency.")) }
        if let purpose = DisclosurePurpose(rawValue: line.purpose) { parts.append(words(purpose)) }
        parts += line.grounds.map(words)
        return Bilingual(
            parts.map(\.nl).joined(separator: " "), parts.map(\.en).joined(separator: " "))
    }

    private static func happened(_ line: DisclosureLine) -> Bilingual {
        let who = words(line.role)
        let place = line.organisation.name
        let actor: Bilingual =
            if line.organisation.id == Actor.clockwork.organisation {
                Bilingual("De klok van Thuispunt", "the clock of Thuispunt")
            } else if let name = line.trustedPerson {
                Bilingual("\(name), die met u meekijkt,", "\(name), who looks along with you,")
            } else if line.role == .candidate {
                who
            } else {
                Bilingual("\(who.nl) van \(place)", "\(who.en) of \(place)")
            }
        let moment = line.at.words
        if line.result == .refused {
            return Bilingual(
                "\(actor.nl) wilde u op \(moment.nl) aanmelden en hoorde dat u al bent aangemeld.",
                "On \(moment.en) \(actor.en) wanted to register you and was told that you are registered already.")
        }
        let deed = words(DisclosureDeed(action: line.action))
        let groups = line.fields.compactMap { Self.groups[$0] }
        let what = Bilingual(
            groups.isEmpty ? "uw dossier" : groups.map(\.nl).joined(separator: ", "),
            groups.isEmpty ? "your file" : groups.map(\.en).joined(separator: ", "))
        return Bilingual(
            "\(actor.nl) heeft op \(moment.nl) \(deed.nl): \(what.nl).",
            "On \(moment.en) \(actor.en) \(deed.en): \(what.en).")
    }

    // MARK: words

    private static func words(_ role: Role) -> Bilingual {
        switch role {
        case .referrer: Bilingual("Een verwijzer", "a referrer")
        case .supporter: Bilingual("Een begeleider", "a support worker")
        case .policymaker: Bilingual("Een beleidsmedewerker", "a policy officer")
        case .intaker: Bilingual("Een intaker", "an intake worker")
        case .coordinator: Bilingual("De coördinator wonen", "the housing coordinator")
        case .allocator: Bilingual("Een woonconsulent", "a housing officer")
        case .panel: Bilingual("De bewonersgroep", "the resident panel")
        case .candidate: Bilingual("U", "you")
        case .auditor: Bilingual("Een toezichthouder", "an auditor")
        case .admin: Bilingual("Een beheerder", "an administrator")
        }
    }

    private static func words(_ deed: DisclosureDeed) -> Bilingual {
        switch deed {
        case .create: Bilingual("ingevoerd", "entered")
        case .read: Bilingual("bekeken", "read")
        case .list: Bilingual("in een lijst gezien", "saw in a list")
        case .search: Bilingual("gezocht en gezien", "searched for and saw")
        case .change: Bilingual("gewijzigd", "changed")
        case .link: Bilingual("gekoppeld of losgemaakt", "linked or separated")
        case .export: Bilingual("als bestand opgehaald", "got as a file")
        case .print: Bilingual("afgedrukt", "printed")
        case .emergency: Bilingual("met de noodknop geopend", "opened with the emergency button")
        }
    }

    private static func words(_ purpose: DisclosurePurpose) -> Bilingual {
        switch purpose {
        case .referral: Bilingual("Dat was voor uw aanmelding.", "It was for your referral.")
        case .support: Bilingual("Dat was om u te begeleiden.", "It was to support you.")
        case .policy:
            Bilingual(
                "Dat was om te zien hoe het gaat met iedereen die wacht.",
                "It was to see how everybody who waits is doing.")
        case .intake: Bilingual("Dat was om te bepalen wat bij u past.", "It was to find out what fits you.")
        case .allocation: Bilingual("Dat was om een woning voor u te vinden.", "It was to find a home for you.")
        case .letting: Bilingual("Dat was om een woning aan u te verhuren.", "It was to let a home to you.")
        case .ownAccess: Bilingual("Het is uw eigen dossier.", "It is your own file.")
        case .audit:
            Bilingual("Dat was om te controleren wie gegevens ziet.", "It was to check who sees data.")
        case .administration:
            Bilingual("Dat was om de dienst te beheren.", "It was to run the service.")
        }
    }

    private static func words(_ ground: DisclosureGround) -> Bilingual {
        switch ground {
        case .municipalTask:
            Bilingual(
                "Het mag, want het is een taak van de gemeente (Wmo 2015, artikel 5.1.1).",
                "It is allowed because it is the municipality's task (Wmo 2015, article 5.1.1).")
        case .providerTask:
            Bilingual(
                "Het mag, want wie u helpt heeft dit nodig (Wmo 2015, artikelen 5.1.2 en 5.2.1).",
                "It is allowed because those who help you need it (Wmo 2015, articles 5.1.2 and 5.2.1).")
        case .citizenServiceNumber:
            Bilingual(
                "Het burgerservicenummer mag erbij volgens de Wmo 2015, artikel 5.2.9.",
                "The citizen service number is allowed by the Wmo 2015, article 5.2.9.")
        case .consent:
            Bilingual(
                "Het mag, want u gaf toestemming (AVG, artikel 6; Wmo 2015, artikelen 5.1.1 en 5.3.3).",
                "It is allowed because you agreed (GDPR, article 6; Wmo 2015, articles 5.1.1 and 5.3.3).")
        case .ownRecord:
            Bilingual(
                "Het mag, want deze organisatie schreef het zelf op en heeft het nodig voor haar taak (AVG, artikel 6).",
                "It is allowed because this organisation wrote it down itself and needs it for its task (GDPR, article 6)."
            )
        case .contract:
            Bilingual(
                "Het mag, want het hoort bij uw huurcontract (AVG, artikel 6).",
                "It is allowed because it belongs to your tenancy agreement (GDPR, article 6).")
        case .ownRight:
            Bilingual(
                "U hebt recht op inzage (AVG, artikel 15).", "You have the right to see it (GDPR, article 15).")
        case .accountability:
            Bilingual(
                "Het mag, want er moet toezicht zijn (AVG, artikelen 5 en 32).",
                "It is allowed because there must be oversight (GDPR, articles 5 and 32).")
        case .vitalInterests:
            Bilingual(
                "Het mag, want iemand was in gevaar (AVG, artikel 6).",
                "It is allowed because somebody was in danger (GDPR, article 6).")
        }
    }

    /// The groups of fields by their codes.
    static let groups: [String: Bilingual] = [
        "status": Bilingual("hoe ver uw aanmelding is", "how far your referral is"),
        "origin": Bilingual("wie u aanmeldde en waarom", "who referred you and why"),
        "identity": Bilingual("uw naam en geboortedatum", "your name and date of birth"),
        "contact": Bilingual("uw telefoonnummer en e-mailadres", "your phone number and e-mail address"),
        "bsn": Bilingual("uw burgerservicenummer", "your citizen service number"),
        "bsn_tail": Bilingual(
            "de laatste drie cijfers van uw burgerservicenummer", "the last three digits of your citizen service number"
        ),
        "care": Bilingual("uw gezondheid en de hulp die u nodig hebt", "your health and the help you need"),
        "finances": Bilingual("uw inkomen en schulden", "your income and debts"),
        "rent_fit": Bilingual("of de huur bij uw inkomen past", "whether the rent fits your income"),
        "wishes": Bilingual("uw woonwensen", "your housing wishes"),
        "housing_needs": Bilingual(
            "met hoeveel mensen u bent en wat de woning moet hebben", "how many you are and what the home must have"),
        "support": Bilingual("uw begeleiding", "your support"),
        "decision": Bilingual("het besluit over uw aanmelding", "the decision on your referral"),
        "duplicates": Bilingual("of u al was aangemeld", "whether you were registered already"),
        "address": Bilingual("het adres van een woning", "the address of a home"),
        "workings": Bilingual("de afweging van de centrale toegang", "the intake point's reasoning"),
        "dossier": Bilingual("welk dossier van u is", "which file is yours"),
        "consents": Bilingual("uw toestemmingen", "your consents"),
        "signal_words": Bilingual(
            "wat iemand over uw woning of u schreef", "what somebody wrote about your home or you"),
        "disclosures": Bilingual("wie uw gegevens heeft gezien", "who saw your data"),
    ]
}
