// RFC 6901 pointers, made by walking the flat tree only when a fault needs one; nothing is kept while parsing.

/// Writes RFC 6901 JSON pointers.
package enum JSONPointer {
    /// One reference token with `~` and `/` escaped (RFC 6901 section 3) behind its slash.
    package static func step(_ token: String) -> String {
        guard token.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else {
            return "/" + token
        }
        var step = "/"
        for scalar in token.unicodeScalars {
            switch scalar {
            case "~": step += "~0"
            case "/": step += "~1"
            default: step.unicodeScalars.append(scalar)
            }
        }
        return step
    }

    /// Whether a member's name may be repeated to whoever reads the fault: one of great length, with many digits or with
    /// digits and no letter is more likely a number of a person than the name of anything.
    static func isTelling(_ name: String) -> Bool {
        let digits = name.utf8.count { Byte.digits.contains($0) }
        return name.utf8.count <= 64 && digits < 8 && (digits == 0 || name.contains(where: \.isLetter))
    }

    /// The pointer to the node at `target` of a finished document; to the object around a member whose name is not repeated.
    static func to(_ target: Int, in document: JSONDocument) -> String {
        let nodes = document.nodes
        var pointer = ""
        var container = 0
        while container != target {
            let isObject = nodes[container].kind == .object
            var child = container + 1
            var place = 0
            while child < nodes.count {
                let value = isObject ? child + 1 : child
                guard Int(nodes[value].next) <= target else {
                    let token = isObject ? document.text(at: child) : String(place)
                    guard !isObject || isTelling(token) else { return pointer }
                    pointer += step(token)
                    container = value
                    break
                }
                child = Int(nodes[value].next)
                place += 1
            }
            precondition(child < nodes.count, "a node stands inside the root")
        }
        return pointer
    }

    /// The pointer to the last thing begun in the nodes of a text that could not be read to its end.
    static func toUnfinished(nodes: [JSONNode], bytes: [UInt8]) -> String {
        var pointer = ""
        var container = 0
        while container < nodes.count, nodes[container].next == 0 {
            let isObject = nodes[container].kind == .object
            var child = container + 1
            var place = 0
            var lastToken: String?
            var inner = nodes.count
            while child < nodes.count {
                let value = isObject ? child + 1 : child
                lastToken = isObject ? JSONText.string(nodes[child], bytes) : String(place)
                guard value < nodes.count, nodes[value].next != 0 else {
                    inner = value
                    break
                }
                child = Int(nodes[value].next)
                place += 1
            }
            if let lastToken {
                guard !isObject || isTelling(lastToken) else { return pointer }
                pointer += step(lastToken)
            }
            container = inner
        }
        return pointer
    }
}
