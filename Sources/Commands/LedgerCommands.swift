// ledger verify | search: whether the disclosure ledger is as it was written, and who saw what about whom. A search is in
// the ledger itself, a line for each person found, as done by whoever can run commands on this machine.

internal import Domain
internal import Foundation
internal import JSON
internal import Storage
internal import UseCases

enum LedgerCommands {
    static let anchors = Option(
        "ledger-anchor", "PATH", "the file of the ledger's anchors (default: beside the database, NAME.anchors)")
    private static let referral = Option("referral", "ID", "about this referral")
    private static let organisation = Option("organisation", "ID", "done for this organisation")
    private static let role = Option(
        "role", "ROLE", oneOf: Role.allCases.map(\.rawValue), "done in this role")
    private static let token = Option("token", "ID", "by the bearer of this token")
    private static let action = Option("action", "WORD", "this action, such as read, list, search or admit")
    private static let emergency = Option("emergency", nil, "only what was seen or done in an emergency")
    private static let request = Option("request", "ID", "as part of this request (X-Request-Id)")
    private static let from = Option("from", "DAY", "on this day or later, such as 2026-11-22")
    private static let until = Option("until", "DAY", "on this day or before")
    private static let limit = Option("limit", "N", "the most lines (100)")

    static let all: [Command] = [
        Command(
            name: "ledger verify",
            summary: "Walks the disclosure ledger and holds it against its anchors",
            options: [.database, anchors], no: "the ledger is not as it was written",
            json: .object(["ok", "entries", "anchors", "firstBroken", "brokenAnchorLine", "problem"]),
            examples: ["thuispunt ledger verify"], run: verify),
        Command(
            name: "ledger search", summary: "Prints who saw or changed what, newest first; the search is recorded too",
            options: [.database, referral, organisation, role, token, action, emergency, request, from, until, limit],
            json: .lines([
                "sequence", "at", "token", "localOperator", "role", "organisation", "organisationName", "responsible",
                "action", "deed", "result", "emergency", "purpose", "grounds", "fields", "referral", "object",
                "requestId",
                "traceId", "address",
            ]),
            examples: ["thuispunt ledger search --from 2026-11-01 --role referrer --limit 10"], run: search),
    ]

    /// Where the anchors of the database are.
    static func anchorPath(_ arguments: Arguments) -> String {
        arguments.text(anchors) ?? LedgerAnchorFile.standardPath(for: arguments.database)
    }

    // MARK: verify

    /// What is known of the ledger: the walk, and the file of anchors beside it.
    struct Finding {
        var verdict: LedgerVerdict
        /// Nil when there is no file.
        var lines: LedgerAnchorLines?
        var path: String

        /// Looks at both; the anchors first, as they may not be newer than what they are held against.
        init(_ arguments: Arguments) throws {
            path = LedgerCommands.anchorPath(arguments)
            let lines = try LedgerAnchorFile.read(path)
            self.lines = lines
            verdict = try Store.reading(arguments) {
                try LedgerStore($0.db).check(against: lines?.all ?? [])
            }
        }

        /// What is wrong, in one line; nil when all is well.
        var problem: String? {
            verdict.broken?.text ?? lines?.problem(at: path)
        }
    }

    private static func verify(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let finding = try Finding(arguments)
        let verdict = finding.verdict
        if arguments.has(.json) {
            terminal.say { writer in
                writer.object { writer in
                    writer.field("ok", finding.problem == nil)
                    writer.field("entries", verdict.entries)
                    writer.field("anchors", ifPresent: finding.lines.map { Int64($0.all.count) })
                    writer.field("firstBroken", ifPresent: verdict.broken?.sequence)
                    writer.field("brokenAnchorLine", ifPresent: finding.lines?.brokenLine.map(Int64.init))
                    writer.field("problem", ifPresent: finding.problem)
                }
            }
        } else {
            let anchored = finding.lines == nil ? "" : " and fits \(verdict.anchors) anchors"
            terminal.say(finding.problem ?? "\(verdict.entries) entries, the chain is whole\(anchored)")
        }
        if finding.lines == nil {
            terminal.tell("there are no anchors at \(finding.path): entries missing from the end would not show")
        } else if let lines = finding.lines, lines.newest == nil, !lines.isNewestBroken {
            let last = lines.anchors.last.map { "after entry \($0.sequence)" } ?? "from the end"
            terminal.tell(
                "there is no newest anchor beside \(finding.path): entries missing \(last) would not show")
        }
        return finding.problem == nil ? .done : .no
    }

