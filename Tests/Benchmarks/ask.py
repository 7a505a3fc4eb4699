#!/usr/bin/env python3
"""Sends one request over and over on one kept connection, and stops at the first answer that is not as expected.

usage: ask.py PORT COUNT DEPTH STATUS TARGET [FIELD...]      DEPTH requests are sent at once; FIELD is "Name: value"
       ask.py PORT etag TARGET [FIELD...]                    prints the ETag of the answer"""
import http.client
import socket
import sys


def etag(port, target, fields):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", target, headers=dict(field.split(": ", 1) for field in fields))
    print(connection.getresponse().headers["etag"])


def ask(port, count, depth, status, target, fields):
    text = "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n" % (target, "".join(field + "\r\n" for field in fields))
    request, line = text.encode() * depth, b"HTTP/1.1 %d " % status
    left, length, received = count // depth, None, b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while left:
            connection.sendall(request)
            # Every answer has the length of the first: only the date and ids of one length differ.
            while length is None or len(received) < length * depth:
                received += connection.recv(1 << 20)
                if length is None and b"\r\n\r\n" in received:
                    head = received[:received.index(b"\r\n\r\n") + 4]
                    content = [int(x[15:]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")]
                    length = len(head) + (0 if status == 304 else sum(content))
            if received.count(line) != depth or len(received) != length * depth:
                sys.exit("ask.py: an answer is not as expected: %r" % received[:300])
            left, received = left - 1, b""


if __name__ == "__main__":
    if sys.argv[2] == "etag":
        etag(int(sys.argv[1]), sys.argv[3], sys.argv[4:])
    else:
        ask(*(int(word) for word in sys.argv[1:5]), sys.argv[5], sys.argv[6:])
