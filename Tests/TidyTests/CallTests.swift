// Calls that have one place, or none: the clock and chance come from the environment, wrong input is thrown, SQL stands
// in the stores, and a class that vouches for its own thread safety says why. Checks are functions over text, each
// tried on a planted offence.

import Testing

/// A call and the only folders or files that may make it.
struct CallRule: Sendable, CustomStringConvertible {
    let call: String
    let within: [String]
    let allowed: [String]
    let instead: String

    var description: String { call }

    init(_ call: String, within: [String] = ["Sources/", "Migrations/"], allowed: [String] = [], instead: String) {
        self.call = call
        self.within = within
        self.allowed = allowed
        self.instead = instead
    }

    func applies(to path: String) -> Bool {
        within.contains { path.hasPrefix($0) } && !allowed.contains { path.hasPrefix($0) }
    }
}

enum Calls {
    private static let everywhere = ["Sources/", "Migrations/", "Tests/"]
    /// Where the service is wired to the machine it runs on.
    private static let wiring = ["Sources/Commands/"]
    private static let sqlRooms = ["Sources/Storage/", "Sources/SQLite/", "Migrations/"]

    static let rules = [
        CallRule("Date()", allowed: wiring, instead: "the environment's now"),
        CallRule("Foundation.Date()", allowed: wiring, instead: "the environment's now"),
        CallRule("Date.now", allowed: wiring, instead: "the environment's now"),
        CallRule("UUID()", allowed: wiring, instead: "an identifier of the write transaction"),
        CallRule("SystemRandomNumberGenerator()", allowed: wiring, instead: "the environment's random bits"),
        CallRule(".randomElement()", instead: "a generator that is handed in"),
        CallRule(".shuffled()", instead: "a generator that is handed in"),
        CallRule("print(", allowed: wiring, instead: "the log or the command's console"),
        CallRule("Swift.print(", allowed: wiring, instead: "the log or the command's console"),
        CallRule("debugPrint(", within: everywhere, instead: "nothing"),
        CallRule("dump(", within: everywhere, instead: "nothing"),
        CallRule("try!", within: everywhere, instead: "a thrown error"),
        CallRule("as!", within: everywhere, instead: "as? and a thrown error"),
        CallRule("fatalError(", within: everywhere, instead: "a thrown error, or a precondition for wrong code"),
        CallRule("DispatchQueue.main", within: everywhere, instead: "structured concurrency"),
        CallRule("unsafeBitCast(", within: everywhere, instead: "a typed conversion"),
    ]

