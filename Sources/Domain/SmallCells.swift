// A table of counts with its totals, in which no small number shows: cells of 1 to 4 are hidden, and then so many more that
// none of them can be worked out from what is left, not even nearly. What can be worked out is computed, not guessed: every
// count is an arc of a network in which what flows into a row flows out of its columns, and the totals close the circle; how
// far a hidden count can go up or down is then how much can flow round it through other hidden ones.

/// A table of counts, in rows and columns, with totals.
package struct SmallCells: Sendable, Equatable {
    /// Counts below this are hidden, but for none at all.
    package static let threshold = 5

    /// What a cell shows.
    package enum Cell: Sendable, Equatable {
        case count(Int)
        case hidden
    }

    /// The counts, by row and column.
    package let counts: [[Int]]
    private let width: Int
    private var hidden: Set<Place> = []

    /// A place in the table; the last row and the last column are the totals.
    private struct Place: Hashable {
        var row: Int
        var column: Int
    }

    /// A table of counts that are never negative, in rows of one length, with what must be hidden hidden.
    package init(_ counts: [[Int]]) {
        precondition(counts.allSatisfy { $0.count == counts.first?.count && $0.allSatisfy { $0 >= 0 } })
        self.counts = counts
        width = counts.first?.count ?? 0
        for place in places where (1..<Self.threshold).contains(value(place)) { hidden.insert(place) }
        while let narrow = narrowest() {
            let next = companions(of: narrow)
            guard !next.isEmpty else { break }
            hidden.formUnion(next)
        }
    }

    // MARK: Showing

    /// A cell.
    package func cell(row: Int, column: Int) -> Cell { show(Place(row: row, column: column)) }

    /// The total of a row.
    package func total(row: Int) -> Cell { show(Place(row: row, column: width)) }

    /// The total of a column.
    package func total(column: Int) -> Cell { show(Place(row: counts.count, column: column)) }

    /// The total of all.
    package var total: Cell { show(Place(row: counts.count, column: width)) }

    private func show(_ place: Place) -> Cell { hidden.contains(place) ? .hidden : .count(value(place)) }

    // MARK: The table

    private var places: [Place] {
        (0...counts.count).flatMap { row in (0...width).map { Place(row: row, column: $0) } }
    }

    private func value(_ place: Place) -> Int {
        let rows = place.row < counts.count ? [counts[place.row]] : counts
        return rows.reduce(0) { sum, row in
            sum + (place.column < width ? row[place.column] : row.reduce(0, +))
        }
    }

    // MARK: What can be worked out

    /// The arc of a place: cells lead from their row to their column, totals of columns to the last node, the total of all
    /// from there to the one before it, and totals of rows from that one back to their rows.
    private func arc(_ place: Place) -> (from: Int, to: Int) {
        let rows = counts.count
        let (allColumns, allRows) = (rows + width, rows + width + 1)
        return switch (place.row < rows, place.column < width) {
        case (true, true): (place.row, rows + place.column)
        case (false, true): (rows + place.column, allRows)
        case (false, false): (allRows, allColumns)
        case (true, false): (allColumns, place.row)
        }
    }

    /// How much can flow from one node to another through hidden places but one: forward without end, backward as much as
    /// there is. No more than `enough` is looked for.
    private func flow(from source: Int, to sink: Int, without one: Place, enough: Int) -> Int {
        let size = counts.count + width + 2
        var capacity = [[Int]](repeating: [Int](repeating: 0, count: size), count: size)
        for place in hidden where place != one {
            let (from, to) = arc(place)
            capacity[from][to] += enough
            capacity[to][from] += min(enough, value(place))
        }
        var sum = 0
        while sum < enough {
            var before = [Int?](repeating: nil, count: size)
            var queue = [source]
            var place = 0
            while place < queue.count, before[sink] == nil {
                let node = queue[place]
                place += 1
                for next in 0..<size where capacity[node][next] > 0 && before[next] == nil && next != source {
                    before[next] = node
                    queue.append(next)
                }
            }
            guard before[sink] != nil else { break }
            var step = enough - sum
            var node = sink
            while node != source, let last = before[node] {
                step = min(step, capacity[last][node])
                node = last
            }
            node = sink
            while node != source, let last = before[node] {
                capacity[last][node] -= step
                capacity[node][last] += step
                node = last
            }
            sum += step
        }
        return sum
    }

    /// How many more than its least a hidden count could be, as far as the table shows; at most the threshold is looked for.
    private func play(_ place: Place) -> Int {
        let (from, to) = arc(place)
        let up = flow(from: to, to: from, without: place, enough: Self.threshold)
        guard up < Self.threshold else { return up }
        return up + min(value(place), flow(from: from, to: to, without: place, enough: Self.threshold))
    }

    /// A hidden place that can be worked out too nearly; nil when there is none.
    private func narrowest() -> Place? {
        places.first { hidden.contains($0) && play($0) < Self.threshold }
    }

    /// The shown places to hide for the sake of a hidden one: those of the cheapest way round, on which as much can flow as
    /// is asked; where there is none, the smallest place there is. Fewer places are cheaper, then smaller ones; noughts are
    /// dear, and totals dearer.
    private func companions(of place: Place) -> [Place] {
        let way = cheapestWay(round: place).filter { !hidden.contains($0) }
        guard way.isEmpty else { return way }
        let shown = places.filter { !hidden.contains($0) }
        return shown.min { (cost($0), $0.row, $0.column) < (cost($1), $1.row, $1.column) }.map { [$0] } ?? []
    }

    private func cost(_ place: Place) -> Int {
        let isTotal = place.row == counts.count || place.column == width
        let amount = value(place)
        return hidden.contains(place) ? 0 : (isTotal ? 1 << 40 : amount == 0 ? 1 << 30 : 1 << 20) + amount
    }

    /// The places of the cheapest way from where the arc of a place ends to where it begins (Bellman and Ford).
    private func cheapestWay(round place: Place) -> [Place] {
        let (source, sink) = (arc(place).to, arc(place).from)
        let size = counts.count + width + 2
        var least = [Int](repeating: .max, count: size)
        var last = [(place: Place, from: Int)?](repeating: nil, count: size)
        least[source] = 0
        let ways = places.filter { $0 != place }.flatMap { other -> [(place: Place, from: Int, to: Int)] in
            let (from, to) = arc(other)
            let back = value(other) >= Self.threshold ? [(place: other, from: to, to: from)] : []
            return [(place: other, from: from, to: to)] + back
        }
        for _ in 0..<size {
            for way in ways where least[way.from] < .max && least[way.from] + cost(way.place) < least[way.to] {
                least[way.to] = least[way.from] + cost(way.place)
                last[way.to] = (way.place, way.from)
            }
        }
        var found: [Place] = []
        var node = sink
        while node != source, let step = last[node], found.count < size {
            found.append(step.place)
            node = step.from
        }
        return node == source ? found : []
    }
}
