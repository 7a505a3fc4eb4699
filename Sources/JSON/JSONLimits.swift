// The limits of one JSON body, each with its reason. They bound work and memory before any form is looked at;
// what a single field may hold is said by the form that reads it, not here.

/// What a JSON body may cost at most; anything above is a syntax fault, never a trap.
package struct JSONLimits: Sendable, Equatable {
    /// Bytes of the whole text. The transport refuses larger bodies earlier; this keeps every offset inside 32 bits.
    package var bytes = 16 * 1024 * 1024
    /// Containers inside one another. The reader recurses, so this bounds the stack; our own forms stay under 8.
    package var depth = 32
    /// Values and keys together, 16 bytes of memory each: a body of only brackets can not grow the heap 16 times.
    package var nodes = 100_000
    /// Bytes of one string before unescaping: the longest free text a form takes, with room for escapes.
    package var stringBytes = 256 * 1024
    /// Bytes of one key: longer than any we know, short enough to repeat in a fault's pointer.
    package var keyBytes = 128
    /// Bytes of one number: Int64 takes 20; more digits than this is an attack on somebody's big-number reader.
    package var numberBytes = 40
    /// Faults reported for one body: enough to mend it in one go, few enough to keep the answer small.
    package var faults = 100

    /// The limits for request bodies.
    package static let standard = JSONLimits()

    /// Starts from the standard limits; set what differs.
    package init() {}
}
