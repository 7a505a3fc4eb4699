// The repository as the tidy tests see it: paths and texts, read once from the folder this file stands in. It knows
// nothing of any rule.

import Foundation

/// A text file: its path from the top of the repository, with `/` between folders, and what it says.
struct SourceFile: Sendable {
    let path: String
    let text: String

    var lineCount: Int { text.utf8.count { $0 == UInt8(ascii: "\n") } }
    var isSwift: Bool { path.hasSuffix(".swift") }
}

enum Repository {
    /// The folder that holds Package.swift.
    static let top = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Folders that are made by building and running, or that belong to git.
    private static let skipped: Set<String> = [".build", ".git", ".swiftpm", "var"]

    /// Every text file that stands in the repository, in the order of their paths.
    static let files: [SourceFile] = readFolder(top, path: "").sorted { $0.path < $1.path }

    /// The Swift files whose path starts with one of `folders`.
    static func swiftFiles(in folders: [String]) -> [SourceFile] {
        files.filter { file in file.isSwift && folders.contains { file.path.hasPrefix($0) } }
    }

    /// The text of one file that has to be there.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: top.appending(path: path), encoding: .utf8)
    }

    private static func readFolder(_ folder: URL, path: String) -> [SourceFile] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        return names.filter { !skipped.contains($0) }.flatMap { name -> [SourceFile] in
            let entry = folder.appending(path: name)
            let isFolder = (try? entry.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
            if isFolder { return readFolder(entry, path: path + name + "/") }
            guard let text = try? String(contentsOf: entry, encoding: .utf8) else { return [] }
            return [SourceFile(path: path + name, text: text)]
        }
    }
}
