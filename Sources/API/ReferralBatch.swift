// Many referrals, a record each: each is read, judged and stored for itself, and has an outcome of its own in the order of
// the file. A record names itself by its externalReference; one that is there already is told and not stored again, so
// that a file can be sent once more from its beginning.

package import Domain
internal import JSON
package import Records
package import Storage
package import UseCases

/// What became of one record.
package struct BatchOutcome: Sendable {
    /// What became of it.
    package enum Kind: String, Sendable, CaseIterable {
        case created
        /// It was there already.
        case existing
        case refused
    }

    /// The line on which the record begins.
    package var line: Int
    package var kind: Kind
    /// It as a line of JSON, without the line's end.
    package var json: [UInt8]
    /// The reasons why it was refused, in words, each with its place.
    package var reasons: [String] = []
    /// What it names itself, when that could be read.
    package var externalReference: String?
    /// The referral that is there already, where the caller may know of it.
    package var existing: ReferralID?
}

/// Reads records into referrals and stores them, some at a time.
package struct ReferralBatch: Sendable {
    /// Records in one commit: one sync for many, and a single post that comes between waits for some ten milliseconds.
    package static let recordsPerCommit = 100

    private enum Format: Sendable {
        case lines
        /// CSV of which the header was not read yet.
        case unheaded
        case table(ReferralTable)
    }

    private struct Read: Sendable {
        var line: Int
        var externalReference: String?
        var draft: Result<ReferralDraft, Problem>
    }

    private let database: Database
    private let caller: Caller
    private let today: CivilDate
    private var format: Format
    /// Whether the file can't be read on: its header is wrong.
    package private(set) var isBroken = false

    /// A batch on behalf of a caller, of CSV or of JSON lines.
    package init(_ database: Database, by caller: Caller, today: CivilDate, isCSV: Bool) {
        self.database = database
        self.caller = caller
        self.today = today
        format = isCSV ? .unheaded : .lines
    }

    /// Stores what can be stored of some records and gives an outcome for each, in order; the stored ones are on disk.
    ///
    /// - Throws: `StorageFault` when nothing of these could be stored, `Problem` when the token has ended meanwhile.
    package mutating func store(_ records: [TextRecord]) async throws -> [BatchOutcome] {
        var reads: [Read] = []
        for record in records where !isBroken {
            if let read = read(record) { reads.append(read) }
        }
        guard !reads.isEmpty else { return [] }
        let caller = caller
        let steps = reads.enumerated().map { place, read in
            { @Sendable (tx: WriteTransaction) throws -> BatchOutcome in
                if place == 0, try !AccessTokens.stillHolds(caller.actor, in: tx) {
                    throw Problem(.unauthorized, "The token ended while the batch went on.")
                }
                return try Self.open(read, by: caller, in: tx)
            }
        }
        return try await database.writeAll(steps)
    }

    // MARK: Reading

    private mutating func read(_ record: TextRecord) -> Read? {
        var body: [UInt8] = []
        do {
            switch (record.content, format) {
            case (.refused(let fault), let format):
                // Without a header no row can be read.
                if case .unheaded = format { isBroken = true }
                throw InvalidBody(faults: [JSONFault(pointer: "", code: fault.rawValue, text: fault.text)])
            case (.line(let bytes), _): body = bytes
            case (.fields(let fields), .table(let table)):
                body = try table.body(fields, lines: record.line...record.lastLine)
            case (.fields(let header), _):
                isBroken = true
                format = .table(try ReferralTable(header: header))
                isBroken = false
                return nil
            }
            let draft = try draft(body)
            return Read(line: record.line, externalReference: draft.externalReference, draft: .success(draft))
        } catch let fault as InvalidBody {
            let reference = Self.reference(in: body)
            return Read(line: record.line, externalReference: reference, draft: .failure(Problem(fault)))
        } catch {
            return Read(line: record.line, draft: .failure(Problem(.internal, "The record could not be read.")))
        }
    }

    /// What a body that is wrong names itself; nil when that is not to be read, or wrong itself.
    private static func reference(in body: [UInt8]) -> String? {
        guard let root = try? JSONDocument(body).root, let text = root["externalReference"]?.string else { return nil }
        return ObjectReader.isReference(text) ? text : nil
    }

    private func draft(_ bytes: [UInt8]) throws(InvalidBody) -> ReferralDraft {
        let today = today
        return try JSONForm.decode(bytes, isLine: true) { form in
            let draft = ReferralForms.draft(&form, today: today)
            if !form.has("externalReference") {
                form.fault(
                    "externalReference", code: JSONFault.Code.required,
                    text: "In a batch every referral has a reference, by which it can be sent again.")
            }
            return draft
        }
    }

    // MARK: Storing

    private static func open(_ read: Read, by caller: Caller, in tx: WriteTransaction) throws -> BatchOutcome {
        switch read.draft {
        case .failure(let problem): return refused(read.line, problem, caller, read.externalReference)
        case .success(let draft):
            do {
                let made = try tx.attempt { try OpenReferral.store(draft, by: caller, in: tx) }
                return told(.created, read.line, made.id, draft, CandidateNumber.text(made.number))
            } catch let fault as UseCaseFault {
                // Who is told of a person is in the ledger before it is told.
                if let look = Refused.disclosure(of: fault) {
                    try LedgerStore(tx.db).append([look], by: caller.actor, trace: caller.trace, at: tx.now)
                }
                if case .conflict(.duplicateExternalReference, _, existing: .referral(let id)) = fault {
                    return told(.existing, read.line, id, draft, nil)
                }
                var outcome = refused(read.line, Problem(fault), caller, read.externalReference)
                if case .conflict(_, _, existing: .referral(let id)) = fault { outcome.existing = id }
                return outcome
            }
        }
    }

    private static func told(
        _ kind: BatchOutcome.Kind, _ line: Int, _ id: ReferralID, _ draft: ReferralDraft, _ number: String?
    ) -> BatchOutcome {
        var writer = JSONWriter(reservingBytes: 192)
        writer.object { writer in
            writer.field("line", line)
            writer.field("outcome", kind)
            writer.field("referral", id)
            writer.field("candidateNumber", ifPresent: number)
            writer.field("externalReference", ifPresent: draft.externalReference)
        }
        return BatchOutcome(
            line: line, kind: kind, json: writer.finish(), externalReference: draft.externalReference)
    }

    /// A record that was not stored, with its problem document.
    static func refused(
        _ line: Int, _ problem: Problem, _ caller: Caller, _ externalReference: String? = nil
    ) -> BatchOutcome {
        var writer = JSONWriter(reservingBytes: 512)
        writer.object { writer in
            writer.field("line", line)
            writer.field("outcome", BatchOutcome.Kind.refused)
            writer.field("externalReference", ifPresent: externalReference)
            writer.object("problem") { problem.write(to: &$0, requestID: caller.trace.requestID) }
        }
        let reasons = problem.faults.map { fault in
            if case .pointer(let pointer) = fault.place, !pointer.isEmpty {
                "\(pointer): \(fault.text)"
            } else {
                fault.text
            }
        }
        return BatchOutcome(
            line: line, kind: .refused, json: writer.finish(), reasons: reasons.isEmpty ? [problem.detail] : reasons,
            externalReference: externalReference)
    }
}
