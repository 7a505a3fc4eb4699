// An id as a sequence of Unicode code points. Swift's own String equality and order see canonically equivalent texts
// as one ("é" in one or two scalars); a file's ids are compared scalar by scalar. It knows no meaning of an id.

struct ExactID: Hashable, Comparable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: ExactID, right: ExactID) -> Bool {
        left.text == right.text && left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// UTF-8 bytes sort as their code points do (RFC 3629, section 1).
    static func < (left: ExactID, right: ExactID) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        let hashed: Void? = text.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if hashed == nil {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}
