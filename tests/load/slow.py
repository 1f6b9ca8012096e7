"""Connections that stop in the middle and stay: of their headers, of a form, of a file, and those
that do not read what they asked for. From several addresses of this machine, as an attacker has."""

import asyncio
import socket

from .making import Someone

ADDRESSES = [f"127.0.0.{number}" for number in range(2, 10)]
EVERY = 2
FORM = "Content-Type: application/x-www-form-urlencoded"


def connections(port: int, number: int, someone: Someone) -> list[asyncio.Task]:
    """So many, a quarter of each kind; each comes back when it is sent away."""
    kinds = (_headers, _form, _file, _unread)
    return [
        asyncio.create_task(_insist(port, kinds[one % 4](port, someone), ADDRESSES[one % 8]))
        for one in range(number)
    ]


async def _insist(port, begun, address):
    """One byte at a time, and nothing is read."""
    while True:
        with socket.socket() as one:
            one.setblocking(False)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.bind((address, 0))
            try:
                await _drip(one, port, begun)
            except OSError:
                await asyncio.sleep(EVERY)


async def _drip(one, port, begun):
    loop = asyncio.get_running_loop()
    await loop.sock_connect(one, ("127.0.0.1", port))
    await loop.sock_sendall(one, begun)
    while True:
        await asyncio.sleep(EVERY)
        await loop.sock_sendall(one, b"a")


def _headers(port, _someone):
    return f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Slow: ".encode()


def _form(port, _someone):
    lines = ("POST /connexion HTTP/1.1", f"Host: 127.0.0.1:{port}", "Content-Length: 700", FORM)
    return "\r\n".join([*lines, "", "email="]).encode()


def _file(port, someone):
    kind = "Content-Type: multipart/form-data; boundary=slow"
    where = f"POST /espaces/{someone.record}/documents/depot HTTP/1.1"
    lines = (where, f"Host: 127.0.0.1:{port}", "Content-Length: 20000000", kind)
    return "\r\n".join([*lines, f"Cookie: carnet={someone.cookie}", "", "--slow"]).encode()


def _unread(port, someone):
    """The heaviest thing that she has."""
    where = f"GET /espaces/{someone.record}/documents/{someone.documents[0]}/contenu HTTP/1.1"
    lines = (where, f"Host: 127.0.0.1:{port}", f"Cookie: carnet={someone.cookie}")
    return "\r\n".join([*lines, "", ""]).encode()
