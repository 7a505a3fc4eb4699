// The way in: bytes of a body to one value or to all its faults. It parses, hands the root object to the caller's form,
// and asks nobody else; status codes and problem documents are made elsewhere.

/// Decodes bodies while collecting every fault.
package enum JSONForm {
    /// Reads a body that must be one object; the closure reads it field by field and returns nil when it misses one.
    ///
    /// Throws `InvalidBody` with one fault for broken JSON, otherwise with every fault the form and its nested objects
    /// recorded; members nobody read are faults too. A result beside faults is dropped. `isLine` says that the body is a
    /// line of a text, whose number the caller tells.
    package static func decode<T>(
        _ bytes: [UInt8], limits: JSONLimits = .standard, isLine: Bool = false, _ read: (inout ObjectReader) -> T?
    ) throws(InvalidBody) -> T {
        let root: JSONValue
        do throws(JSONSyntaxFault) {
            root = try JSONDocument(bytes, limits: limits).root
        } catch {
            throw InvalidBody(error, isLine: isLine)
        }
        guard root.kind == .object else {
            throw InvalidBody(faults: [
                JSONFault(pointer: "", code: JSONFault.Code.type, text: "The body must be an object.")
            ])
        }
        var reader = ObjectReader(root, budget: limits.faults)
        let result = read(&reader)
        reader.finish()
        guard reader.faults.isEmpty else { throw InvalidBody(faults: reader.faults) }
        guard let result else {
            throw InvalidBody(faults: [
                JSONFault(pointer: "", code: JSONFault.Code.invalid, text: "The body could not be taken.")
            ])
        }
        return result
    }
}
