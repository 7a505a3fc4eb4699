// Why a text is not the YAML we use, and on which line.

/// The first place at which a text is not YAML, or is YAML beyond the subset that is read here.
package struct YAMLFault: Error, Sendable, Equatable {
    /// Line, from 1.
    package let line: Int
    /// What is wrong.
    package let reason: Reason

    /// Every reason for which a text is refused.
    package enum Reason: String, Sendable, CaseIterable {
        case badUTF8 = "not valid UTF-8"
        case controlCharacter = "a control character, carriage return or byte order mark"
        case tab = "a tab in the indentation"
        case directive = "a directive"
        case severalDocuments = "a document marker behind the start"
        case anchor = "an anchor"
        case alias = "an alias"
        case tag = "a tag"
        case mergeKey = "a merge key"
        case complexKey = "a complex key"
        case reserved = "a plain text can not start with this character"
        case duplicateKey = "a key that stands twice in its mapping"
        case indentation = "an indentation that fits nothing above it"
        case keyExpected = "a key with a colon was expected"
        case mappingInline = "a mapping can not start here"
        case sequenceInline = "a sequence can not start here"
        case unexpectedText = "text behind the end of a value"
        case unterminatedQuote = "a quoted text without end"
        case badEscape = "an unknown escape"
        case badBlockHeader = "a wrong header of a block text"
        case unterminatedFlow = "a bracket without end"
        case flowEntry = "an entry was expected between commas"
        case flowComma = "a comma or closing bracket was expected"
        case numberOutOfRange = "a number that JSON or 64 bits can not hold"
        case tooDeep = "nested too deep"
    }
}