    /// The lines where `code` makes `call`; a name that merely ends like it does not count.
    static func lines(of call: String, in code: String) -> [Int] {
        let startsWithName = call.first?.isIdentifierPart == true
        return code.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            let found = line.ranges(of: call).contains { range in
                guard startsWithName, let before = line[..<range.lowerBound].last else { return true }
                return !before.isIdentifierPart && before != "."
            }
            return found ? number + 1 : nil
        }
    }

    /// The offences of one file, as "path:line: call".
    static func offences(path: String, text: String) -> [String] {
        let code = SwiftText(text).code
        return rules.filter { $0.applies(to: path) }.flatMap { rule in
            lines(of: rule.call, in: code).map { "\(path):\($0): \(rule.call) — use \(rule.instead)" }
        }
    }

    /// How statements begin; written in capitals here, as in the stores.
    private static let statements = [
        "SELECT ", "INSERT INTO ", "INSERT OR ", "UPDATE ", "DELETE FROM ", "REPLACE INTO ", "CREATE TABLE ",
        "CREATE INDEX ", "DROP TABLE ", "ALTER TABLE ", "PRAGMA ", "BEGIN IMMEDIATE", "SAVEPOINT ",
    ]

    /// The literals of a file under Sources that hold SQL although no SQL belongs there, as "path:line".
    static func strayStatements(path: String, text: String) -> [String] {
        guard path.hasPrefix("Sources/"), !sqlRooms.contains(where: { path.hasPrefix($0) }) else { return [] }
        return SwiftText(text).literals.filter { literal in
            statements.contains { !lines(of: $0, in: literal.text).isEmpty }
        }.map { "\(path):\($0.line)" }
    }

    /// The tables whose triggers say what is to be done about a conflict, by the texts of the migrations.
    static func toldTables(_ migrations: [String]) -> Set<String> {
        Set(
            migrations.flatMap { $0.matches(of: /CREATE TRIGGER \w+(?:is|are)_told\s[^;]*?\sON (\w+)/) }.map {
                String($0.1)
            })
    }

    /// The statements of a file whose own way with conflicts would go before that of the triggers of their table
    /// (sqlite.org/lang_createtrigger.html), as "path:line".
    static func overridingStatements(path: String, text: String, on tables: Set<String>) -> [String] {
        SwiftText(text).literals.filter { literal in
            let upserts = literal.text.matches(of: /INSERT INTO (\w+)\s[\s\S]*DO UPDATE/).map { String($0.1) }
            let others = literal.text.matches(of: /(?:INSERT OR \w+ INTO|REPLACE INTO|UPDATE OR \w+) (\w+)/)
            return !tables.isDisjoint(with: upserts + others.map { String($0.1) })
        }.map { "\(path):\($0.line)" }
    }

    /// The files whose code says that the compiler need not check its thread safety, and why they may.
    static let unchecked = [
        "Sources/Metrics/Tally.swift": "its cells are atomics, too many for a type that the compiler could check",
        "Sources/HTTPServer/EventLoop.swift": "all but its inbox is touched on its own thread alone",
        "Sources/HTTPServer/Channel.swift": "its connection's task and its loop run on one thread",
        "Sources/Lock/Lock.swift": "its value is reached only with its mutex held",
        "Sources/Storage/Writer.swift": "its connection and jobs are touched on the writer's thread alone",
    ]

    /// Whether a file's code turns the concurrency checks off.
    static func turnsChecksOff(_ text: String) -> Bool {
        let code = SwiftText(text).code
        return ["@unchecked Sendable", "nonisolated(unsafe)", "@preconcurrency import"].contains { code.contains($0) }
    }
}

extension Character {
    fileprivate var isIdentifierPart: Bool { isLetter || isNumber || self == "_" }
}

@Suite struct CallTests {
    @Test func everyCallStandsInItsPlace() {
        for file in Repository.swiftFiles(in: ["Sources/", "Migrations/", "Tests/"]) {
            #expect(Calls.offences(path: file.path, text: file.text).isEmpty, "\(file.path)")
        }
    }

    @Test func statementsStandInTheStores() {
        for file in Repository.swiftFiles(in: ["Sources/"]) {
            #expect(Calls.strayStatements(path: file.path, text: file.text).isEmpty, "\(file.path)")
        }
    }

    @Test func noStatementOverridesTheTriggersOfItsTable() {
        let tables = Calls.toldTables(Repository.files.filter { $0.path.hasSuffix(".sql") }.map(\.text))
        #expect(tables.isSuperset(of: ["referral", "named_person", "task", "match", "signal"]) && tables.count > 20)
        for file in Repository.swiftFiles(in: ["Sources/"]) {
            #expect(Calls.overridingStatements(path: file.path, text: file.text, on: tables).isEmpty, "\(file.path)")
        }
    }

    @Test func onlyTheListedFilesTurnConcurrencyChecksOff() {
        let files = Repository.swiftFiles(in: ["Sources/"]).filter { Calls.turnsChecksOff($0.text) }.map(\.path)
        #expect(Set(files) == Set(Calls.unchecked.keys))
        #expect(Calls.unchecked.values.allSatisfy { $0.count > 20 })
    }
}