    // MARK: search

    private static func search(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let wanted = try wanted(arguments)
        let most = try arguments.number(limit, in: 1...100_000) ?? 100
        let found = try await Store.writing(arguments) { tx in
            let store = LedgerStore(tx.db)
            let found = try store.search(wanted, limit: most)
            try store.append(
                Disclosure.audit(of: found), by: .localOperator, trace: tx.localTrace(), at: tx.now)
            return found
        }
        if found.isEmpty, let action = wanted.action {
            var any = LedgerSearch()
            any.action = action
            let isKnown = try Store.reading(arguments) { try !LedgerStore($0.db).search(any, limit: 1).isEmpty }
            if !isKnown { terminal.tell("no entry of the ledger has the action \(action)") }
        }
        for line in found {
            if arguments.has(.json) {
                terminal.say { writer in writer.object { json(line, to: &$0) } }
            } else {
                terminal.say(text(line))
            }
        }
        return .done
    }

    private static func wanted(_ arguments: Arguments) throws -> LedgerSearch {
        var search = LedgerSearch()
        search.referral = try arguments.text(referral).map { try identifier($0, of: referral) }
        search.organisation = try arguments.text(organisation).map { try identifier($0, of: organisation) }
        search.token = try arguments.text(token).map { try identifier($0, of: token) }
        search.action = arguments.text(action)
        if let word = search.action, word.wholeMatch(of: /[a-z_]{1,40}/) == nil {
            throw CommandFault.usage("--action must be small letters and underscores, such as read")
        }
        search.isEmergency = arguments.has(emergency)
        search.requestID = arguments.text(request)
        let (first, last) = (try day(arguments, from), try day(arguments, until))
        if let first, let last, first > last { throw CommandFault.usage("--from must not be after --until") }
        search.period = LedgerPeriod(from: first, until: last)
        if let text = arguments.text(role) {
            guard let known = Role(rawValue: text) else { throw CommandFault.usage("--role knows no '\(text)'") }
            search.role = known
        }
        return search
    }

    private static func identifier<Subject>(_ text: String, of option: Option) throws -> Identifier<Subject> {
        guard let id = Identifier<Subject>(text) else { throw CommandFault.usage("--\(option.name) must be a UUID") }
        return id
    }

    private static func day(_ arguments: Arguments, _ option: Option) throws -> CivilDate? {
        guard let text = arguments.text(option) else { return nil }
        guard let day = CivilDate(iso: text) else {
            throw CommandFault.usage("--\(option.name) must be a day, such as 2026-11-22")
        }
        return day
    }

    private static func text(_ line: LedgerLine) -> String {
        let entry = line.disclosure
        let who = line.source.isLocalOperator ? "local operator" : entry.role.rawValue
        let whom = line.referral == .nobody ? "nobody" : line.referral.description
        return [
            String(entry.sequence), entry.at.description, who, entry.organisation.name, entry.action,
            entry.result.rawValue, whom, entry.fields.joined(separator: ","), entry.purpose,
            entry.grounds.map(\.rawValue).joined(separator: ","), line.source.trace.requestID,
            line.source.trace.address,
        ].joined(separator: "  ")
    }

    private static func json(_ line: LedgerLine, to writer: inout JSONWriter) {
        let entry = line.disclosure
        writer.field("sequence", entry.sequence)
        writer.field("at", entry.at.description)
        writer.field("token", line.source.token.description)
        writer.field("localOperator", line.source.isLocalOperator)
        writer.field("role", entry.role.rawValue)
        writer.field("organisation", entry.organisation.id.description)
        writer.field("organisationName", entry.organisation.name)
        writer.field("responsible", ifPresent: line.responsible?.description)
        writer.field("action", entry.action)
        writer.field("deed", DisclosureDeed(action: entry.action).rawValue)
        writer.field("result", entry.result.rawValue)
        writer.field("emergency", entry.isEmergency)
        writer.field("purpose", entry.purpose)
        writer.field("grounds", entry.grounds.map(\.rawValue))
        writer.field("fields", entry.fields)
        writer.field("referral", ifPresent: line.referral == .nobody ? nil : line.referral.description)
        writer.field("object", ifPresent: line.referral == .nobody ? nil : line.object.description)
        writer.field("requestId", line.source.trace.requestID)
        writer.field("traceId", line.source.trace.traceID)
        writer.field("address", line.source.trace.address)
    }
}
