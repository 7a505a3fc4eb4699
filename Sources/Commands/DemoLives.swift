// The stories of the demo region as one table: which steps a referral goes through, how many working days lie between
// them, and how long it has stood where it stands. Between them they reach every state that a referral, a match, a
// dwelling and a support request can be in. Knows no person and no storage; DemoSteps performs a step.

/// Something that happens to a referral, its match, its dwelling or its support.
enum DemoStep: Sendable {
    case submit, askInformation, giveInformation, startIntake, writeReport, agree, completeReport
    case admit, redirect, reject, hold, resume, withdraw, renewWishes
    case askSupport, acceptSupport, declineSupport
    case offerDwelling, withdrawDwelling, propose, offer
    case landlordAccepts, landlordDeclines, candidateAccepts, candidateDeclines, letExpire, withdrawMatch
    case moveIn, loseHome, close
}

/// A step and the working days since the one before.
struct DemoMoment: Sendable {
    var step: DemoStep
    var after: ClosedRange<Int>
}

/// One story.
struct DemoLife: Sendable {
    /// What sets the person of a story apart.
    enum Trait: Sendable {
        /// The person of the first story, posted again by another organisation.
        case twin
        /// Goes to the self-managed facility, whose resident panel decides.
        case selfManaged
        /// Gets a tenancy via the provider, to be converted later.
        case viaProvider
        /// A home at once, without readiness asked.
        case housingFirst
        /// The door that fits is another one.
        case fitsElsewhere
    }

    /// How often it is told, once every story has been told once.
    var weight: Int
    var trait: Trait?
    var moments: [DemoMoment]
    /// Working days since the last step.
    var rest: ClosedRange<Int>

    init(_ weight: Int, _ trait: Trait? = nil, rest: ClosedRange<Int>, _ moments: [DemoMoment]...) {
        self.weight = weight
        self.trait = trait
        self.rest = rest
        self.moments = moments.flatMap { $0 }
    }

    /// The most working days it can take, up to today.
    var longest: Int { moments.reduce(rest.upperBound) { $0 + $1.after.upperBound } }

    /// The story of a referral: each once, in order, then by weight.
    static func of(_ index: Int, seed: UInt64) -> DemoLife {
        if index < all.count { return all[index] }
        var dice = DemoDice(seed: seed, index: index, purpose: 1)
        var place = dice.below(weights)
        for life in all {
            if place < life.weight { return life }
            place -= life.weight
        }
        return all[0]
    }

    private static let weights = all.reduce(0) { $0 + $1.weight }

    /// Every story. The first is the one whose candidate gets a token: offered, and nobody has answered yet.
    static let all: [DemoLife] = [
        DemoLife(6, rest: 0...2, admitted, supported, offered),
        DemoLife(2, rest: 0...2, admitted, supported, offered, [then(.landlordAccepts, 0...1)]),
        DemoLife(2, rest: 0...2, admitted, supported, offered, [then(.candidateAccepts, 0...1)]),
        DemoLife(1, .selfManaged, rest: 0...2, admitted, offered),
        DemoLife(10, rest: 3...110, admitted),
        DemoLife(5, rest: 3...90, admitted, supported, [then(.renewWishes, 20...65)]),
        DemoLife(2, rest: 0...2, admitted, [then(.offerDwelling, 2...30), then(.propose, 0...2)]),
        DemoLife(0, .twin, rest: 0...3, [then(.submit, 0...0)]),
        DemoLife(5, rest: 0...5, [then(.submit, 0...0)]),
        DemoLife(2, rest: 0...8, [then(.submit, 0...0), then(.askInformation, 1...4)]),
        DemoLife(1, rest: 0...6, entered, [then(.askInformation, 0...3)]),
        DemoLife(3, rest: 2...15, [then(.submit, 0...0), then(.startIntake, 1...6)]),
        DemoLife(2, rest: 0...4, [then(.submit, 0...0), then(.startIntake, 1...6), then(.writeReport, 4...14)]),
        DemoLife(
            2, rest: 1...8,
            [
                then(.submit, 0...0), then(.askInformation, 1...4), then(.giveInformation, 1...9),
                then(.startIntake, 1...3),
            ]),
        DemoLife(3, rest: 0...6, entered),
        DemoLife(3, rest: 1...8, admitted, supported, offered, bothAccept),
        DemoLife(2, rest: 1...4, admitted, offered, bothAccept, [then(.askSupport, 0...1)]),
        DemoLife(12, rest: 5...130, housed),
        DemoLife(2, .selfManaged, rest: 5...90, housed),
        DemoLife(3, .viaProvider, rest: 5...110, housed),
        DemoLife(2, .housingFirst, rest: 5...110, housed),
        DemoLife(2, rest: 2...40, housed, [then(.loseHome, 15...90)]),
        DemoLife(12, rest: 0...20, housed, [then(.close, 80...120)]),
        DemoLife(
            4, .fitsElsewhere, rest: 1...200,
            [then(.submit, 0...0), then(.startIntake, 1...6), then(.redirect, 2...10)]),
        DemoLife(2, .fitsElsewhere, rest: 1...200, entered, [then(.reject, 2...8)]),
        DemoLife(3, rest: 1...150, admitted, [then(.withdraw, 5...50)]),
        DemoLife(1, rest: 1...150, admitted, [then(.askSupport, 1...6)], offered, [then(.withdraw, 1...3)]),
        DemoLife(2, rest: 3...25, admitted, [then(.hold, 5...60)]),
        DemoLife(2, rest: 3...60, admitted, [then(.hold, 5...40), then(.resume, 10...40)]),
        DemoLife(3, rest: 2...60, admitted, supported, offered, [then(.candidateDeclines, 1...4)]),
        DemoLife(
            2, rest: 2...60, admitted, offered, [then(.landlordDeclines, 1...4), then(.withdrawDwelling, 0...2)]),
        DemoLife(2, rest: 2...60, admitted, offered, [then(.letExpire, 10...14)]),
        DemoLife(1, rest: 2...60, admitted, offered, [then(.withdrawMatch, 1...3)]),
        DemoLife(
            2, rest: 2...60, admitted, supported, offered, bothAccept, [then(.candidateDeclines, 1...6)]),
        DemoLife(
            2, rest: 2...90, admitted, [then(.askSupport, 1...5), then(.declineSupport, 1...4)], supported),
        DemoLife(
            4, rest: 5...60, admitted, supported, offered, [then(.candidateDeclines, 1...4)], offered, bothAccept,
            [then(.moveIn, 3...12)]),
    ]

    private static func then(_ step: DemoStep, _ after: ClosedRange<Int>) -> DemoMoment {
        DemoMoment(step: step, after: after)
    }

    private static let entered = [
        then(.submit, 0...0), then(.startIntake, 1...6), then(.writeReport, 4...14), then(.agree, 1...6),
        then(.completeReport, 0...2),
    ]
    private static let admitted = entered + [then(.admit, 1...8)]
    private static let supported = [then(.askSupport, 1...6), then(.acceptSupport, 1...5)]
    private static let offered = [then(.offerDwelling, 2...30), then(.propose, 0...2), then(.offer, 0...1)]
    private static let bothAccept = [then(.landlordAccepts, 0...4), then(.candidateAccepts, 0...4)]
    private static let housed = admitted + supported + offered + bothAccept + [then(.moveIn, 3...15)]
}
