// What must hold of clocks, tasks, signals and handovers after every step of the simulation, whatever came before: the rules
// of the domain's description, read from the file.

import Domain
import Storage

enum ClockworkRules {
    /// The rules that are broken, in words.
    static func broken(_ model: Model, _ tx: ReadTransaction) throws -> [String] {
        let today = AmsterdamTime.day(of: tx.now)
        return try model.referrals.flatMap { id, referral in
            let running = try ClockStore(tx.db).list(of: id).filter { $0.endedOn == nil }
            let tasks = try TaskStore(tx.db).open(about: id)
            return clocks(id, referral, running, today) + self.tasks(id, referral, tasks, running, model, today)
        }
    }

    private static func clocks(
        _ id: ReferralID, _ referral: ModelReferral, _ running: [Domain.Clock], _ today: CivilDate
    )
        -> [String]
    {
        var broken: [String] = []
        let kinds = running.map(\.kind)
        if !referral.state.isOpen, kinds.contains(where: { $0 != .objection }) {
            broken.append("clocks run for \(id), which has ended: \(kinds)")
        }
        let promises = running.filter { $0.kind == .promise }
        let isPromised = [.waiting, .matched, .accepted, .onHold].contains(referral.state)
        if promises.count != (isPromised ? 1 : 0) {
            broken.append("\(promises.count) promises to \(id), \(referral.state)")
        }
        if let promise = promises.first {
            if (promise.pause != nil) != (referral.state == .onHold) {
                broken.append("the promise to \(id) stands still")
            }
            if referral.state != .onHold, promise.dueOn(on: today) != referral.promiseDueOn {
                broken.append("the promise to \(id) is due on another day than was said")
            }
        }
        let investigations = running.filter { $0.kind == .investigation }
        if let one = investigations.first, (one.pause != nil) != (referral.state == .awaitingInformation) {
            broken.append("the investigation of \(id) stands still in \(referral.state)")
        }
        return broken
    }

    private static func tasks(
        _ id: ReferralID, _ referral: ModelReferral, _ tasks: [CaseTask], _ running: [Domain.Clock], _ model: Model,
        _ today: CivilDate
    ) -> [String] {
        var broken: [String] = []
        for task in tasks {
            switch task.kind {
            case .stalledStep:
                let clock = running.first { $0.id.retyped() == task.object }
                if clock?.isBreached(on: today) != true {
                    broken.append("a task of \(id) for a clock that is not late")
                }
            case .escalation:
                if !tasks.contains(where: { $0.id.retyped() == task.object }) {
                    broken.append("an escalation of \(id) of a task that has ended")
                }
            case .holdEnded: if referral.state != .onHold { broken.append("\(id) is asked about a hold that is over") }
            case .answerHandover:
                if !model.handovers.contains(where: { $0.key.retyped() == task.object && $0.value.state == .asked }) {
                    broken.append("a task of \(id) for a handover that is answered")
                }
            default: break
            }
        }
        let open = model.signals.filter { $0.value.referral == id && $0.value.isOpen }.map {
            $0.key.retyped(as: Any.self)
        }
        let followed = tasks.filter { $0.kind == .followUpSignal }.compactMap(\.object)
        if Set(open) != Set(followed) || open.count != followed.count {
            broken.append("signals of \(id) and their tasks")
        }
        return broken
    }
}
