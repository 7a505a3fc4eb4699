// Holds a value against a JSON schema (2020-12), as far as openapi.yaml uses it. A keyword that is not known here is a
// fault of its own, so that the description can't promise something nobody checks.

import Domain
import Foundation
import TestKit

/// Checks values against the schemas of a description.
struct SchemaCheck {
    let description: Description

    /// What does not fit, as `pointer: reason`; empty when all does.
    func faults(_ value: JSONTree, _ schema: JSONTree, at pointer: String = "") -> [String] {
        schema.members.flatMap { keyword in
            rule(keyword.name, keyword.value, value, schema, pointer).map {
                $0.contains(": ") ? $0 : pointer + ": " + $0
            }
        }
    }

    private static let annotations: Set<String> = [
        "description", "title", "default", "discriminator", "example", "examples", "then", "else",
    ]

    private func rule(
        _ name: String, _ rule: JSONTree, _ value: JSONTree, _ schema: JSONTree, _ pointer: String
    ) -> [String] {
        switch name {
        case _ where Self.annotations.contains(name): return []
        case "$ref": return faults(value, description.resolved(["$ref": rule]), at: pointer)
        case "type": return rule.text == Self.type(of: value) ? [] : ["not of type \(rule.text ?? "?")"]
        case "const": return value == rule ? [] : ["not the constant"]
        case "enum": return rule.elements.contains(value) ? [] : ["not in the list"]
        case "oneOf":
            let fitting = rule.elements.count { faults(value, $0, at: pointer).isEmpty }
            return fitting == 1 ? [] : ["fits \(fitting) of oneOf"]
        case "not": return faults(value, rule, at: pointer).isEmpty ? ["fits what it must not"] : []
        case "if":
            let branch = schema.child(faults(value, rule, at: pointer).isEmpty ? "then" : "else")
            return branch.map { faults(value, $0, at: pointer) } ?? []
        case "properties", "required", "additionalProperties", "minProperties", "dependentRequired":
            guard case .object(let members) = value else { return [] }
            return object(name, rule, members, schema, pointer)
        case "items", "minItems", "maxItems", "uniqueItems":
            guard case .list(let elements) = value else { return [] }
            return list(name, rule, elements, pointer)
        case "minLength", "maxLength", "pattern", "format":
            return value.text.map { Self.text(name, rule, $0) } ?? []
        case "minimum": return value.number.map { $0 >= rule.number ?? .max } ?? true ? [] : ["too small"]
        case "maximum": return value.number.map { $0 <= rule.number ?? .min } ?? true ? [] : ["too large"]
        default: return ["keyword \(name) is not checked"]
        }
    }

    private static func type(of value: JSONTree) -> String {
        switch value {
        case .null: "null"
        case .boolean: "boolean"
        case .number: "integer"
        case .raw: "number"
        case .text: "string"
        case .list: "array"
        case .object: "object"
        }
    }

    private func object(
        _ name: String, _ rule: JSONTree, _ members: [JSONTree.Member], _ schema: JSONTree, _ pointer: String
    ) -> [String] {
        let names = Set(members.map(\.name))
        let missing = { (required: JSONTree) in
            required.elements.compactMap(\.text).filter { !names.contains($0) }.map { "\($0) is missing" }
        }
        switch name {
        case "properties":
            return members.flatMap { member in
                rule.child(member.name).map { faults(member.value, $0, at: pointer + "/" + member.name) } ?? []
            }
        case "required": return missing(rule)
        case "additionalProperties":
            let known = schema["/properties"]?.members.map(\.name) ?? []
            return rule == false ? names.subtracting(known).sorted().map { "\($0) is not described" } : []
        case "minProperties": return members.count < rule.number ?? 0 ? ["too few members"] : []
        default: return rule.members.filter { names.contains($0.name) }.flatMap { missing($0.value) }
        }
    }

    private func list(_ name: String, _ rule: JSONTree, _ elements: [JSONTree], _ pointer: String) -> [String] {
        switch name {
        case "items":
            return elements.enumerated().flatMap { place, element in faults(element, rule, at: "\(pointer)/\(place)") }
        case "minItems": return elements.count < rule.number ?? 0 ? ["too few elements"] : []
        case "maxItems": return elements.count > rule.number ?? .max ? ["too many elements"] : []
        default:
            let isRepeated = elements.indices.contains { elements[..<$0].contains(elements[$0]) }
            return rule == true && isRepeated ? ["an element stands twice"] : []
        }
    }

    private static func text(_ name: String, _ rule: JSONTree, _ text: String) -> [String] {
        switch name {
        case "minLength": return text.unicodeScalars.count < rule.number ?? 0 ? ["too short"] : []
        case "maxLength": return text.unicodeScalars.count > rule.number ?? .max ? ["too long"] : []
        case "pattern":
            let pattern = rule.text.flatMap { try? NSRegularExpression(pattern: $0) }
            let whole = NSRange(text.startIndex..., in: text)
            return pattern?.firstMatch(in: text, range: whole) == nil ? ["does not match \(rule.text ?? "?")"] : []
        default: return fits(rule.text ?? "", text) ? [] : ["no \(rule.text ?? "?")"]
        }
    }

    private static func fits(_ format: String, _ text: String) -> Bool {
        switch format {
        case "date": CivilDate(iso: text) != nil
        case "date-time": Instant(rfc3339: text)?.description == text
        case "uuid": ReferralID(text) != nil
        case "email": text.contains("@")
        case "uri": text.contains(":") && !text.contains(" ")
        case "uri-reference": !text.isEmpty && !text.contains(" ")
        default: false
        }
    }
}
