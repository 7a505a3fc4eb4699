// The one place that says who may see or do what: actor × action × resource → allow, forbidden or hidden. Which fields a
// role sees of what it may know of is the table beside it, PolicyTable. No handler and no store decides this again;
// Storage/ScopeSQL turns `visibility` into WHERE and a property test holds the two together.

/// What a policy decision says.
package enum AccessDecision: Sendable, Equatable {
    case allow
    /// 403: this role may never do this, whatever the resource.
    case forbidden
    /// 404: the resource is not this actor's to know of.
    case hidden
}

/// The rules of access.
package enum AccessPolicy {
    /// Decides about an action that concerns no single resource: only the role counts.
    package static func decide(_ actor: Actor, _ action: Action) -> AccessDecision {
        mayEver(actor, action) ? .allow : .forbidden
    }

    private static func mayEver(_ actor: Actor, _ action: Action) -> Bool {
        action.roles.contains(actor.role) && (!actor.isDelegate || action.isForTrustedPeople)
    }

    /// Decides about an action on one resource. A role that may never act is told so before anything about the
    /// resource could show; one that may is told "not found" when the resource is out of its scope.
    package static func decide(_ actor: Actor, _ action: Action, on resource: Resource) -> AccessDecision {
        guard mayEver(actor, action) else { return .forbidden }
        return isVisible(resource, to: actor) ? .allow : .hidden
    }

    private static func isVisible(_ resource: Resource, to actor: Actor) -> Bool {
        switch resource {
        case .referral(let facts): referrals(visibleTo: actor).contains(facts)
        case .match(let facts): matches(visibleTo: actor).contains(facts)
        case .dwelling(let landlord): dwellings(visibleTo: actor).contains(landlord: landlord)
        case .supportRequest(let provider, let facts):
            supportRequests(visibleTo: actor).contains(provider: provider, referral: facts)
        case .tenancy(let landlord, let facts):
            tenancies(visibleTo: actor).contains(landlord: landlord, referral: facts)
        }
    }

    /// The referrals an actor may know of. What is restricted is for named people, but a candidate's own is theirs.
    package static func referrals(visibleTo actor: Actor) -> ReferralVisibility {
        Visible(referralPart(actor), by: reader(actor))
    }

    /// The queue as it is counted, without being shown, for who may know of a dwelling: all but who is restricted to others.
    package static func queue(countedBy actor: Actor) -> ReferralVisibility {
        dwellings(visibleTo: actor) == .nothing ? Visible(.nothing) : Visible(.everything, by: reader(actor))
    }

    // Terms pass for restricted people too, so the clock knows of everybody; whom it makes a task for, it tells nothing.
    private static func reader(_ actor: Actor) -> Reader? {
        actor.role == .candidate || actor.isClockwork ? nil : Reader(token: actor.token, asOf: actor.asOf)
    }

    private static func referralPart(_ actor: Actor) -> ReferralPart {
        switch actor.role {
        case .intaker, .coordinator: .everything
        case .referrer: .owned(by: actor.organisation)
        case .supporter: .supported(by: actor.organisation)
        case .policymaker: actor.municipality.map(ReferralPart.residents(of:)) ?? .nothing
        case .candidate: actor.referral.map(ReferralPart.single) ?? .nothing
        case .allocator, .panel, .auditor, .admin: .nothing
        }
    }

    /// The matches an actor may know of. A proposal that is not offered yet is the intake point's own draft.
    package static func matches(visibleTo actor: Actor) -> MatchVisibility {
        let part: MatchPart =
            switch actor.role {
            case .intaker, .coordinator: .everything
            case .allocator, .panel: .offeredTo(landlord: actor.organisation)
            case .supporter, .candidate: .offeredAbout(referralPart(actor))
            case .referrer, .policymaker, .auditor, .admin: .nothing
            }
        return Visible(part, by: reader(actor))
    }

    /// The dwellings an actor may know of, other than through a match.
    package static func dwellings(visibleTo actor: Actor) -> DwellingVisibility {
        switch actor.role {
        case .intaker, .coordinator: .everything
        case .allocator, .panel: .owned(by: actor.organisation)
        case .referrer, .supporter, .policymaker, .candidate, .auditor, .admin: .nothing
        }
    }

    /// The support requests an actor may know of: a provider its own, others those of the referrals they see.
    package static func supportRequests(visibleTo actor: Actor) -> SupportVisibility {
        let part: SupportPart =
            switch actor.role {
            case .supporter: .provider(actor.organisation)
            case .intaker, .coordinator, .referrer, .candidate: .about(referralPart(actor))
            case .allocator, .panel, .policymaker, .auditor, .admin: .about(.nothing)
            }
        return Visible(part, by: reader(actor))
    }

    /// The consultations an actor may know of: the intake point all, others those of their organisation.
    package static func consultations(visibleTo actor: Actor) -> ConsultationVisibility {
        switch actor.role {
        case .intaker, .coordinator: .everything
        case .referrer, .supporter, .allocator: .askedBy(actor.organisation)
        case .policymaker, .panel, .candidate, .auditor, .admin: .nothing
        }
    }

    /// The tasks an actor may know of: the intake point all, others those of their role at their organisation.
    package static func tasks(visibleTo actor: Actor) -> TaskVisibility {
        let part: TaskPart =
            switch actor.role {
            case .intaker, .coordinator: .everything
            case .referrer, .supporter, .allocator, .panel: .of(actor.organisation, actor.role)
            case .candidate: actor.referral.map(TaskPart.ofCandidate) ?? .nothing
            case .policymaker, .auditor, .admin: .nothing
            }
        return Visible(part, by: reader(actor))
    }

    /// The signals an actor may know of: its organisation's own, and those about whom or what it has in its care.
    package static func signals(visibleTo actor: Actor) -> SignalVisibility {
        let part: SignalPart =
            switch actor.role {
            case .intaker, .coordinator: .everything
            case .referrer: .given(by: actor.organisation)
            case .supporter: .givenOrSupported(by: actor.organisation)
            case .allocator, .panel: .givenOrLet(by: actor.organisation)
            case .candidate: actor.referral.map(SignalPart.about) ?? .nothing
            case .policymaker, .auditor, .admin: .nothing
            }
        return Visible(part, by: reader(actor))
    }

    /// The handovers an actor may know of: an organisation those asked of it, a candidate their own.
    package static func handovers(visibleTo actor: Actor) -> HandoverVisibility {
        let scope: HandoverScope =
            switch actor.role {
            case .intaker, .coordinator: .everything
            case .referrer: .asked(of: actor.organisation)
            case .candidate: actor.referral.map(HandoverScope.about) ?? .nothing
            case .supporter, .allocator, .panel, .policymaker, .auditor, .admin: .nothing
            }
        return Visible(scope, by: reader(actor))
    }

    /// The tenancies an actor may know of: a landlord its own, others those of the referrals they see.
    package static func tenancies(visibleTo actor: Actor) -> TenancyVisibility {
        let part: TenancyPart =
            switch actor.role {
            case .allocator, .panel: .landlord(actor.organisation)
            case .intaker, .coordinator, .supporter, .candidate: .about(referralPart(actor))
            case .referrer, .policymaker, .auditor, .admin: .about(.nothing)
            }
        return Visible(part, by: reader(actor))
    }
}

