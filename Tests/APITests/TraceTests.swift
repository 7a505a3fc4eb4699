// The trace a request brings (W3C Trace Context, level 1): it goes on in the answer and the log under a span of its own,
// and what is not valid is no trace. Without one a trace begins here, in the log and the ledger alone.

import TestKit
import Testing

@testable import API

@Suite struct TraceTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00f067aa0ba902b7"

    /// What comes in, and the flags that go out; nil for what is no trace.
    private static let fields: [(field: String, flags: String?)] = [
        ("00-\(trace)-\(parent)-01", "01"), ("00-\(trace)-\(parent)-00", "00"), ("00-\(trace)-\(parent)-ff", "01"),
        ("00-\(trace)-\(parent)-fe", "00"), ("cc-\(trace)-\(parent)-01", "01"),
        ("cc-\(trace)-\(parent)-01-what-the-future-holds", "01"), ("", nil), ("00", nil),
        ("00-\(trace)-\(parent)-01-more", nil), ("ff-\(trace)-\(parent)-01", nil),
        ("00-\(trace.uppercased())-\(parent)-01", nil), ("00-\(trace)-\(parent)-0", nil),
        ("00-\(trace)-\(parent)-0g", nil), ("00-\(trace.dropLast())-\(parent)-01", nil),
        ("00-\(trace)0-\(parent)-01", nil), ("00-\(String(repeating: "0", count: 32))-\(parent)-01", nil),
        ("00-\(trace)-\(String(repeating: "0", count: 16))-01", nil), ("0-\(trace)-\(parent)-01", nil),
        ("00-\(trace)-\(parent)-01, 00-\(trace)-\(parent)-01", nil), ("00_\(trace)_\(parent)_01", nil),
        ("00-\(trace)-\(parent)-é", nil), ("-\(trace)-\(parent)-01", nil),
        ("00-\(trace)-\(parent.dropLast())é-01", nil),
    ]

    @Test func aValidTraceGoesOnAndAnythingElseIsNone() async throws {
        let bench = try await Bench()
        var spans: Set<String> = []
        for (field, flags) in Self.fields {
            let reply = try await bench.client.get("/v1/me", as: .intaker, fields: [("traceparent", field)])
            #expect(reply.status == 200)
            let record = try #require(bench.log.access.last)
            let answered = reply.fields.filter { $0.name.lowercased() == "traceparent" }.map(\.value)
            guard let flags else {
                #expect(answered == [], "\(field)")
                #expect(record.trace == nil, "\(field)")
                #expect(
                    record.traceID.wholeMatch(of: /[0-9a-f]{32}/) != nil && record.traceID != Self.trace, "\(field)")
                continue
            }
            let span = try #require(record.trace).spanID
            #expect(answered == ["00-\(Self.trace)-\(span)-\(flags)"], "\(field)")
            #expect(record.traceID == Self.trace)
            #expect(span.wholeMatch(of: /[0-9a-f]{16}/) != nil)
            #expect(span != Self.parent)
            #expect(spans.insert(span).inserted, "a span of its own")
        }
        #expect(spans.count == Self.fields.count { $0.flags != nil })
    }

    /// Refused or failed, a request belongs to its trace all the same; the rest of the vendor's state goes no further.
    @Test func alsoARefusalNamesItsSpan() async throws {
        let bench = try await Bench(.socket)
        let fields = [("traceparent", "00-\(Self.trace)-\(Self.parent)-01"), ("tracestate", "a=1,b=2")]
        for path in ["/v1/me", "/nowhere", "/healthz", "/v1/referrals/x"] {
            let reply = try await bench.client.get(path, fields: fields)
            #expect(reply["traceparent"]?.hasPrefix("00-\(Self.trace)-") == true, "\(path)")
            #expect(reply["tracestate"] == nil, "\(path)")
            #expect(try await bench.client.get(path)["traceparent"] == nil, "\(path)")
        }
    }

    /// Every processing belongs to a trace, also when nobody began one elsewhere.
    @Test func whatBringsNoneBeginsOneOfItsOwn() async throws {
        let bench = try await Bench()
        let journey = try await Journey.reaching(.waiting, on: bench)
        for _ in 0..<3 { try await bench.client.get(journey.path, as: .intaker) }
        try await bench.scratch.runClockwork()
        let lines = try await bench.client.get("/v1/disclosures?limit=100", as: .auditor).json["/items"]?.elements ?? []
        let ids = lines.compactMap { $0["/traceId"]?.text }
        #expect(ids.count == lines.count && ids.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{32}/) != nil })
        let logged = Set(bench.log.access.map(\.traceID))
        #expect(logged.count == bench.log.access.count && logged.isSuperset(of: ids))
    }

    @Test func madeTracesAreNoZerosAndNeverTheSame() {
        let zeros = String(repeating: "0", count: 32)
        for bits in [0, 1, UInt64.max] {
            let source = TraceIDSource(randomBits: bits)
            let ids = Set((0..<10_000).map { _ in source.next() })
            #expect(ids.count == 10_000 && !ids.contains(zeros))
            #expect(
                ids.allSatisfy {
                    $0.utf8.count == 32 && $0.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
                })
        }
        #expect(TraceIDSource(randomBits: 1).next().prefix(16) != TraceIDSource(randomBits: 2).next().prefix(16))
    }

    @Test func aSpanIsNeverAllZeros() {
        let spans = [0, 1, 0xABC, UInt64.max].map {
            TraceContext("00-\(Self.trace)-\(Self.parent)-01", randomBits: $0)?.spanID
        }
        #expect(spans == ["0000000000000001", "0000000000000001", "0000000000000abc", "ffffffffffffffff"])
    }
}
