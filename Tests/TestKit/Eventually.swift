// Waiting for what another thread does: a test that knows no moment at which it is done looks until it is, and says so when it
// never is.

import Testing

/// Looks until `condition` holds, for at most ten seconds.
package func eventually(_ condition: () throws -> Bool) async throws {
    for _ in 0..<2000 {
        if try condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("did not come about")
}
