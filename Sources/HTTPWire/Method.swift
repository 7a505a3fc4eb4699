// The methods this server knows. CONNECT is left out on purpose (RFC 9110 section 9.3.6): to the wire it is unknown, and
// unknown is 501. TRACE is known only so that it can be refused where it belongs, with 405 and Allow (9.3.8).

/// A request method that handlers may meet; names are case-sensitive (RFC 9110 section 9.1).
package enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    case trace = "TRACE"

    /// "GET, HEAD, …": the methods that some resource here answers, for Allow (RFC 9110 section 10.2.1).
    package static let allowed = allCases.filter { $0 != .trace }.map(\.rawValue).joined(separator: ", ")

    /// The method spelled by `input[range]`, nil when it is not implemented.
    init?(_ input: Span<UInt8>, _ range: Range<Int>) {
        if Bytes.matches(input, range, "GET") {
            self = .get
        } else if Bytes.matches(input, range, "POST") {
            self = .post
        } else if let other = Method.allCases.first(where: { Self.matches(input, range, $0.rawValue) }) {
            self = other
        } else {
            return nil
        }
    }

    private static func matches(_ input: Span<UInt8>, _ range: Range<Int>, _ name: String) -> Bool {
        guard range.count == name.utf8.count else { return false }
        return zip(range, name.utf8).allSatisfy { input[$0] == $1 }
    }
}
