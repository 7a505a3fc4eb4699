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

enum ScopeSQL {
    /// Referrals; `r` is the alias of `referral`.
    static func referrals(_ visibility: ReferralVisibility) -> Scope {
        switch visibility {
        case .nothing: .nothing
        case .everything: .everything
        case .owned(let organisation): Scope(clause: "r.organisation_id = ?", values: [organisation.value])
        case .residents(let municipality): Scope(clause: "r.municipality = ?", values: [.text(municipality.code)])
        case .supported(let provider):
            Scope(
                clause: """
                    r.id IN (SELECT referral_id FROM support_request
                             WHERE provider_id = ? AND status = 'accepted')
                    """, values: [provider.value])
        case .single(let id): Scope(clause: "r.id = ?", values: [id.value])
        }
    }

    /// Matches; `m` is the alias of `match`, `r` of its referral.
    static func matches(_ visibility: MatchVisibility) -> Scope {
        let offered = Scope(clause: "m.offered_at IS NOT NULL", values: [])
        switch visibility {
        case .nothing: return .nothing
        case .everything: return .everything
        case .offeredTo(let landlord):
            return Scope(clause: "m.landlord_id = ?", values: [landlord.value]) && offered
        case .offeredAbout(let referralVisibility): return referrals(referralVisibility) && offered
        }
    }

    /// Dwellings; `d` is the alias of `dwelling`.
    static func dwellings(_ visibility: DwellingVisibility) -> Scope {
        switch visibility {
        case .nothing: .nothing
        case .everything: .everything
        case .owned(let organisation): Scope(clause: "d.organisation_id = ?", values: [organisation.value])
        }
    }

    /// Support requests; `s` is the alias of `support_request`, `r` of its referral.
    static func supportRequests(_ visibility: SupportVisibility) -> Scope {
        switch visibility {
        case .provider(let provider): Scope(clause: "s.provider_id = ?", values: [provider.value])
        case .about(let referralVisibility): referrals(referralVisibility)
        }
    }

    /// Events; `e` is the alias of `event`, `o` of its organisation. Which rows, and what stands in the columns of reason
    /// and organisation.
    static func timeline(_ visibility: TimelineVisibility) -> (rows: Scope, reason: Scope, organisation: String) {
        let whole = "o.id, o.name"
        let reason = Scope(clause: "e.reason", values: [])
        switch visibility {
        case .everything: return (.everything, reason, whole)
        case .withoutDrafts:
            return (Scope(clause: "e.kind NOT IN ('match_proposed', 'draft_withdrawn')", values: []), reason, whole)
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
    static func tenancies(_ visibility: TenancyVisibility) -> Scope {
        switch visibility {
        case .landlord(let landlord): Scope(clause: "t.landlord_id = ?", values: [landlord.value])
        case .about(let referralVisibility): referrals(referralVisibility)
        }
    }
}
