// The schema as it stands after the last migration: its tables and columns written out, its closed lists held against
// the domain's own words, and its guards. A change of the schema shows here as well.

import Domain
import SQLite
import Storage
import Testing

@Suite struct SchemaTests {
    let bench: MigratorBench
    let db: Connection

    init() throws {
        bench = try MigratorBench()
        try Migrator().up(at: bench.path, now: bench.now)
        db = try bench.connect()
    }

    /// Every table with its columns.
    static let tables: [String: String] = [
        "schema_migration": "number name checksum applied_at duration",
        "setting": "key value",
        "organisation": "id kind name municipality created_at disabled_at",
        "access_token": """
        id organisation_id role referral_id label hash created_at expires_at revoked_at last_used_on addresses \
        delegate issued_by replaces
        """,
        "referral": """
        id number organisation_id external_reference route municipality status resume_status received_at updated_at \
        waiting_since promise_due_on hold_started_on hold_until urgency urgency_rank form outcome household_adults \
        household_children pets accessibility version restricted assignee_id
        """,
        "person": "referral_id given_name infix family_name folded_family_name birth_date bsn phone email",
        "situation": """
        referral_id opening_declined missed_signals needed_two_years_ago legal_residence acute_danger \
        lasting_24h_supervision own_strength_suffices homeless_tonight support_needs health income_per_month debts \
        region_version themes
        """,
        "event": "referral_id id kind from_status to_status at token_id organisation_id role reason",
        "decision": """
        id referral_id kind at form profile_version urgency urgency_ground agreement_waived advice objection_due_on \
        region_version handover_to
        """,
        "region_version": "version applied_at document checksum",
        "clock": """
        referral_id id kind object_id started_on working_days days region_version due_on paused_on ended_on outcome
        """,
        "session": "hash token_id created_at lives_until ends_at",
        "field_trace": "referral_id event_id field before",
        "correction_request": """
        id referral_id requested_at role fields text due_on outcome note decided_at statement
        """,
        "erasure_request": "id referral_id requested_at role due_on outcome ground note decided_at",
        "erasure": "referral_id ground erased_at",
        "person_link": "id first_id second_id outcome note at token_id",
        "restriction": "referral_id reason since version",
        "named_person": "token_id referral_id ends_at",
        "emergency_access": """
        id referral_id token_id reason opened_at ends_at outcome note reviewed_at reviewed_by
        """,
        "clock_pause": "referral_id clock_id number ground from_on until_on",
        "report": """
        id referral_id number written_at summary support_needs risks advised_form income_per_month \
        personal_plan_received client_support_offered agreed remarks answered_at answered_by
        """,
        "report_condition": "report_id condition level note",
        "report_skill": "report_id skill level",
        "wish_version": "referral_id number phase written_at role",
        "wish": """
        referral_id version rank form municipalities note surroundings living_with pets close_to near
        """,
        "consultation": """
        id organisation_id token_id asked_at opening_declined missed_signals needed_two_years_ago route municipality \
        age_band question answer advice answered_at referral_id themes version
        """,
        "intake_record": "id referral_id kind happened_on text written_at token_id role",
        "advice_told": "id referral_id advice note told_at token_id role",
        "measurement": """
        id referral_id moment measured_on housing income day_activity support_contact written_at role
        """,
        "measurement_domain": "measurement_id domain level necessity",
        "risk_version": "id referral_id number risks note written_at role",
        "network_person": """
        id referral_id name relation phone helps_with consent_given_on recorded_at role withdrawn_at
        """,
        "exclusion_zone": """
        id referral_id municipality neighbourhood ground until_on written_at role ended_at
        """,
        "objection": "id referral_id decision_id lodged_at role text due_on outcome note decided_at",
        "consent": "referral_id id purpose recipient_id given_at ends_on withdrawn_at withdrawal_reason role",
        "dwelling": """
        id organisation_id external_reference status form municipality neighbourhood street house_number postcode \
        city rooms rent service_cost accessibility household_maximum pets_allowed tenancy_kind available_from remarks \
        created_at version nuisance_file
        """,
        "dwelling_offering": "dwelling_id offered_on taken_back_on",
        "match": """
        id referral_id dwelling_id landlord_id status landlord_answer candidate_answer reason failing_limits \
        wish_version referral_version dwelling_version created_at offered_at answer_due_on ended_at decline_reason \
        decline_note version run_id introduction region_version profile_version
        """,
        "match_run": """
        id status asked_at token_id offers horizon_days rent_share_percent neighbourhood_cap holds_to_agreements \
        left_out is_trial rules_version region_version as_of finished_at candidates dwellings pairs proposals \
        total_score proven compared_run_id gained lost moved fault
        """,
        "match_run_cap": "run_id number municipality neighbourhood places year parent",
        "match_run_dwelling": "run_id number dwelling_id dwelling_version cap place cut_off",
        "match_run_candidate": """
        run_id place referral_id referral_version limits scores dwelling score unlocks change
        """,
        "match_response": "id match_id answer party on_behalf role reason note at present in_favour",
        "decline_review": "match_id outcome reason at token_id next_match_id",
        "match_viewing": "match_id number at role noted_at",
        "support_request": """
        id referral_id provider_id status needs hours_per_week wanted_from note asked_at answer_due_on answered_at \
        starts_on contact_name contact_phone decline_reason decline_note version kind
        """,
        "tenancy": """
        id match_id referral_id dwelling_id landlord_id support_request_id kind starts_on convert_on registered_at \
        ended_on version
        """,
        "opening_count": "year municipality route declined themes openings",
        "idempotency": "number token_id key request_hash status referral_id created_at fields body",
        "ledger": """
        sequence form entries at token_id organisation_id responsible_id role action purpose ground field_groups result \
        request_id trace_id address again subjects previous_hash hash
        """,
        "ledger_person": "referral_id sequence",
        "generation": "one number",
        "task": """
        id referral_id kind object_id role organisation_id token_id created_at due_on status ended_at ended_by note \
        version
        """,
        "signal": """
        id referral_id is_linked tenancy_id landlord_id municipality kind preconditions note organisation_id role \
        token_id at status closed_at version
        """,
        "signal_person": "signal_id given_name infix family_name birth_date phone email",
        "signal_response": "id signal_id outcome at role token_id note",
        "handover": """
        id referral_id recipient_name recipient_contact recipient_id reason advice parts consent_given_on asked_at \
        answer_due_on status answered_at decline_reason note reference version
        """,
        "provenance": "referral_id name reference",
        "task_event": "number task_id kind at token_id reason until_on note",
        "feed": "kind resource part owner sequence at gone",
        "feed_position": "sequence",
        "feed_epoch": "number nonce began_at restored",
        "touched": "kind resource depth",
    ]

