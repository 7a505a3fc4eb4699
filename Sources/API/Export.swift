// What a region holds as rows in a file: each row is what the API shows the intake point of one thing, whole as a line of
// JSON or, by chosen columns, as CSV. What is restricted to named people is left out.

package import Domain
internal import JSON
internal import Records
package import Storage
internal import UseCases

/// A kind of thing that is exported.
package enum Export: String, CaseIterable, Sendable {
    case referrals
    case dwellings
    case matches

    /// Rows in one page: what is read, written into the ledger, and then handed over.
    package static let rowsPerPage = 100

    /// Some rows, each a JSON object, with what they tell of whom.
    package struct Page: Sendable {
        package var rows: [[UInt8]]
        /// What has to be in the ledger before the rows leave.
        package var disclosures: [Disclosure]
        /// Where the next page begins; nil after the last.
        package var next: Identifier<Any>?
    }

    /// A page of the rows, newest first, as the intake point sees them.
    ///
    /// - Throws: `StorageFault`.
    package func page(after key: Identifier<Any>?, in tx: ReadTransaction) throws -> Page {
        let caller = Caller(
            actor: Actor(
                token: LedgerAuthor.localOperator.token, organisation: LedgerAuthor.localOperator.organisation,
                role: .coordinator), trace: RequestTrace(requestID: "export", address: "local"))
        switch self {
        case .referrals:
            let request = PageRequest<ReferralKey>(limit: Self.rowsPerPage, after: key.map { .id($0.retyped()) })
            let ids = try ReferralStore(tx.db).list(
                ReferralFilter(), in: AccessPolicy.referrals(visibleTo: caller.actor), groups: .status, page: request)
            let views = try ids.items.map { try Look.referral($0.standing.id, by: caller, in: tx) }
            return Self.page(
                views.map(\.value), views.flatMap(\.disclosures), ids.items.last?.standing.id.retyped(),
                goesOn: ids.next != nil
            ) { ReferralJSON.write($1, to: &$0) }
        case .dwellings:
            let request = PageRequest<DwellingID>(limit: Self.rowsPerPage, after: key.map { $0.retyped() })
            let found = try Look.dwellings(DwellingFilter(), page: request, by: caller, in: tx)
            return Self.page(found.items, [], found.next?.retyped(), goesOn: found.next != nil) {
                DwellingJSON.write($1, to: &$0)
            }
        case .matches:
            let request = PageRequest<MatchID>(limit: Self.rowsPerPage, after: key.map { $0.retyped() })
            let found = try Look.matches(states: [], page: request, by: caller, in: tx)
            let json = MatchJSON(now: tx.now)
            return Self.page(
                found.value.items, found.disclosures, found.value.next?.retyped(), goesOn: found.value.next != nil
            ) { json.write($1, to: &$0) }
        }
    }

    private static func page<Item>(
        _ items: [Item], _ looks: [Disclosure], _ last: Identifier<Any>?, goesOn: Bool,
        _ write: (inout JSONWriter, Item) -> Void
    ) -> Page {
        let rows = items.map { item in
            var writer = JSONWriter(reservingBytes: 2048)
            writer.object { write(&$0, item) }
            return writer.finish()
        }
        let exports = looks.map { look in
            var look = look
            look.action = LedgerAction.export
            return look
        }
        return Page(rows: rows, disclosures: exports, next: goesOn ? last : nil)
    }

    // MARK: As a table

    /// The columns of the CSV form: paths into a row's JSON. What a person wrote in lists of lists is in JSON alone.
    package var columns: [String] {
        let offer = [
            "landlord.name", "form", "municipality", "neighbourhood", "address.street", "address.houseNumber",
            "address.postcode", "address.city", "rooms", "rent", "serviceCost", "accessibility", "petsAllowed",
            "tenancyKind", "availableFrom",
        ]
        switch self {
        case .referrals:
            return [
                "id", "candidateNumber", "status", "receivedAt", "updatedAt", "waitingSince", "promiseDueOn",
                "holdUntil",
                "outcome", "referrer.name", "decision.kind", "decision.urgency", "decision.form",
                "support.provider.name", "support.startsOn",
            ] + ReferralTable.names.filter { !$0.hasPrefix("wishes.") && $0 != "consents" }
        case .dwellings:
            return ["id", "status"] + offer + ["householdMaximum", "remarks", "externalReference", "createdAt"]
        case .matches:
            return [
                "id", "status", "origin", "createdAt", "offeredAt", "answerDueOn", "endedAt", "landlordAnswer",
                "candidateAnswer", "declinedBy", "declineReason", "reason", "failingLimits", "candidate.referral",
                "candidate.givenName", "candidate.infix", "candidate.familyName", "candidate.birthDate",
                "candidate.rentFitsIncome", "dwelling.id",
            ] + offer.map { "dwelling." + $0 }
        }
    }

    /// The header of the CSV form.
    package var header: [UInt8] {
        var writer = CSVWriter()
        for column in columns { writer.field(column) }
        writer.endRecord()
        return writer.take()
    }

    /// Rows as CSV records; words of a list are parted by spaces.
    package func table(_ rows: [[UInt8]]) -> [UInt8] {
        var writer = CSVWriter()
        let paths = columns.map { $0.split(separator: ".").map(String.init) }
        for row in rows {
            let root = try? JSONDocument(row).root
            for path in paths {
                let value = path.reduce(root) { $0?[$1] }
                if let integer = value?.integer { writer.field(integer) } else { writer.field(value.map(Self.text)) }
            }
            writer.endRecord()
        }
        return writer.take()
    }

    private static func text(_ value: JSONValue) -> String {
        switch value.kind {
        case .string: value.string ?? ""
        case .boolean: value.boolean == true ? "true" : "false"
        case .array: value.elements.compactMap(\.string).joined(separator: " ")
        case .null, .number, .object: value.numberText ?? ""
        }
    }
}