extension AccessPolicy {
    /// The moment for which an actor's sight counts in what they ask: this one, in which the glass may be broken; for what
    /// outlasts an emergency the end of time, by when it is whole again and only who is named still sees.
    package static func moment(of action: Action?, at now: Instant) -> Instant {
        action?.isForEmergencies == false ? .endOfTime : now
    }

    /// The referrals of which an actor may judge the broken glass: a coordinator of all of them, seen or not.
    package static func emergencies(judgedBy actor: Actor) -> ReferralVisibility {
        actor.role == .coordinator ? .everything : referrals(visibleTo: actor)
    }

    /// The part of a timeline an actor may see, of a referral it may know of.
    package static func timeline(visibleTo actor: Actor) -> TimelineVisibility {
        switch actor.role {
        case .intaker, .coordinator: .everything
        case .supporter, .candidate: .withoutDrafts
        case .referrer: .movesAndOwn(actor.organisation)
        case .policymaker, .allocator, .panel, .auditor, .admin: .moves
        }
    }

    /// Whether a role may read the words a party wrote beside its decline: who wrote them, and the intake point.
    package static func mayReadWords(of party: MatchParty, _ role: Role) -> Bool {
        switch role {
        case .intaker, .coordinator: true
        case .allocator, .panel: party == .landlord
        case .candidate: party == .candidate
        case .referrer, .supporter, .policymaker, .auditor, .admin: false
        }
    }

    /// The referrals whose ledger an actor may read: its own part of the queue; for an auditor all of them, or
    /// those of its municipality when it has one. An
    /// auditor sees who looked, never the dossier itself.
    package static func disclosures(visibleTo actor: Actor) -> ReferralVisibility {
        guard actor.role == .auditor else { return referrals(visibleTo: actor) }
        return actor.municipality.map(ReferralVisibility.residents(of:)) ?? .everything
    }
}
