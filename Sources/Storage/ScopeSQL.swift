// Turns a visibility into WHERE: the only place where "what may this actor know of" becomes SQL. Every find and list of
// a store takes a visibility, so a read without one does not compile; a property test holds these clauses against
// the policy's own `contains`.

internal import Domain
internal import SQLite

/// A condition and the values for its question marks.
struct Scope {
    var clause: String
    var values: [Value]

    /// Both conditions together.
    static func && (left: Scope, right: Scope) -> Scope {
        Scope(clause: "(\(left.clause)) AND (\(right.clause))", values: left.values + right.values)
    }

    static let nothing = Scope(clause: "0", values: [])
    static let everything = Scope(clause: "1", values: [])
}

/// How one row is looked for by its id: what follows FROM, the column that the id is held against, and the scope.
struct OneRow {
    var source: String
    var key: String
    var scope: Scope
}

enum ScopeSQL {
    /// What is restricted, for named people only; `r` is the alias of `referral`. Through nobody's eyes nothing is.
    private static func unrestricted(to reader: Reader?) -> Scope {
        guard let reader else { return .everything }
        return Scope(
            clause: """
                r.restricted = 0 OR EXISTS (SELECT 1 FROM named_person n
                    WHERE n.token_id = ? AND n.referral_id = r.id AND (n.ends_at IS NULL OR n.ends_at > ?))
                """, values: [reader.token.value, .integer(reader.asOf.milliseconds)])
    }

    /// Referrals; `r` is the alias of `referral`.
    ///
    /// - Parameter byRow: Whether a row is at hand already and only its scope is asked, so that nothing should be looked up
    ///   from the scope's side.
    static func referrals(_ visibility: ReferralVisibility, byRow: Bool = false) -> Scope {
        referrals(visibility.part, byRow) && unrestricted(to: visibility.reader)
    }

    private static func referrals(_ part: ReferralPart, _ byRow: Bool = false) -> Scope {
        switch part {
        case .nothing: .nothing
        case .everything: .everything
        case .owned(let organisation): Scope(clause: "r.organisation_id = ?", values: [organisation.value])
        case .residents(let municipality): Scope(clause: "r.municipality = ?", values: [.text(municipality.code)])
        case .supported(let provider):
            byRow
                ? Scope(clause: isSupported("r.id"), values: [provider.value])
                : Scope(
                    clause: """
                        r.id IN (SELECT referral_id FROM support_request
                                 WHERE provider_id = ? AND status = 'accepted')
                        """, values: [provider.value])
        case .single(let id): Scope(clause: "r.id = ?", values: [id.value])
        }
    }

    /// The people whom a provider supports, in the order of their ids along its own index: what follows FROM, and the scope; nil for
    /// another visibility. Whoever has more than one kind of support there is found once.
    static func walkOfSupported(_ visibility: ReferralVisibility) -> (source: String, scope: Scope)? {
        guard case .supported(let provider) = visibility.part else { return nil }
        let part = Scope(
            clause: """
                w.provider_id = ? AND w.status = 'accepted' AND NOT EXISTS (
                    SELECT 1 FROM support_request e INDEXED BY support_request_accepted
                    WHERE e.referral_id = w.referral_id AND e.status = 'accepted' AND e.provider_id = w.provider_id
                        AND e.id < w.id)
                """, values: [provider.value])
        return (
            """
            support_request w INDEXED BY support_request_supported CROSS JOIN referral r ON r.id = w.referral_id
            """, part && unrestricted(to: visibility.reader)
        )
    }

    private static func isSupported(_ referral: String) -> String {
        """
        EXISTS (SELECT 1 FROM support_request q INDEXED BY support_request_accepted
            WHERE q.referral_id = \(referral) AND q.status = 'accepted' AND q.provider_id = ?)
        """
    }

    /// Matches; `m` is the alias of `match`, `r` of its referral.
    static func matches(_ visibility: MatchVisibility, byRow: Bool = false) -> Scope {
        let offered = Scope(clause: "m.offered_at IS NOT NULL", values: [])
        let part: Scope =
            switch visibility.part {
            case .nothing: .nothing
            case .everything: .everything
            case .offeredTo(let landlord):
                Scope(clause: "m.landlord_id = ?", values: [landlord.value]) && offered
            case .offeredAbout(let part): referrals(part, byRow) && offered
            }
        return part && unrestricted(to: visibility.reader)
    }

    /// Dwellings; `d` is the alias of `dwelling`.
    static func dwellings(_ visibility: DwellingVisibility) -> Scope {
        switch visibility {
        case .nothing: .nothing
        case .everything: .everything
        case .owned(let organisation): Scope(clause: "d.organisation_id = ?", values: [organisation.value])
        }
    }

