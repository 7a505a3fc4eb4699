// How tests look at a change: what it left behind, all of it in one commit, or how it was refused and that it then left
// nothing.

import Domain
import Storage
import Testing
import UseCases

/// A refusal without its text for people.
enum Refusal: Equatable, Sendable {
    case forbidden
    case notFound
    case moveNotAllowed([ReferralMove])
    case conflict(Conflict)
    case conflictWith(Conflict, ExistingResource)
    case preconditionFailed
    case positionLost
    case invalid(String, String)

    init(_ fault: UseCaseFault) {
        switch fault {
        case .forbidden: self = .forbidden
        case .notFound: self = .notFound
        case .moveNotAllowed(_, let allowed): self = .moveNotAllowed(allowed)
        case .conflict(let conflict, _, let existing):
            self = existing.map { .conflictWith(conflict, $0) } ?? .conflict(conflict)
        case .positionLost: self = .positionLost
        case .preconditionFailed: self = .preconditionFailed
        case .invalid(let pointer, let code, _): self = .invalid(pointer, code)
        }
    }
}

/// What a change left behind.
struct Trail<Value> {
    var value: Value
    /// The kinds of the new events.
    var events: [String]
    /// The actions of the new ledger entries.
    var ledger: [String]
    /// How far the referral's version went on.
    var versions: Int
}

extension Region {
    /// Makes a change about a referral and tells what it left, having seen that it was one commit at one moment.
    func trail<Value: Sendable>(
        _ actor: Actor, about id: ReferralID,
        _ body: @escaping @Sendable (Caller, WriteTransaction) throws -> Value
    ) async throws -> Trail<Value> {
        let (events, ledger, version) = (try events(id), try ledger(id), try standing(id).version)
        let commits = database.statistics.commits
        let value = try await run(actor, body)
        #expect(database.statistics.commits == commits + 1)
        let newEvents = try self.events(id).dropFirst(events.count)
        let newLines = try self.ledger(id).dropFirst(ledger.count)
        #expect(newEvents.allSatisfy { $0.at == machine.now && $0.role == actor.role })
        #expect(newEvents.allSatisfy { $0.organisation?.id == actor.organisation })
        #expect(newLines.allSatisfy { $0.at == machine.now && $0.role == actor.role })
        #expect(newLines.allSatisfy { $0.purpose == AccessPolicy.purpose(of: actor.role).rawValue })
        // Every event has its entry in the ledger.
        #expect(Set(newEvents.map(\.kind)).isSubset(of: Set(newLines.map(\.action))))
        return Trail(
            value: value, events: newEvents.map(\.kind), ledger: newLines.map(\.action),
            versions: try standing(id).version - version)
    }

    /// How a change is refused, having seen that it left nothing; nil, and a failed test, when it is not.
    func refusal<Value: Sendable>(
        _ actor: Actor, _ body: @escaping @Sendable (Caller, WriteTransaction) throws -> Value,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> Refusal? {
        let entries = try ledgerCount()
        do {
            try await run(actor, body)
            Issue.record("was not refused", sourceLocation: location)
            return nil
        } catch let fault as UseCaseFault {
            #expect(try ledgerCount() == entries, sourceLocation: location)
            return Refusal(fault)
        }
    }

    /// How a read is refused.
    func refusal<Value>(
        looking actor: Actor, _ body: (Caller, ReadTransaction) throws -> Value,
        at location: SourceLocation = #_sourceLocation
    ) throws -> Refusal? {
        do {
            _ = try look(actor, body)
            Issue.record("was not refused", sourceLocation: location)
            return nil
        } catch let fault as UseCaseFault {
            return Refusal(fault)
        }
    }
}
