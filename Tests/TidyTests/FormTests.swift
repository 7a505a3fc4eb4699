// The form of the files themselves: their size, their opening paragraph, words that must not stand in them, and the
// list of migrations in its two places. Checks are functions over text, each tried on a planted offence.

import Testing

enum Form {
    /// From here one asks whether a file still does one thing.
    static let lineCountToAskAt = 400
    /// Beyond this it does not.
    static let lineCountLimit = 600
    /// Shorter is a label, not a paragraph.
    static let openingLength = 40

    /// The comment a file opens with, as one line; empty when it opens with something else.
    static func opening(of text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { $0.hasPrefix("//") }
            .map { $0.drop { $0 == "/" || $0 == " " } }
            .joined(separator: " ")
    }

    /// Whether a file opens with a paragraph that ends like a sentence.
    static func opensWithParagraph(_ text: String) -> Bool {
        let opening = opening(of: text)
        return opening.count >= openingLength && opening.hasSuffix(".")
    }

    /// A folder of somebody's own machine, told by its first part; written apart, or this file would offend itself.
    private static let privateFolders = ["root", "home", "Users", "work", "tmp/wt"].map { "/" + $0 + "/" }
    /// Marks of work that was left lying.
    private static let leftovers = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

    /// The words of a text that must not stand in the repository, as "line: word".
    static func forbiddenWords(in text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { number, line in
            let paths = privateFolders.filter { folder in
                line.ranges(of: folder).contains { startsAPath(line[..<$0.lowerBound].last) }
            }
            let marks = leftovers.filter { mark in
                line.ranges(of: mark).contains { range in
                    !isLetter(line[..<range.lowerBound].last) && !isLetter(line[range.upperBound...].first)
                }
            }
            return (paths + marks).map { "\(number + 1): \($0)" }
        }
    }

    private static func startsAPath(_ before: Character?) -> Bool {
        before.map { " \t\"'`(=:,<[".contains($0) } ?? true
    }

    private static func isLetter(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
    }

    /// What is wrong with the numbered migrations: names, gaps, and files that one of the two lists leaves out.
    static func migrationFaults(files: [String], embedded: [String], listing: String) -> [String] {
        let names = files.sorted()
        let badNames = names.filter { $0.wholeMatch(of: /[0-9]{4}_[a-z0-9_]+\.sql/) == nil }
        let numbers = names.compactMap { Int($0.prefix(4)) }
        let gaps = numbers == Array(1..<(numbers.count + 1)) ? [] : ["the numbers do not run on from 1"]
        let symbols = names.map { (name: $0, symbol: resourceSymbol(of: $0)) }
        let unlisted = symbols.filter { _, symbol in
            !listing.ranges(of: symbol).contains { !isLetter(listing[$0.upperBound...].first) }
        }
        return badNames.map { "\($0): not NNNN_snake_name.sql" } + gaps
            + (Set(names) == Set(embedded) ? [] : ["Package.swift embeds \(embedded), the folder holds \(names)"])
            + unlisted.map { "Migrations.swift does not list \($0.symbol)" }
    }

    /// The name SwiftPM gives an embedded file: what may not stand in an identifier becomes `_`.
    static func resourceSymbol(of name: String) -> String {
        let first = name.first.map { $0.isLetter ? String($0) : "_" } ?? ""
        return "PackageResources." + first + name.dropFirst().map { isLetter($0) ? String($0) : "_" }.joined()
    }
}

@Suite struct FormTests {
    private static let swift = Repository.swiftFiles(in: ["Sources/", "Tests/", "Migrations/"])

    @Test func noFileIsTooLong() {
        for file in Self.swift where file.lineCount > Form.lineCountToAskAt {
            print("tidy: \(file.path) has \(file.lineCount) lines; does it still do one thing?")
            #expect(file.lineCount <= Form.lineCountLimit, "\(file.path)")
        }
    }

    @Test func everyFileSaysWhatItIs() {
        let silent = Self.swift.filter { !Form.opensWithParagraph($0.text) }.map(\.path)
        #expect(silent.isEmpty)
    }

