#!/usr/bin/env python3
"""Thuispunt behind nginx, HAProxy, Caddy and Apache, over TCP and over a Unix socket, with the configurations of
deploy/proxies: only ports and folders are put in their place. Each check goes through the proxy and must give what the
service gives without one. Prints a table of proxy, transport and check; fails when a cell is wrong. A proxy that is
neither here nor to be had from Debian is skipped, and said so."""
import argparse
import collections
import contextlib
import http.client
import json
import pathlib
import select
import signal
import socket
import sys
import time
import uuid

import service

CLIENT = "127.0.0.7"
TRANSPORTS = ("tcp", "unix")
MODULES = "/usr/lib/apache2/modules"
Proxy = collections.namedtuple("Proxy", "tool package snippet command around unix", defaults=("{snippet}", ""))
# around: what a whole configuration has beside the snippet. unix: what stands there in place of 127.0.0.1:8080.
PROXIES = {
    "nginx": Proxy(
        "nginx", "nginx-light", "nginx.conf", "nginx -e {folder}/error -c {config}",
        "daemon off;\npid {folder}/pid;\nevents {{}}\nhttp {{\naccess_log off;\nclient_body_temp_path {folder}/b;\n"
        "proxy_temp_path {folder}/p;\nfastcgi_temp_path {folder}/f;\nuwsgi_temp_path {folder}/u;\n"
        "scgi_temp_path {folder}/s;\n{snippet}\n}}\n", "unix:{socket}"),
    "haproxy": Proxy("haproxy", "haproxy", "haproxy.cfg", "haproxy -db -f {config}", "{snippet}", "unix@{socket}"),
    "caddy": Proxy(
        "caddy", "caddy", "Caddyfile", "caddy run --adapter caddyfile --config {config}",
        "{{\nadmin off\nauto_https off\nstorage file_system {folder}/caddy\n}}\n{snippet}", "unix/{socket}"),
    "apache": Proxy(
        "apache2", "apache2", "apache.conf", "apache2 -DFOREGROUND -f {config}",
        "User www-data\nGroup www-data\nServerRoot {folder}\nServerName localhost\nPidFile {folder}/pid\nErrorLog {folder}/error\n"
        "DefaultRuntimeDir {folder}\nMutex pthread\n"
        + "".join("LoadModule %s_module %s/mod_%s.so\n" % (name, MODULES, name)
                  for name in ("mpm_event", "authz_core", "headers", "proxy", "proxy_http"))
        + "StartServers 1\nServerLimit 1\nThreadsPerChild 25\nMaxRequestWorkers 25\n{snippet}\n",
        "unix:{socket}|http://thuispunt"),
}


def expect(found, wanted, what):
    if found != wanted:
        raise service.Failure("%s: %r, not %r" % (what, found, wanted))


class Behind:
    """A service with a proxy in front of it."""

    def __init__(self, region, folder, proxy, transport):
        self.region, self.folder = region, folder
        self.token = region.tokens["referrer"]
        self.port, self.socket = service.free_port(), folder / "service.sock"
        self.running = self.start_service()
        snippet = (service.REPOSITORY / "deploy/proxies" / proxy.snippet).read_text()
        upstream = "127.0.0.1:%d" % self.running.port
        if transport == "unix":
            # Apache names a scheme before the address, which belongs behind the path of a socket.
            upstream = proxy.unix.format(socket=self.socket)
            snippet = snippet.replace("http://127.0.0.1:8080", upstream)
        snippet = snippet.replace("127.0.0.1:8080", upstream).replace("8090", str(self.port))
        config = folder / proxy.snippet
        config.write_text(proxy.around.format(snippet=snippet, folder=folder))
        self.proxy = service.Process(proxy.command.format(folder=folder, config=config).split(), folder / "proxy.log",
                                     env={"HOME": str(folder), "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"})
        try:
            service.wait_until(lambda: self.is_up() or not self.proxy.is_running(), "the start of the proxy")
            expect(self.proxy.is_running(), True, "the proxy runs; it says %s" % self.proxy.log()[-500:])
        except BaseException:
            self.stop()
            raise

    def start_service(self, port=None):
        started = service.Service(self.region.binary, self.region.database, "--trusted-proxies", "127.0.0.1,unix",
                                  port=port, unix=self.socket)
        # The service lets its own group in; here the proxies run as whoever they like.
        self.socket.chmod(0o666)
        return started

    def restart_service(self):
        port = self.running.port
        expect(self.running.stop(), 0, "the service's end")
        with contextlib.suppress(OSError, http.client.HTTPException):
            # Whoever asks now makes the proxy notice.
            self.call("GET", "/healthz")
        self.running = self.start_service(port)

    def stop(self):
        try:
            self.proxy.stop(signal.SIGKILL)
        finally:
            self.running.stop()

    def is_up(self):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.call("GET", "/healthz").status == 200
        return False

    def call(self, method, target, body=None, **fields):
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        return service.call(self.port, method, target, body, fields, source=(CLIENT, 0))

    def post(self, body, **fields):
        return self.call("POST", "/v1/referrals", body, Authorization="Bearer " + self.token,
                         Content_Type="application/json", **fields)

    def raw(self, *pieces, until):
        """Sends pieces, each when what is to come before it is there; gives all bytes up to the last `until`."""
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), 20, (CLIENT, 0)) as link:
            for piece, wanted in zip(pieces, until):
                link.sendall(piece)
                while not wanted(received):
                    more = link.recv(1 << 16)
                    if not more:
                        raise service.Failure("the proxy closed after %r" % received[-300:])
                    received += more
        return received

    def sockets(self):
        """The service's open sockets, by the kernel's numbers for them."""
        found = set()
        for entry in pathlib.Path("/proc/%d/fd" % self.running.pid).iterdir():
            with contextlib.suppress(OSError):
                found.add(str(entry.readlink()))
        return {name for name in found if name.startswith("socket:")}


