// Rows as each version of the schema wrote them, for the tests of upgrades: made-up people with a referral in every state,
// their homes, matches and support at version 1, and at each later version what it brought. A migration that adds a table or
// a column adds its rows here.

import SQLite
import Storage

enum UpgradeRows {
    /// Writes the rows of one version into a database of that version; the ledger has its own, see `OldLedger`.
    static func write(_ version: Int, to db: Connection) throws {
        let text = byVersion[version] ?? ""
        let sql = text.replacing(/#([0-9a-f]{2})/) { "x'\(OldLedger.hex($0.1))'" }
        try db.transaction(.immediate) { try db.runScript([UInt8](sql.utf8)) }
    }

    /// `#21` is the id that ends in 21. Referrals are 21 to 2f, 31 and 32.
    private static let byVersion: [Int: String] = [
        1: """
        INSERT INTO setting (key, value) VALUES ('kept', 'as it was');
        INSERT INTO organisation (id, kind, name, municipality, created_at, disabled_at) VALUES
            (#01, 'municipality', 'Gemeente Oost', 'GM0153', 1, NULL), (#02, 'housing_corporation', 'De Brug', NULL, 2, NULL),
            (#03, 'care_provider', 'Zorg ''Oost'' & Zoon', NULL, 3, NULL), (#04, 'intake_point', 'Toegang', NULL, 4, NULL),
            (#05, 'self_managed_facility', 'De Haven', NULL, 5, NULL), (#06, 'care_provider', 'Gesloten', NULL, 6, 7);
        INSERT INTO referral (id, number, organisation_id, external_reference, route, municipality, status, resume_status,
            received_at, updated_at, waiting_since, promise_due_on, hold_started_on, hold_until, urgency, form, outcome,
            household_adults, household_children, pets, accessibility, version)
        VALUES
            (#21, 1, #03, 'A-1', 'shelter_exit', 'GM0153', 'housed', NULL, 1780000000000, 1781000000000, 1780100000000, 20784,
                NULL, NULL, 'acute', 'independent', NULL, 1, 0, 1, 'ground_floor step_free', 9),
            (#22, 2, #03, NULL, 'clinic_exit', 'GM0164', 'waiting', NULL, 1780000000001, 1780000000002, 1780200000000, 20785,
                NULL, NULL, 'urgent', 'shared', NULL, 2, 3, 0, '', 4),
            (#23, 3, #03, 'A-3', 'prevention', 'GM0153', 'submitted', NULL, 1780000000000, 1780000000000, NULL, NULL,
                NULL, NULL, NULL, NULL, NULL, 1, 0, 0, '', 1),
            (#24, 4, #03, NULL, 'youth_care_exit', 'GM0153', 'intake', NULL, 1780000000000, 1780000000000, NULL, NULL,
                NULL, NULL, NULL, NULL, NULL, 1, 0, 0, '', 2),
            (#25, 5, #01, NULL, 'detention_exit', 'GM0153', 'reported', NULL, 1780000000000, 1780000000000, NULL, NULL,
                NULL, NULL, NULL, NULL, NULL, 1, 0, 0, '', 3),
            (#26, 6, #03, NULL, 'shelter_intake', 'GM0153', 'on_hold', NULL, 1780000000000, 1780000000000, 1780300000000, 20790,
                20650, 20700, 'regular', 'clustered', NULL, 1, 0, 0, '', 5),
            (#27, 7, #03, NULL, 'protected_living_exit', 'GM0153', 'matched', NULL, 1780000000000, 1780000000000, 1780300000000,
                20790, NULL, NULL, 'regular', 'independent', NULL, 1, 0, 0, '', 5),
            (#28, 8, #03, NULL, 'shelter_exit', 'GM0153', 'closed', NULL, 1780000000000, 1780000000000, 1780300000000, 20790,
                NULL, NULL, 'regular', 'housing_first', 'settled_with_light_support', 1, 0, 0, '', 12),
            (#29, 9, #03, NULL, 'shelter_exit', 'GM0153', 'awaiting_information', 'intake', 1780000000000, 1780000000000, NULL,
                NULL, NULL, NULL, NULL, NULL, NULL, 1, 0, 0, '', 3),
            (#2a, 10, #03, NULL, 'shelter_exit', 'GM0153', 'rejected', NULL, 1780000000000, 1780000000000, NULL, NULL,
                NULL, NULL, NULL, NULL, NULL, 1, 0, 0, '', 4),
            (#2b, 11, #03, NULL, 'shelter_exit', 'GM0344', 'redirected', NULL, 1780000000000, 1780000000000, NULL, NULL,
                NULL, NULL, NULL, NULL, NULL, 1, 0, 0, '', 4),
            (#2c, 12, #03, NULL, 'protected_living_intake', 'GM0153', 'withdrawn', NULL, 1780000000000, 1780000000000, NULL,
                NULL, NULL, NULL, NULL, NULL, NULL, 1, 0, 0, '', 2),
            (#2d, 13, #03, NULL, 'shelter_exit', 'GM0153', 'accepted', NULL, 1780000000000, 1780000000000, 1780300000000, 20790,
                NULL, NULL, 'regular', 'protected_home', NULL, 1, 1, 0, 'wheelchair', 7);
        INSERT INTO access_token (id, organisation_id, role, referral_id, label, hash, created_at, expires_at, revoked_at)
        VALUES
            (#11, #03, 'referrer', NULL, 'script', randomblob(32), 7, 8, NULL),
            (#12, #04, 'intaker', NULL, 'balie', randomblob(32), 7, NULL, NULL),
            (#13, #04, 'coordinator', NULL, 'Coördinatie', randomblob(32), 7, NULL, NULL),
            (#14, #02, 'allocator', NULL, 'verhuur', randomblob(32), 7, NULL, 9),
            (#16, #03, 'candidate', #21, 'eigen', randomblob(32), 7, NULL, NULL),
            (#17, #03, 'supporter', NULL, 'team', randomblob(32), 7, NULL, NULL);
        INSERT INTO person (referral_id, given_name, infix, family_name, folded_family_name, birth_date, bsn, phone, email)
            SELECT id, 'Fictje', iif(number % 2, 'van der', NULL), 'Voorbeeld' || number, 'voorbeeld' || number, 6000 + number,
                iif(number = 1, '999990019', NULL), iif(number < 4, '+3160000000' || number, NULL),
                iif(number = 2, 'fictje@example.org', NULL) FROM referral;
        INSERT INTO situation (referral_id, opening_declined, missed_signals, needed_two_years_ago, legal_residence,
            acute_danger, lasting_24h_supervision, own_strength_suffices, homeless_tonight, support_needs, health,
            income_per_month, debts)
            SELECT id, number % 2, iif(number % 2, NULL, 'Huur te laat, "maanden".'), iif(number % 2, NULL, 'Een kamer.'),
                1, 0, 0, 0, number % 2, 'money day_structure', iif(number = 1, 'Loopt met een stok.', NULL), 150000 + number,
                iif(number = 1, 100000000000, NULL) FROM referral;
        INSERT INTO event (id, referral_id, kind, from_status, to_status, at, token_id, organisation_id, role, reason)
        VALUES
            (#e1, #21, 'submit', NULL, 'submitted', 1780000000000, #11, #03, 'referrer', NULL),
            (#e2, #21, 'admit', 'reported', 'waiting', 1780100000000, #13, #04, 'coordinator', NULL),
            (#e3, #26, 'hold', 'waiting', 'on_hold', 1780400000000, #12, #04, 'intaker', 'Wil even wachten.'),
            (#e4, #2a, 'reject', 'reported', 'rejected', 1780400000000, #13, #04, 'coordinator', 'Kan thuis blijven.');
        INSERT INTO decision (id, referral_id, kind, at, form, profile_version, urgency, urgency_ground, agreement_waived,
            advice, objection_due_on)
        VALUES
            (#d1, #21, 'admit', 1780100000000, 'independent', 1, 'acute', 'Slaapt buiten.', 'Spoed.', '', NULL),
            (#d2, #2a, 'reject', 1780400000000, NULL, NULL, NULL, NULL, NULL, 'neighbourhood_team', 20648),
            (#d3, #2b, 'redirect', 1780400000000, NULL, NULL, NULL, NULL, NULL, 'other_region', NULL);
        INSERT INTO report (id, referral_id, number, written_at, summary, support_needs, risks, advised_form,
            income_per_month, personal_plan_received, client_support_offered, agreed, remarks, answered_at, answered_by)
        VALUES
            (#b1, #21, 1, 1780000000000, 'Eerste verslag.', 'money', '', 'independent', NULL, 0, 1, 0, 'Klopt niet.',
                1780010000000, 'candidate'),
            (#b2, #21, 2, 1780020000000, 'Tweede verslag.', 'money', 'lasting_debts', 'independent', 0, 1, 1, 1, NULL,
                1780030000000, 'candidate'),
            (#b3, #25, 1, 1780000000000, 'Verslag.', '', '', 'shared', 100000000, 1, 1, 1, NULL, 1780010000000, 'intaker');
        INSERT INTO report_condition (report_id, condition, level, note) VALUES
            (#b2, 'health', 1, ''), (#b2, 'relations', 5, 'Een klein netwerk.');
        INSERT INTO report_skill (report_id, skill, level) VALUES (#b2, 'money', 2), (#b2, 'self_care', 5);
        INSERT INTO wish_version (id, referral_id, number, phase, written_at, role) VALUES
            (#a1, #21, 1, NULL, 1780000000000, 'referrer'), (#a2, #21, 2, 'growing', 1780010000000, 'candidate'),
            (#a3, #22, 1, 'stabilising', 1780000000000, 'intaker');
        INSERT INTO wish (version_id, rank, form, municipalities, note) VALUES
            (#a1, 1, 'independent', 'GM0153 GM0164', 'Een tuin.'), (#a2, 1, 'shared', 'GM0153', NULL),
            (#a2, 2, 'independent', '', NULL), (#a3, 1, 'shared', 'GM0164', NULL);
        INSERT INTO consent (id, referral_id, purpose, recipient_id, given_at, ends_on, withdrawn_at, withdrawal_reason, role)
        VALUES
            (#c1, #21, 'intake', NULL, 1780000000000, NULL, NULL, NULL, 'referrer'),
            (#c2, #21, 'share_with_landlord', #02, 1780000000000, 20900, NULL, NULL, 'candidate'),
            (#c3, #22, 'matching', NULL, 1780000000000, NULL, 1780500000000, 'Bedacht zich.', 'intaker');
        INSERT INTO dwelling (id, organisation_id, external_reference, status, form, municipality, neighbourhood, street,
            house_number, postcode, city, rooms, rent, service_cost, accessibility, household_maximum, pets_allowed,
            tenancy_kind, available_from, remarks, created_at, version)
        VALUES
            (#41, #02, 'W-1', 'let', 'independent', 'GM0153', 'Noord', 'Proefstraat', '1 bis', '7511 AB', 'Enschede', 2, 65000,
                0, 'step_free', 2, 1, 'via_provider', 20620, 'Let op de hond.', 1780000000000, 3),
            (#42, #02, NULL, 'reserved', 'independent', 'GM0153', 'Zuid', 'Proefstraat', '2', '7511 AB', 'Enschede', 3, 0,
                1000000, '', 1, 0, 'regular', 20620, NULL, 1780000000000, 2),
            (#43, #05, NULL, 'free', 'self_managed', 'GM0164', 'Zuid', 'Kade', '3', '7551 AB', 'Hengelo', 1, 30000, 5000, 'lift',
                1, 0, 'regular', 20620, NULL, 1780000000000, 1),
            (#44, #02, NULL, 'withdrawn', 'shared', 'GM0153', 'Zuid', 'Proefstraat', '4', '7511 AB', 'Enschede', 1, 30000, 0, '',
                1, 0, 'regular', 20620, NULL, 1780000000000, 2),
            (#45, #02, NULL, 'reserved', 'protected_home', 'GM0153', 'Zuid', 'Proefstraat', '5', '7511 AB', 'Enschede', 1, 30000,
                0, '', 4, 1, 'three_party', 20620, NULL, 1780000000000, 2);
        INSERT INTO match (id, referral_id, dwelling_id, landlord_id, status, landlord_answer, candidate_answer, reason,
            failing_limits, wish_version, referral_version, dwelling_version, created_at, offered_at, answer_due_on, ended_at,
            decline_reason, decline_note, version)
        VALUES
            (#51, #21, #41, #02, 'fulfilled', 'accepted', 'accepted', 'Past.', '', 2, 8, 2, 1780300000000, 1780300000001,
                20617, 1780500000000, NULL, NULL, 5),
            (#52, #27, #42, #02, 'offered', 'pending', 'pending', 'Past ook.', 'rent', 0, 4, 1, 1780300000000, 1780300000001,
                20617, NULL, NULL, NULL, 2),
            (#53, #2d, #45, #02, 'accepted', 'accepted', 'accepted', 'Past.', '', 0, 4, 1, 1780300000000, 1780300000001,
                20617, NULL, NULL, NULL, 4),
            (#54, #22, #43, #05, 'declined', 'declined', 'pending', 'Past.', '', 1, 3, 1, 1780300000000, 1780300000001,
                20617, 1780400000000, 'dwelling_unavailable', 'Eerst herstel.', 3);
        INSERT INTO match_response (id, match_id, answer, party, on_behalf, role, reason, note, at) VALUES
            (#91, #51, 'accept', 'landlord', 0, 'allocator', NULL, NULL, 1780310000000),
            (#92, #51, 'accept', 'candidate', 1, 'coordinator', NULL, 'Aan tafel.', 1780320000000),
            (#93, #54, 'decline', 'landlord', 0, 'panel', 'dwelling_unavailable', NULL, 1780400000000);
        INSERT INTO support_request (id, referral_id, provider_id, status, needs, hours_per_week, wanted_from, note, asked_at,
            answer_due_on, answered_at, starts_on, contact_name, contact_phone, decline_reason, decline_note, version)
        VALUES
            (#61, #21, #03, 'accepted', 'money neighbours', 2, 20620, 'Graag een vrouw.', 1780300000000, 20617, 1780310000000,
                20618, 'Teun Proefman', '+31600000111', NULL, NULL, 2),
            (#62, #22, #03, 'asked', 'money', 168, NULL, NULL, 1780300000000, 20617, NULL, NULL, NULL, NULL, NULL, NULL, 1),
            (#63, #22, #06, 'declined', 'money', 1, NULL, NULL, 1780300000000, 20617, 1780310000000, NULL, NULL, NULL,
                'no_capacity', 'Vol.', 2);
        INSERT INTO tenancy (id, match_id, referral_id, dwelling_id, landlord_id, support_request_id, kind, starts_on,
            convert_on, registered_at, ended_on, version)
        VALUES (#71, #51, #21, #41, #02, #61, 'via_provider', 20620, 20985, 1780500000000, NULL, 1);
        INSERT INTO idempotency (token_id, key, request_hash, status, fields, body, referral_id, created_at)
        VALUES (#11, 'k-1', zeroblob(32), 201, 'location:/v1/referrals/x', CAST('{"a":1}' AS BLOB), #21, 1780000000000);
        """,
        2: """
        INSERT INTO access_token (id, organisation_id, role, label, hash, created_at, last_used_on, addresses)
        VALUES (#18, #01, 'policymaker', 'beleid', randomblob(32), 7, 20600, '192.0.2.0/24,2001:db8::/32');
        UPDATE access_token SET last_used_on = 20601 WHERE id = #11;
        """,
        5: """
        INSERT INTO task (id, referral_id, kind, object_id, role, organisation_id, token_id, created_at, due_on, status,
            ended_at, ended_by, note, version)
        VALUES
            (#81, #22, 'consent_withdrawn', #c3, 'intaker', NULL, #12, 1780500000000, 20620, 'open', NULL, NULL, NULL, 1),
            (#82, #21, 'consent_withdrawn', #c1, 'intaker', NULL, NULL, 1780500000000, 20620, 'done', 1780600000000, #13,
                'Gebeld.', 2),
            (#83, #28, 'consent_withdrawn', #c2, 'supporter', #03, NULL, 1780500000000, 20620, 'dropped', 1780600000000, NULL,
                NULL, 2);
        """,
        6: """
        INSERT INTO decision (id, referral_id, kind, at, form, profile_version, urgency, urgency_ground, advice, region_version)
        VALUES (#d4, #22, 'admit', 1780200000000, 'shared', 1, 'urgent', 'Kind in huis.', '', 0);
        INSERT INTO clock (id, referral_id, kind, object_id, started_on, working_days, days, region_version, due_on, paused_on,
            ended_on, outcome)
        VALUES
            (#f1, #29, 'completeness', NULL, 20603, 10, NULL, 0, 20617, NULL, NULL, NULL),
            (#f2, #21, 'investigation', NULL, 20601, NULL, 42, 0, 20650, NULL, 20602, 'done'),
            (#f3, #2a, 'objection', #d2, 20606, NULL, 42, 0, 20648, NULL, NULL, NULL),
            (#f4, #28, 'promise', NULL, 20606, NULL, 182, 0, 20790, NULL, 20700, 'dropped');
        INSERT INTO clock_pause (clock_id, number, ground, from_on, until_on) VALUES
            (#f2, 1, 'information_awaited', 20601, 20602), (#f4, 1, 'candidates_wish', 20607, 20608);
        """,
        7: """
        INSERT INTO referral (id, number, organisation_id, route, municipality, status, received_at, updated_at,
            household_adults, household_children, pets, accessibility, version, restricted)
        VALUES (#31, 14, #03, 'shelter_exit', 'GM0153', 'submitted', 1780000000000, 1780000000000, 1, 2, 0, '', 1, 1);
        INSERT INTO person (referral_id, given_name, family_name, folded_family_name, birth_date)
        VALUES (#31, 'Verzonnen', 'Verborgen', 'verborgen', 7000);
        INSERT INTO situation (referral_id, opening_declined, legal_residence, acute_danger, lasting_24h_supervision,
            own_strength_suffices, homeless_tonight, support_needs, region_version)
        VALUES (#31, 1, 1, 1, 0, 0, 0, '', 0);
        INSERT INTO restriction (referral_id, reason, since, version) VALUES (#31, 'Bedreigd.', 1780000000000, 1);
        INSERT INTO named_person (token_id, referral_id, ends_at) VALUES (#13, #31, NULL), (#12, #31, 1780600000000);
        INSERT INTO emergency_access (id, referral_id, token_id, reason, opened_at, ends_at, outcome, note, reviewed_at,
            reviewed_by)
        VALUES (#34, #31, #12, 'Acuut gevaar gemeld.', 1780500000000, 1780600000000, 'justified', 'Terecht.', 1780700000000, #13);
        """,
        8: """
        INSERT INTO person_link (id, first_id, second_id, outcome, note, at, token_id) VALUES
            (#35, #21, #28, 'same_person', 'Zelfde geboortedag.', 1780500000000, #13),
            (#36, #22, #24, 'different_people', NULL, 1780500000000, #13);
        """,
        9: """
        INSERT INTO erasure_request (id, referral_id, requested_at, role, due_on, outcome, ground, note, decided_at) VALUES
            (#37, #21, 1780500000000, 'candidate', 20630, 'refused', 'legal_obligation', 'Nog niet.', 1780600000000),
            (#38, #28, 1780500000000, 'candidate', 20630, NULL, NULL, NULL, NULL);
        INSERT INTO referral (id, number, organisation_id, route, municipality, status, received_at, updated_at,
            household_adults, household_children, pets, accessibility, version, restricted)
        VALUES (#32, 15, #03, 'prevention', 'GM0153', 'withdrawn', 1700000000000, 1700000000000, 1, 0, 0, '', 2, 1);
        INSERT INTO erasure (referral_id, ground, erased_at) VALUES (#32, 'without_provision', 1780500000000);
        """,
        10: """
        INSERT INTO access_token (id, organisation_id, role, referral_id, label, hash, created_at, delegate)
        VALUES (#19, #03, 'candidate', #21, 'Tante Jo', randomblob(32), 1780500000000, 1);
        """,
        11: """
        INSERT INTO dwelling (id, organisation_id, status, form, municipality, neighbourhood, street, house_number, postcode,
            city, rooms, rent, service_cost, accessibility, household_maximum, pets_allowed, tenancy_kind, available_from,
            created_at, version, nuisance_file)
        VALUES (#46, #02, 'free', 'independent', 'GM0153', 'Oost', 'Proefstraat', '6', '7511 AB', 'Enschede', 2, 50000, 0, '', 3, 1,
            'regular', 20700, 1781000000000, 1, 1);
        INSERT INTO dwelling_offering (dwelling_id, offered_on, taken_back_on) VALUES (#46, 20613, 20614), (#46, 20700, NULL);
        """,
        13: """
        INSERT INTO event (id, referral_id, kind, at, token_id, organisation_id, role)
        VALUES (#e5, #21, 'change', 1780600000000, #12, #04, 'intaker');
        INSERT INTO field_trace (event_id, field, before) VALUES (#e5, 'person.phone', '+31600000001'), (#e5, 'pets', NULL);
        INSERT INTO correction_request (id, referral_id, requested_at, role, fields, text, due_on, outcome, note, decided_at,
            statement)
        VALUES
            (#39, #21, 1780500000000, 'candidate', 'identity contact', 'Mijn naam is anders.', 20630, 'refused', 'Paspoort.',
                1780600000000, 'Toch heet ik anders.'),
            (#3a, #21, 1780500000000, 'candidate', 'contact', 'Nieuw nummer.', 20630, NULL, NULL, NULL, NULL);
        """,
        14: """
        INSERT INTO session (hash, token_id, created_at, lives_until, ends_at)
        VALUES (zeroblob(32), #12, 1780500000000, 1780500001000, 1780500002000);
        """,
        15: """
        UPDATE referral SET assignee_id = #12 WHERE id IN (#24, #25);
        INSERT INTO wish_version (id, referral_id, number, phase, written_at, role)
        VALUES (#a4, #22, 2, 'rebuilding', 1780600000000, 'candidate');
        INSERT INTO wish (version_id, rank, form, municipalities, note, surroundings, living_with, pets, close_to)
        VALUES (#a4, 1, 'shared', 'GM0164', NULL, 'quiet green', 'children', 1, 'School');
        INSERT INTO decision (id, referral_id, kind, at, advice, region_version, handover_to)
        VALUES (#d5, #2c, 'redirect', 1780400000000, 'other_municipality', 0, 'Loket elders');
        INSERT INTO intake_record (id, referral_id, kind, happened_on, text, written_at, token_id, role)
        VALUES (#3b, #21, 'personal_plan', 20605, 'Mijn plan.', 1780600000000, #12, 'intaker');
        INSERT INTO advice_told (id, referral_id, advice, note, told_at, token_id, role)
        VALUES (#3c, #2a, 'neighbourhood_team', 'Gebeld.', 1780600000000, #12, 'intaker');
        INSERT INTO measurement (id, referral_id, moment, measured_on, housing, income, day_activity, support_contact,
            written_at, role)
        VALUES (#3d, #21, 'start', 20605, 0, 1, NULL, 1, 1780600000000, 'intaker');
        INSERT INTO measurement_domain (measurement_id, domain, level, necessity)
        VALUES (#3d, 'finances', 2, 'Er zijn schulden.'), (#3d, 'justice', 5, 'Vroeg het zelf.');
        INSERT INTO risk_version (id, referral_id, number, risks, note, written_at, role)
        VALUES (#3e, #21, 1, 'lasting_debts detention_history', NULL, 1780600000000, 'intaker');
        INSERT INTO network_person (id, referral_id, name, relation, phone, helps_with, consent_given_on, recorded_at, role,
            withdrawn_at)
        VALUES (#3f, #21, 'Jo', 'family', NULL, 'Boodschappen', 20605, 1780600000000, 'intaker', NULL),
            (#40, #21, NULL, 'friend', NULL, NULL, 20605, 1780600000000, 'intaker', 1780700000000);
        INSERT INTO exclusion_zone (id, referral_id, municipality, neighbourhood, ground, until_on, written_at, role, ended_at)
        VALUES (#48, #21, 'GM0164', 'Noord', 'contact_ban', 20900, 1780600000000, 'intaker', NULL);
        INSERT INTO objection (id, referral_id, decision_id, lodged_at, role, text, due_on, outcome, note, decided_at)
        VALUES (#49, #2a, #d2, 1780600000000, 'candidate', 'Niet eens.', 20700, 'unfounded', 'Blijft zo.', 1780700000000);
        """,
        16: """
        INSERT INTO consultation (id, organisation_id, token_id, asked_at, opening_declined, missed_signals,
            needed_two_years_ago, route, municipality, age_band, question, answer, advice, answered_at, referral_id, themes,
            version)
        VALUES
            (#4a, #03, #11, 1780600000000, 1, NULL, NULL, 'prevention', 'GM0153', '23_26', 'Wat nu?', NULL, '', NULL, NULL, NULL, 1),
            (#4b, #03, #11, 1780600000000, 0, 'Brieven.', 'Hulp.', 'prevention', 'GM0153', NULL, 'Wie belt?', 'Wij.',
                'neighbourhood_team', 1780700000000, #23, 'unread_mail', 3);
        UPDATE situation SET themes = 'rent_arrears unread_mail' WHERE referral_id = #22;
        INSERT INTO support_request (id, referral_id, provider_id, status, needs, hours_per_week, asked_at, answer_due_on,
            answered_at, starts_on, contact_name, contact_phone, version, kind)
        VALUES (#64, #22, #03, 'accepted', 'money', 3, 1780600000000, 20620, 1780610000000, 20610, 'Bram', '+31600000112', 2,
            'bridging');
        """,
        17: """
        INSERT INTO match_run (id, status, asked_at, token_id, offers, horizon_days, rent_share_percent, neighbourhood_cap,
            holds_to_agreements, left_out, is_trial, rules_version, region_version, as_of, finished_at, candidates, dwellings,
            pairs, proposals, total_score, proven, compared_run_id, gained, lost, moved, fault)
        VALUES
            (#4c, 'done', 1780600000000, #13, 0, 90, 40, 2, 1, '', 0, 1, 0, 1780600000001, 1780600000002, 2, 1, 1, 1, 77,
                'nested size', NULL, 0, 0, 0, NULL),
            (#4d, 'failed', 1780600000000, #13, 0, 0, NULL, NULL, 0, '', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                NULL, NULL, NULL, NULL, NULL, NULL, 'Gestopt.');
        INSERT INTO match_run_cap (run_id, number, municipality, neighbourhood, places) VALUES (#4c, 0, 'GM0153', 'Oost', 1);
        INSERT INTO match_run_dwelling (run_id, number, dwelling_id, dwelling_version, cap, place, cut_off)
        VALUES (#4c, 0, #46, 1, 0, 0, 1);
        INSERT INTO match_run_candidate (run_id, place, referral_id, referral_version, limits, scores, dwelling, score, unlocks,
            change)
        VALUES (#4c, 0, #22, 4, x'0000', x'4d000000', 0, 77, NULL, 'first'),
            (#4c, 1, NULL, 1, x'0100', x'', NULL, NULL, 'rent', 'first');
        UPDATE match SET run_id = #4c WHERE id = #53;
        """,
        18: """
        INSERT INTO decline_review (match_id, outcome, reason, at, token_id, next_match_id)
        VALUES (#54, 'uphold', 'Terecht.', 1780600000000, #13, NULL);
        INSERT INTO match_viewing (match_id, number, at, role, noted_at) VALUES (#52, 1, 1780700000000, 'allocator', 1780600000000);
        UPDATE match SET introduction = 'Ik kook graag.' WHERE id = #54;
        INSERT INTO match_response (id, match_id, answer, party, on_behalf, role, at, present, in_favour)
        VALUES (#94, #54, 'accept', 'landlord', 0, 'panel', 1780390000000, 5, 3);
        """,
        19: """
        INSERT INTO task (id, referral_id, kind, object_id, role, created_at, due_on, status, version)
        VALUES (#84, NULL, 'dwelling_free', #46, 'coordinator', 1780600000000, 20620, 'open', 1);
        INSERT INTO task_event (task_id, kind, at, token_id, reason, until_on, note) VALUES
            (#84, 'made', 1780600000000, x'ffffffffffffffffffffffffffffffff', NULL, NULL, NULL),
            (#84, 'answered', 1780700000000, #13, 'capacity', 20640, 'Volgende week.');
        """,
        20: """
        INSERT INTO signal (id, referral_id, is_linked, tenancy_id, landlord_id, municipality, kind, preconditions, note,
            organisation_id, role, token_id, at, status, closed_at, version)
        VALUES
            (#4e, #21, 1, #71, #02, 'GM0153', 'arrears', 'personal_contact', NULL, #02, 'allocator', #14, 1780600000000, 'closed',
                1780700000000, 3),
            (#4f, NULL, 0, NULL, NULL, 'GM0164', 'crisis', '', 'Belde zelf.', #03, 'referrer', #11, 1780600000000, 'open', NULL, 1);
        INSERT INTO signal_person (signal_id, given_name, infix, family_name, birth_date, phone, email)
        VALUES (#4f, NULL, 'de', 'Verzonnen', NULL, '+31600000113', NULL);
        INSERT INTO signal_response (id, signal_id, outcome, at, role, token_id, note)
        VALUES (#50, #4e, 'helped', 1780700000000, 'supporter', #17, 'Regeling.');
        INSERT INTO handover (id, referral_id, recipient_name, recipient_contact, recipient_id, reason, advice, parts,
            consent_given_on, asked_at, answer_due_on, status, answered_at, decline_reason, note, reference, version)
        VALUES
            (#55, #2b, 'Regio elders', 'loket@example.org', NULL, 'Woont daar.', 'other_region', 'identity:consent', 20610,
                1780600000000, 20620, 'asked', NULL, NULL, NULL, NULL, 1);
        INSERT INTO provenance (referral_id, name, reference) VALUES (#23, 'Regio West', 'W-77');
        """,
        22: """
        INSERT INTO feed (kind, resource, part, owner, sequence, at, gone) VALUES (1, #21, 1, x'', 1, 1780800000000, 0);
        UPDATE feed_position SET sequence = 1;
        """,
        24: """
        INSERT INTO access_token (id, organisation_id, role, referral_id, label, hash, created_at, delegate, issued_by, replaces)
        VALUES (#1a, #03, 'candidate', #21, 'Tante Jo', randomblob(32), 1780800000000, 1, #12, #19);
        """,
        25: """
        UPDATE match_run_cap SET year = 2026;
        UPDATE match SET region_version = 0, profile_version = 1 WHERE id = #53;
        UPDATE wish SET near = 'GM0164 Oost' WHERE version_id = #a4;
        """,
    ]
}
