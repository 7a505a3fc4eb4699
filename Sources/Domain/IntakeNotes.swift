// What belongs to the conversation besides report and wishes: what was said and handed in, the people around somebody, the
// places they must avoid, and what advice was told to them. Pure values; whose they are to see is PolicyTable's.

/// An intake record, as the subject of an identifier.
package enum IntakeRecordTag {}
/// Somebody of a network, as the subject of an identifier.
package enum NetworkPersonTag {}
/// A zone to avoid, as the subject of an identifier.
package enum ExclusionZoneTag {}
/// An advice that was told, as the subject of an identifier.
package enum AdviceToldTag {}
/// The name of somebody of a network.
package typealias NetworkPersonID = Identifier<NetworkPersonTag>
/// The name of a zone to avoid.
package typealias ExclusionZoneID = Identifier<ExclusionZoneTag>

/// What an intake record is of.
package enum IntakeRecordKind: String, CaseIterable, Sendable {
    /// A conversation, with what was said.
    case conversation
    /// The person's own plan (persoonlijk plan; Wmo 2015, article 2.3.2(2)).
    case personalPlan = "personal_plan"
    /// Somebody pointed to free independent client support (Wmo 2015, article 2.3.2(3)).
    case clientSupport = "client_support"
}

/// Something said, handed in or pointed to.
package struct IntakeRecord: Sendable, Equatable {
    package var id: Identifier<IntakeRecordTag>
    package var kind: IntakeRecordKind
    package var on: CivilDate
    package var text: String
    package var writtenAt: Instant
    package var writtenBy: Role

    /// A record from its parts.
    package init(
        id: Identifier<IntakeRecordTag>, kind: IntakeRecordKind, on: CivilDate, text: String, writtenAt: Instant,
        writtenBy: Role
    ) {
        self.id = id
        self.kind = kind
        self.on = on
        self.text = text
        self.writtenAt = writtenAt
        self.writtenBy = writtenBy
    }
}

/// What somebody of the network is to the person.
package enum NetworkRelation: String, CaseIterable, Sendable {
    case family, friend, neighbour, colleague, volunteer, other
}

/// Somebody from the person's own surroundings who will help, with their own consent to be written down. Once that is
/// withdrawn, who it was is gone.
package struct NetworkPerson: Sendable, Equatable {
    package var id: NetworkPersonID
    /// Nil once the consent is withdrawn.
    package var name: String?
    package var relation: NetworkRelation
    package var phone: String?
    package var helpsWith: String?
    package var consentGivenOn: CivilDate
    package var recordedAt: Instant
    package var recordedBy: Role
    package var withdrawnAt: Instant?

    /// Somebody from their parts.
    package init(
        id: NetworkPersonID, name: String?, relation: NetworkRelation, phone: String?, helpsWith: String?,
        consentGivenOn: CivilDate, recordedAt: Instant, recordedBy: Role, withdrawnAt: Instant? = nil
    ) {
        self.id = id
        self.name = name
        self.relation = relation
        self.phone = phone
        self.helpsWith = helpsWith
        self.consentGivenOn = consentGivenOn
        self.recordedAt = recordedAt
        self.recordedBy = recordedBy
        self.withdrawnAt = withdrawnAt
    }
}

/// Why somebody must stay away from a place.
package enum ExclusionGround: String, CaseIterable, Sendable {
    /// A judge forbade contact with somebody who lives there (contactverbod).
    case contactBan = "contact_ban"
    /// A judge forbade the person to be there (gebiedsverbod).
    case areaBan = "area_ban"
    /// The person is in danger there.
    case unsafe
    /// The person would fall back there.
    case relapse
}

/// A place where a person can not live.
package struct ExclusionZone: Sendable, Equatable {
    package var id: ExclusionZoneID
    package var municipality: Municipality
    /// Nil for the whole municipality.
    package var neighbourhood: String?
    package var ground: ExclusionGround
    /// The last day; nil for as long as nobody ends it.
    package var until: CivilDate?
    package var writtenAt: Instant
    package var writtenBy: Role
    package var endedAt: Instant?

    /// A zone from its parts.
    package init(
        id: ExclusionZoneID, municipality: Municipality, neighbourhood: String?, ground: ExclusionGround,
        until: CivilDate?, writtenAt: Instant, writtenBy: Role, endedAt: Instant? = nil
    ) {
        self.id = id
        self.municipality = municipality
        self.neighbourhood = neighbourhood
        self.ground = ground
        self.until = until
        self.writtenAt = writtenAt
        self.writtenBy = writtenBy
        self.endedAt = endedAt
    }

    /// Whether it holds on a day; its last day is `until`.
    package func isInForce(on day: CivilDate) -> Bool { endedAt == nil && until.map { $0 >= day } ?? true }

    /// Whether a home there is ruled out on a day. Case, accents and articles make no other neighbourhood.
    package func excludes(_ municipality: Municipality, neighbourhood: String, on day: CivilDate) -> Bool {
        guard isInForce(on: day), municipality == self.municipality else { return false }
        guard let own = self.neighbourhood else { return true }
        return PersonName.familyKey(own) == PersonName.familyKey(neighbourhood)
    }
}

/// That somebody was told where else to go.
package struct AdviceTold: Sendable, Equatable {
    package var id: Identifier<AdviceToldTag>
    package var advice: Advice
    package var note: String?
    package var at: Instant
    package var by: Role

    /// A telling from its parts.
    package init(id: Identifier<AdviceToldTag>, advice: Advice, note: String?, at: Instant, by: Role) {
        self.id = id
        self.advice = advice
        self.note = note
        self.at = at
        self.by = by
    }
}

/// Where a person is pointed to, and what came of it.
package struct AdviceLine: Sendable, Equatable {
    /// What it follows from.
    package enum Source: String, CaseIterable, Sendable {
        case screening
        case decision
    }
    package var contact: AdviceContact
    package var source: Source
    /// The version of the region's settings that it rests on; 0 for the defaults.
    package var regionVersion: Int
    /// The version of the criteria that an answer at the door did not meet; nil for a decision.
    package var criteriaVersion: Int?
    package var told: [AdviceTold]

    /// A line from its parts.
    package init(
        contact: AdviceContact, source: Source, regionVersion: Int, criteriaVersion: Int?, told: [AdviceTold]
    ) {
        self.contact = contact
        self.source = source
        self.regionVersion = regionVersion
        self.criteriaVersion = criteriaVersion
        self.told = told
    }
}
