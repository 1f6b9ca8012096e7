"""A browser of which there may be hundreds: one connection kept alive, cookies, whole answers."""

import asyncio
import gzip
import time
from dataclasses import dataclass

LONGEST = 60
PIECE = 1 << 16


class HungUp(Exception):
    """The server ended the connection before its answer was whole."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


class Browser:
    def __init__(self, port: int, cookie: str = "", address: str = "127.0.0.1"):
        self.port, self.cookies = port, {"carnet": cookie} if cookie else {}
        self.address, self._streams = address, None

    async def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        """Raises HungUp, OSError, TimeoutError (after LONGEST seconds)."""
        start = time.perf_counter()
        async with asyncio.timeout(LONGEST):
            try:
                status, headers, whole = await self._asked(method, path, body, kind)
            except BaseException:
                self.close()
                raise
        return Answer(status, headers, whole, time.perf_counter() - start)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _asked(self, method, path, body, kind):
        head = self._head(method, path, body, kind)
        if self._streams and self._streams[0].at_eof():
            self.close()  # the server ended it meanwhile
        for fresh in (not self._streams, True):
            if fresh:
                self._streams = await self._connected()
            try:
                await self._sent(head, body)
                return await self._received()
            except (HungUp, ConnectionError):
                self.close()
                # A connection kept alive may have ended meanwhile: browsers ask again too.
                if fresh or method != "GET":
                    raise
        raise HungUp

    async def _connected(self):
        return await asyncio.open_connection(
            "127.0.0.1", self.port, limit=1 << 20, local_addr=(self.address, 0)
        )

    def _head(self, method, path, body, kind):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += ["Accept-Encoding: gzip", f"Cookie: {cookies}"]
        if body:
            lines += [f"Content-Length: {len(body)}", f"Content-Type: {kind}"]
        return "\r\n".join([*lines, "", ""]).encode()

    async def _sent(self, head, body):
        """A server may answer before it has all, and say no: its answer is read anyway."""
        writer = self._streams[1]
        writer.write(head)
        try:
            for start in range(0, len(body), PIECE):
                writer.write(body[start : start + PIECE])
                await writer.drain()
        except ConnectionError:
            if not body:
                raise

    async def _received(self):
        reader = self._streams[0]
        status, headers = _parsed(await _until(reader, b"\r\n\r\n"))
        for cookie in headers.pop("set-cookie", []):
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        body = await _body(reader, headers, status)
        if headers.get("connection") == "close":
            self.close()
        return status, headers, body


async def _until(reader, mark):
    try:
        return await reader.readuntil(mark)
    except asyncio.IncompleteReadError as cut:
        raise HungUp(f"{len(cut.partial)} bytes") from cut


def _parsed(head):
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {"set-cookie": []}
    for line in filter(None, lines):
        name, _, value = line.partition(": ")
        if name.lower() == "set-cookie":
            headers["set-cookie"].append(value)
        else:
            headers[name.lower()] = value
    return int(first.split(" ")[1]), headers


async def _body(reader, headers, status):
    try:
        if "content-length" in headers:
            return await reader.readexactly(int(headers["content-length"]))
        if status in (204, 304):
            return b""
        return b"".join([piece async for piece in _chunks(reader)])
    except asyncio.IncompleteReadError as cut:
        raise HungUp(f"{len(cut.partial)} bytes of a body") from cut


async def _chunks(reader):
    while size := int(await _until(reader, b"\r\n"), 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
