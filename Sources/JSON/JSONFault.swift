// What is wrong with a body, in the shape the problem answer repeats to the client: place, code, plain words. A fault
// never holds the value it is about, because that may be a citizen service number.

/// One fault of a body.
package struct JSONFault: Sendable, Equatable {
    /// RFC 6901 pointer to the member, such as `/person/bsn`; empty for the body as a whole.
    package let pointer: String
    /// The reason for programs: one of `JSONFault.Code` or a code of the domain.
    package let code: String
    /// The reason in plain words, as a sentence.
    package let text: String

    /// A fault at a place.
    package init(pointer: String, code: String, text: String) {
        self.pointer = pointer
        self.code = code
        self.text = text
    }
}

extension JSONFault {
    /// The codes the forms themselves give; the codes of broken JSON are `JSONSyntaxFault.Code`.
    package enum Code {
        /// A member that must be there is absent.
        package static let required = "required"
        /// Another kind of value was expected.
        package static let type = "type"
        /// The form does not know this member.
        package static let unknownField = "unknown-field"
        /// A text has too few characters.
        package static let tooShort = "too-short"
        /// A text has too many characters.
        package static let tooLong = "too-long"
        /// A list has too few elements.
        package static let tooFew = "too-few"
        /// A list has too many elements.
        package static let tooMany = "too-many"
        /// A number is outside its range.
        package static let range = "range"
        /// A text is not written as it should be.
        package static let format = "format"
        /// A text is none of the listed words.
        package static let choice = "enum"
        /// An element stands twice in a list of different ones.
        package static let duplicate = "duplicate"
        /// A text has nothing that can be seen.
        package static let blank = "blank"
        /// A text holds a control character other than a line feed or a tab, or one that turns the direction of writing.
        package static let controlCharacter = "control-character"
        /// The form gave no value and no reason: a defect of the form, answered like a wrong body.
        package static let invalid = "invalid"
    }
}

/// A body that can not be taken, with all that is wrong with it (at most `JSONLimits.faults`).
package struct InvalidBody: Error, Sendable, Equatable {
    /// At least one fault: first in the order the form reads, then unknown members.
    package let faults: [JSONFault]

    /// A refused body.
    package init(faults: [JSONFault]) {
        self.faults = faults
    }

    /// A text that is no JSON at all, as a body with one fault that says line and column; of a text that is a line of
    /// another, the column alone.
    package init(_ fault: JSONSyntaxFault, isLine: Bool = false) {
        let text = (isLine ? "Column" : "Line \(fault.line), column") + " \(fault.column): \(fault.text)"
        self.init(faults: [JSONFault(pointer: fault.pointer, code: fault.code.rawValue, text: text)])
    }
}

/// What a merge patch (RFC 7396) says about one member.
package enum Change<T> {
    /// The member is absent: leave what is there.
    case keep
    /// The member is null: remove what is there.
    case clear
    /// The member has a value: put it there.
    case set(T)

    /// What is there after the change.
    package func applied(to old: T?) -> T? {
        switch self {
        case .keep: old
        case .clear: nil
        case .set(let new): new
        }
    }
}

extension Change: Sendable where T: Sendable {}
extension Change: Equatable where T: Equatable {}
