// A binary heap of nodes by distance, ties by node number. A node may stand in it more than once; the reader skips
// what is out of date.

struct MinHeap {
    private struct Entry {
        let distance: Int64
        let node: Int

        func precedes(_ other: Entry) -> Bool {
            distance != other.distance ? distance < other.distance : node < other.node
        }
    }

    private var entries: [Entry] = []

    mutating func push(_ node: Int, at distance: Int64) {
        let entry = Entry(distance: distance, node: node)
        entries.append(entry)
        var place = entries.count - 1
        while place > 0 {
            let above = (place - 1) / 2
            guard entry.precedes(entries[above]) else { break }
            entries[place] = entries[above]
            place = above
        }
        entries[place] = entry
    }

    mutating func pop() -> (node: Int, distance: Int64)? {
        guard let top = entries.first, let entry = entries.popLast() else { return nil }
        if !entries.isEmpty {
            var place = 0
            while true {
                var below = 2 * place + 1
                guard below < entries.count else { break }
                if below + 1 < entries.count, entries[below + 1].precedes(entries[below]) { below += 1 }
                guard entries[below].precedes(entry) else { break }
                entries[place] = entries[below]
                place = below
            }
            entries[place] = entry
        }
        return (top.node, top.distance)
    }
}
