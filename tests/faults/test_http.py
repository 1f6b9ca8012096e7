"""Requests as no browser sends them, to the real server. A proxy in front of it and the server must
agree where a request ends."""

import re
import shutil
import socket

import pytest

from models.settings import Settings

from .test_server import serving

HOST, CLOSE = b"Host: carnet.invalid\r\n", b"Connection: close\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
BEGUN = b"POST /connexion HTTP/1.1\r\n" + HOST + FORM
HIDDEN = b"GET /etat HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


@pytest.fixture(scope="module")
def send(template_folder, tmp_path_factory):
    """The statuses of the answers to these bytes, then what they say, until the server has no more
    to say."""
    folder = tmp_path_factory.mktemp("http") / "instance"
    shutil.copytree(template_folder, folder)
    with serving(Settings(instance=folder)) as (_, address):
        port = int(address.rpartition(":")[2])
        yield lambda sent: heard(port, sent)


def heard(port, sent):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(sent)
        said = b"".join(iter(lambda: line.recv(65536), b""))
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", said)], said


@pytest.mark.parametrize(
    "request_",
    [
        BEGUN + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        BEGUN + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        BEGUN + b"Transfer-Encoding : chunked\r\nContent-Length: 3\r\n\r\nabc",
        BEGUN + b"Content-Length: +3\r\n\r\nabc",
        b"GET /etat HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n",
        b"GET /etat HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 600_000,
    ],
    ids=["two lengths", "unknown coding", "space", "signed length", "null", "too long"],
)
def test_what_two_programs_could_read_in_two_ways_is_refused(send, request_):
    statuses, _ = send(request_)
    assert len(statuses) == 1 and statuses[0] in (400, 431)


@pytest.mark.parametrize("length", [5, 5 + len(HIDDEN)])
def test_chunks_count_and_a_length_beside_them_does_not(send, length):
    """Whatever the length says, the body ends with its last chunk, and what follows is no more
    believed than a request of its own."""
    both = CHUNKED + f"Content-Length: {length}\r\n\r\n".encode()
    statuses, said = send(BEGUN + both + b"0\r\n\r\n" + HIDDEN)
    assert statuses[0] in (303, 400), said
    assert statuses[1:] in ([], [200])


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "DEBUG", "CONNECT", "PROPFIND"])
def test_a_method_that_no_page_has_is_refused_and_tells_nothing_back(send, method):
    cookie = b"Cookie: carnet=secret\r\n\r\n"
    statuses, said = send(f"{method} /aide HTTP/1.1\r\n".encode() + HOST + CLOSE + cookie)
    assert statuses[0] in (400, 404, 405) and b"secret" not in said


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/config", "/.git/", "/.env", "/static/", "/templates/", "/instance/key"),
        *("/static/../app.py", "/static/%2e%2e/app.py", "//etc/passwd", "/static/..%2fapp.py"),
    ],
)
def test_neither_files_nor_folders_are_served_but_those_meant_to_be(send, path):
    statuses, _ = send(f"GET {path} HTTP/1.1\r\n".encode() + HOST + CLOSE + b"\r\n")
    assert statuses == [404] or statuses == [400]


def test_the_server_says_no_version(send):
    _, said = send(b"GET /aide HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n")
    named = re.search(rb"(?im)^server: (.*?)\r", said)[1]
    assert not re.search(rb"\d", named)
