// A page of a list by keyset: where the last one ended, not how many to skip, so that rows coming in meanwhile neither
// repeat nor hide one (https://www.sqlite.org/rowvalue.html#scrolling_window_queries).

internal import Domain
internal import SQLite

/// How much of a list is wanted and where to go on.
package struct PageRequest<Key: Sendable>: Sendable {
    package var limit: Int
    package var after: Key?

    /// A page of at most `limit` items, from the beginning or after a key.
    package init(limit: Int, after: Key? = nil) {
        self.limit = limit
        self.after = after
    }
}

/// Items and, when there are more, the key to go on after.
package struct Page<Item, Key> {
    package var items: [Item]
    package var next: Key?

    /// Items, and the key to go on after.
    init(items: [Item], next: Key?) {
        self.items = items
        self.next = next
    }

    /// The same page of something made of each item.
    package func map<Other>(_ transform: (Item) throws -> Other) rethrows -> Page<Other, Key> {
        Page<Other, Key>(items: try items.map(transform), next: next)
    }

    /// Cuts off the one item more that was read to see whether the list goes on.
    init(_ rows: [Item], limit: Int, key: (Item) -> Key) {
        items = Array(rows.prefix(limit))
        next = rows.count > limit ? items.last.map(key) : nil
    }
}

/// A SELECT put together from literals: conditions with their values, an order and a limit.
struct SelectSQL {
    private var text: String
    private var values: [Value] = []

    init(_ head: String, where scope: Scope) {
        text = head + " WHERE " + scope.clause
        values = scope.values
    }

    /// Adds a condition with its values.
    mutating func and(_ condition: String, _ new: Value...) {
        text += " AND " + condition
        values += new
    }

    /// Adds `column IN (?, …)`; nothing when no values are given.
    mutating func and(_ column: String, in words: [String]) {
        guard !words.isEmpty else { return }
        text += " AND \(column) IN (" + words.map { _ in "?" }.joined(separator: ", ") + ")"
        values += words.map(Value.text)
    }

    /// Adds the order and one row more than `limit`, which tells whether the list goes on.
    mutating func order(by order: String, limit: Int) {
        text += " ORDER BY \(order) LIMIT ?"
        values.append(.integer(Int64(limit) + 1))
    }

    /// Every row, read by `read`.
    func all<Result>(_ db: Connection, read: (borrowing Row) throws -> Result) throws -> [Result] {
        try db.all(SQL(dynamic: text), Values(values), read: read)
    }

    /// The first row, read by `read`.
    func first<Result>(_ db: Connection, read: (borrowing Row) throws -> Result) throws -> Result? {
        try db.first(SQL(dynamic: text), Values(values), read: read)
    }
}
