// The flags of the time-outs of browsers' sessions. Why they are what they are, SessionTerms says.

internal import Domain

enum SessionFlags {
    private static let idle = Option(
        "session-idle-minutes", "N", "minutes without a request after which a browser's session ends (30)")
    private static let whole = Option("session-hours", "N", "hours after which a browser's session ends (12)")

    static let options = [idle, whole]

    /// The time-outs that the command line asks for.
    ///
    /// - Throws: `CommandFault` with exit code 2.
    static func terms(_ arguments: Arguments) throws -> SessionTerms {
        var terms = SessionTerms()
        if let minutes = try arguments.number(idle, in: 1...1_440) { terms.idleSeconds = Int64(minutes) * 60 }
        if let hours = try arguments.number(whole, in: 1...168) { terms.wholeSeconds = Int64(hours) * 3600 }
        return terms
    }
}
