// A set of roles in one word, so that tables of who may do what read as lists. Knows no rule.

/// A set of roles.
package struct RoleSet: OptionSet, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let referrer = RoleSet(.referrer)
    package static let supporter = RoleSet(.supporter)
    package static let policymaker = RoleSet(.policymaker)
    package static let intaker = RoleSet(.intaker)
    package static let coordinator = RoleSet(.coordinator)
    package static let allocator = RoleSet(.allocator)
    package static let panel = RoleSet(.panel)
    package static let candidate = RoleSet(.candidate)
    package static let auditor = RoleSet(.auditor)
    package static let admin = RoleSet(.admin)
    /// Every role.
    package static let everyone: RoleSet = Role.allCases.reduce(into: []) { $0.formUnion(RoleSet($1)) }

    /// The set of one role.
    package init(_ role: Role) {
        switch role {
        case .referrer: rawValue = 1 << 0
        case .supporter: rawValue = 1 << 1
        case .policymaker: rawValue = 1 << 2
        case .intaker: rawValue = 1 << 3
        case .coordinator: rawValue = 1 << 4
        case .allocator: rawValue = 1 << 5
        case .panel: rawValue = 1 << 6
        case .candidate: rawValue = 1 << 7
        case .auditor: rawValue = 1 << 8
        case .admin: rawValue = 1 << 9
        }
    }

    /// Whether a role is in the set.
    package func contains(_ role: Role) -> Bool { contains(RoleSet(role)) }

    /// The roles in the set, in the order of `Role`.
    package var roles: [Role] { Role.allCases.filter { contains($0) } }
}
