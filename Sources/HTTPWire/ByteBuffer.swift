// A queue of bytes in one block of memory: appended at the tail, consumed at the head. The only file of this room that
// handles memory by hand, so that reading and writing need no zero-filling, no copy and no reference count.
// It knows nothing of what the bytes mean.

/// A byte queue that owns its block and can hand an empty block back to a pool.
package struct ByteBuffer: ~Copyable {
    private var storage: UnsafeMutableRawBufferPointer
    private var head = 0
    private var tail = 0

    /// The size of the blocks that pools keep, in bytes; pages never touched cost nothing.
    package static let blockBytes = 32_768

    /// An empty buffer without a block.
    package init() {
        storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    deinit {
        storage.deallocate()
    }

    /// Number of bytes waiting.
    @inline(__always) package var count: Int { tail &- head }
    /// Whether nothing waits.
    @inline(__always) package var isEmpty: Bool { tail == head }
    /// Size of the block, 0 without one.
    @inline(__always) package var capacity: Int { storage.count }

    /// Takes over a block; a precondition: it had none.
    package mutating func adopt(_ block: UnsafeMutableRawBufferPointer) {
        precondition(storage.count == 0, "the buffer already has a block")
        storage = block
    }

    /// Gives its block away; a precondition: nothing waits in it.
    package mutating func surrender() -> UnsafeMutableRawBufferPointer {
        precondition(isEmpty, "bytes wait in the block")
        let block = storage
        storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        head = 0
        tail = 0
        return block
    }

    /// Calls `body` with the waiting bytes.
    @inline(__always)
    package func withBytes<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        let bytes = UnsafeRawBufferPointer(rebasing: storage[head..<tail])
        let typed = UnsafeBufferPointer(
            start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
        return try body(typed.span)
    }

    /// Calls `body` with the waiting bytes as raw memory, for system calls.
    @inline(__always)
    package func withRawBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        body(UnsafeRawBufferPointer(rebasing: storage[head..<tail]))
    }

    /// Calls `body` with at least `minimum` free bytes; it returns how many it filled.
    package mutating func fill(minimum: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
        ensureFree(minimum)
        let filled = body(UnsafeMutableRawBufferPointer(rebasing: storage[tail...]))
        precondition(filled >= 0 && filled <= storage.count - tail, "more filled than there was room")
        tail += filled
    }

    /// Drops the first `amount` waiting bytes.
    @inline(__always)
    package mutating func consume(_ amount: Int) {
        precondition(amount >= 0 && amount <= count, "more consumed than there was")
        head += amount
        if head == tail {
            head = 0
            tail = 0
        }
    }

    /// Forgets what was appended after the first `count` waiting bytes.
    package mutating func truncate(to count: Int) {
        precondition(count >= 0 && count <= self.count, "truncation cannot grow")
        tail = head + count
    }

    /// Appends one byte.
    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        ensureFree(1)
        storage[tail] = byte
        tail &+= 1
    }

    /// Appends raw bytes.
    @inline(__always)
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        ensureFree(bytes.count)
        storage.baseAddress?.advanced(by: tail).copyMemory(from: source, byteCount: bytes.count)
        tail &+= bytes.count
    }

    /// Appends an array's bytes.
    @inline(__always)
    package mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    /// Appends a literal.
    @inline(__always)
    package mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a string as UTF-8.
    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends a number that is not negative, in decimal.
    package mutating func append(decimal number: Int) {
        precondition(number >= 0, "only lengths and codes are written")
        ensureFree(20)
        var length = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        rest = number
        for index in stride(from: tail + length - 1, through: tail, by: -1) {
            storage[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        tail += length
    }

    /// Appends a number that is not negative, in hexadecimal.
    package mutating func append(hexadecimal number: Int) {
        precondition(number >= 0, "only lengths are written")
        var shift = (max(1, Int.bitWidth - number.leadingZeroBitCount) + 3) / 4 * 4
        while shift > 0 {
            shift -= 4
            let digit = UInt8(truncatingIfNeeded: (number >> shift) & 15)
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    @inline(__always)
    private mutating func ensureFree(_ amount: Int) {
        if storage.count &- tail < amount { makeRoom(amount) }
    }

    /// Moves the waiting bytes to the front when that is enough, or to a block at least twice as large.
    private mutating func makeRoom(_ amount: Int) {
        if storage.count - count >= amount, head > 0 {
            storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[head..<tail]))
        } else {
            let size = max(storage.count * 2, count + amount, 1_024)
            let block = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
            block.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[head..<tail]))
            storage.deallocate()
            storage = block
        }
        tail = count
        head = 0
    }
}
