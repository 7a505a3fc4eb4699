// swift-tools-version: 6.2
import PackageDescription

// The house, drawn: a target may import only what stands in its row, and rows only look down.
// Tests/TidyTests reads this file and holds the imports of every source file against it.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "thuispunt",
    products: [.executable(name: "thuispunt", targets: ["thuispunt"])],
    targets: [
        // C: headers and shims, no logic
        .target(name: "CLinux"),
        .target(name: "CDigest"),
        .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "COpenAPI"),

        // leaves: each knows one technique and nothing of housing
        room("Lock"),
        room("HTTPWire"),
        room("JSON"),
        room("Records"),
        room("Digest", ["CDigest"]),
        room("Metrics"),
        room("SQLite", ["CSQLite"]),
        room("HTTPServer", ["HTTPWire", "Metrics", "CLinux", "Lock"]),
        room("OpenAPI", ["COpenAPI", "JSON"]),
        .target(
            name: "Migrations", path: "Migrations", exclude: ["README.md"],
            resources: [
                .embedInCode("0001_initial.sql"),
                .embedInCode("0002_token_use.sql"),
                .embedInCode("0003_ledger_accounts.sql"),
                .embedInCode("0004_scope_indexes.sql"),
                .embedInCode("0005_tasks.sql"),
                .embedInCode("0006_region_and_clocks.sql"),
                .embedInCode("0007_restriction.sql"),
                .embedInCode("0008_links.sql"),
                .embedInCode("0009_erasure.sql"),
                .embedInCode("0010_trusted_people.sql"),
                .embedInCode("0011_supply.sql"),
                .embedInCode("0012_ledger_pages.sql"),
                .embedInCode("0013_corrections.sql"),
                .embedInCode("0014_sessions.sql"),
                .embedInCode("0015_talk.sql"),
                .embedInCode("0016_consultations.sql"),
                .embedInCode("0017_match_runs.sql"),
                .embedInCode("0018_offer_life.sql"),
                .embedInCode("0019_clockwork.sql"),
                .embedInCode("0020_signals_and_handovers.sql"),
                .embedInCode("0021_consent_ends.sql"),
                .embedInCode("0022_feed.sql"),
                .embedInCode("0023_names_by_birth.sql"),
                .embedInCode("0024_token_origins.sql"),
                .embedInCode("0025_match_grounds.sql"),
                .embedInCode("0026_rows_of_a_post.sql"),
                .embedInCode("0027_counts_of_a_year.sql"),
            ],
            swiftSettings: strict),

        // the domain: pure values
        room("Domain"),
        room("Matching"),

        // the service
        room("RegionFile", ["Domain", "JSON"]),
        room("Storage", ["Domain", "SQLite", "Migrations", "RegionFile", "Digest", "Metrics", "Lock", "CLinux"]),
        room("UseCases", ["Domain", "Matching", "Storage", "Digest"]),
        room(
            "API",
            [
                "UseCases", "Storage", "Domain", "RegionFile", "HTTPWire", "JSON", "OpenAPI", "Digest", "Metrics",
                "Lock", "Records",
            ]),
        .target(
            name: "WebUI", dependencies: ["HTTPWire"],
            resources: [
                .embedInCode("Assets/index.html"), .embedInCode("Assets/thuispunt.css"),
                .embedInCode("Assets/thuispunt.js"),
            ], swiftSettings: strict),
        room(
            "Commands",
            [
                "API", "WebUI", "HTTPServer", "HTTPWire", "UseCases", "Storage", "Migrations", "Matching", "Domain",
                "SQLite", "Digest", "JSON", "OpenAPI", "Metrics", "CLinux", "Lock", "RegionFile", "Records",
            ]),
        .executableTarget(name: "thuispunt", dependencies: ["Commands"], swiftSettings: strict),

        // tests mirror the rooms
        .target(
            name: "TestKit",
            dependencies: [
                "API", "Commands", "HTTPServer", "HTTPWire", "UseCases", "Storage", "Domain", "SQLite", "Digest",
                "JSON", "Metrics", "CLinux", "Lock",
            ], path: "Tests/TestKit", swiftSettings: strict),
        tests("LockTests", ["Lock"]),
        tests("HTTPWireTests", ["HTTPWire"]),
        tests("HTTPServerTests", ["HTTPServer", "HTTPWire", "Metrics", "CLinux", "Lock"]),
        tests("JSONTests", ["JSON"]),
        tests("RecordsTests", ["Records"]),
        tests("OpenAPITests", ["OpenAPI", "JSON"]),
        tests("DigestTests", ["Digest"]),
        tests("MetricsTests", ["Metrics", "TestKit"]),
        tests("SQLiteTests", ["SQLite", "CSQLite"]),
        tests("MigrationsTests", ["Migrations", "UseCases", "Storage", "SQLite", "Domain", "TestKit"]),
        tests("RegionFileTests", ["RegionFile", "Domain", "JSON", "TestKit"]),
        tests("DomainTests", ["Domain", "TestKit"]),
        tests("MatchingTests", ["Matching", "TestKit"]),
        tests("StorageTests", ["Storage", "Domain", "SQLite", "CSQLite", "Migrations", "Metrics", "Lock", "TestKit"]),
        tests("UseCasesTests", ["UseCases", "Storage", "Matching", "Domain", "TestKit"]),
        tests("APITests", ["API", "HTTPWire", "JSON", "Domain", "Storage", "SQLite", "Metrics", "TestKit"]),
        tests("WebUITests", ["WebUI", "HTTPWire"]),
        tests(
            "CommandsTests",
            [
                "Commands", "API", "HTTPServer", "HTTPWire", "Storage", "Migrations", "Domain", "JSON", "Metrics",
                "SQLite", "Lock", "TestKit",
            ]),
        tests("ContractTests", ["API", "OpenAPI", "Domain", "HTTPWire", "JSON", "Matching", "UseCases", "TestKit"]),
        tests("SimulationTests", ["UseCases", "Storage", "Domain", "Lock", "TestKit"]),
        tests("TidyTests", ["TestKit"]),
    ],
    swiftLanguageModes: [.v6]
)
