// The intake report in its versions, with what the candidate said of each. Callers have seen to it that the referral
// may be known of.

package import Domain
package import SQLite

/// The tables `report`, `report_condition` and `report_skill`.
package struct ReportStore {
    private let db: Connection

    /// A store on a connection.
    package init(_ db: Connection) { self.db = db }

    /// Adds a version and gives its number.
    package func insert(
        _ draft: ReportDraft, id: Identifier<Report>, about referral: ReferralID, at now: Instant
    ) throws -> Int {
        let number =
            try db.first("SELECT coalesce(max(number), 0) + 1 FROM report WHERE referral_id = ?", referral) {
                $0.int(0)
            } ?? 1
        try db.run(
            """
            INSERT INTO report (id, referral_id, number, written_at, summary, support_needs, risks, advised_form,
                income_per_month, personal_plan_received, client_support_offered)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            id, referral, number, now, draft.summary, draft.supportNeeds.codes, draft.risks.codes,
            Code(draft.advisedForm), draft.incomePerMonth, draft.personalPlanReceived, draft.clientSupportOffered)
        for condition in draft.conditions {
            try db.run(
                "INSERT INTO report_condition (report_id, condition, level, note) VALUES (?, ?, ?, ?)",
                id, Code(condition.condition), condition.level, condition.note)
        }
        for skill in draft.skills {
            try db.run(
                "INSERT INTO report_skill (report_id, skill, level) VALUES (?, ?, ?)",
                id, Code(skill.skill), skill.level)
        }
        return number
    }

    /// The newest report; nil before the first.
    package func latest(of referral: ReferralID) throws -> Report? { try list(of: referral, limit: 1).first }

    /// The versions of the report, newest first, at most `limit`.
    package func list(of referral: ReferralID, limit: Int = 1000) throws -> [Report] {
        let found = try db.all(
            """
            SELECT id, number, written_at, summary, support_needs, risks, advised_form, income_per_month,
                personal_plan_received, client_support_offered, agreed, remarks, answered_at, answered_by
            FROM report WHERE referral_id = ? ORDER BY number DESC LIMIT ?
            """, referral, limit
        ) { row in
            let content = ReportDraft(
                summary: row.text(3), conditions: [], skills: [], risks: row.codes(5), supportNeeds: row.codes(4),
                advisedForm: row.code(6, otherwise: .independent), incomePerMonth: row.optionalInt64(7),
                personalPlanReceived: row.bool(8), clientSupportOffered: row.bool(9))
            var report = Report(number: row.int(1), writtenAt: row.instant(2), content: content, response: nil)
            if let agreed = row.optionalBool(10), let at = row.optionalInstant(12), let by: Role = row.optionalCode(13)
            {
                report.response = ReportResponse(agrees: agreed, remarks: row.optionalText(11), at: at, by: by)
            }
            return (id: row.id(0, of: Report.self), report: report)
        }
        return try found.map { id, bare in
            var report = bare
            report.content.conditions = try db.all(
                "SELECT condition, level, note FROM report_condition WHERE report_id = ? ORDER BY condition", id
            ) { ConditionLevel(condition: $0.code(0, otherwise: .health), level: $0.int(1), note: $0.text(2)) }
            report.content.skills = try db.all(
                "SELECT skill, level FROM report_skill WHERE report_id = ? ORDER BY skill", id
            ) { SkillLevel(skill: $0.code(0, otherwise: .money), level: $0.int(1)) }
            return report
        }
    }

    /// Records what the candidate says of a version; false when that was recorded before.
    package func respond(_ response: ReportResponse, toVersion number: Int, of referral: ReferralID) throws -> Bool {
        try db.run(
            """
            UPDATE report SET agreed = ?, remarks = ?, answered_at = ?, answered_by = ?
            WHERE referral_id = ? AND number = ? AND agreed IS NULL
            """,
            response.agrees, response.remarks, response.at, Code(response.by), referral, number) > 0
    }
}
