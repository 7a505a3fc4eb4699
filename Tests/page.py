#!/usr/bin/env python3
"""The page in a real browser (Chromium without a window, through chromedriver): sign in with a token, reload, go on without
it, read a list, sign out. Looks at what the browser keeps: a cookie that no script reads, and no token anywhere. Fails when a
step does not come out; without chromedriver it says so and does nothing."""
import argparse
import contextlib
import json
import pathlib
import shutil
import sys
import urllib.request

import service

CHROMIUM = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1024,900"]


class Browser:
    """A session of chromedriver (W3C WebDriver)."""

    def __init__(self, port):
        self.base = "http://127.0.0.1:%d/session" % port
        options = {"goog:chromeOptions": {"args": CHROMIUM}}
        made = self._ask("POST", "", {"capabilities": {"alwaysMatch": options}})
        self.base += "/" + made["sessionId"]

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["value"]

    def open(self, address):
        self._ask("POST", "/url", {"url": address})

    def reload(self):
        self._ask("POST", "/refresh", {})

    def run(self, script, *arguments):
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, script, what):
        """Waits until an expression holds on the page."""
        service.wait_until(lambda: self.run("return Boolean(%s)" % script), what)

    def cookies(self):
        return self._ask("GET", "/cookie")

    def close(self):
        self._ask("DELETE", "")


def expect(holds, what):
    if not holds:
        raise service.Failure(what)


def sign_in(browser, token):
    browser.wait("!document.getElementById('sign-in').hidden", "the form for a token")
    browser.run("document.getElementById('token').value = arguments[0];"
                "document.getElementById('sign-in').requestSubmit()", token)
    browser.wait("!document.getElementById('signed-in').hidden", "being signed in")


def check(browser, port, token):
    """One visit; `Failure` at the first step that does not come out."""
    browser.open("http://127.0.0.1:%d/" % port)
    sign_in(browser, token)
    browser.wait("document.querySelectorAll('.card').length > 0", "a list")
    cookies = browser.cookies()
    expect(len(cookies) == 1, "one cookie, not %d" % len(cookies))
    kept = cookies[0]
    expect(kept["name"] == "__Host-thuispunt" and kept["httpOnly"] and kept["secure"] and kept["path"] == "/"
           and kept["sameSite"] == "Strict" and "expiry" not in kept, "the cookie's attributes: %s" % kept)
    stored = browser.run("return document.cookie + JSON.stringify({...localStorage, ...sessionStorage}) + location.href")
    expect(kept["value"] not in stored and token not in stored, "nothing is kept where a script reads it")

    browser.reload()
    browser.wait("document.querySelectorAll('.card').length > 0", "the list after a reload, without the token")

    status = browser.run("return fetch('/v1/me', {method: 'HEAD', credentials: 'omit'}).then(r => r.status)")
    expect(status == 401, "without the cookie nothing is answered: %s" % status)
    browser.run("document.getElementById('sign-out').click()")
    browser.wait("!document.getElementById('sign-in').hidden", "being signed out")
    expect(not browser.cookies(), "the cookie is gone")
    answer = service.call(port, "GET", "/v1/me", fields={"Cookie": "__Host-thuispunt=" + kept["value"],
                                                         "Sec-Fetch-Site": "same-origin"})
    expect(answer.status == 401, "the session has ended: %d" % answer.status)
    browser.reload()
    browser.wait("!document.getElementById('sign-in').hidden", "the form after a reload")
    expect(browser.run("return document.querySelectorAll('.card').length") == 0, "nobody's data is left on the page")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=pathlib.Path, help="the executable (default: built for release)")
    arguments = parser.parse_args()
    if not shutil.which("chromedriver"):
        print("page: SKIPPED, because chromedriver is not installed (Debian: chromium chromium-driver)")
        return
    binary = arguments.binary or service.build()
    with service.scratch() as folder, contextlib.ExitStack() as stack:
        region = service.Region(binary, folder, 12)
        server = service.Service(binary, region.database)
        stack.callback(server.stop)
        port = service.free_port()
        driver = service.Process(["chromedriver", "--port=%d" % port], folder / "driver.log")
        stack.callback(driver.stop)
        service.wait_until(lambda: "started successfully" in driver.log(), "chromedriver")
        browser = Browser(port)
        stack.callback(browser.close)
        check(browser, server.port, region.tokens["coordinator"])
    print("page: signed in, reloaded, signed out")


if __name__ == "__main__":
    try:
        main()
    except service.Failure as failure:
        sys.exit("page: %s" % failure)
