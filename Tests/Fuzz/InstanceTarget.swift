// Any bytes as an instance of the matching engine: refused with one line that names a place, or run to an outcome that
// keeps every capacity and cap, is the same from every order of its lists, and reads back from what is written of it.

import Foundation

@testable import Commands
@testable import JSON
@testable import Matching

/// Kept small: a run is of any size, a fuzzer's turn is not.
private let crossingSteps = 20_000

private func check(_ input: MatchInput) {
    guard let instance = try? MatchInstance(input) else { return }
    let outcome = MatchEngine.run(instance, crossingSteps: crossingSteps)
    var taken: [String: Int64] = [:]
    var perGroup: [String: Int64] = [:]
    let dwellings = Dictionary(input.dwellings.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for assignment in outcome.assignments {
        taken[assignment.dwelling, default: 0] += 1
        let fits = input.candidates.contains { candidate in
            candidate.id == assignment.candidate
                && candidate.edges.contains { $0.dwelling == assignment.dwelling && $0.score == assignment.score }
        }
        hold(fits, "a proposal without an edge")
        for group in dwellings[assignment.dwelling]?.groups ?? [] { perGroup[group, default: 0] += 1 }
    }
    for dwelling in input.dwellings { hold(taken[dwelling.id] ?? 0 <= dwelling.capacity, "a dwelling is overfull") }
    for group in input.groups { hold(perGroup[group.id] ?? 0 <= group.cap, "a cap is broken") }
    hold(outcome.assignments.count + outcome.unlocks.count == input.candidates.count, "somebody is missing")

    var turned = input
    turned.candidates.reverse()
    turned.dwellings.reverse()
    turned.groups.reverse()
    let again = (try? MatchInstance(turned)).map { MatchEngine.run($0, crossingSteps: crossingSteps) }
    hold(again == outcome, "the order of the lists decides")
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzInstance(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = data.map { Array(UnsafeBufferPointer(start: $0, count: size)) } ?? []
    do throws(InstanceFault) {
        let input = try MatchInstanceReader.read(bytes)
        var writer = JSONWriter()
        MatchInstanceWriter.write(input, to: &writer)
        let again = try? MatchInstanceReader.read(writer.finish())
        hold(again == input, "it does not read back")
        check(input)
    } catch {
        let line = error.description
        hold(!line.isEmpty && !line.contains("\n"), "a fault of several lines")
    }
    return 0
}