    /// Consultations; `c` is the alias of `consultation`.
    static func consultations(_ visibility: ConsultationVisibility) -> Scope {
        switch visibility {
        case .nothing: .nothing
        case .everything: .everything
        case .askedBy(let organisation): Scope(clause: "c.organisation_id = ?", values: [organisation.value])
        }
    }

    /// Support requests; `s` is the alias of `support_request`, `r` of its referral.
    static func supportRequests(_ visibility: SupportVisibility, byRow: Bool = false) -> Scope {
        let part: Scope =
            switch visibility.part {
            case .provider(let provider): Scope(clause: "s.provider_id = ?", values: [provider.value])
            case .about(let part): referrals(part, byRow)
            }
        return part && unrestricted(to: visibility.reader)
    }

    /// Tasks; `t` is the alias of `task`, `r` of its referral, of which there may be none. That an access in an emergency is to be judged is no secret
    /// to who judges it.
    static func tasks(_ visibility: TaskVisibility) -> Scope {
        let part: Scope =
            switch visibility.part {
            case .nothing: .nothing
            case .everything: .everything
            case .of(let organisation, let role):
                Scope(
                    clause: "t.organisation_id = ? AND t.role = ?", values: [organisation.value, .text(role.rawValue)])
            case .ofCandidate(let id):
                Scope(clause: "t.referral_id = ? AND t.role = 'candidate'", values: [id.value])
            }
        let restriction = unrestricted(to: visibility.reader)
        return part
            && Scope(
                clause: "t.referral_id IS NULL OR (\(restriction.clause)) OR t.kind = 'review_emergency_access'",
                values: restriction.values)
    }

    private static let aboutTheHome = SignalKind.allCases.filter(\.isAboutTheHome).map { "'\($0.rawValue)'" }
        .joined(separator: ", ")
    static let letNow =
        "g.kind IN (\(aboutTheHome)) AND (SELECT x.ended_on FROM tenancy x WHERE x.id = g.tenancy_id) IS NULL"

    /// Signals; `g` is the alias of `signal`, `r` of its referral, of which there may be none.
    static func signals(_ visibility: SignalVisibility, byRow: Bool = false) -> Scope {
        let part: Scope =
            switch visibility.part {
            case .nothing: .nothing
            case .everything: .everything
            case .given(let own): Scope(clause: given("= 'referrer'"), values: [own.value])
            case .givenOrSupported(let own):
                Scope(
                    clause: byRow
                        ? "(\(given("= 'supporter'"))) OR \(isSupported("g.referral_id"))"
                        : """
                        (\(given("= 'supporter'"))) OR g.referral_id IN (SELECT q.referral_id FROM support_request q
                            WHERE q.provider_id = ? AND q.status = 'accepted')
                        """, values: [own.value, own.value])
            case .givenOrLet(let own):
                Scope(
                    clause: "(\(given(landlords))) OR g.landlord_id = ? AND \(letNow)", values: [own.value, own.value])
            case .about(let id): Scope(clause: "g.referral_id = ?", values: [id.value])
            }
        let own: Scope? =
            switch visibility.part {
            case .given(let own): Scope(clause: given("= 'referrer'"), values: [own.value])
            case .givenOrSupported(let own): Scope(clause: given("= 'supporter'"), values: [own.value])
            case .givenOrLet(let own): Scope(clause: given(landlords), values: [own.value])
            case .nothing, .everything, .about: nil
            }
        return part && unrestrictedIfAny(to: visibility.reader, given: own)
    }

    // Colleagues in another role see another part of a person: what supporters warn of is not for who posts referrals.
    private static func given(_ role: String) -> String { "g.organisation_id = ? AND g.role \(role)" }
    private static let landlords = "IN ('allocator', 'panel')"

    /// A signal whose person was found out later does not tell by its absence that they are restricted: to others than those
    /// who gave it it is shown by who they are.
    private static func unrestrictedIfAny(to reader: Reader?, given: Scope? = nil) -> Scope {
        let restriction = unrestricted(to: reader)
        let anyway = Scope(clause: "r.id IS NULL OR (\(restriction.clause))", values: restriction.values)
        guard let given else { return anyway }
        return Scope(
            clause: "\(anyway.clause) OR (g.is_linked = 1 AND \(given.clause))", values: anyway.values + given.values)
    }

    /// Handovers; `h` is the alias of `handover`, `r` of its referral.
    static func handovers(_ visibility: HandoverVisibility) -> Scope {
        let part: Scope =
            switch visibility.part {
            case .nothing: .nothing
            case .everything: .everything
            case .asked(let own): Scope(clause: "h.recipient_id = ?", values: [own.value])
            case .about(let id): Scope(clause: "h.referral_id = ?", values: [id.value])
            }
        return part && unrestricted(to: visibility.reader)
    }

