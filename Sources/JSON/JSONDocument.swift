// A text that was read: the bytes as they came and the flat tree over them. It is shared by every cursor into it and
// never changes. It does not know what the values should be; forms do.

/// A strictly read JSON text (RFC 8259): valid UTF-8, no byte order mark, no duplicate keys, nothing behind the value.
package final class JSONDocument: Sendable {
    let bytes: [UInt8]
    let nodes: [JSONNode]

    /// Reads `bytes`; throws the first fault with its place, and never traps whatever the bytes are.
    package init(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONSyntaxFault) {
        var parser = JSONParser(limits: limits)
        do throws(JSONParser.Stop) {
            try parser.readDocument(bytes.span.bytes)
        } catch {
            throw JSONSyntaxFault(error, in: bytes, nodes: parser.nodes)
        }
        self.bytes = bytes
        self.nodes = parser.nodes
    }

    /// The outermost value.
    package var root: JSONValue { JSONValue(document: self, index: 0) }

    /// The text of the string or key at a node.
    func text(at index: Int) -> String { JSONText.string(nodes[index], bytes) }

    /// Whether the key at a node is this name, byte by byte after unescaping (no Unicode folding).
    func isKey(at index: Int, _ name: String) -> Bool {
        let node = nodes[index]
        if node.isEscaped { return JSONText.unescaped(bytes[node.range]).elementsEqual(name.utf8) }
        guard Int(node.length) == name.utf8.count else { return false }
        let bytes = bytes
        var offset = Int(node.start)
        for byte in name.utf8 {
            guard bytes[offset] == byte else { return false }
            offset += 1
        }
        return true
    }
}
