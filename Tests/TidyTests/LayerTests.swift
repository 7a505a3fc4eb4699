// The drawing in Package.swift holds: every room exists, every folder is a room, and no file imports past its row.
// Each check is a function over text, tried on a planted offence before it is believed.

import Testing

enum Layers {
    /// What a room may import of the platform; one without a row here works with the standard library alone.
    static let platform: [String: Set<String>] = [
        "Lock": ["Glibc"],
        "HTTPServer": ["Glibc"],
        "SQLite": ["Glibc"],
        "Storage": ["Foundation", "Glibc"],
        "UseCases": ["Foundation"],
        "API": ["Foundation"],
        "Commands": ["Foundation", "Glibc", "Dispatch"],
        "thuispunt": ["Foundation", "Glibc"],
    ]
    /// Parts of the standard library that have a name of their own.
    static let standardLibrary: Set<String> = ["Swift", "Synchronization", "_Concurrency"]
    /// What every test may use on top of its row.
    static let testing: Set<String> = ["Testing", "Foundation", "Glibc", "Dispatch"]

    /// The modules that a file imports.
    static func imports(in text: String) -> [String] {
        let pattern =
            #/
            ^\s* (?: @\w+ (?: \( [^)]* \) )? \s+ )*
            (?: (?: public | package | internal | fileprivate | private ) \s+ )?
            import \s+ (?: (?: struct | class | enum | protocol | func | var | let | typealias ) \s+ )? (\w+)
            /#
        return SwiftText(text).code.split(separator: "\n").compactMap { line in
            (try? pattern.prefixMatch(in: line)).map { String($0.1) }
        }
    }

    /// The modules that a room's files may import.
    static func allowed(for room: HouseDrawing.Room) -> Set<String> {
        let base = standardLibrary.union(room.dependencies)
        return base.union(room.folder.hasPrefix("Tests/") ? testing : platform[room.name] ?? [])
    }

    /// The imports of `text` that its room may not have.
    static func forbiddenImports(in text: String, of room: HouseDrawing.Room) -> [String] {
        let allowed = allowed(for: room)
        return imports(in: text).filter { !allowed.contains($0) }
    }

    /// The rooms whose folder holds no file of their language, or still holds a stub.
    static func emptyRooms(_ rooms: [HouseDrawing.Room], paths: [String]) -> [String] {
        rooms.filter { room in
            let own = paths.filter { $0.hasPrefix(room.folder + "/") && ($0.hasSuffix(".swift") || $0.hasSuffix(".c")) }
            return own.isEmpty || own.contains { $0.hasSuffix("/Stub.swift") }
        }.map(\.name)
    }

    /// Compiled by Tests/fuzz.sh: libFuzzer brings a `main` of its own, so these are no targets of the package.
    private static let outside = "Tests/Fuzz/"

    /// The Swift files under Sources and Tests that belong to no room.
    static func homeless(_ rooms: [HouseDrawing.Room], paths: [String]) -> [String] {
        paths.filter { path in
            path.hasSuffix(".swift") && !path.hasPrefix(outside)
                && (path.hasPrefix("Sources/") || path.hasPrefix("Tests/"))
                && !rooms.contains { path.hasPrefix($0.folder + "/") }
        }
    }
}

@Suite struct LayerTests {
    private func drawing() throws -> HouseDrawing {
        HouseDrawing(manifest: try Repository.text("Package.swift"))
    }

    @Test func everyFileImportsOnlyWhatItsRoomMay() throws {
        for room in try drawing().rooms {
            for file in Repository.swiftFiles(in: [room.folder + "/"]) {
                #expect(Layers.forbiddenImports(in: file.text, of: room).isEmpty, "\(file.path)")
            }
        }
    }

    @Test func everyRoomIsFurnishedAndEveryFileHasARoom() throws {
        let rooms = try drawing().rooms
        let paths = Repository.files.map(\.path)
        #expect(Layers.emptyRooms(rooms, paths: paths).isEmpty)
        #expect(Layers.homeless(rooms, paths: paths).isEmpty)
    }