    // MARK: One row

    // What is there but hidden has to be missed where what is not there is missed, after the same steps, or a clock could
    // tell the two apart. So the scope and the id are two columns of one index, and one seek finds both or nothing.

    /// One referral, as `r`.
    static func oneReferral(_ visibility: ReferralVisibility) -> OneRow {
        let scope = referrals(visibility)
        switch visibility.part {
        case .nothing, .everything: return OneRow(source: "referral r", key: "r.id", scope: scope)
        case .owned: return OneRow(source: "referral r INDEXED BY referral_organisation", key: "r.id", scope: scope)
        case .residents: return OneRow(source: "referral r INDEXED BY referral_municipality", key: "r.id", scope: scope)
        // A candidate's own is found whichever is asked for; the plus keeps the other id from being looked up.
        case .single: return OneRow(source: "referral r", key: "+r.id", scope: scope)
        case .supported(let provider):
            return OneRow(
                source: """
                    support_request q INDEXED BY support_request_supported
                    CROSS JOIN referral r ON r.id = q.referral_id
                    """, key: "q.referral_id", scope: supported(by: provider) && unrestricted(to: visibility.reader))
        }
    }

    private static func supported(by provider: OrganisationID) -> Scope {
        Scope(clause: "q.provider_id = ? AND q.status = 'accepted'", values: [provider.value])
    }

    /// One match, as `m`, with its referral as `r`.
    static func oneMatch(_ visibility: MatchVisibility) -> OneRow {
        let withReferral = "CROSS JOIN referral r ON r.id = m.referral_id"
        switch visibility.part {
        case .nothing, .everything:
            return OneRow(source: "match m \(withReferral)", key: "m.id", scope: matches(visibility))
        case .offeredTo:
            return OneRow(
                source: "match m INDEXED BY match_offered_landlord \(withReferral)", key: "m.id",
                scope: matches(visibility))
        case .offeredAbout(let referrals):
            return about(
                Visible(referrals, by: visibility.reader), "match m INDEXED BY match_offered_referral", "m",
                and: "m.offered_at IS NOT NULL")
        }
    }

    /// One dwelling, as `d`.
    static func oneDwelling(_ visibility: DwellingVisibility) -> OneRow {
        let index = if case .owned = visibility { "INDEXED BY dwelling_organisation" } else { "" }
        return OneRow(source: "dwelling d \(index)", key: "d.id", scope: dwellings(visibility))
    }

    /// One support request, as `s`, with its referral as `r`.
    static func oneSupportRequest(_ visibility: SupportVisibility) -> OneRow {
        switch visibility.part {
        case .provider:
            OneRow(
                source: """
                    support_request s INDEXED BY support_request_provider
                    CROSS JOIN referral r ON r.id = s.referral_id
                    """, key: "s.id", scope: supportRequests(visibility))
        case .about(let referrals):
            about(
                Visible(referrals, by: visibility.reader), "support_request s INDEXED BY support_request_referral", "s")
        }
    }

    /// One tenancy, as `t`, with its referral as `r`.
    static func oneTenancy(_ visibility: TenancyVisibility) -> OneRow {
        switch visibility.part {
        case .landlord:
            OneRow(
                source: "tenancy t INDEXED BY tenancy_landlord CROSS JOIN referral r ON r.id = t.referral_id",
                key: "t.id", scope: tenancies(visibility))
        case .about(let referrals):
            about(Visible(referrals, by: visibility.reader), "tenancy t INDEXED BY tenancy_referral", "t")
        }
    }

    /// One signal, as `g`, with its referral as `r` when it has one: one way to look, or two, each of which misses what is
    /// hidden where it misses what is not there.
    static func oneSignal(_ visibility: SignalVisibility) -> [OneRow] {
        let withReferral = "LEFT JOIN referral r ON r.id = g.referral_id"
        let restriction = unrestrictedIfAny(to: visibility.reader)
        func given(by own: OrganisationID, _ role: String) -> OneRow {
            OneRow(
                source: "signal g INDEXED BY signal_organisation \(withReferral)", key: "g.id",
                scope: Scope(clause: Self.given(role), values: [own.value])
                    && unrestrictedIfAny(
                        to: visibility.reader, given: Scope(clause: Self.given(role), values: [own.value]))
            )
        }
        switch visibility.part {
        case .nothing, .everything:
            return [OneRow(source: "signal g \(withReferral)", key: "g.id", scope: signals(visibility))]
        case .given(let own): return [given(by: own, "= 'referrer'")]
        case .givenOrSupported(let own):
            let supported = OneRow(
                source: """
                    support_request q INDEXED BY support_request_supported
                    CROSS JOIN signal g INDEXED BY signal_referral ON g.referral_id = q.referral_id
                    CROSS JOIN referral r ON r.id = q.referral_id
                    """, key: "g.id", scope: Self.supported(by: own) && unrestricted(to: visibility.reader))
            return [given(by: own, "= 'supporter'"), supported]
        case .givenOrLet(let own):
            let rented = OneRow(
                source: "signal g INDEXED BY signal_landlord \(withReferral)", key: "g.id",
                scope: Scope(clause: "g.landlord_id = ? AND \(letNow)", values: [own.value]) && restriction)
            return [given(by: own, landlords), rented]
        case .about(let id):
            return [
                OneRow(
                    source: "signal g INDEXED BY signal_referral \(withReferral)", key: "g.id",
                    scope: Scope(clause: "g.referral_id = ?", values: [id.value]) && restriction)
            ]
        }
    }

