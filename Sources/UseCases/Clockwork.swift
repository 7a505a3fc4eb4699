// What the passing of time brings about by itself, as a list of duties: each looks for what is due, does a bounded number of
// them in one commit, and finds nothing when it is asked again. The one place where the service acts and nobody asked; how
// often it is asked is the caller's business.

internal import Domain
package import Storage

/// Something to be done when its time has come.
package struct Duty: Sendable {
    /// Its name, for commands and logs.
    package let name: String
    /// Does at most so many and says how many it did; none means that nothing is left.
    let run: @Sendable (ReferralSteps, _ limit: Int) throws -> Int

    init(_ name: String, _ run: @escaping @Sendable (ReferralSteps, _ limit: Int) throws -> Int) {
        self.name = name
        self.run = run
    }
}

/// The duties of time.
package enum Clockwork {
    /// The most that one duty does in a commit: a few milliseconds for who else waits for the writer.
    package static let batch = 100

    /// All of them, in the order in which they are done: what ends by itself before what somebody is asked to do.
    package static let duties = [
        Duty("ended_consents", EndedConsents.end),
        Duty("expired_offers") { try ExpireOffers.run(by: $0.caller, in: $0.tx, limit: $1) },
        Duty("stalled_steps", StalledSteps.notice), Duty("ended_holds", StalledSteps.noticeHolds),
        Duty("escalations", StalledSteps.escalate), Duty("forgotten_signals", Signals.forget),
        Duty("granted_erasures", Forget.carryOut),
        Duty("kept_answers") { steps, limit in
            let forgotten = try IdempotencyStore(steps.tx.db).forget(keptBefore: steps.tx.now, limit: limit)
            if forgotten > 0 { steps.tx.forget() }
            return forgotten
        },
    ]

    /// Does what is due of a duty.
    ///
    /// - Returns: How many were done; when it is not none, there may be more.
    package static func run(_ duty: Duty, in tx: WriteTransaction) throws -> Int {
        try duty.run(ReferralSteps(caller: Caller(actor: .clockwork, trace: tx.localTrace("clockwork")), tx: tx), batch)
    }
}

/// How far a duty has come in what lies behind: a day and an id, kept beside what it did. What is due later always lies
/// after it, so nothing is looked at twice.
struct DutyMark<Subject> {
    let name: String

    func find(_ tx: WriteTransaction) throws -> (day: CivilDate, id: Identifier<Subject>)? {
        let words = try SettingStore(tx.db).find("clockwork." + name)?.split(separator: " ") ?? []
        guard words.count == 2, let day = CivilDate(iso: String(words[0])),
            let id = Identifier<Subject>(String(words[1]))
        else { return nil }
        return (day, id)
    }

    func update(to day: CivilDate, _ id: Identifier<Subject>, _ tx: WriteTransaction) throws {
        try SettingStore(tx.db).update("clockwork." + name, to: "\(day) \(id)")
    }
}