    @Test func nothingPrivateAndNothingLeftLyingStandsInTheRepository() {
        for file in Repository.files {
            #expect(Form.forbiddenWords(in: file.text).isEmpty, "\(file.path)")
        }
    }

    @Test func everyMigrationIsListedTwice() throws {
        let rooms = HouseDrawing(manifest: try Repository.text("Package.swift")).rooms
        let room = try #require(rooms.first { $0.name == "Migrations" })
        let files = Repository.files.map(\.path).filter { $0.hasPrefix("Migrations/") && $0.hasSuffix(".sql") }
        #expect(!files.isEmpty)
        let faults = Form.migrationFaults(
            files: files.map { String($0.dropFirst("Migrations/".count)) }, embedded: room.embedded,
            listing: SwiftText(try Repository.text("Migrations/Migrations.swift")).code)
        #expect(faults.isEmpty)
    }
}

@Suite struct FormCheckTests {
    @Test(arguments: [
        ("// One sentence that is long enough to say what this file is and what it is not.\n\nimport A", true),
        (
            "// One sentence that runs over two lines, as most of them do,\n// and says what the file is.\nimport A",
            true
        ),
        ("// stub\n", false),
        ("import A\n// A sentence that comes too late to be the opening of this file at all.", false),
        ("", false), ("\n// A sentence after an empty line, which is not where anybody looks for it first.", false),
        ("// A long line of words without an end to it, such as a heading or a list of names of things\n", false),
    ])
    func openings(text: String, found: Bool) {
        #expect(Form.opensWithParagraph(text) == found)
    }

    @Test(arguments: [
        ("cd /ro" + "ot/thuispunt", 1), ("\"/ho" + "me/jan/x\"", 1), ("$HOME/wo" + "rk/x and /srv/wo" + "rk/x", 0),
        ("see /tmp/w" + "t/http/a.swift", 1), ("// TO" + "DO: later", 1), ("mktemp thuispunt.XX" + "XXXX", 0),
        ("FIX" + "ME", 1), ("TO" + "DOS", 0), ("https://example.org/ho" + "me/", 0), ("XX" + "X and HA" + "CK", 2),
    ])
    func forbiddenWords(text: String, count: Int) {
        #expect(Form.forbiddenWords(in: "fine\n" + text).count == count)
        #expect(Form.forbiddenWords(in: "fine\n" + text).allSatisfy { $0.hasPrefix("2: ") })
    }

    @Test func migrationsInOrderAreWell() {
        let faults = Form.migrationFaults(
            files: ["0002_more.sql", "0001_initial.sql"], embedded: ["0001_initial.sql", "0002_more.sql"],
            listing: "[PackageResources._001_initial_sql, PackageResources._002_more_sql]")
        #expect(faults.isEmpty)
    }

    @Test(arguments: [
        (["0001_a.sql", "0003_b.sql"], ["0001_a.sql", "0003_b.sql"], "numbers do not run on"),
        (["0001_a.sql", "0001_b.sql"], ["0001_a.sql", "0001_b.sql"], "numbers do not run on"),
        (["0001_a.sql", "0002_b.sql"], ["0001_a.sql"], "Package.swift embeds"),
        (["0001_a.sql"], ["0001_a.sql", "0002_b.sql"], "Package.swift embeds"),
        (["0001_a.sql", "0002_bc.sql"], ["0001_a.sql", "0002_bc.sql"], "does not list PackageResources._002_bc_sql"),
        (["0001-A.sql"], ["0001-A.sql"], "not NNNN_snake_name.sql"),
    ])
    func eachMigrationFaultIsFound(files: [String], embedded: [String], fault: String) {
        let listing = "PackageResources._001_a_sql PackageResources._002_b_sql PackageResources._003_b_sql"
        let faults = Form.migrationFaults(files: files, embedded: embedded, listing: listing)
        #expect(faults.contains { $0.contains(fault) })
    }

    @Test func linesAreCounted() {
        #expect(SourceFile(path: "a", text: "a\nb\n").lineCount == 2)
    }
}
