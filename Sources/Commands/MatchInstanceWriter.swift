// Writes the instance format that MatchInstanceReader reads.

internal import JSON
internal import Matching

enum MatchInstanceWriter {
    /// The format `match-instance/1`.
    static func write(_ input: MatchInput, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("format", MatchInstanceReader.format)
            writer.array("candidates") { writer in
                for candidate in input.candidates { writer.object { write(candidate, to: &$0) } }
            }
            writer.array("dwellings") { writer in
                for dwelling in input.dwellings {
                    writer.object { writer in
                        writer.field("id", dwelling.id)
                        writer.field("groups", dwelling.groups)
                        writer.field("capacity", dwelling.capacity)
                    }
                }
            }
            writer.array("groups") { writer in
                for group in input.groups {
                    writer.object { writer in
                        writer.field("id", group.id)
                        writer.field("cap", group.cap)
                    }
                }
            }
        }
    }

    private static func write(_ candidate: MatchInput.Candidate, to writer: inout JSONWriter) {
        writer.field("id", candidate.id)
        writer.field("priority", candidate.priority)
        writer.array("edges") { writer in
            for edge in candidate.edges {
                writer.array { writer in
                    writer.value(edge.dwelling)
                    writer.value(edge.score)
                }
            }
        }
        writer.array("near") { writer in
            for edge in candidate.near {
                writer.array { writer in
                    writer.value(edge.dwelling)
                    writer.value(edge.limit)
                }
            }
        }
    }
}
