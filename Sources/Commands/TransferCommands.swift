// import and export: many at once, in and out of files. An import says of each line what became of it and can be run again
// from the beginning; an export is in the ledger, a line for each person, before a row is written.

internal import API
internal import Domain
internal import Foundation
internal import JSON
internal import Lock
internal import Records
internal import Storage
internal import UseCases

enum TransferCommands {
    private static let organisation = Option(
        "organisation", "ID", "on whose behalf: a care provider, a municipality or the intake point")
    private static let refused = Option(
        "refused", "FILE.csv", "write the refused lines' numbers, references and reasons here")
    /// When the token of an import ends that nobody could end: 100,000 referrals take a minute.
    private static let longestImportSeconds: Int64 = 24 * 3600
    /// A larger transaction would otherwise spill into the log and read itself back.
    private static let cacheKibibytes = 64 * 1024

    static let all: [Command] =
        [
            Command(
                name: "import referrals", operands: ["FILE"],
                summary: "Stores the referrals of FILE.ndjson or FILE.csv, line by line",
                notes: [
                    "Run again it stores nothing twice: every line needs a reference of its own. What stops it, such as "
                        + "Ctrl-C or a full disk, ends it after the lines that are done, and it says how many those are."
                ],
                options: [.database, organisation, refused], no: "some lines were refused",
                json: .lines(["line", "outcome", "referral", "candidateNumber", "externalReference", "problem"]),
                examples: [
                    #"thuispunt import referrals referrals.csv --organisation "$ORGANISATION" --refused refused.csv"#
                ], run: importReferrals)
        ]
        + Export.allCases.map { kind in
            Command(
                name: "export \(kind.rawValue)", operands: ["FILE"],
                summary: "Writes all \(kind.rawValue) to FILE.ndjson or FILE.csv (- is NDJSON on standard output)",
                notes: ["Each person in it is a line in the ledger first; restricted people are left out."],
                options: [.database], json: .object(["kind", "rows", "file"]),
                examples: ["thuispunt export \(kind.rawValue) out.csv"]
            ) { try await export(kind, $0, $1) }
        }

    /// Whether a file's name says CSV; else it has to say NDJSON.
    private static func isCSV(_ path: String) throws -> Bool {
        switch URL(fileURLWithPath: path).pathExtension.lowercased() {
        case "csv": return true
        case "ndjson", "jsonl": return false
        default: throw CommandFault.usage("\(path) must end in .ndjson or .csv")
        }
    }

    // MARK: Import

    private struct Tally {
        var counts: [BatchOutcome.Kind: Int] = [:]

        subscript(kind: BatchOutcome.Kind) -> Int { counts[kind] ?? 0 }

        var text: String {
            BatchOutcome.Kind.allCases.map { "\(self[$0]) \($0.rawValue)" }.joined(separator: ", ")
        }

        mutating func count(_ outcomes: [BatchOutcome]) {
            for outcome in outcomes { counts[outcome.kind, default: 0] += 1 }
        }
    }

    private static func importReferrals(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let path = arguments.operands[0]
        let isCSV = try isCSV(path)
        let owner = try arguments.required(organisation)
        guard let owner = OrganisationID(owner) else {
            throw CommandFault.usage("--organisation must be an id; see: thuispunt organisation list")
        }
        guard arguments.text(refused) != "-" else {
            throw CommandFault.usage("--refused must be a file: standard output is for the outcomes")
        }
        let file = try InputFile(path)
        var report = try arguments.text(refused).map { try OutputFile($0) }
        try report?.write(Array("line,externalReference,existing,reason\r\n".utf8))
        let database = try Database(
            path: arguments.database, lanes: 1, writerCacheKibibytes: cacheKibibytes, environment: .system)
        defer { database.close() }
        let signals = Lock(0)
        try Signals.onEnd {
            let count = signals.withLock { count in
                count += 1
                return count
            }
            // It waits for input that does not come, or is done.
            if count > 1 { UnfinishedFile.removeAll { exit(ExitCode.failed.rawValue) } }
        }
        defer { signals.withLock { $0 = 1 } }
        let caller = try await begin(owner, in: database)
        let today = AmsterdamTime.day(of: Environment.system.now())
        let batch = ReferralBatch(database, by: caller, today: today, isCSV: isCSV)
        var tally = Tally()
        var fault: (any Error)?
        do {
            try await store(file, as: batch, isCSV, until: signals, &tally, &report, arguments, terminal)
        } catch {
            fault = error
        }
        // Whatever ended it: nobody goes on with its token, and who asked learns what is stored and what was refused.
        do {
            try await database.write { tx in _ = try TokenStore(tx.db).revoke(caller.actor.token, at: tx.now) }
        } catch {
            fault = fault ?? error
        }
        do { try report?.finish() } catch { fault = fault ?? error }
        do {
            if let fault { throw fault }
            return try end(tally, path, arguments, terminal)
        } catch {
            terminal.tell("\(path): stopped after \(tally.text); run it again, nothing is stored twice")
            throw error
        }
    }

