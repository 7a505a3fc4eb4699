// token issue | list | rotate | revoke: who may speak, in which role. A secret is printed once, alone, and only its hash
// is kept.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum TokenCommands {
    private static let organisation = Option("organisation", "ID", "whose token it is")
    private static let role = Option("role", "ROLE", oneOf: Role.allCases.map(\.rawValue))
    private static let referral = Option("referral", "ID", "the candidate's own referral; only for --role candidate")
    private static let label = Option("label", "TEXT", "what it is for, so that it can be found again")
    private static let expires = Option(
        "expires", "90d", "days (90d) or hours (12h) until it ends; never when left out")
    private static let newEnd = Option(
        "expires", "90d", "days (90d) or hours (12h) until it ends; as long as the old one was for when left out")
    private static let addresses = Option(
        "addresses", "LIST", "addresses and ranges it holds for, such as 192.0.2.0/24,2001:db8::/32; any when left out")

    static let all: [Command] = [
        Command(
            name: "token issue", summary: "Issues a token and prints it alone, once",
            notes: ["Only its hash is kept: who loses it gets another."],
            options: [.database, organisation, role, referral, label, expires, addresses],
            json: .object(["id", "token"]),
            examples: [
                #"thuispunt token issue --organisation "$ORGANISATION" --role referrer --label script --expires 90d"#
            ], run: issue),
        Command(
            name: "token list", summary: "Lists the tokens, never their secrets",
            options: [.database, organisation],
            json: .lines([
                "id", "organisation", "role", "label", "referral", "createdAt", "expiresAt", "revokedAt", "lastUsedOn",
                "addresses",
            ]), examples: [#"thuispunt token list --organisation "$ORGANISATION" --json"#], run: list),
        Command(
            name: "token rotate", operands: ["ID"],
            summary: "Issues a token like an old one, which goes on for 24 hours, and prints it alone, once",
            options: [.database, newEnd], json: .object(["id", "token"]),
            examples: [#"thuispunt token rotate "$TOKEN" --expires 90d"#], run: rotate),
        Command(
            name: "token revoke", operands: ["ID"], summary: "Ends a token at once", options: [.database],
            json: .object(["id"]), examples: [#"thuispunt token revoke "$TOKEN""#], run: revoke),
    ]

    private static func issue(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        guard let owner = OrganisationID(try arguments.required(organisation)) else {
            throw CommandFault.usage("--organisation must be a UUID; see: thuispunt organisation list")
        }
        guard let spoken = Role(rawValue: try arguments.required(role)) else {
            throw CommandFault.usage("--role must be one of: \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let text = try arguments.requiredWords(label)
        var subject: ReferralID?
        if let given = arguments.text(referral) {
            subject = ReferralID(given)
            if subject == nil { throw CommandFault.usage("--referral must be a UUID") }
        }
        let seconds = try arguments.text(expires).map(duration)
        let places = try arguments.text(addresses).map(addressList)
        let about = subject
        let made = try await Store.writing(arguments) { tx in
            try AccessTokens.issue(
                to: owner, role: spoken, referral: about, label: text,
                expiresAt: seconds.map { tx.now.adding(seconds: $0) }, addresses: places, environment: .system, in: tx)
        }
        try await show(made, arguments, terminal)
        return .done
    }

    private static func rotate(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        guard let id = TokenID(arguments.operands[0]) else { throw CommandFault.usage("ID must be a UUID") }
        let seconds = try arguments.text(expires).map(duration)
        let (old, made) = try await Store.writing(arguments) { tx in
            do {
                let old = try TokenStore(tx.db).find(id)
                let made = try AccessTokens.rotate(
                    id, expiresAt: seconds.map { tx.now.adding(seconds: $0) }, environment: .system, in: tx)
                return (old, made)
            } catch UseCaseFault.notFound {
                throw CommandFault("there is no token \(id), or it has ended; see: thuispunt token list")
            }
        }
        try await show(made, insteadOf: old, arguments, terminal)
        return .done
    }

    /// Prints a new token, once it is on disk and nobody waits for the writer. One whose secret nobody could read is taken
    /// back, and the one it was to follow stays as it is.
    private static func show(
        _ made: (id: TokenID, secret: String), insteadOf old: TokenRecord? = nil, _ arguments: Arguments,
        _ terminal: Terminal
    ) async throws {
        do {
            guard arguments.has(.json) else { return try terminal.trySay(made.secret) }
            try terminal.trySay { writer in
                writer.object { writer in
                    writer.field("id", made.id.description)
                    writer.field("token", made.secret)
                }
            }
        } catch {
            try await Store.writing(arguments) { try AccessTokens.takeBack(made.id, of: old, in: $0) }
            throw CommandFault("can't write the output; the token was taken back")
        }
    }

    private static func list(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        var owner: OrganisationID?
        if let given = arguments.text(organisation) {
            owner = OrganisationID(given)
            if owner == nil { throw CommandFault.usage("--organisation must be a UUID") }
        }
        let found = try Store.reading(arguments) { try TokenStore($0.db).list(organisation: owner) }
        for token in found {
            if arguments.has(.json) {
                terminal.say { writer in
                    writer.object { writer in
                        writer.field("id", token.id.description)
                        writer.field("organisation", token.organisation.description)
                        writer.field("role", token.role.rawValue)
                        writer.field("label", token.label)
                        writer.field("referral", ifPresent: token.referral?.description)
                        writer.field("createdAt", token.createdAt.description)
                        writer.field("expiresAt", ifPresent: token.expiresAt?.description)
                        writer.field("revokedAt", ifPresent: token.revokedAt?.description)
                        writer.field("lastUsedOn", ifPresent: token.lastUsedOn?.description)
                        writer.field("addresses", ifPresent: token.addresses?.description)
                    }
                }
            } else {
                let end =
                    token.revokedAt.map { "revoked \($0)" } ?? token.expiresAt.map { "until \($0)" } ?? "without end"
                let use = token.lastUsedOn.map { "used \($0)" } ?? "never used"
                let place = token.addresses.map { "from \($0)" } ?? "from anywhere"
                terminal.say(
                    [
                        token.id.description, token.role.rawValue, token.organisation.description, end, use, place,
                        token.label,
                    ].joined(separator: "  "))
            }
        }
        return .done
    }

    private static func revoke(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        guard let id = TokenID(arguments.operands[0]) else { throw CommandFault.usage("ID must be a UUID") }
        let isDone = try await Store.writing(arguments) { try TokenStore($0.db).revoke(id, at: $0.now) }
        guard isDone else { throw CommandFault("there is no such token, or it was revoked already") }
        if arguments.has(.json) {
            terminal.say { $0.object { $0.field("id", id.description) } }
        } else {
            terminal.say("revoked \(id)")
        }
        return .done
    }

    private static func addressList(_ text: String) throws -> AddressList {
        guard let list = AddressList(text) else {
            throw CommandFault.usage(
                "--addresses must be at most \(AddressList.rangeLimit) addresses or ranges without bits beyond their "
                    + "length, such as 192.0.2.0/24,2001:db8::/32")
        }
        return list
    }

    /// `90d` or `12h`, in seconds; ten years at most.
    static func duration(_ text: String) throws -> Int64 {
        let units: [Character: Int64] = ["d": 86_400, "h": 3600]
        guard let unit = text.last.flatMap({ units[$0] }), text.first != "+", let count = Int64(text.dropLast()),
            count > 0,
            count <= 3650 * 86_400 / unit
        else { throw CommandFault.usage("--expires must be days or hours, such as 90d or 12h, ten years at most") }
        return count * unit
    }
}