def fresh_body():
    return json.dumps(service.referral("proxy-%s" % uuid.uuid4())).encode()


def problem(reply, status, what):
    expect((reply.status, reply.fields.get("content-type")), (status, "application/problem+json"), what)
    expect(reply.json()["status"], status, what)


def reads(behind):
    """GET is the service's own; HEAD has its fields and nothing else; a known ETag gives 304."""
    direct, got = behind.running.call("GET", "/v1/openapi.json"), behind.call("GET", "/v1/openapi.json")
    expect((got.status, got.body == direct.body), (200, True), "GET")
    head = behind.call("HEAD", "/v1/openapi.json")
    names = ("content-length", "content-type", "etag")
    expect((head.status, head.body, [head.fields.get(name) for name in names]),
           (200, b"", [direct.fields[name] for name in names]), "HEAD")
    known = behind.call("GET", "/v1/openapi.json", If_None_Match=got.fields["etag"])
    expect((known.status, known.body, known.fields.get("etag")), (304, b"", got.fields["etag"]), "304")


def posts(behind):
    """A referral with its length said before, and in chunks."""
    for body in (fresh_body(), iter([fresh_body()])):
        reply = behind.post(body)
        expect(reply.status, 201, "POST")
        expect(reply.fields.get("location"), "/v1/referrals/" + reply.json()["id"], "Location")


