// Any bytes as a JSON text: refused with a place inside it, or read into values that can all be asked, whose raw bytes
// read as the same, and that Foundation's lenient reader accepts too.

import Foundation

@testable import JSON

private let limits = {
    var limits = JSONLimits()
    limits.depth = 8
    limits.nodes = 120
    limits.stringBytes = 60
    limits.keyBytes = 12
    limits.numberBytes = 24
    return limits
}()

/// A value by all it can be asked, as text.
private func say(_ value: JSONValue) -> String {
    switch value.kind {
    case .null: "null"
    case .boolean: "\(value.boolean.map(String.init) ?? "no boolean")"
    case .number: "number \(value.numberText ?? "without text") \(value.integer.map(String.init) ?? "-")"
    case .string: "string \((value.string ?? "without text").debugDescription)"
    case .array: "[\(value.elements.map(say).joined(separator: ","))]"
    case .object: "{\(value.members.map { $0.key.debugDescription + ":" + say($0.value) }.joined(separator: ","))}"
    }
}

/// Holds a value against where it stands; below a name that is not repeated everything is pointed at by what is around that.
private func check(_ value: JSONValue, at pointer: String, isTold: Bool = true) {
    hold(value.pointer == pointer, "pointer \(value.pointer)")
    hold(value.count == Array(value.elements).count, "a count of \(value.count)")
    if let integer = value.integer {
        let text = value.numberText ?? ""
        let fraction = text.drop { $0 != "." }
        let isPlain = Int64(text.dropLast(fraction.count)) == integer && fraction.allSatisfy { ".0".contains($0) }
        hold(isPlain, "\(text) is \(integer)")
    }
    for (place, element) in value.elements.enumerated() where value.kind == .array {
        hold(value[place]?.pointer == element.pointer, "another element at \(place)")
        check(element, at: isTold ? "\(pointer)/\(place)" : pointer, isTold: isTold)
    }
    for member in value.members {
        hold(value[member.key]?.pointer == member.value.pointer, "another member at its own key")
        let isNamed = isTold && JSONPointer.isTelling(member.key)
        check(member.value, at: isNamed ? pointer + JSONPointer.step(member.key) : pointer, isTold: isNamed)
    }
    do throws(JSONSyntaxFault) {
        let again = try JSONDocument(value.raw, limits: limits)
        hold(say(again.root) == say(value), "\(say(value)) reads again as \(say(again.root))")
    } catch {
        broken("its own bytes are refused: \(error)")
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzzJSON(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = data.map { Array(UnsafeBufferPointer(start: $0, count: size)) } ?? []
    do throws(JSONSyntaxFault) {
        let document = try JSONDocument(bytes, limits: limits)
        check(document.root, at: "")
        hold(String(validating: bytes, as: UTF8.self) != nil, "bad UTF-8 was read")
        let others = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        // Foundation refuses numbers beyond a Double, which take an exponent.
        hold(others != nil || bytes.contains { $0 | 0x20 == UInt8(ascii: "e") }, "Foundation refuses it")
        var writer = JSONWriter()
        writer.value(say(document.root))
        let text = try? JSONDocument(writer.finish()).root.string
        hold(text == say(document.root), "a text did not come back")
    } catch {
        hold(error.offset <= bytes.count, "a fault at \(error.offset) of \(bytes.count)")
        let line = 1 + bytes.prefix(error.offset).count { $0 == 10 }
        hold(error.line == line && error.column >= 1, "a fault at line \(error.line), column \(error.column)")
    }
    _ = try? JSONForm.decode(bytes) { reader in
        (reader.string("a", length: 0...9), reader.integer("b", in: 1...9)).0
    }
    return 0
}
