// Rows of different lengths in one flat array (compressed sparse rows). It knows nothing of what it holds.

struct Rows<Element: Sendable>: Sendable {
    private(set) var starts: [Int] = [0]
    private(set) var items: [Element] = []

    var count: Int { starts.count - 1 }

    /// Where row `index` stands in `items`.
    func range(_ index: Int) -> Range<Int> { starts[index]..<starts[index + 1] }

    subscript(index: Int) -> ArraySlice<Element> { items[range(index)] }

    mutating func append(_ row: some Sequence<Element>) {
        items.append(contentsOf: row)
        starts.append(items.count)
    }
}
