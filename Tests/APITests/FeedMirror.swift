// Somebody who follows the change feed and keeps what it tells of, the way a script would: what changed is read again,
// what is gone is thrown away.

import Domain
import TestKit
import Testing

@testable import API

struct FeedMirror {
    let speaker: Speaker
    /// Everything the speaker knows of, as it was read last, by path.
    private(set) var known: [String: String] = [:]
    private(set) var faults: [String] = []
    /// How many events came.
    private(set) var events = 0
    private(set) var after: String?
    private var ids: Set<String> = []

    init(_ speaker: Speaker) { self.speaker = speaker }

    /// Reads on to the end of the feed.
    mutating func catchUp(_ bench: Bench) async throws {
        while true {
            let target = "/v1/changes?limit=7" + (after.map { "&after=\($0)" } ?? "")
            let page = try await bench.client.get(target, as: speaker)
            guard page.status == 200 else { return faults.append("\(target): \(page.status)") }
            let tree = page.json
            for event in tree["/items"]?.elements ?? [] { try await take(event, bench) }
            after = tree["/after"]?.text
            guard tree["/more"] == .boolean(true) else { return }
        }
    }

    private mutating func take(_ event: JSONTree, _ bench: Bench) async throws {
        events += 1
        let subject = event["/subject"]?.text ?? ""
        let id = event["/id"]?.text ?? ""
        if !ids.insert(id).inserted { faults.append("\(id) came twice") }
        if let path = event["/dataref"]?.text {
            let reply = try await bench.client.get(path, as: speaker)
            if reply.status == 200 {
                known[path] = reply.text
            } else {
                faults.append("told of \(path): \(reply.status)")
            }
        } else {
            for path in known.keys where path.hasSuffix(subject) { known[path] = nil }
        }
    }

    /// What differs from what the speaker may read now, of everything that there is.
    func differences(_ bench: Bench) async throws -> [String] {
        var found = faults
        for kind in FeedKind.allCases {
            let table = kind.word.replacing("-", with: "_")
            for id in try bench.scratch.ids(in: table) {
                let path = kind.path + id
                let reply = try await bench.client.get(path, as: speaker)
                switch (reply.status == 200, known[path]) {
                case (true, nil): found.append("was not told of \(path)")
                case (false, .some): found.append("was not told that \(path) is gone")
                case (true, .some(let text)) where text != reply.text:
                    found.append("was not told of the last change of \(path):\n\(text)\n\(reply.text)")
                default: break
                }
            }
        }
        return found
    }
}
