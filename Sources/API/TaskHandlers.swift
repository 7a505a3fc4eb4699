// The routes of tasks: what is to be done, by whom and by when.

internal import Domain
internal import JSON
internal import Storage
internal import UseCases

enum TaskHandlers {
    static func list(_ exchange: Exchange) async throws -> Answer {
        var query = QueryReader(exchange.request)
        var filter = TaskFilter()
        filter.state = query.choice("status", as: TaskState.self) ?? .open
        filter.kind = query.choice("kind", as: TaskKind.self)
        filter.referral = query.identifier("referral", of: ReferralTag.self)
        if query.flag("overdue") { filter.dueBefore = exchange.today }
        let page = query.page(Cursor.taskKey)
        try query.finish()
        return try await exchange.look {
            try DoTask.list(filter, page: page, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.page(found, of: exchange.request, cursor: { Cursor.encode($0) }) {
                TaskJSON.write($1, for: exchange.caller.actor.role, on: exchange.today, to: &$0)
            }
        }
    }

    static func read(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: TaskTag.self)
        return try await exchange.look {
            try DoTask.find(id, by: exchange.caller, in: $0)
        } answer: { found in
            Answer.ok(version: found.task.version) { writer in
                writer.object { writer in
                    TaskJSON.write(found.task, for: exchange.caller.actor.role, on: exchange.today, to: &writer)
                    writer.array("history") { writer in
                        for event in found.history { writer.object { TaskJSON.write(event, to: &$0) } }
                    }
                }
            }
        }
    }

    static func answer(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: TaskTag.self)
        let answer = try exchange.form(TaskForms.answer)
        let precondition = try exchange.precondition()
        return try await changed(exchange) {
            try DoTask.answer(id, answer, if: precondition, by: $0, in: $1)
        }
    }

    static func complete(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: TaskTag.self)
        let note = try exchange.form { $0.string("note", length: 1...2000) }
        let precondition = try exchange.precondition()
        return try await changed(exchange) {
            try DoTask.complete(id, note: note, if: precondition, by: $0, in: $1)
        }
    }

    static func assign(_ exchange: Exchange) async throws -> Answer {
        let id = try exchange.id(of: TaskTag.self)
        let (token, note) = try exchange.form { form -> (TokenID, String)? in
            let token = form.identifier("token", of: TokenTag.self)
            let note = form.string("note", length: 1...2000)
            guard let token, let note else { return nil }
            return (token, note)
        }
        let precondition = try exchange.precondition()
        return try await changed(exchange) {
            try DoTask.assign(id, to: token, note: note, if: precondition, by: $0, in: $1)
        }
    }

    private static func changed(
        _ exchange: Exchange, _ change: @escaping @Sendable (Caller, WriteTransaction) throws -> CaseTask
    ) async throws -> Answer {
        let (caller, today) = (exchange.caller, exchange.today)
        return try await exchange.write { tx in
            let task = try change(caller, tx)
            return .ok(version: task.version, showing: Showing(.status, of: .task(task.id), about: task.referral)) {
                $0.object { TaskJSON.write(task, for: caller.actor.role, on: today, to: &$0) }
            }
        }
    }
}

enum TaskForms {
    static func answer(_ form: inout ObjectReader) -> TaskAnswer? {
        let reason = form.choice("reason", as: StallReason.self)
        let until = form.date("until")
        // What is on no list has to be said.
        let note = form.string("note", reason == .other ? .required : .optional, length: 1...2000)
        guard let reason, let until, reason != .other || note != nil else { return nil }
        return TaskAnswer(reason: reason, until: until, note: note)
    }
}

enum TaskJSON {
    static func write(_ event: TaskEvent, to writer: inout JSONWriter) {
        writer.field("deed", event.deed)
        writer.field("at", event.at)
        if let answer = event.answer {
            writer.field("reason", answer.reason)
            writer.field("until", answer.until)
        }
        writer.field("note", ifPresent: event.answer?.note ?? event.note)
    }

    static func write(_ task: CaseTask, for role: Role, on today: CivilDate, to writer: inout JSONWriter) {
        writer.field("id", task.id)
        writer.field("kind", task.kind)
        writer.object("text") { writer in
            writer.field("en", task.kind.words.english)
            writer.field("nl", task.kind.words.dutch)
        }
        // Which referral it is about is for those who may know of referrals at all.
        if let referral = task.referral, !FieldGroup.isBarred(.dossier, from: role) {
            writer.field("referral", referral)
        }
        writer.field("clock", ifPresent: task.clock)
        if let object = task.object { writer.field("about", object) }
        writer.field("role", task.role)
        if let organisation = task.organisation { writer.field("organisation", organisation) }
        if let token = task.token { writer.field("token", token) }
        writer.field("createdAt", task.createdAt)
        writer.field("dueOn", task.dueOn)
        writer.field("overdue", task.state == .open && task.dueOn < today)
        writer.field("status", task.state)
        writer.field("endedAt", ifPresent: task.endedAt)
        writer.field("note", ifPresent: task.note)
        writer.field("version", task.version)
    }
}
