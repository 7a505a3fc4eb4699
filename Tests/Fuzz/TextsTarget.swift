// Any text where a peer sends a word of ours: cursors, entity tags, tokens, ids, dates, moments, media types. Each is
// refused, or read into a value that is written back as the same value.

@testable import API
@testable import Digest
@testable import Domain
@testable import Storage
@testable import UseCases

private enum Anything {}

private func readCursors(_ text: String) {
    if let id = Cursor.id(text, of: Anything.self) { hold(Cursor.encode(id) == text, "cursor \(text) of an id") }
    if let sequence = Cursor.sequence(text) { hold(Cursor.encode(sequence) == text, "cursor \(text) of a number") }
    if let key = Cursor.taskKey(text) { hold(Cursor.encode(key) == text, "cursor \(text) of a task") }
    for order in ReferralOrder.allCases {
        if let key = Cursor.referralKey(text, order: order) {
            hold(Cursor.encode(key) == text, "cursor \(text) of a key")
        }
    }
    if let bytes = Base64URL.decode(text) { hold(Base64URL.encode(bytes) == text, "base64url \(text)") }
    if let bytes = Hex.decode(text) { hold(Hex.encode(bytes) == text.lowercased(), "hexadecimal \(text)") }
}

private func readTags(_ text: String) {
    let tag = EntityTag.of(Array(text.utf8), version: 7)
    hold(EntityTag.isWellFormed(tag), "our own tag \(tag)")
    hold(EntityTag.precondition(tag) == .versions([7]), "the version of \(tag)")
    hold(EntityTag.matches("W/\(tag),\(text)", tag), "weak \(tag) in a list")
    // What is no list may leave a quote open, which takes in the rest.
    if text != "*", EntityTag.isWellFormed(text) {
        hold(EntityTag.matches("\(text), \(tag)", tag), "\(tag) in a list")
    }
    hold(EntityTag.isWellFormed(text) == (EntityTag.precondition(text) != nil), "tags \(text)")
    guard case .versions(let versions)? = EntityTag.precondition(text) else { return }
    let parts = text.utf8.split(separator: UInt8(ascii: ",")).count
    hold(versions.count <= parts, "\(versions) of \(text)")
    hold(text.contains("*") || !EntityTag.matches(text, tag) || text.contains(tag), "a match without the tag")
}

private func readTimes(_ text: String) {
    if let date = CivilDate(iso: text) {
        hold(date.description == text, "\(text) is \(date)")
        hold(date.adding(days: 1).adding(days: -1) == date, "\(text) and a day")
        hold(
            date.adding(months: 1) > date && (0...31).contains(date.adding(months: 1).dayNumber - date.dayNumber), text)
        hold((1...7).contains(date.weekday), "weekday \(date.weekday)")
        let due = DutchCalendar.adding(workingDays: 5, to: date)
        hold(due > date && DutchCalendar.isWorkingDay(due), "\(due) is five working days after \(date)")
    }
    if let moment = Instant(rfc3339: text) {
        hold(Instant(rfc3339: moment.description) == moment, "\(text) is \(moment)")
        _ = AmsterdamTime.day(of: moment)
    }
    if let id = Identifier<Anything>(text) { hold(id.description == text.lowercased(), "\(text) is \(id)") }
}

private func readWords(_ text: String) {
    if AccessTokens.isWellFormed(text) {
        hold(text.utf8.allSatisfy { $0 > 32 && $0 < 127 } && text.hasPrefix(AccessTokens.prefix), "token \(text)")
    }
    if let address = NetworkAddress(text) {
        hold(AddressRange(text)?.contains(address) == true, "\(text) is not in itself")
        hold(AddressList(text)?.contains(text) == true, "\(text) is not in its own list")
    }
    if let list = AddressList(text) { hold(!list.contains("unix"), "\(text) lets in what is no address") }
    if let trace = TraceContext(text, randomBits: 1) {
        hold(TraceContext(trace.field, randomBits: 1) == trace, "trace \(trace)")
        hold(RequestIDText.isValid(trace.traceID), "trace \(trace)")
    }
    _ = MediaTypes.accepts(text, "application", "json")
    hold(MediaTypes.accepts("application/json", "application", "json"), "plain JSON")
    if let number = CitizenServiceNumber(text) {
        hold(number.disclosedDigits.utf8.count == 9 && number.disclosedDigits.hasSuffix(text), "nine digits")
        hold(!"\(number)\(String(reflecting: number))".contains(number.disclosedDigits), "a number was printed")
    }
    if let municipality = Municipality(code: text) { hold(municipality.code == text, "municipality \(text)") }
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzTexts(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self)
    readCursors(text)
    readTags(text)
    readTimes(text)
    readWords(text)
    return 0
}
