// openapi.yaml as the contract tests walk it: operations with their parameters, bodies and answers, references
// followed. It reads what the service serves and checks nothing.

import TestKit

/// An OpenAPI description.
struct Description: Sendable {
    /// One method of one path.
    struct Operation: Sendable, CustomStringConvertible {
        let method: String
        let path: String
        let node: JSONTree
        /// Its own and those of its path, references followed.
        let parameters: [JSONTree]

        var description: String { method.uppercased() + " " + path }
        var action: String? { node["/x-action"]?.text }
        var roles: [String] { node["/x-roles"]?.elements.compactMap(\.text) ?? [] }
        var isOpen: Bool { node["/security"] == [] }
        /// Whether a concrete path, without its query, is one of this operation's.
        func matches(_ path: String) -> Bool {
            let own = self.path.split(separator: "/", omittingEmptySubsequences: false)
            let other = path.split(separator: "/", omittingEmptySubsequences: false)
            return own.count == other.count && zip(own, other).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
    }

    let root: JSONTree
    /// Every operation, in the order of the description.
    private(set) var operations: [Operation] = []

    init(root: JSONTree) {
        self.root = root
        operations = Self.operations(self)
    }

    /// What `node` says, or what it refers to; members beside a reference stay beside it.
    func resolved(_ node: JSONTree) -> JSONTree {
        guard let place = node["/$ref"]?.text, let target = root[String(place.drop { $0 == "#" })] else { return node }
        return resolved(target)
    }

    private static let methods = ["get", "post", "put", "patch", "delete", "head", "options", "trace"]

    private static func operations(_ description: Description) -> [Operation] {
        (description.root["/paths"]?.members ?? []).flatMap { path in
            let shared = path.value["/parameters"]?.elements ?? []
            return path.value.members.filter { methods.contains($0.name) }.map { member in
                let own = member.value["/parameters"]?.elements ?? []
                return Operation(
                    method: member.name, path: path.name, node: member.value,
                    parameters: (shared + own).map(description.resolved))
            }
        }
    }

    /// The schemas by name.
    var schemas: [JSONTree.Member] { root["/components/schemas"]?.members ?? [] }

    /// The answer described for a status; nil when it is not described.
    func response(_ operation: Operation, _ status: Int) -> JSONTree? {
        operation.node["/responses"]?.child(String(status)).map(resolved)
    }

    /// The schema and the examples of some content, which is an answer's or a request body's.
    func contents(_ node: JSONTree) -> [(type: String, schema: JSONTree?, examples: [(name: String, value: JSONTree)])]
    {
        (resolved(node)["/content"]?.members ?? []).map { content in
            let named = (content.value["/examples"]?.members ?? []).compactMap { example in
                resolved(example.value)["/value"].map { (name: Self.referred(example), value: $0) }
            }
            let single = content.value["/example"].map { [(name: "example", value: $0)] } ?? []
            return (content.name, content.value["/schema"], named + single)
        }
    }

    /// The name under which an example stands among the components, or its own.
    private static func referred(_ example: JSONTree.Member) -> String {
        example.value["/$ref"]?.text?.split(separator: "/").last.map(String.init) ?? example.name
    }
}
