// Cursors come back from outside: whatever numbers one holds, it is a place in the list or no cursor, in every list and for
// every role. One that traps ends the process, and this test with it.

import Domain
import Foundation
import HTTPWire
import TestKit
import Testing

@testable import API

@Suite struct CursorTests {
    /// Every kind with as many bytes as it has, of the smallest and the largest numbers.
    private static let extremes: [String] = {
        let lengths: [UInt8: Int] = [1: 16, 2: 25, 3: 8, 4: 24, 5: 24, 6: 12, 7: 20]
        let ends: [(first: UInt8, rest: UInt8)] = [(0, 0), (0x7F, 0xFF), (0x80, 0), (0xFF, 0xFF)]
        return lengths.flatMap { kind, length in
            ends.map { end in
                Data([kind, end.first] + [UInt8](repeating: end.rest, count: length - 1)).base64EncodedString()
                    .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            }
        }
    }()

    @Test func noCursorEndsTheProcess() async throws {
        let world = try await World()
        let lists = Routes.all.filter { $0.method == .get && $0.readsQuery && $0.action != nil }
        var pages = 0
        for list in lists {
            for role in Role.allCases {
                let speaker = world.speaker(Seat(role: role), list.kind, .own)
                let id = list.kind.flatMap { world.id($0, role, .own) } ?? World.missing
                let path = list.template.replacing("{id}", with: id)
                for cursor in Self.extremes {
                    let reply = try await world.bench.client.get("\(path)?cursor=\(cursor)", as: speaker)
                    #expect([200, 400, 403, 404, 410].contains(reply.status), "\(path) \(cursor): \(reply.status)")
                    if reply.status == 200 { pages += 1 }
                    // What the role may never do or the list never takes it refuses whatever the cursor.
                    if reply.status == 403 || reply.status == 404 { break }
                }
            }
        }
        #expect(pages > lists.count)
    }
}