@Suite struct CallCheckTests {
    @Test func anOverridingStatementIsFound() {
        let tables = Calls.toldTables(["CREATE TRIGGER a_is_told AFTER UPDATE OF b ON t WHEN 1 BEGIN SELECT 1; END;"])
        #expect(tables == ["t"])
        let planted = [
            "INSERT INTO t (a) VALUES (?) ON CONFLICT (a) DO UPDATE SET b = 1", "INSERT OR IGNORE INTO t VALUES (1)",
            "REPLACE INTO t VALUES (1)", "UPDATE OR REPLACE t SET a = 1",
        ]
        for sql in planted {
            #expect(
                Calls.overridingStatements(path: "F", text: "let a = \"\(sql)\"\n", on: tables) == ["F:1"], "\(sql)")
        }
        let fine = ["INSERT INTO t VALUES (1)", "INSERT INTO u (a) VALUES (1) ON CONFLICT DO UPDATE SET a = 2"]
        for sql in fine {
            #expect(Calls.overridingStatements(path: "F", text: "let a = \"\(sql)\"\n", on: tables) == [])
        }
    }

    @Test(arguments: Calls.rules)
    func eachRuleFindsItsOffence(rule: CallRule) throws {
        let place = try #require(rule.within.first) + "Room/File.swift"
        let planted = "// \(rule.call)\nlet a = \"\(rule.call)\"\n/* \(rule.call) */ let b = \(rule.call)\n"
        let found = Calls.offences(path: place, text: planted)
        #expect(found.contains { $0.hasPrefix("\(place):3: \(rule.call)") })
        #expect(found.allSatisfy { $0.hasPrefix("\(place):3:") })
        for allowed in rule.allowed {
            #expect(!Calls.offences(path: allowed + "File.swift", text: planted).contains { $0.contains(rule.call) })
        }
    }

    @Test(arguments: [
        "blueprint(x)", "console.print(x)", "myUUID()", "CivilDate()", "let date = Date(milliseconds: 1)",
        "preprint(1)",
        "try !flag", "alias!", "items.shuffled(using: &dice)",
    ])
    func aNameThatEndsAlikeIsNoOffence(code: String) {
        #expect(Calls.offences(path: "Sources/Room/File.swift", text: code).isEmpty)
    }

    @Test func anInterpolationIsCode() {
        let text = #"let a = "now \(Date()) and \(names["print("] ?? "UUID()")""#
        let found = Calls.offences(path: "Sources/Room/File.swift", text: text)
        #expect(found.count == 1)
        #expect(found.first?.contains("Date()") == true)
    }

    @Test func sqlOutsideTheStoresIsFound() {
        let text =
            "// SELECT 1\nlet a = \"SELECT id FROM x\"\nlet b = \"\"\"\n  UPDATE x SET y = 1\n  \"\"\"\nlet c = \"RESELECT me\"\n"
        #expect(
            Calls.strayStatements(path: "Sources/API/A.swift", text: text)
                == ["Sources/API/A.swift:2", "Sources/API/A.swift:3"])
        #expect(Calls.strayStatements(path: "Sources/Storage/A.swift", text: text).isEmpty)
        #expect(Calls.strayStatements(path: "Tests/StorageTests/A.swift", text: text).isEmpty)
    }

    @Test(arguments: [
        ("final class A: @unchecked Sendable {}", true), ("nonisolated(unsafe) var a = 1", true),
        ("@preconcurrency import B", true), ("/// `@unchecked Sendable`, because", false),
        ("struct A: Sendable {}", false),
    ])
    func turningChecksOffIsFound(text: String, found: Bool) {
        #expect(Calls.turnsChecksOff(text) == found)
    }
}

@Suite struct SwiftTextTests {
    @Test(arguments: [
        (#"a "b" c"#, #"a "" c"#, ["b"]),
        ("a // b \"c\"\nd", "a \nd", []),
        ("a /* b /* c */ \"d\"\n */ e", "a \n  e", []),
        (##"a #"b "c" \n"# d"##, #"a "" d"#, [#"b "c" \n"#]),
        (#"a "b \" c" d"#, #"a "" d"#, [#"b \" c"#]),
        (#"a "b \(c("d"))" e"#, #"a "(c(""))" e"#, ["d", "b "]),
        ("a \"\"\"\n  b \"c\"\n  \"\"\" d", "a \"\n\n\" d", ["\n  b \"c\"\n  "]),
        ("a \"b\nc", "a \"\"\nc", ["b"]),
        ("#if a\n#endif", "#if a\n#endif", []),
    ])
    func partsComeApart(text: String, code: String, literals: [String]) {
        let parts = SwiftText(text)
        #expect(parts.code == code)
        #expect(parts.literals.map(\.text) == literals)
    }

    @Test func everyBeginningOfAFileIsRead() {
        let text = ###"let a = ##"b\##(c("d"))"## /* /* */ */ + """\#n x \(y) \#n""" // z"###
        for length in 0...text.count { #expect(SwiftText(String(text.prefix(length))).code.count <= length + 2) }
    }
}
