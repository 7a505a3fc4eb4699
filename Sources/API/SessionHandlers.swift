// The routes of a browser's session: sign in with a token, and out.

internal import Domain
internal import HTTPWire
internal import JSON
internal import Storage
internal import UseCases

enum SessionHandlers {
    static func open(_ exchange: Exchange) async throws -> Answer {
        _ = try exchange.form { _ in true }
        let (caller, request, terms, session) = (
            exchange.caller, exchange.request, exchange.sessionTerms, exchange.session
        )
        guard SessionCookie.field(nil, for: request) != nil else {
            throw Problem(.forbidden, "A browser keeps a session over https alone; open the page there.")
        }
        let old = SessionCookie.secret(request).map(AccessTokens.hash)
        // Given once: a kept answer would keep the secret.
        let opened = try await exchange.writeAnew { tx in
            try Sessions.open(replacing: old, terms: terms, by: caller, session: session, in: tx)
        }
        var answer = Answer(201, body: body(opened))
        if let field = SessionCookie.field(opened.secret, for: request) { answer.fields.append(field) }
        return answer
    }

    private static func body(_ opened: Sessions.Opened) -> [UInt8] {
        var writer = JSONWriter(reservingBytes: 128)
        writer.object { writer in
            writer.field("endsAt", opened.endsAt)
            writer.field("idleSeconds", opened.idleSeconds)
        }
        return writer.finish()
    }

    static func close(_ exchange: Exchange) async throws -> Answer {
        let (caller, session) = (exchange.caller, exchange.session)
        try await exchange.writeAnew { try Sessions.close(session, by: caller, in: $0) }
        var answer = Answer(204, body: [])
        if let field = SessionCookie.field(nil, for: exchange.request) { answer.fields.append(field) }
        return answer
    }
}
