// A referral's clocks as JSON: when each is due, how it stands, whose move it is and who has used its days.

internal import Domain
internal import JSON

enum ClockJSON {
    static func write(_ clock: Clock, turns: [Turn], on today: CivilDate, to writer: inout JSONWriter) {
        writer.field("id", clock.id)
        writer.field("kind", clock.kind)
        if let object = clock.object { writer.field("about", object) }
        writer.field("startedOn", clock.startedOn)
        writer.field("dueOn", clock.dueOn(on: today))
        writer.field("state", clock.state(on: today))
        if clock.endedOn == nil {
            writer.field("daysLeft", clock.daysLeft(on: today))
            if let party = clock.kind.party ?? turns.last?.party { writer.field("party", party) }
        }
        writer.field("endedOn", ifPresent: clock.endedOn)
        if let delay = clock.delay {
            writer.object("delay") { writer in
                writer.field("reason", delay.reason)
                writer.field("until", delay.until)
            }
        }
        writer.field("regionVersion", clock.regionVersion)
        writer.field("pausedDays", clock.pausedDays(on: clock.endedOn ?? today))
        writer.array("pauses") { writer in
            for pause in clock.pauses {
                writer.object { writer in
                    writer.field("ground", pause.ground)
                    writer.field("from", pause.from)
                    writer.field("until", ifPresent: pause.until)
                }
            }
        }
        let used = clock.daysUsed(turns, on: today)
        writer.array("daysUsed") { writer in
            for party in ClockParty.allCases {
                guard let days = used[party] else { continue }
                writer.object { writer in
                    writer.field("party", party)
                    writer.field("days", days)
                }
            }
        }
    }
}
