// A route on its way out: since when, until when, and where what comes instead is told. Its answers say so in fields that
// scripts which nobody looks at any more can warn by (RFC 9745, RFC 8594).

package import Domain
internal import HTTPWire

/// That a route is deprecated.
package struct Deprecation: Sendable {
    /// From when on.
    package var since: Instant
    /// When it ends; not before half a year later, as partners need that long.
    package var sunset: Instant
    /// Where it is told what comes instead.
    package var link: String

    /// A deprecation from its parts.
    package init(since: Instant, sunset: Instant, link: String) {
        self.since = since
        self.sunset = sunset
        self.link = link
    }

    /// The fields of every answer: `Deprecation` (RFC 9745, section 2), `Sunset` (RFC 8594, section 3) and `Link`.
    var fields: [(name: String, value: String)] {
        [
            ("Deprecation", "@\(since.seconds)"), ("Sunset", HTTPDate.text(unixSeconds: sunset.seconds)),
            ("Link", "<\(link)>; rel=\"deprecation\"; type=\"text/html\""),
        ]
    }
}
