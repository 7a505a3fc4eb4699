// Counting on many threads without locks or shared cache lines: each thread owns a shard and alone writes it, and
// whoever wants to know sums the shards. It knows cells by number; what they count is their owner's business.

internal import Synchronization

/// Numbers in shards: one thread writes a shard, any thread reads the sums.
///
/// As a shard has one writer, adding is a relaxed load and store. Two threads on one shard would lose counts, and
/// nothing else.
///
/// `@unchecked Sendable`: the cells are atomics in memory that lives as long as this object; only their number keeps
/// them out of an array that the compiler could check.
package final class Tally: @unchecked Sendable {
    private static let cellsPerCacheLine = 8

    private let memory: UnsafeMutablePointer<Atomic<Int>>
    private let cells: Int
    private let shards: Int
    /// Cells from one shard to the next: whole cache lines, so that two writers never meet on one.
    private let stride: Int

    /// Zeros.
    package init(cells: Int, shards: Int) {
        precondition(cells > 0 && shards > 0, "a tally counts something for somebody")
        self.cells = cells
        self.shards = shards
        stride = (cells + Self.cellsPerCacheLine - 1) / Self.cellsPerCacheLine * Self.cellsPerCacheLine
        let line = Self.cellsPerCacheLine * MemoryLayout<Atomic<Int>>.stride
        memory = UnsafeMutableRawPointer.allocate(
            byteCount: shards * stride * MemoryLayout<Atomic<Int>>.stride, alignment: line
        ).bindMemory(to: Atomic<Int>.self, capacity: shards * stride)
        for index in 0..<shards * stride { (memory + index).initialize(to: Atomic(0)) }
    }

    deinit {
        memory.deinitialize(count: shards * stride)
        UnsafeMutableRawPointer(memory).deallocate()
    }

    /// Adds to a cell; only ever from the thread that owns the shard.
    package func add(_ amount: Int, to cell: Int, shard: Int) {
        precondition(cell >= 0 && cell < cells && shard >= 0 && shard < shards, "a cell of this tally")
        let place = memory + (shard * stride + cell)
        place.pointee.store(place.pointee.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// A cell's sum over all shards, as far as it is known at this moment.
    package subscript(cell: Int) -> Int {
        precondition(cell >= 0 && cell < cells, "a cell of this tally")
        return (0..<shards).reduce(0) { $0 &+ memory[$1 * stride + cell].load(ordering: .relaxed) }
    }
}
