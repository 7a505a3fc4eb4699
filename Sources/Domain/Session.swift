// How long a browser's session holds: a pure rule of two time-outs. Knows no cookie and no table.

/// The time-outs of sessions.
package struct SessionTerms: Sendable, Equatable {
    /// Seconds without a request after which a session ends: a desk that somebody walked away from (NIST SP 800-63B,
    /// section 4.2.3, for data of this weight: thirty minutes).
    package var idleSeconds: Int64 = 30 * 60
    /// Seconds after which it ends whatever is done: a working day (the same section: twelve hours).
    package var wholeSeconds: Int64 = 12 * 3600

    /// The defaults.
    package init() {}

    /// When a session that is opened at a moment ends at the latest.
    package func end(openedAt now: Instant) -> Instant { now.adding(seconds: wholeSeconds) }

    /// Until when a session holds that is used at a moment and ends at another.
    package func livesUntil(usedAt now: Instant, endsAt end: Instant) -> Instant {
        min(now.adding(seconds: idleSeconds), end)
    }

    /// Whether its use is to be written down: once a sixth of the idle time has gone since that was done last, so that
    /// reads stay reads.
    package func isUseDue(livesUntil: Instant, endsAt end: Instant, at now: Instant) -> Bool {
        livesUntil < end && now.adding(seconds: idleSeconds - idleSeconds / 6) >= livesUntil
    }
}
