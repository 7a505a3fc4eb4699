// A folder in which command lines are tried as somebody types them, by bash and the built program: a database with the demo
// region, and the files that examples name.

import Commands
import Foundation
import JSON
import SQLite
import Testing

/// A folder with everything an example needs.
struct ShellWorld {
    let scratch: Scratch
    private let variables: [String: String]

    /// Makes the first one; others are copies of it.
    init() async throws {
        scratch = try await Scratch.migrated()
        #expect(await scratch.run("demo", "load", "--referrals", "12").code == .done)
        let tokens = try await scratch.run("token", "list", "--json").documents()
        let token = tokens.first { $0["role"]?.string == "referrer" && $0["revokedAt"] == nil }
        variables = [
            "TOKEN": try #require(token?["id"]?.string), "ORGANISATION": try #require(token?["organisation"]?.string),
        ]
        #expect(await scratch.run("backup", scratch.folder + "/copy.db").code == .done)
        let instance = await Ran.of(["match", "make", "--candidates", "20", "--dwellings", "5"])
        try scratch.write(instance.said.joined(), to: "instance.json")
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        try FileManager.default.copyItem(
            atPath: root.appending(path: "deploy/regions/twente.json").path, toPath: scratch.folder + "/region.json")
        try scratch.write("{}", to: "faulty.json")
        let head = """
            externalReference,opening.declined,route,municipality,person.givenName,person.familyName,person.birthDate,\
            screening.legalResidence,screening.acuteDanger,screening.lasting24hSupervision,\
            screening.ownStrengthSuffices,screening.homelessTonight
            """
        for (name, born) in [("referrals.csv", "1990-05-01"), ("faulty.csv", "soon")] {
            try scratch.write(
                head + "\nR-1,true,shelter_exit,GM0153,Kim,Bos,\(born),true,false,false,false,false\n", to: name)
        }
        try FileManager.default.createDirectory(
            atPath: scratch.folder + "/Migrations", withIntermediateDirectories: false)
    }

    /// A folder of somebody's own, without what examples need.
    init(in scratch: Scratch) throws { self.init(scratch, [:]) }

    private init(_ scratch: Scratch, _ variables: [String: String]) {
        self.scratch = scratch
        self.variables = variables
    }

    /// A world like this one, of its own; with statements run on its database.
    func copied(harmed statements: [SQL] = []) throws -> ShellWorld {
        let copy = try Scratch()
        try FileManager.default.removeItem(atPath: copy.folder)
        try FileManager.default.copyItem(atPath: scratch.folder, toPath: copy.folder)
        if !statements.isEmpty {
            try copy.open { db in
                for trigger in try db.all("SELECT name FROM sqlite_schema WHERE type = 'trigger'", read: { $0.text(0) })
                {
                    try db.run(SQL(dynamic: "DROP TRIGGER \"\(trigger)\""))
                }
                for statement in statements { try db.run(statement) }
            }
        }
        return ShellWorld(copy, variables)
    }

    /// Runs a line in this folder.
    func run(_ line: String, shell: String = "/bin/bash", _ flags: [String] = ["-o", "pipefail"]) throws
        -> Running.Ended
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: shell)
        process.arguments = flags + ["-c", line]
        process.currentDirectoryURL = URL(fileURLWithPath: scratch.folder)
        let program = URL(fileURLWithPath: try Running.program()).deletingLastPathComponent().path
        process.environment = variables.merging([
            "PATH": program + ":/usr/bin:/bin", "THUISPUNT_DATABASE": "thuispunt.db", "HOME": scratch.folder,
        ]) { $1 }
        process.standardInput = FileHandle.nullDevice
        let files = try ["out", "err"].map { suffix in
            let url = URL(fileURLWithPath: "\(scratch.folder)/ran.\(suffix)")
            try Data().write(to: url)
            return (url, try FileHandle(forWritingTo: url))
        }
        process.standardOutput = files[0].1
        process.standardError = files[1].1
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { try String(contentsOf: $0.0, encoding: .utf8) }
        let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
        return Running.Ended(code: code, said: texts[0], told: texts[1])
    }

    /// Where a shell or a tool is; nil, said aloud, when this machine has none.
    static func tool(_ name: String, for what: String) -> String? {
        let found = ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        if found == nil { print("skipped, because \(name) is not installed: \(what)") }
        return found
    }
}