    /// Domain, Matching, the wire and the parsers stay free of input and output: their rows have no technique in them,
    /// but for the one processor instruction that Swift can not give.
    @Test(arguments: ["HTTPWire", "JSON", "Digest", "Metrics", "Domain", "Matching"])
    func pureRoomsDependOnNothing(name: String) throws {
        let room = try #require(try drawing().rooms.first { $0.name == name })
        #expect(room.dependencies == (name == "Digest" ? ["CDigest"] : []))
        #expect(Layers.platform[name] == nil)
    }

    @Test func everyRowOfThePlatformTableIsARoom() throws {
        let names = Set(try drawing().rooms.map(\.name))
        #expect(names.isSuperset(of: Layers.platform.keys))
    }
}

@Suite struct LayerCheckTests {
    private let manifest = """
        func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
            .target(name: name, dependencies: dependencies, swiftSettings: strict)
        }
        let targets = [
            room("Leaf"), // room("Comment")
            room(
                "Wide",
                [
                    "Leaf", "Other",
                ]),
            .target(name: "CThing", linkerSettings: [.linkedLibrary("z")]),
            .target(
                name: "Data", dependencies: ["Leaf"], path: "Data", exclude: ["README.md"],
                resources: [.embedInCode("1.sql"), .embedInCode("2.sql")], swiftSettings: strict),
            .executableTarget(name: "tool", dependencies: ["Wide"]),
            tests("LeafTests", ["Leaf"]),
        ]
        """

    @Test func theDrawingIsReadWhole() {
        let rooms = HouseDrawing(manifest: manifest).rooms
        #expect(rooms.map(\.name) == ["Leaf", "Wide", "LeafTests", "CThing", "Data", "tool"])
        #expect(rooms.map(\.dependencies) == [[], ["Leaf", "Other"], ["Leaf"], [], ["Leaf"], ["Wide"]])
        #expect(
            rooms.map(\.folder)
                == ["Sources/Leaf", "Sources/Wide", "Tests/LeafTests", "Sources/CThing", "Data", "Sources/tool"])
        #expect(rooms.map(\.embedded) == [[], [], [], [], ["1.sql", "2.sql"], []])
    }

    @Test(arguments: [
        ("import Storage", ["Storage"]), ("package import Storage", ["Storage"]),
        ("@testable import Storage", ["Storage"]), ("@_spi(Inner) internal import Storage", ["Storage"]),
        ("import struct Storage.Row", ["Storage"]), ("import Storage.Deep", ["Storage"]),
        ("    import Storage\nimport JSON", ["Storage", "JSON"]), ("// import Storage", []),
        ("let text = \"\"\"\nimport Storage\n\"\"\"", []), ("importer.run()", []), ("let x = 1 // import Storage", []),
    ])
    func importsAreFound(text: String, modules: [String]) {
        #expect(Layers.imports(in: text) == modules)
    }

    @Test func anImportPastTheRowIsFound() {
        let leaf = HouseDrawing.Room(name: "Leaf", folder: "Sources/Leaf", dependencies: ["Other"], embedded: [])
        let text = "import Other\nimport Synchronization\npackage import Foundation\nimport Storage\n"
        #expect(Layers.forbiddenImports(in: text, of: leaf) == ["Foundation", "Storage"])
        let tests = HouseDrawing.Room(name: "LeafTests", folder: "Tests/LeafTests", dependencies: [], embedded: [])
        #expect(Layers.forbiddenImports(in: text, of: tests) == ["Other", "Storage"])
    }

    @Test func emptyAndUnknownFoldersAreFound() {
        let rooms = ["Full", "Stubbed", "Missing"].map {
            HouseDrawing.Room(name: $0, folder: "Sources/" + $0, dependencies: [], embedded: [])
        }
        let paths = [
            "Sources/Full/Full.swift", "Sources/Stubbed/Stub.swift", "Sources/Fuller/A.swift", "Tests/Loose/B.swift",
            "Tests/Fuzz/C.swift", "Sources/Missing/README.md", "Package.swift",
        ]
        #expect(Layers.emptyRooms(rooms, paths: paths) == ["Stubbed", "Missing"])
        #expect(Layers.homeless(rooms, paths: paths) == ["Sources/Fuller/A.swift", "Tests/Loose/B.swift"])
    }
}
