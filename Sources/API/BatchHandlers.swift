// POST /v1/referrals/batch: records in, outcomes out, both as they come. What was answered `created` is on disk.

internal import Domain
internal import HTTPWire
internal import Records
internal import Storage

enum BatchHandlers {
    private static let lineEnd = [UInt8(ascii: "\n")]

    static func create(_ exchange: Exchange) async throws -> Answer {
        let isCSV = exchange.request.field("content-type").map(MediaTypes.essence) == MediaTypes.csv
        var answer = Answer(200, body: [])
        answer.contentType = MediaTypes.lines
        answer.stream = { body, sink in
            var batch = ReferralBatch(
                exchange.database, by: exchange.caller, today: exchange.today, isCSV: isCSV)
            var reader: any RecordReader = isCSV ? CSVReader() : LineReader()
            do {
                while let piece = try await body.next() {
                    reader.feed(piece)
                    guard try await pass(&reader, &batch, exchange, sink) else { return }
                }
            } catch BodyFault.tooLarge {
                // What came before is stored and told, so that the answer ends as one does; any other fault breaks it off.
                let problem = Problem(
                    .bodyTooLarge,
                    "The body is longer than is taken here. Send the rest from this line on, rows behind their header.")
                return try await sink.write(ReferralBatch.refused(reader.line, problem, exchange.caller).json + lineEnd)
            }
            reader.end()
            _ = try await pass(&reader, &batch, exchange, sink)
        }
        return answer
    }

    /// Stores the records that are here and writes their outcomes; false when there is no going on.
    private static func pass(
        _ reader: inout any RecordReader, _ batch: inout ReferralBatch, _ exchange: Exchange, _ sink: BodySink
    ) async throws -> Bool {
        var records: [TextRecord] = []
        while true {
            while records.count < ReferralBatch.recordsPerCommit, let record = reader.next() { records.append(record) }
            guard !records.isEmpty else { return true }
            var lines: [UInt8] = []
            var goesOn = true
            do {
                for outcome in try await batch.store(records) {
                    lines += outcome.json
                    lines += lineEnd
                }
                goesOn = !batch.isBroken
            } catch {
                // None of these is stored. The first line of them says so, and the answer ends: go on from there.
                let problem: Problem
                switch error {
                case let fault as StorageFault: problem = Problem(fault)
                case let ended as Problem: problem = ended
                default: throw error
                }
                lines = ReferralBatch.refused(records[0].line, problem, exchange.caller).json + lineEnd
                goesOn = false
            }
            if !lines.isEmpty { try await sink.write(lines) }
            guard goesOn else { return false }
            records.removeAll(keepingCapacity: true)
        }
    }
}
