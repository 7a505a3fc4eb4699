// match: runs the allocation engine on an instance file and writes the result, apart from any database, so that others
// can check what the engine promises.

internal import Foundation
internal import JSON
internal import Matching

enum MatchCommand {
    static let command = Command(
        name: "match", operands: ["FILE"],
        summary: "Runs the matching engine on an instance file (- for standard input) and prints the result",
        json: .document("it prints what it prints without: one JSON document, format match-result/1"),
        examples: ["thuispunt match instance.json"], run: match)

    private static func match(_ arguments: Arguments, _ terminal: Terminal) async throws -> ExitCode {
        let path = arguments.operands[0]
        let bytes = try read(path)
        let instance: MatchInstance
        do {
            instance = try MatchInstance(MatchInstanceReader.read(bytes))
        } catch let fault as InstanceFault {
            throw CommandFault.usage("\(path): \(fault.description)")
        } catch let fault as MatchInstanceError {
            throw CommandFault.usage("\(path): \(fault.description)")
        }
        let outcome = MatchEngine.run(instance)
        if !outcome.proof.capsNest {
            terminal.tell("thuispunt: the caps cross, so priority went before number")
            for claim in claims(of: outcome) where !claim.isProven {
                terminal.tell("thuispunt: not proven: \(claim.words)")
            }
        }
        terminal.say { writer in write(outcome, to: &writer) }
        return .done
    }

    /// What an outcome promises, by the codes that match runs have for it, and whether it is certain.
    private static func claims(of outcome: MatchOutcome) -> [(code: String, isProven: Bool, words: String)] {
        let proof = outcome.proof
        return [
            ("size", proof.sizeIsProven, "that no other set of proposals is larger"),
            ("order", proof.orderIsProven, "that nobody was left out for somebody later in the queue"),
            ("score", proof.scoreIsProven, "that the wishes of these people could not be met better"),
            ("explanations", proof.explanationsAreProven, "that cut-offs are no later and no other limit unlocks"),
        ]
    }

    private static func read(_ path: String) throws -> [UInt8] {
        do {
            guard path != "-" else { return [UInt8](try FileHandle.standardInput.readToEnd() ?? Data()) }
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            return [UInt8](try file.readToEnd() ?? Data())
        } catch {
            throw CommandFault("can't read \(path); check that the file is there and may be read")
        }
    }

    /// The format `match-result/1`; `certain` is there only when caps cross, for otherwise everything is.
    private static func write(_ outcome: MatchOutcome, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("format", "match-result/1")
            writer.array("assignments") { writer in
                for assignment in outcome.assignments {
                    writer.object { writer in
                        writer.field("candidate", assignment.candidate)
                        writer.field("dwelling", assignment.dwelling)
                    }
                }
            }
            writer.field("total_score", outcome.totalScore)
            writer.object("unlock") { writer in
                for unlock in outcome.unlocks {
                    writer.name(text: unlock.candidate)
                    writer.array { writer in
                        for limit in unlock.limits { writer.value(limit) }
                    }
                }
            }
            writer.object("cutoffs") { writer in
                for cutOff in outcome.cutOffs {
                    writer.name(text: cutOff.dwelling)
                    writer.value(cutOff.candidate)
                }
            }
            guard !outcome.proof.capsNest else { return }
            writer.field("certain", claims(of: outcome).filter(\.isProven).map(\.code))
        }
    }
}
