// The pages as a browser receives them: the right type, one entity tag for one content, and a policy that leaves no
// way out for a token or for markup from elsewhere.

import HTTPWire
import Testing

@testable import WebUI

@Suite struct PagesTests {
    private func field(_ name: String, of response: Response) -> [String] {
        response.fields.filter { $0.name == name }.map(\.value)
    }

    private func text(_ path: String) throws -> String {
        let response = try #require(Pages.response(path: path))
        guard case .bytes(let bytes) = response.body else {
            Issue.record("\(path) has no bytes")
            return ""
        }
        return try #require(String(validating: bytes, as: UTF8.self))
    }

    @Test(arguments: [
        ("/", "text/html; charset=utf-8", "<!doctype html>"),
        ("/assets/thuispunt.css", "text/css; charset=utf-8", ":root"),
        ("/assets/thuispunt.js", "text/javascript; charset=utf-8", "addEventListener"),
    ])
    func eachAssetIsWhole(path: String, contentType: String, part: String) throws {
        let response = try #require(Pages.response(path: path))
        #expect(response.status == 200)
        #expect(field("Content-Type", of: response) == [contentType])
        #expect(try text(path).contains(part))
        #expect(Pages.paths.contains(path))
    }

    @Test(arguments: ["", "/index.html", "/assets", "/assets/", "/assets/../", "/Assets/thuispunt.css", "//", "/v1/me"])
    func nothingElseIsAPage(path: String) {
        #expect(Pages.response(path: path) == nil)
    }

    @Test(arguments: Pages.paths)
    func everyAnswerCarriesThePolicy(path: String) throws {
        let fresh = try #require(Pages.response(path: path))
        let tag = try #require(field("ETag", of: fresh).first)
        let known = try #require(Pages.response(path: path, ifNoneMatch: tag))
        for response in [fresh, known] {
            #expect(
                field("Content-Security-Policy", of: response) == [
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                        + "img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
                ])
            #expect(field("X-Content-Type-Options", of: response) == ["nosniff"])
            #expect(field("Referrer-Policy", of: response) == ["no-referrer"])
            #expect(field("Cache-Control", of: response) == ["no-cache"])
            #expect(field("ETag", of: response) == [tag])
        }
    }

    @Test func aKnownFormIsNotSentAgain() throws {
        let fresh = try #require(Pages.response(path: "/"))
        let tag = try #require(field("ETag", of: fresh).first)
        let known = try #require(Pages.response(path: "/", ifNoneMatch: "\"other\", W/\(tag)"))
        #expect(known.status == 304)
        #expect(field("Content-Type", of: known).isEmpty)
        guard case .none = known.body else {
            Issue.record("a 304 with a body")
            return
        }
        #expect(Pages.response(path: "/", ifNoneMatch: "\"other\"")?.status == 200)
    }

    @Test func everyFileOfThePageHasAnotherTag() {
        let tags = Pages.paths.compactMap { Pages.response(path: $0) }.flatMap { field("ETag", of: $0) }
        #expect(Set(tags).count == Pages.paths.count)
    }

    /// What the policy forbids would be dead in the page, and what leaks a token must not be there at all.
    @Test(arguments: [
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "localStorage",
        "sessionStorage", "indexedDB", "document.cookie", "style=", "onclick=", "onsubmit=", "http-equiv",
        "pushState", "replaceState", "location.hash", "console.",
    ])
    func thePageHoldsNothingDangerous(word: String) throws {
        for path in Pages.paths { #expect(!(try text(path).contains(word)), "\(path) holds \(word)") }
    }

    @Test func thePageAsksOnlyForWhatIsServed() throws {
        let page = try text("/")
        let links = page.matches(of: /(?:src|href)="(\/[^"]*)"/).map { String($0.1) }
        #expect(links.count >= 2)
        for link in links where !link.hasPrefix("/v1/") { #expect(Pages.response(path: link) != nil, "\(link)") }
        #expect(!page.contains("https://"))
    }

    @Test func everyElementTheScriptNamesIsInThePage() throws {
        let page = try text("/")
        let named = try text("/assets/thuispunt.js").matches(of: /(?:element|copyOf)\("([a-z-]+)"/).map { String($0.1) }
        #expect(named.count > 5)
        for id in named { #expect(page.contains("id=\"\(id)\""), "\(id)") }
    }

    @Test func thePageSaysItsLanguageAndHasOneOfEachLandmark() throws {
        let page = try text("/")
        #expect(page.contains("<html lang=\"nl\">"))
        for once in ["<main>", "<header>", "<footer>", "<h1", "<title>", "aria-live=\"polite\""] {
            #expect(page.matches(of: try Regex(once)).count == 1, "\(once)")
        }
    }
}

@Suite struct EntityTagTests {
    /// From the published test vectors of FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv).
    @Test(arguments: [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")])
    func hashIsFNV1a(text: String, hash: String) {
        #expect(EntityTag.strong(of: Array(text.utf8)) == "\"\(hash)\"")
    }

    @Test(arguments: [
        ("\"x\"", true), ("W/\"x\"", true), ("*", true), ("\"a\" ,\t\"x\"", true), (" \"x\" ", true),
        ("x", false), ("\"xx\"", false), ("", false), (",", false), ("w/\"x\"", false), ("\"X\"", false),
    ])
    func ifNoneMatch(field: String, known: Bool) {
        #expect(EntityTag.list(field, includes: "\"x\"") == known)
    }
}
