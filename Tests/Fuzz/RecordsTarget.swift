// Any bytes as lines and as CSV: whole and byte by byte they give the same records, in rising lines, and no byte is read
// more than four times.

@testable import Records

private func records(_ bytes: [UInt8], by reader: any RecordReader, inPieces: Bool) -> [TextRecord] {
    var reader = reader
    var found: [TextRecord] = []
    for piece in inPieces ? bytes.map({ [$0] }) : [bytes] {
        reader.feed(piece)
        while let record = reader.next() { found.append(record) }
    }
    reader.end()
    while let record = reader.next() { found.append(record) }
    return found
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzRecords(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = data.map { Array(UnsafeBufferPointer(start: $0, count: size)) } ?? []
    for reader in [CSVReader() as any RecordReader, LineReader()] {
        let whole = records(bytes, by: reader, inPieces: false)
        hold(records(bytes, by: reader, inPieces: true) == whole, "cut they are other records")
        if var reader = reader as? CSVReader {
            reader.feed(bytes)
            reader.end()
            while reader.next() != nil {}
            hold(reader.intake.readCount <= 4 * bytes.count, "bytes are read over and over")
        }
        hold(zip(whole, whole.dropFirst()).allSatisfy { $0.line < $1.line }, "lines go back")
    }
    return 0
}
