// The one description of the API: openapi.yaml as the compiler put it into the binary, its tree, and the same as JSON.
// It does not know what the description says; the contract tests walk it, the API serves it.

import COpenAPI
import JSON

/// The API's description, in the two forms that are served and the one that is walked.
package enum OpenAPIDescription {
    /// openapi.yaml, byte by byte.
    package static let yaml = [UInt8](UnsafeBufferPointer(start: copenapi_bytes(), count: Int(copenapi_count())))

    /// The tree of openapi.yaml, read when first asked for. A description that can not be read is wrong code, and a
    /// test looks at it before anything is served.
    package static let root: YAMLNode = {
        do throws(YAMLFault) {
            return try YAMLReader.read(yaml)
        } catch {
            preconditionFailure("openapi.yaml, line \(error.line): \(error.reason.rawValue)")
        }
    }()

    /// The description as JSON, made when first asked for; keys in the order of the YAML.
    package static let json = root.json
}

extension YAMLNode {
    /// The same value as JSON.
    package var json: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.finish()
    }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let truth): writer.value(truth)
        case .integer(let number): writer.value(number)
        case .decimal(let text): writer.value(raw: Array(text.utf8))
        case .string(let text): writer.value(text)
        case .sequence(let elements): writer.array { w in elements.forEach { $0.write(to: &w) } }
        case .mapping(let mapping):
            writer.object { w in
                for entry in mapping.entries {
                    w.name(text: entry.key)
                    entry.value.write(to: &w)
                }
            }
        }
    }
}
