"""The attackers: each keeps a number of sockets busy against a port until it is told to stop, and then tells what
happened to them. They come from addresses of their own (127.0.0.2 and on), since a cap counts connections by address.
Whether the service bore it is judged elsewhere."""
import asyncio
import collections
import contextlib
import multiprocessing
import random
import re
import signal
import socket

import service

# Below the service's cap of 512 connections of one address.
PER_ADDRESS = 400
HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
VALID = [
    HEAD + b"\r\n", HEAD + b"X-Forwarded-For: 192.0.2.1\r\nAccept: */*\r\n\r\n",
    b"GET /v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: \"0-abc\"\r\n\r\n",
    b"POST /v1/referrals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n"
    b"{\"route\":\"clinic\"}",
    b"POST /v1/referrals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked"
    b"\r\nExpect: 100-continue\r\n\r\n5;a=b\r\n{\"a\":\r\n2\r\n1}\r\n0\r\nX: y\r\n\r\n",
    b"OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    b"PATCH http://[::1]:80/v1/dwellings/%31/../x?a=%C3%A9 HTTP/1.1\r\nHost: x\r\nIf-Match: W/\"1\", *\r\n\r\n",
]


def source(number):
    """The address that the attacker's socket of this number comes from."""
    return ("127.0.0.%d" % (2 + number // PER_ADDRESS), 0)


class Attack:
    """What an attacker shares: where to, how many sockets, whose token, and what it counts."""

    def __init__(self, port, token, sockets, seed, ready, stop):
        self.port, self.token, self.sockets, self.seed = port, token, sockets, seed
        self.ready, self.stop, self.counts = ready, stop, collections.Counter()
        # Beside cancelling: a wait that ends in the same moment swallows that (Python before 3.12).
        self.is_over = False

    async def open(self, number, receive_bytes=None):
        """A connection of its own, with a small window when it means not to read."""
        link = socket.socket()
        if receive_bytes:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        link.setblocking(False)
        link.bind(source(number))
        try:
            await asyncio.get_running_loop().sock_connect(link, ("127.0.0.1", self.port))
            return await asyncio.open_connection(sock=link, limit=1 << 16)
        except BaseException:
            link.close()
            raise

    async def again(self, number, once, pause=0.0):
        """Plays one connection after another until told to stop."""
        while not self.is_over:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                # Anything else ends the attack with its trace: a wait of the babbler's too, since nobody may hang.
                reader, writer = await self.open(number, 4096 if once is Attack.read_nothing else None)
                self.counts["connections"] += 1
                try:
                    await once(self, number, reader, writer)
                finally:
                    # At once and without a farewell: what is still to be sent goes nowhere.
                    writer.transport.abort()
            await asyncio.sleep(pause)

    async def answer(self, reader):
        """Counts the status of the next answer."""
        line = await reader.readuntil(b"\r\n")
        status = line.split(b" ")[1].decode("ascii", "replace") if line.startswith(b"HTTP/1.1 ") else "no HTTP"
        self.counts[status] += 1
        return status

    # One connection of each kind of attack.

    async def crawl(self, number, reader, writer):
        """Slowloris: a head that goes on and on, a byte every few seconds."""
        writer.write(HEAD + b"X-Slow: ")
        ended = asyncio.ensure_future(self.answer(reader))
        try:
            while not ended.done():
                await asyncio.wait([ended], timeout=3 + number % 20 / 10)
                with contextlib.suppress(OSError):
                    writer.write(b"a")
            await ended
        finally:
            ended.cancel()

    async def idle(self, _, reader, writer):
        """Asks once and stays."""
        writer.write(HEAD + b"\r\n")
        await self.answer(reader)
        while await reader.read(1 << 16):
            pass
        self.counts["ended by the service"] += 1

    async def babble(self, number, reader, writer):
        """Random bytes, or a valid request with a few bytes changed, in pieces."""
        dice = random.Random("%d/%d/%d" % (self.seed, number, self.counts[number]))
        self.counts[number] += 1
        if dice.random() < 0.3:
            text = bytearray(dice.randbytes(dice.randrange(1, 4000)))
        else:
            text = bytearray(dice.choice(VALID) * dice.randrange(1, 4))
            for _ in range(dice.randrange(0, 6)):
                place = dice.randrange(len(text))
                text[place:place + dice.randrange(3)] = dice.choice(
                    [b"", b"\r\n", b"\0", b"\r", b"\n", b" ", b":", b"\xff", b"9", b"%", dice.randbytes(2)])
        while text:
            length = dice.choice([1, 7, len(text)])
            writer.write(bytes(text[:length]))
            del text[:length]
            await asyncio.sleep(0)
        with contextlib.suppress(OSError):
            writer.write_eof()
        text = await asyncio.wait_for(reader.read(), 10)
        if text and not text.startswith(b"HTTP/1.1 "):
            self.counts["no HTTP"] += 1
        self.counts.update(status.decode() for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", text))

    async def read_nothing(self, _, reader, writer):
        """Asks for a large answer many times over and reads none of it."""
        writer.transport.pause_reading()
        writer.write(b"GET /v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 500)
        # A reset is noticed by writing on.
        while not writer.transport.is_closing():
            await asyncio.sleep(1)
            writer.write(HEAD + b"\r\n")
        self.counts["ended by the service"] += 1

    async def flood(self, reader, writer, begin, piece, most):
        """Sends pieces until it is answered or the end is reached."""
        writer.write(begin)
        ended, sent = asyncio.ensure_future(self.answer(reader)), 0
        try:
            while not ended.done() and sent < most:
                writer.write(piece)
                sent += len(piece)
                await writer.drain()
                # A drain that need not wait lets nobody else run.
                await asyncio.sleep(0)
            await asyncio.wait_for(ended, 30)
        except OSError:
            self.counts["reset while sending"] += 1
        finally:
            ended.cancel()

    async def swell_head(self, _, reader, writer):
        """A head of 100 MB."""
        await self.flood(reader, writer, HEAD, b"X-Big: " + b"a" * 2000 + b"\r\n", 100 << 20)

    async def swell_body(self, _, reader, writer):
        """A chunked body of a gigabyte."""
        begin = (b"POST /v1/referrals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                 b"Authorization: Bearer %s\r\nTransfer-Encoding: chunked\r\n\r\n" % self.token.encode())
        await self.flood(reader, writer, begin, b"10000\r\n" + b" " * 65536 + b"\r\n", 1 << 30)

    async def run(self, once, pause):
        tasks = [asyncio.ensure_future(self.again(number, once, pause)) for number in range(self.sockets)]
        while self.counts["connections"] < self.sockets:
            await asyncio.sleep(0.02)
        if once is Attack.idle:
            while self.counts["200"] < self.sockets:
                await asyncio.sleep(0.02)
        self.ready.set()
        await asyncio.get_running_loop().run_in_executor(None, self.stop.wait)
        self.is_over = True
        for task in tasks:
            task.cancel()
        for end in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(end, Exception):
                raise end
        return {name: count for name, count in self.counts.items() if isinstance(name, str)}


def _play(sender, once, pause, *given):
    # Whoever started the attack ends it, also when a signal is sent to both.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    service.raise_descriptor_limit()
    try:
        sender.send(asyncio.run(Attack(*given).run(once, pause)))
    except Exception as fault:  # told to whoever waits, who ends the run with it
        sender.send(fault)


@contextlib.contextmanager
def under(once, port, token, sockets, seed, pause=0.0, patience=60):
    """An attack by a process of its own, as long as the block takes; its counts come in the dictionary given."""
    context = multiprocessing.get_context("fork")
    ready, stop, (receiver, sender) = context.Event(), context.Event(), context.Pipe(duplex=False)
    attacker = context.Process(target=_play, args=(sender, once, pause, port, token, sockets, seed, ready, stop))
    attacker.start()
    counts = {}
    try:
        if not ready.wait(patience):
            raise service.Failure("the %d sockets of the attack could not be opened" % sockets)
        yield counts
    finally:
        stop.set()
        found = receiver.recv() if receiver.poll(patience) else TimeoutError("it does not end")
        attacker.join(10)
        attacker.kill()
        if isinstance(found, Exception):
            raise service.Failure("the attack itself failed: %r" % found)
        counts.update(found)