    /// Stores the records of a file in their order, until its end, its first fault or a signal that ends the process.
    private static func store(
        _ file: borrowing InputFile, as batch: consuming ReferralBatch, _ isCSV: Bool, until signals: Lock<Int>,
        _ tally: inout Tally, _ report: inout OutputFile?, _ arguments: Arguments, _ terminal: Terminal
    ) async throws {
        var batch = batch
        var reader: any RecordReader = isCSV ? CSVReader() : LineReader()
        var progress = Progress("importing", on: terminal)
        defer { progress.end() }
        var done = 0
        var goesOn = true
        while goesOn {
            let piece = try file.next()
            if let piece { reader.feed(piece) } else { reader.end() }
            while goesOn {
                guard signals.withLock({ $0 }) == 0 else { throw CommandFault("a signal stopped it") }
                let records = nextRecords(&reader)
                guard !records.isEmpty else { break }
                let outcomes = try await batch.store(records)
                tally.count(outcomes)
                try write(outcomes, to: &report, arguments, terminal)
                goesOn = !batch.isBroken
            }
            done += piece?.count ?? 0
            progress.update(done, of: max(file.byteCount, done))
            if piece == nil { goesOn = false }
        }
    }

    private static func nextRecords(_ reader: inout any RecordReader) -> [TextRecord] {
        var records: [TextRecord] = []
        while records.count < ReferralBatch.recordsPerCommit, let record = reader.next() { records.append(record) }
        return records
    }

    /// Whom the timeline and the ledger name: a token of the organisation that nobody was told, for as long as it takes.
    private static func begin(_ owner: OrganisationID, in database: Database) async throws -> Caller {
        try await database.write { tx in
            guard let organisation = try OrganisationStore(tx.db).find(owner) else {
                throw CommandFault("there is no such organisation; see: thuispunt organisation list")
            }
            guard
                let role = [Role.referrer, .intaker].first(where: { $0.organisationKinds.contains(organisation.kind) })
            else { throw CommandFault("a \(organisation.kind.rawValue) does not post referrals") }
            let (token, _) = try AccessTokens.issue(
                to: owner, role: role, label: "import", expiresAt: tx.now.adding(seconds: longestImportSeconds),
                environment: .system, in: tx)
            let name = "import-" + tx.newIdentifier(of: RequestTrace.self).description
            return Caller(
                actor: Actor(token: token, organisation: owner, role: role, municipality: organisation.municipality),
                trace: tx.localTrace(name))
        }
    }

    private static func write(
        _ outcomes: [BatchOutcome], to report: inout OutputFile?, _ arguments: Arguments, _ terminal: Terminal
    ) throws {
        var rows = CSVWriter()
        for outcome in outcomes {
            if arguments.has(.json) { try terminal.trySay(String(decoding: outcome.json, as: UTF8.self)) }
            for reason in outcome.reasons {
                rows.field(Int64(outcome.line))
                rows.field(outcome.externalReference)
                rows.field(outcome.existing?.description)
                rows.field(reason)
                rows.endRecord()
                guard report == nil, !arguments.has(.json) else { continue }
                let known = outcome.existing.map { " It is \($0)." } ?? ""
                terminal.tell("line \(outcome.line): \(reason)\(known)")
            }
        }
        try report?.write(rows.take())
    }

    private static func end(_ tally: Tally, _ path: String, _ arguments: Arguments, _ terminal: Terminal) throws
        -> ExitCode
    {
        if arguments.has(.json) { terminal.tell(tally.text) } else { try terminal.trySay("\(path): \(tally.text)") }
        return tally[.refused] == 0 ? .done : .no
    }

    // MARK: Export

    private static func export(_ kind: Export, _ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let path = arguments.operands[0]
        let isCSV = try path == "-" ? false : isCSV(path)
        let database = try Store.open(arguments)
        defer { database.close() }
        let file = try OutputFile(path)
        if isCSV { try file.write(kind.header) }
        let trace = try await database.write { $0.localTrace("export-\($0.now)") }
        var rows = 0
        var key: Identifier<Any>?
        repeat {
            let after = key
            let page = try database.read(lane: 0) { try kind.page(after: after, in: $0) }
            if !page.disclosures.isEmpty {
                let looks = page.disclosures
                try await database.write { tx in
                    try LedgerStore(tx.db).append(looks, by: .localOperator, trace: trace, at: tx.now)
                }
            }
            let lines = page.rows.reduce(into: [UInt8]()) { $0 += $1 + [UInt8(ascii: "\n")] }
            try file.write(isCSV ? kind.table(page.rows) : lines)
            rows += page.rows.count
            key = page.next
        } while key != nil
        try file.finish()
        let said = "\(rows) \(kind.rawValue) written to \(path)"
        if arguments.has(.json), path != "-" {
            terminal.say { writer in
                writer.object { writer in
                    writer.field("kind", kind.rawValue)
                    writer.field("rows", rows)
                    writer.field("file", path)
                }
            }
        } else {
            terminal.tell(said)
        }
        return .done
    }
}
