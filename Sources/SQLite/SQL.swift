// The text of a statement: a literal of the program, found again by its address, or one put together at run time,
// found again by its text.

/// One SQL statement; a plain literal wherever possible.
package struct SQL: ExpressibleByStringLiteral, Sendable {
    @usableFromInline enum Text: Sendable {
        case literal(StaticString)
        case dynamic(String)
    }

    @usableFromInline let text: Text

    /// A statement as it stands in the source.
    @inlinable package init(stringLiteral literal: StaticString) { text = .literal(literal) }

    /// A statement put together at run time, from literals only: values go through question marks.
    @inlinable package init(dynamic: String) { text = .dynamic(dynamic) }
}
