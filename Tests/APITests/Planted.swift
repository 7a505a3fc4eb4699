// Words planted with one person each, by the kind of thing they say, and who may meet them: an oracle written from "what
// each party sees", which asks the database how far things have come and knows nothing of the policy's own code.

import Domain
import TestKit

/// What a planted word says.
enum Secret: String, CaseIterable, Sendable {
    case name, contact, origin, money, bsn, bsnTail, health, wish, report, talk, urgency, matchReason, landlordNote
    case candidateNote, supportNote, staffReason, address, remarks, homeSignal, careSignal
}

/// One person with a word of every kind.
struct Planted: Sendable {
    let words: [Secret: [String]]
    /// The bodies that plant them.
    let draft: JSONTree
    let dwelling: JSONTree
    let report: JSONTree
    let admission: JSONTree

    init(_ number: Int) {
        let mark = "kanarie\(["aster", "basil", "cistus", "dahlia", "erica"][number % 5])"
        let income = Int64(187_613 + 1_010 * number)
        let debts = Int64(4_918_277 + 10_100 * number)
        let bsn = Self.bsn(number)
        let family = "Meeuw" + mark
        let phone = "+3169876543\(number)"
        let born = "1971-02-1\(number)"
        let words: [Secret: [String]] = [
            .name: [family, born], .contact: [phone, mark + "@voliere.example.org"],
            .origin: [mark + "-gemist", mark + "-nodig", mark.uppercased() + "-REF"],
            .money: [":\(income)", ":\(debts)"], .bsn: [bsn], .bsnTail: ["\"bsnLastDigits\":\"\(bsn.suffix(3))\""],
            .health: [mark + "-gezondheid"], .wish: [mark + "-woonwens"],
            .report: [mark + "-verslag", mark + "-zienswijze"], .talk: [mark + "-gesprek"],
            .urgency: [mark + "-urgentie"],
            .matchReason: [mark + "-voordracht"], .landlordNote: [mark + "-verhuurder"],
            .candidateNote: [mark + "-afwijzing"], .supportNote: [mark + "-begeleiding"],
            .homeSignal: [mark + "-overlast"], .careSignal: [mark + "-zorgsignaal"],
            .staffReason: [mark + "-navraag"], .address: [mark + "laan"], .remarks: [mark + "-woning"],
        ]
        self.words = words
        let word = { (secret: Secret, place: Int) in JSONTree.text(words[secret]?[place] ?? "") }
        draft = Drafts.referral.setting("/person/familyName", .text(family)).setting("/person/birthDate", .text(born))
            .setting("/person/givenName", "Sam").setting("/person/bsn", .text(bsn))
            .setting("/person/phone", .text(phone)).setting("/person/email", word(.contact, 1))
            .setting("/opening/missedSignals", word(.origin, 0))
            .setting("/opening/neededTwoYearsAgo", word(.origin, 1))
            .setting("/externalReference", word(.origin, 2)).setting("/health", word(.health, 0))
            .setting("/wishes/0/note", word(.wish, 0)).setting("/finances/incomePerMonth", .number(income))
            .setting("/finances/debts", .number(debts))
        dwelling = Drafts.dwelling.setting("/externalReference", nil).setting("/address/street", word(.address, 0))
            .setting("/remarks", word(.remarks, 0))
        report = Drafts.report.setting("/summary", word(.report, 0)).setting("/incomePerMonth", .number(income))
        admission = Drafts.admission.setting("/urgencyGround", word(.urgency, 0))
    }

    private static func bsn(_ number: Int) -> String {
        let valid = (999_990_000...999_999_999).lazy.map(String.init).filter { CitizenServiceNumber($0) != nil }
        return valid.dropFirst(number + 7).first ?? ""
    }

    /// The first word of a kind.
    func word(_ secret: Secret) -> JSONTree { .text(words[secret]?.first ?? "") }

    /// The kinds of which a text holds a word.
    func met(in text: String) -> Set<Secret> {
        Set(words.filter { $0.value.contains { text.contains($0) } }.keys)
    }
}

/// Who may meet a person's words, by how things stand.
struct Oracle: Sendable {
    let facts: ScratchDatabase.PersonFacts
    /// The reader.
    let role: Role
    let organisation: String
    let isThePerson: Bool

    /// What a reader may meet about the person somewhere in the service. The words of the dwelling are those of the one
    /// that was planted with the person, which may be matched with others.
    func may(homeOf home: ScratchDatabase.HomeFacts) -> Set<Secret> {
        person.union(dwelling(home))
    }

    private var isSupported: Bool { facts.supporters.contains(organisation) }

    private var person: Set<Secret> {
        switch role {
        case .intaker, .coordinator: return Set(Secret.allCases).subtracting([.bsnTail, .address, .remarks])
        case .referrer:
            return facts.owner == organisation
                ? [.name, .contact, .origin, .money, .health, .wish, .careSignal] : []
        case .supporter:
            // What it wrote itself stays its own when its support ends.
            let asked: Set<Secret> = facts.asked.contains(organisation) ? [.supportNote, .careSignal] : []
            guard isSupported else { return asked }
            return asked.union([
                .name, .contact, .money, .bsn, .health, .wish, .report, .talk, .urgency, .supportNote, .staffReason,
                .homeSignal, .careSignal,
            ])
        case .candidate:
            guard isThePerson else { return [] }
            return [
                .name, .contact, .origin, .money, .bsnTail, .health, .wish, .report, .talk, .urgency, .supportNote,
                .staffReason, .candidateNote, .homeSignal, .careSignal,
            ]
        case .allocator, .panel:
            return facts.matches.filter { $0.landlord == organisation && $0.isOffered }
                .reduce(into: []) { $0.formUnion(landlord($1)) }
        case .policymaker, .auditor, .admin: return []
        }
    }

    private func landlord(_ match: ScratchDatabase.MatchFacts) -> Set<Secret> {
        var seen: Set<Secret> = [.landlordNote, .homeSignal]
        guard match.isLive else { return seen }
        if role == .panel { seen.insert(.wish) }
        if match.hasCandidateAccepted { seen.insert(.name) }
        if match.haveBothAccepted { seen.formUnion([.name, .contact]) }
        return seen
    }

    private func dwelling(_ home: ScratchDatabase.HomeFacts) -> Set<Secret> {
        switch role {
        case .intaker, .coordinator: return [.address, .remarks]
        case .allocator, .panel: return home.landlord == organisation ? [.address, .remarks] : []
        case .supporter: return home.supporters.contains(organisation) ? [.address] : []
        case .candidate: return home.isKnownToReader ? [.address] : []
        case .referrer, .policymaker, .auditor, .admin: return []
        }
    }
}
