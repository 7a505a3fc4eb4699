// Field lines that many answers share, checked and encoded once instead of for every answer.

/// A few fields as they go over the wire.
package final class FieldBlock: Sendable {
    /// The fields, for in-process use.
    package let fields: [(name: String, value: String)]
    let bytes: [UInt8]
    /// The bits of the names' lengths: most other names are told apart by their length alone.
    private let lengths: UInt64

    /// Encodes the fields; a precondition: they may be sent, and none of them is the wire's own.
    package init(_ fields: [(name: String, value: String)]) {
        var output = ByteBuffer()
        var lengths: UInt64 = 0
        for field in fields {
            let isSendable = ResponseEncoder.appendField(field.name, field.value, to: &output)
            precondition(isSendable, "a shared field that may not be sent")
            lengths |= 1 << UInt64(min(63, field.name.utf8.count))
        }
        self.fields = fields
        self.lengths = lengths
        bytes = output.withRawBytes { Array($0) }
    }

    /// Whether any of `others` has a name of this block.
    package func sharesName(with others: [(name: String, value: String)]) -> Bool {
        others.contains { other in
            lengths & 1 << UInt64(min(63, other.name.utf8.count)) != 0
                && fields.contains { $0.name.lowercased() == other.name.lowercased() }
        }
    }
}