    /// One task, as `t`, with its referral as `r` when it has one.
    static func oneTask(_ visibility: TaskVisibility) -> OneRow {
        OneRow(
            source: "task t LEFT JOIN referral r ON r.id = t.referral_id", key: "t.id", scope: tasks(visibility))
    }

    /// One consultation, as `c`.
    static func oneConsultation(_ visibility: ConsultationVisibility) -> OneRow {
        OneRow(source: "consultation c", key: "c.id", scope: consultations(visibility))
    }

    /// One handover, as `h`, with its referral as `r`.
    static func oneHandover(_ visibility: HandoverVisibility) -> OneRow {
        let index =
            switch visibility.part {
            case .nothing, .everything: ""
            case .asked: "INDEXED BY handover_recipient"
            case .about: "INDEXED BY handover_referral"
            }
        return OneRow(
            source: "handover h \(index) CROSS JOIN referral r ON r.id = h.referral_id", key: "h.id",
            scope: handovers(visibility))
    }

    // What is about a referral: from the few referrals in the scope to what has the id among theirs.
    private static func about(
        _ visibility: ReferralVisibility, _ table: String, _ alias: String, and condition: String = "1"
    ) -> OneRow {
        let rest = Scope(clause: condition, values: [])
        let key = "\(alias).id"
        switch visibility.part {
        case .single:
            return OneRow(
                source: "referral r CROSS JOIN \(table) ON \(alias).referral_id = r.id", key: key,
                scope: referrals(visibility) && rest)
        case .supported(let provider):
            return OneRow(
                source: """
                    support_request q INDEXED BY support_request_supported
                    CROSS JOIN \(table) ON \(alias).referral_id = q.referral_id
                    CROSS JOIN referral r ON r.id = q.referral_id
                    """, key: key,
                scope: supported(by: provider) && unrestricted(to: visibility.reader) && rest)
        case .nothing, .everything, .owned, .residents:
            let bare = table.prefix { $0 != " " } + " \(alias)"
            return OneRow(
                source: "\(bare) CROSS JOIN referral r ON r.id = \(alias).referral_id", key: key,
                scope: referrals(visibility) && rest)
        }
    }

    // The intake point's own business: drafts, what may be one person's, and who does what.
    static let ownKinds =
        "'match_proposed', 'draft_withdrawn', 'link', 'unlink', 'task_done', 'task_assigned', 'task_answered', 'restricted', 'restriction_ended', 'assigned'"

    /// Events; `e` is the alias of `event`, `o` of its organisation. Which rows, and what stands in the columns of reason
    /// and organisation.
    static func timeline(_ visibility: TimelineVisibility) -> (rows: Scope, reason: Scope, organisation: String) {
        let whole = "o.id, o.name"
        let reason = Scope(clause: "e.reason", values: [])
        switch visibility {
        case .everything: return (.everything, reason, whole)
        case .withoutDrafts:
            return (Scope(clause: "e.kind NOT IN (\(ownKinds))", values: []), reason, whole)
        case .movesAndOwn(let own):
            return (
                Scope(clause: "e.to_status IS NOT NULL OR e.organisation_id = ?", values: [own.value]),
                Scope(clause: "iif(e.organisation_id = ?, e.reason, NULL)", values: [own.value]), whole
            )
        case .moves:
            return (
                Scope(clause: "e.to_status IS NOT NULL", values: []), Scope(clause: "NULL", values: []), "NULL, NULL"
            )
        }
    }

    /// Tenancies; `t` is the alias of `tenancy`, `r` of its referral.
    static func tenancies(_ visibility: TenancyVisibility, byRow: Bool = false) -> Scope {
        let part: Scope =
            switch visibility.part {
            case .landlord(let landlord): Scope(clause: "t.landlord_id = ?", values: [landlord.value])
            case .about(let part): referrals(part, byRow)
            }
        return part && unrestricted(to: visibility.reader)
    }
}
