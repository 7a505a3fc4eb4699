// The eleven-test on known test numbers, and that no ordinary way of showing a value shows the number.

import Domain
import Testing

@Suite struct CitizenServiceNumberTests {
    @Test(arguments: ["999990019", "111222333", "999900006", "999996770", "010464554", "10464554"])
    func valid(text: String) throws {
        let number = try #require(CitizenServiceNumber(text))
        #expect(number.disclosedDigits == (text.count == 8 ? "0" + text : text))
        #expect(number.lastThreeDigits == String(text.suffix(3)))
    }

    @Test(arguments: [
        "", "0", "000000000", "00000000", "999990018", "999990010", "111222334", "123456789", "99999001",
        "9999900190", "99999001９", "99999 019", " 999990019", "999990019\n", "-99990019", "99999001a", "٩٩٩٩٩٠٠١٩",
        "000000012", "99999001\u{0}",
    ])
    func refused(text: String) {
        #expect(CitizenServiceNumber(text) == nil)
    }

    /// Every single wrong digit and every swap of two different neighbours is caught: what the test is for.
    @Test(arguments: ["999990019", "111222333", "999996770"])
    func slipsOfTyping(text: String) {
        let digits = Array(text)
        for place in digits.indices {
            for other in "0123456789" where other != digits[place] {
                var slipped = digits
                slipped[place] = other
                #expect(CitizenServiceNumber(String(slipped)) == nil)
            }
            if place > 0, place < 8, digits[place] != digits[place - 1] {
                var swapped = digits
                swapped.swapAt(place, place - 1)
                #expect(CitizenServiceNumber(String(swapped)) == nil)
            }
        }
    }

    private struct Holder {
        var number: CitizenServiceNumber
        var maybe: CitizenServiceNumber?
        var list: [CitizenServiceNumber]
        var table: [String: CitizenServiceNumber]
    }

    @Test func neverShown() throws {
        let number = try #require(CitizenServiceNumber("999990019"))
        let holder = Holder(number: number, maybe: number, list: [number], table: ["bsn": number])
        var dumped = ""
        Swift.dump(number, to: &dumped)
        Swift.dump(holder, to: &dumped)
        Swift.dump(FieldChange.set(number), to: &dumped)
        var record = Record(bsn: number)
        record.note = "\(number)"
        let shown = [
            number.description, number.debugDescription, "\(number)", String(describing: number),
            String(reflecting: number), "\(holder)", String(reflecting: holder), "\([number])",
            String(describing: Optional(number)),
            "\(FieldChange.set(number))", "\(record)", dumped,
            Mirror(reflecting: number).children.map { "\($0.value)" }.joined(),
            Mirror(reflecting: holder).children.map { "\($0)" }.joined(),
        ]
        for text in shown {
            #expect(!text.contains("999990019"))
            #expect(!text.contains("0019"))
        }
    }

    private struct Record {
        var bsn: CitizenServiceNumber?
        var note = ""
    }
}
