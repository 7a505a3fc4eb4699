// The numbered SQL files of this folder as bytes inside the binary, in order. Says what they are, not how they are
// applied: that is Storage's Migrator. A test holds the list against the folder.

/// One step of the schema: the file `NNNN_snake_name.sql`.
package struct Migration: Hashable, Sendable {
    /// From 1, without gaps.
    package let number: Int
    /// The part of the file name after the number.
    package let name: String
    /// The statements, UTF-8; they run in one transaction that is not theirs to end.
    package let sql: [UInt8]

    /// A migration from its parts.
    package init(number: Int, name: String, sql: [UInt8]) {
        self.number = number
        self.name = name
        self.sql = sql
    }

    /// The file's name: `0001_initial.sql`.
    package var fileName: String { Migration.fileName(number: number, name: name) }

    /// The name of a migration's file from its number and name.
    package static func fileName(number: Int, name: String) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_\(name).sql"
    }
}

/// The migrations this binary carries.
package enum EmbeddedMigrations {
    /// All of them, in order. (SwiftPM names an embedded file after its path, without the first digit.)
    package static let all: [Migration] = [
        Migration(number: 1, name: "initial", sql: PackageResources._001_initial_sql),
        Migration(number: 2, name: "token_use", sql: PackageResources._002_token_use_sql),
        Migration(number: 3, name: "ledger_accounts", sql: PackageResources._003_ledger_accounts_sql),
        Migration(number: 4, name: "scope_indexes", sql: PackageResources._004_scope_indexes_sql),
        Migration(number: 5, name: "tasks", sql: PackageResources._005_tasks_sql),
        Migration(number: 6, name: "region_and_clocks", sql: PackageResources._006_region_and_clocks_sql),
        Migration(number: 7, name: "restriction", sql: PackageResources._007_restriction_sql),
        Migration(number: 8, name: "links", sql: PackageResources._008_links_sql),
        Migration(number: 9, name: "erasure", sql: PackageResources._009_erasure_sql),
        Migration(number: 10, name: "trusted_people", sql: PackageResources._010_trusted_people_sql),
        Migration(number: 11, name: "supply", sql: PackageResources._011_supply_sql),
        Migration(number: 12, name: "ledger_pages", sql: PackageResources._012_ledger_pages_sql),
        Migration(number: 13, name: "corrections", sql: PackageResources._013_corrections_sql),
        Migration(number: 14, name: "sessions", sql: PackageResources._014_sessions_sql),
        Migration(number: 15, name: "talk", sql: PackageResources._015_talk_sql),
        Migration(number: 16, name: "consultations", sql: PackageResources._016_consultations_sql),
        Migration(number: 17, name: "match_runs", sql: PackageResources._017_match_runs_sql),
        Migration(number: 18, name: "offer_life", sql: PackageResources._018_offer_life_sql),
        Migration(number: 19, name: "clockwork", sql: PackageResources._019_clockwork_sql),
        Migration(number: 20, name: "signals_and_handovers", sql: PackageResources._020_signals_and_handovers_sql),
        Migration(number: 21, name: "consent_ends", sql: PackageResources._021_consent_ends_sql),
        Migration(number: 22, name: "feed", sql: PackageResources._022_feed_sql),
        Migration(number: 23, name: "names_by_birth", sql: PackageResources._023_names_by_birth_sql),
        Migration(number: 24, name: "token_origins", sql: PackageResources._024_token_origins_sql),
        Migration(number: 25, name: "match_grounds", sql: PackageResources._025_match_grounds_sql),
        Migration(number: 26, name: "rows_of_a_post", sql: PackageResources._026_rows_of_a_post_sql),
        Migration(number: 27, name: "counts_of_a_year", sql: PackageResources._027_counts_of_a_year_sql),
    ]
}
