// The limits of one message, each with its reason. It knows nothing of time or connections: those are the server's.

/// How much of everything one message may have.
package struct WireLimits: Sendable, Equatable {
    /// Longest request line: RFC 9112 section 3 asks for at least 8000; nginx and Apache stop near 8 KiB too.
    package var requestLineBytes = 8_192
    /// Longest single field line: room for a long token or cookie, as in nginx and Apache.
    package var fieldLineBytes = 8_192
    /// All field lines together: nginx's 4 × 8 KiB.
    package var fieldSectionBytes = 32_768
    /// Number of field lines: Apache and gunicorn say 100; browsers send about 20.
    package var fieldCount = 100
    /// Empty lines skipped before a request (RFC 9112 section 2.2): one is seen in practice.
    package var leadingEmptyLines = 8
    /// Longest body the server takes on any route: an import of 100,000 referrals is about 90 MB. Routes set less.
    package var bodyBytes = 268_435_456
    /// Chunk extensions of one body, all chunks together: nobody uses them, so a few signed ones are plenty.
    package var chunkExtensionBytes = 4_096
    /// Trailer section of one body: it is read and dropped.
    package var trailerBytes = 8_192

    /// The defaults above.
    package init() {}
}