    private func names(_ type: String) throws -> Set<String> {
        Set(
            try db.all(
                "SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%'", type
            ) { $0.text(0) })
    }

    @Test func tablesAndColumns() throws {
        #expect(try names("table") == Set(Self.tables.keys))
        for (table, columns) in Self.tables {
            let found = try db.all("SELECT name FROM pragma_table_xinfo(?)", table) { $0.text(0) }
            #expect(found.joined(separator: " ") == columns, "\(table)")
        }
    }

    @Test func indexesAndGuards() throws {
        #expect(
            try names("index") == [
                "access_token_organisation", "access_token_referral", "referral_external_reference",
                "referral_organisation", "referral_municipality", "referral_status", "referral_queue", "person_bsn",
                "person_name", "decision_referral", "dwelling_external_reference",
                "dwelling_organisation", "dwelling_status", "match_live_dwelling", "match_accepted_referral",
                "match_referral", "match_response_match", "support_request_referral",
                "support_request_provider", "support_request_open", "support_request_accepted", "tenancy_referral",
                "tenancy_landlord", "tenancy_dwelling", "ledger_again",
                "match_offered_landlord", "match_offered_referral", "match_offered", "match_declined",
                "support_request_supported", "task_referral",
                "task_organisation", "task_open", "task_open_once", "clock_due", "clock_runs_once",
                "named_person_referral", "erasure_request_referral", "dwelling_offering_day", "erasure_request_granted",
                "erasure_request_open", "correction_request_referral", "session_end", "consent_end",
                "match_run_open", "match_due", "match_run_dwelling_dwelling", "match_run_candidate_referral",
                "decline_review_next",
                "task_object", "task_event_task",
                "signal_referral", "signal_organisation", "signal_landlord", "signal_open", "signal_response_signal",
                "handover_referral", "handover_recipient", "handover_asked",
                "person_link_first", "person_link_second", "person_birth", "feed_audience", "match_dwelling",
                "emergency_access_referral", "referral_assignee", "intake_record_referral", "advice_told_referral",
                "measurement_referral", "network_person_referral", "exclusion_zone_referral", "objection_referral",
                "objection_decision", "consultation_organisation", "consultation_referral",
            ])
        #expect(
            Set(try names("trigger").filter { !$0.hasSuffix("_told") }) == [
                "person_link_is_kept_as_written", "region_version_is_kept_as_applied",
                "region_version_is_never_removed", "event_is_kept_as_written",
                "field_trace_is_kept_as_written", "field_trace_is_never_removed",
                "ledger_is_never_changed", "ledger_is_never_shortened", "ledger_only_grows",
                "ledger_person_is_never_changed", "ledger_person_is_never_shortened",
                "opening_is_counted", "opening_is_counted_anew", "opening_is_counted_elsewhere",
                "opening_is_never_removed",
            ])
        #expect(try names("view").isEmpty)
        // What changes in these is told in the change feed; a table made anew has lost its triggers.
        let told = try db.all(
            "SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '%told'"
        ) { $0.text(0) }
        #expect(
            Set(told) == [
                "clock", "consent", "consultation", "decline_review", "dwelling",
                "event", "handover", "match", "match_response", "match_viewing",
                "named_person", "person", "person_link", "referral", "report",
                "signal", "signal_response", "situation", "support_request", "task",
                "task_event", "tenancy", "wish_version",
            ])
    }

    struct ClosedList: Sendable {
        var table: String
        var column: String
        var words: [String]
    }

    static let forms = HousingForm.allCases.map(\.rawValue)
    static let kinds = TenancyKind.allCases.map(\.rawValue)
    static let closedLists = [
        ClosedList(table: "organisation", column: "kind", words: OrganisationKind.allCases.map(\.rawValue)),
        ClosedList(table: "access_token", column: "role", words: Role.allCases.map(\.rawValue)),
        ClosedList(table: "referral", column: "status", words: ReferralState.allCases.map(\.rawValue)),
        ClosedList(table: "referral", column: "resume_status", words: ["submitted", "intake", "reported"]),
        ClosedList(table: "referral", column: "route", words: ReferralRoute.allCases.map(\.rawValue)),
        ClosedList(table: "referral", column: "urgency", words: UrgencyClass.allCases.map(\.rawValue)),
        ClosedList(table: "referral", column: "form", words: forms),
        ClosedList(table: "referral", column: "outcome", words: ClosingOutcome.allCases.map(\.rawValue)),
        ClosedList(table: "decision", column: "kind", words: Decision.Kind.allCases.map(\.rawValue)),
        ClosedList(
            table: "report_condition", column: "condition", words: ConditionOfExistence.allCases.map(\.rawValue)),
        ClosedList(table: "report_skill", column: "skill", words: Skill.allCases.map(\.rawValue)),
        ClosedList(table: "wish_version", column: "phase", words: RecoveryPhase.allCases.map(\.rawValue)),
        ClosedList(table: "wish", column: "form", words: forms),
        ClosedList(table: "consent", column: "purpose", words: ConsentPurpose.allCases.map(\.rawValue)),
        ClosedList(table: "dwelling", column: "status", words: DwellingState.allCases.map(\.rawValue)),
        ClosedList(table: "dwelling", column: "form", words: forms),
        ClosedList(table: "dwelling", column: "tenancy_kind", words: kinds),
        ClosedList(table: "match", column: "status", words: MatchState.allCases.map(\.rawValue)),
        ClosedList(table: "match", column: "landlord_answer", words: Answer.allCases.map(\.rawValue)),
        ClosedList(table: "match", column: "candidate_answer", words: Answer.allCases.map(\.rawValue)),
        ClosedList(table: "decline_review", column: "outcome", words: DeclineReviewOutcome.allCases.map(\.rawValue)),
        ClosedList(table: "match_run", column: "status", words: MatchRunState.allCases.map(\.rawValue)),
        ClosedList(table: "match_run_candidate", column: "change", words: MatchRunChange.allCases.map(\.rawValue)),
        ClosedList(table: "match_response", column: "party", words: MatchParty.allCases.map(\.rawValue)),
        ClosedList(table: "support_request", column: "status", words: SupportState.allCases.map(\.rawValue)),
        ClosedList(
            table: "support_request", column: "decline_reason", words: SupportDeclineReason.allCases.map(\.rawValue)),
        ClosedList(table: "tenancy", column: "kind", words: kinds),
        ClosedList(table: "task", column: "status", words: TaskState.allCases.map(\.rawValue)),
        ClosedList(table: "signal", column: "kind", words: SignalKind.allCases.map(\.rawValue)),
        ClosedList(table: "signal", column: "status", words: SignalState.allCases.map(\.rawValue)),
        ClosedList(table: "signal_response", column: "outcome", words: SignalOutcome.allCases.map(\.rawValue)),
        ClosedList(table: "handover", column: "status", words: HandoverState.allCases.map(\.rawValue)),
        ClosedList(table: "handover", column: "decline_reason", words: HandoverDecline.allCases.map(\.rawValue)),
        ClosedList(table: "task_event", column: "kind", words: TaskDeed.allCases.map(\.rawValue)),
        ClosedList(table: "task_event", column: "reason", words: StallReason.allCases.map(\.rawValue)),
        ClosedList(
            table: "emergency_access", column: "outcome", words: EmergencyOutcome.allCases.map(\.rawValue)),
        ClosedList(table: "person_link", column: "outcome", words: LinkOutcome.allCases.map(\.rawValue)),
        ClosedList(table: "correction_request", column: "outcome", words: CorrectionOutcome.allCases.map(\.rawValue)),
        ClosedList(table: "erasure_request", column: "outcome", words: ErasureOutcome.allCases.map(\.rawValue)),
        ClosedList(table: "erasure_request", column: "ground", words: ErasureRefusal.allCases.map(\.rawValue)),
        ClosedList(table: "erasure", column: "ground", words: ErasureGround.allCases.map(\.rawValue)),
        ClosedList(table: "clock", column: "kind", words: ClockKind.allCases.map(\.rawValue)),
        ClosedList(table: "clock", column: "outcome", words: ClockOutcome.allCases.map(\.rawValue)),
        ClosedList(table: "clock_pause", column: "ground", words: PauseGround.allCases.map(\.rawValue)),
        ClosedList(table: "wish", column: "living_with", words: LivingWith.allCases.map(\.rawValue)),
        ClosedList(table: "intake_record", column: "kind", words: IntakeRecordKind.allCases.map(\.rawValue)),
        ClosedList(table: "advice_told", column: "advice", words: Advice.allCases.map(\.rawValue)),
        ClosedList(table: "measurement", column: "moment", words: MeasuringMoment.allCases.map(\.rawValue)),
        ClosedList(table: "measurement_domain", column: "domain", words: LifeDomain.allCases.map(\.rawValue)),
        ClosedList(table: "network_person", column: "relation", words: NetworkRelation.allCases.map(\.rawValue)),
        ClosedList(table: "exclusion_zone", column: "ground", words: ExclusionGround.allCases.map(\.rawValue)),
        ClosedList(table: "support_request", column: "kind", words: SupportKind.allCases.map(\.rawValue)),
        ClosedList(table: "consultation", column: "route", words: ReferralRoute.allCases.map(\.rawValue)),
        ClosedList(table: "consultation", column: "age_band", words: AgeBand.allCases.map(\.rawValue)),
        ClosedList(table: "objection", column: "outcome", words: ObjectionOutcome.allCases.map(\.rawValue)),
    ]

    /// Each closed list of the schema has the domain's words and no other.
    @Test(arguments: closedLists) func wordsAreTheDomains(list: ClosedList) throws {
        let sql = try #require(
            try db.first("SELECT sql FROM sqlite_schema WHERE name = ?", list.table) { $0.text(0) })
        let column = list.column
        let pattern = try Regex("CHECK \\((?:\(column) IN\\s*\\(([^)]*)\\)|(\(column) = [^)]*)\\))")
        let found = try #require(try pattern.firstMatch(in: sql))
        // After IN a comma stands between two words, and after the column's name OR.
        let listed =
            (found.output[1].substring ?? found.output[2].substring)?
            .split(separator: "'", omittingEmptySubsequences: false) ?? []
        let words = listed.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        #expect(words.sorted() == list.words.sorted())
    }

    /// A row of a post is checked as it stands: a list of more than two words after IN would be made into an index for each.
    @Test(arguments: [
        "referral", "person", "situation", "event", "field_trace", "clock", "clock_pause", "consent", "wish_version",
        "wish",
        "idempotency", "feed", "touched", "ledger", "ledger_person", "opening_count",
    ]) func noIndexIsMadeToCheckARow(of table: String) throws {
        let steps = try db.all(SQL(dynamic: "EXPLAIN INSERT INTO \(table) DEFAULT VALUES")) { $0.text(1) }
        #expect(steps.contains("Insert") || steps.contains("IdxInsert"))
        #expect(!steps.contains("OpenEphemeral"))
    }

    /// Urgency stands in the queue as the domain ranks it.
    @Test func ranksAreTheDomains() throws {
        let sql = try #require(try db.first("SELECT sql FROM sqlite_schema WHERE name = 'referral'") { $0.text(0) })
        for urgency in UrgencyClass.allCases {
            #expect(sql.contains("WHEN '\(urgency.rawValue)' THEN \(urgency.rank)"))
        }
    }

    /// All that has an owner refers to it. (A task's object may be of several tables.)
    @Test func everyReferenceIsDeclared() throws {
        for (table, columns) in Self.tables where !table.hasPrefix("ledger") {
            let keys = try db.all("SELECT \"from\" FROM pragma_foreign_key_list(?)", table) { $0.text(0) }
            for column in columns.split(separator: " ") where column.hasSuffix("_id") && column != "object_id" {
                #expect(keys.contains(String(column)), "\(table).\(column)")
            }
        }
    }
}