def continues(behind):
    """Expect: 100-continue: first 100, then the body, then the answer."""
    body = fresh_body()
    head = ("POST /v1/referrals HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
            "Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % (behind.token, len(body))).encode()
    answer = behind.raw(head, body, until=(lambda a: b"\r\n\r\n" in a, lambda a: b"externalReference" in a))
    statuses = [line.split(b" ")[1] for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    # A proxy may say 100 itself and pass on the service's too (RFC 9110, section 15.2).
    expect((set(statuses[:-1]), statuses[-1]), ({b"100"}, b"201"), "statuses")


def pipelines(behind):
    """Twenty requests at once, answered in their order."""
    names = ["pipelined-%02d" % number for number in range(20)]
    text = "".join("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Request-Id: %s\r\n\r\n" % name for name in names).encode()
    answer = behind.raw(text, until=(lambda a: a.count(b'{"status":"ok"}') == len(names),)).decode().lower()
    expect([line[14:] for line in answer.split("\r\n") if line.startswith("x-request-id: ")], names, "order")


def reuses(behind):
    """Two hundred requests over few connections to the service, one of which is there from first to last."""
    quiet, first, seen, last = behind.sockets(), None, set(), set()
    connection = http.client.HTTPConnection("127.0.0.1", behind.port, timeout=20)
    for _ in range(200):
        connection.request("GET", "/healthz")
        reply = connection.getresponse()
        expect((reply.status, reply.read()), (200, b'{"status":"ok"}'), "answer")
        last = behind.sockets()
        first = first or last
        seen |= last - quiet
    connection.close()
    expect(len(seen) <= 8, True, "at most 8 connections (%d)" % len(seen))
    # Those of before may serve as well.
    expect(bool(first & last), True, "a connection that stays")


def addresses(behind):
    """The client's own address is in the log, whatever it says of itself."""
    name = "address-%s" % uuid.uuid4()
    behind.call("GET", "/healthz", X_Request_Id=name, X_Forwarded_For="203.0.113.9", Forwarded="for=203.0.113.9")

    def lines():
        return [json.loads(line) for line in behind.running.log().splitlines() if name in line]

    service.wait_until(lines, "the line in the log", 5)
    expect(lines()[0]["address"], CLIENT, "address")


def errors(behind):
    """Problem documents arrive as they were sent."""
    problem(behind.post(b'{"route":"clinic"}'), 400, "400")
    problem(behind.call("GET", "/v1/nothing"), 404, "404")
    reply = behind.call("DELETE", "/healthz")
    problem(reply, 405, "405")
    expect(reply.fields.get("allow"), "GET, HEAD, OPTIONS", "Allow")
    problem(behind.call("GET", "/v1/me"), 401, "401")


def large(behind):
    """Just within the limit of a JSON body: read whole and refused for what is in it. Far beyond it: 413."""
    body = json.dumps(service.referral("x", extra="a" * (1 << 20))).encode()
    near = body.replace(b"a" * (len(body) - (1 << 20)), b"", 1)
    expect(len(near), 1 << 20, "length")
    problem(behind.post(near), 400, "1 MiB")
    problem(behind.post(body), 413, "a little more")
    expect(far_too_large(behind, 40 << 20), 413, "40 MB")
    expect(behind.call("GET", "/healthz").status, 200, "afterwards")


def far_too_large(behind, length):
    """The status of a long upload by a client that listens while it sends."""
    head = ("POST /v1/referrals HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
            "Content-Length: %d\r\n\r\n" % (behind.token, length)).encode()
    answer, left, piece = b"", length, b" " * 65536
    with socket.create_connection(("127.0.0.1", behind.port), 20, (CLIENT, 0)) as link, \
            contextlib.suppress(ConnectionError):
        link.sendall(head)
        while b"\r\n\r\n" not in answer:
            readable, writable, _ = select.select([link], [link] if left else [], [], 20)
            if readable:
                more = link.recv(1 << 16)
                if not more:
                    break
                answer += more
            elif writable:
                left -= link.send(piece[:left])
            else:
                break
    return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/1.1 ") else answer


def recovers(behind):
    """After a restart of the service the first request that changes something is taken, once."""
    behind.restart_service()
    body, key = fresh_body(), str(uuid.uuid4())
    reply = behind.post(body, Idempotency_Key=key)
    expect(reply.status, 201, "the first POST")
    expect(behind.post(body, Idempotency_Key=key).body, reply.body, "the same again")
    expect(behind.call("GET", "/healthz").status, 200, "GET")


CHECKS = (reads, posts, continues, pipelines, reuses, addresses, errors, large, recovers)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(PROXIES), help="proxies with commas (default: all)")
    parser.add_argument("--binary", help="an executable that is there already, instead of a build")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(PROXIES)
    if unknown:
        parser.error("there is no %s; there are %s" % (", ".join(unknown), ", ".join(PROXIES)))
    binary = pathlib.Path(options.binary).resolve() if options.binary else service.build()
    rows, wrong = [], []
    with service.scratch() as folder:
        folder.chmod(0o711)
        region = service.Region(binary, folder)
        for name in options.only.split(","):
            if not service.provide(PROXIES[name].tool, PROXIES[name].package):
                print("%s: SKIPPED, because it is not installed and Debian could not give it" % name)
                continue
            for transport in TRANSPORTS:
                place = folder / (name + "-" + transport)
                place.mkdir(0o755)
                cells = judge(region, place, PROXIES[name], transport)
                rows.append(["%s, %s" % (name, transport)] + [cell or "ok" for cell in cells])
                wrong += ["%s over %s, %s: %s" % (name, transport, check.__name__, cell)
                          for check, cell in zip(CHECKS, cells) if cell]
    print(service.table(["proxy"] + [check.__name__ for check in CHECKS],
                        [["wrong" if cell not in (row[0], "ok") else cell for cell in row] for row in rows]))
    if wrong:
        sys.exit("FAILED: " + "\nFAILED: ".join(wrong))


def judge(region, folder, proxy, transport):
    """What is wrong in each check, None where nothing is."""
    cells = []
    try:
        behind = Behind(region, folder, proxy, transport)
    except service.Failure as fault:
        return [str(fault)] * len(CHECKS)
    try:
        for check in CHECKS:
            try:
                check(behind)
                cells.append(None)
            except (service.Failure, OSError, http.client.HTTPException, ValueError, KeyError) as fault:
                cells.append("%s: %s" % (type(fault).__name__, fault))
    finally:
        behind.stop()
    return cells


if __name__ == "__main__":
    main()
