// The route of whoever checks on those who look: the whole ledger, as far as they answer for it, by filters.

internal import Domain
internal import Storage
internal import UseCases

enum AuditHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        let page = query.page(Cursor.sequence)
        let search = wanted(&query)
        try query.finish()
        let (caller, request) = (exchange.caller, exchange.request)
        return try await exchange.lookLong { tx in
            let found = try Look.disclosures(search, page: page, by: caller, in: tx)
            let answer = Answer.page(found.value, of: request, cursor: { Cursor.encode($0) }) {
                DisclosureJSON.write($1, to: &$0)
            }
            return (answer, found.disclosures)
        }
    }

    private static func wanted(_ query: inout QueryReader) -> LedgerSearch {
        var search = LedgerSearch()
        search.referral = query.identifier("referral", of: ReferralTag.self)
        search.organisation = query.identifier("organisation", of: OrganisationTag.self)
        search.role = query.choice("role", as: Role.self)
        search.token = query.identifier("token", of: TokenTag.self)
        search.action = query.value("action")
        if let action = search.action, action.wholeMatch(of: /[a-z_]{1,40}/) == nil {
            query.fault("action", "format", "Must be 1 to 40 small letters and underscores, such as read.")
        }
        search.isEmergency = query.flag("emergency")
        search.requestID = query.value("requestId")
        if let request = search.requestID, !RequestIDText.isValid(request) {
            query.fault("requestId", "format", "Must be a request id: 1 to 64 letters, digits and - . _")
        }
        search.period = LedgerPeriod(from: query.day("from"), until: query.day("until"))
        return search
    }
}
