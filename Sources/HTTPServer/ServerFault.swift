// Why a server could not start: one clear line each, that says what to do. It knows no exit codes.

/// A fault while opening a server.
package enum ServerFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The text is no listen address.
    case badAddress(String)
    /// Another program listens there.
    case addressInUse(String)
    /// The rights of this process do not suffice.
    case permissionDenied(String)
    /// The machine has no such address.
    case addressNotAvailable(String)
    /// A file that is no socket stands at the path.
    case notASocket(String)
    /// A system call failed for another reason.
    case system(call: String, code: Int32)

    /// One line for a person.
    package var description: String {
        switch self {
        case .badAddress(let text):
            "'\(text)' is not a listen address; write 127.0.0.1:8080, [::1]:8080 or unix:/path/to/socket."
        case .addressInUse(let address): "\(address) is in use; stop the other program or choose another address."
        case .permissionDenied(let address):
            "No permission to listen on \(address); choose a port from 1024 up or a folder this user may write."
        case .addressNotAvailable(let address): "This machine has no address \(address); choose one that it has."
        case .notASocket(let path): "\(path) exists and is not a socket; remove it or choose another path."
        case .system(let call, let code): "\(call) failed with error \(code)."
        }
    }
}
