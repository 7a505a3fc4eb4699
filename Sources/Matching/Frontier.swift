// The nodes that a search has labelled and not yet settled: a binary heap by distance, ties by node number, and a
// plain stack for those at the very distance being settled, which need no sorting. A node may stand in it more than
// once; the reader skips what is out of date.

struct Frontier {
    struct Entry {
        let distance: Int64
        let node: Int

        fileprivate func precedes(_ other: Entry) -> Bool {
            distance != other.distance ? distance < other.distance : node < other.node
        }
    }

    private var entries: [Entry] = []
    private var ready: [Int] = []
    private var settling = Int64.min

    mutating func push(_ node: Int, at distance: Int64) {
        guard distance != settling else { return ready.append(node) }
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

    mutating func pop() -> Entry? {
        if let node = ready.popLast() { return Entry(distance: settling, node: node) }
        guard let top = entries.first, let entry = entries.popLast() else { return nil }
        settling = top.distance
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
        return top
    }
}
