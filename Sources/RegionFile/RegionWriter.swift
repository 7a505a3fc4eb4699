// A region's settings written as the document that RegionReader reads: whole, also what the defaults gave, so that a
// version can be read years later without knowing the defaults of then.

package import Domain
package import JSON

/// Writes settings as JSON.
package enum RegionWriter {
    /// The document.
    package static func encode(_ settings: RegionSettings) -> [UInt8] {
        var writer = JSONWriter(reservingBytes: 16 << 10)
        writer.object { write(settings, to: &$0) }
        return writer.finish()
    }

    /// The members of the document, into an object that is open.
    package static func write(_ settings: RegionSettings, to writer: inout JSONWriter) {
        writer.field("name", settings.name)
        list("municipalities", settings.municipalities, &writer) { one, writer in
            writer.field("code", one.code.code)
            writer.field("name", one.name)
            writer.field("central", one.central.code)
        }
        writer.object("clocks") { writer in
            for kind in ClockKind.allCases {
                writer.name(text: kind.rawValue)
                writer.object { writer in
                    switch settings.term(of: kind) {
                    case .workingDays(let count): writer.field("workingDays", count)
                    case .days(let count): writer.field("days", count)
                    }
                }
            }
        }
        list("profiles", settings.profiles, &writer, write)
        list("criteria", settings.criteria, &writer) { one, writer in
            writer.field("version", one.version)
            writer.field("validFrom", one.validFrom.description)
            writer.field("municipalities", one.municipalities.map(\.code))
            writer.field("questions", one.questions.map(\.rawValue))
            writer.field("minimumAgeMonths", one.minimumAgeMonths)
        }
        list("advice", settings.advice, &writer) { one, writer in
            writer.field("advice", one.advice.rawValue)
            writer.field("name", one.name)
            writer.field("why", one.why)
            writer.field("phone", ifPresent: one.phone)
            writer.field("url", ifPresent: one.url)
        }
        writeSupply(settings, to: &writer)
        list("conditions", settings.conditions, &writer) { one, writer in
            writer.field("party", one.party.rawValue)
            writer.field("gives", one.gives.rawValue)
            writer.field("needs", one.needs.map(\.rawValue))
        }
        writer.object("retention") { writer in
            writer.field("withProvisionYears", settings.retention.withProvisionYears)
            writer.field("withoutProvisionYears", settings.retention.withoutProvisionYears)
        }
    }

    private static func writeSupply(_ settings: RegionSettings, to writer: inout JSONWriter) {
        list("rents", settings.rents, &writer) { one, writer in
            writer.field("year", one.year)
            writer.field("maximumSharePercent", one.maximumSharePercent)
            list("limits", one.limits, &writer) { limit, writer in
                writer.field("householdSize", limit.householdSize)
                writer.field("maximumRent", limit.maximumRent)
            }
        }
        list("caps", settings.caps, &writer) { one, writer in
            writer.field("scope", one.scope.rawValue)
            writer.field("municipality", ifPresent: one.municipality?.code)
            writer.field("neighbourhood", ifPresent: one.neighbourhood)
            writer.field("perYear", one.perYear)
        }
        list("agreements", settings.agreements, &writer) { one, writer in
            writer.field("year", one.year)
            writer.field("corporation", one.corporation)
            writer.field("municipality", one.municipality.code)
            writer.field("form", one.form.rawValue)
            writer.field("dwellings", one.dwellings)
        }
        writer.field("holdToAgreements", settings.holdsToAgreements)
        list("providers", settings.providers, &writer) { one, writer in
            writer.field("provider", one.provider)
            writer.field("places", one.places)
        }
    }

    private static func write(_ profile: ExitProfile, to writer: inout JSONWriter) {
        writer.field("form", profile.form.rawValue)
        writer.field("version", profile.version)
        writer.object("minimumLevels") { writer in
            for skill in Skill.allCases {
                guard let level = profile.minimumLevels[skill] else { continue }
                writer.name(text: skill.rawValue)
                writer.value(level)
            }
        }
        writer.field("compensable", profile.compensable.map(\.rawValue))
        writer.field("availability", profile.availability.rawValue)
        writer.field("hoursPerWeek", ifPresent: profile.hoursPerWeek)
        list("signatures", profile.signatures, &writer) { one, writer in
            writer.field("party", one.party.rawValue)
            writer.field("by", one.by)
            writer.field("on", one.on.description)
        }
    }

    private static func list<Item>(
        _ name: StaticString, _ items: [Item], _ writer: inout JSONWriter,
        _ write: (Item, inout JSONWriter) -> Void
    ) {
        writer.array(name) { writer in
            for item in items { writer.object { write(item, &$0) } }
        }
    }
}
