"""A visitor over HTTP: cookies, the real forms, and how many bytes each answer weighed."""

import http.client
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode

import brotli

MAIL = "/demonstration/courrier"
CODE = r"Votre code de connexion</h2>\s*<p>À {}, .*?\b(\d{{3}} \d{{3}})\b"
FIELD = re.compile(r'name="(csrf_token|sending)" value="([^"]*)"')


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def weight(self) -> int:
        """Bytes on the wire: the body as sent, and the headers."""
        lines = sum(len(name) + len(value) + 4 for name, value in self.headers.items())
        return len("HTTP/1.1 200 OK\r\n\r\n") + lines + len(self.body)

    @property
    def text(self) -> str:
        coded = self.headers.get("content-encoding")
        return (brotli.decompress(self.body) if coded == "br" else self.body).decode()

    @property
    def kept_by_browsers(self) -> bool:
        return "max-age" in self.headers.get("cache-control", "")


class Visitor:
    def __init__(self, port: int):
        self.port, self.cookies = port, {}

    @property
    def headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Accept-Encoding": "br, gzip", "Accept": "text/html", "Cookie": cookies}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), kind)

    def give_password(self, email: str, password: str) -> Answer:
        """What she sends first; a code may be asked for next."""
        return self.post(
            "/connexion", {**self.form("/connexion"), "email": email, "password": password}
        )

    def sign_in(self, email: str, password: str) -> None:
        """By the form, as a person does; `record` is then the address of her own record."""
        answer = self.give_password(email, password)
        assert answer.status == 303, f"the sign-in form answered {answer.status}"
        spaces = self.get(self._confirmed(email, answer.headers["location"])).text
        self.record = re.search(r'href="(/espaces/[\w-]{16})/?"', spaces)[1]

    def _confirmed(self, email, where):
        """Where she goes once the code of the demonstration's mail is given, if one is asked."""
        if not where.startswith("/connexion/code"):
            return where
        fields = dict(FIELD.findall(self.get(where).text))
        code = re.search(CODE.format(re.escape(email)), self.get(MAIL).text, re.DOTALL)[1]
        answer = self.post(where, {**fields, "code": code})
        assert answer.status == 303, f"the form of the code answered {answer.status}"
        return answer.headers["location"]

    def form(self, path: str) -> dict[str, str]:
        """What the form at this address says for itself."""
        return dict(FIELD.findall(self.get(path).text))

    def deposit(self, name: str, content: bytes, fields: dict[str, str]) -> Answer:
        """A file by the form."""
        asked = self.form(f"{self.record}/documents/depot")
        return self.send(name, content, {**asked, **fields})

    def send(self, name: str, content: bytes, fields: dict[str, str]) -> Answer:
        """The same once the form is there; the file is sent in pieces, as a browser does."""
        border = secrets.token_hex(16)
        head, tail = around(border, name, fields)
        kind = {
            "Content-Type": f"multipart/form-data; boundary={border}",
            "Content-Length": str(len(head) + len(content) + len(tail)),
        }
        path = f"{self.record}/documents/depot"
        return self._ask("POST", path, _pieces(head + content + tail), kind)

    def _ask(self, method, path, body=None, more=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body, {**self.headers, **(more or {})})
        got = connection.getresponse()
        answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        for value in got.headers.get_all("Set-Cookie", []):
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        connection.close()
        return answer


class Tags(HTMLParser):
    """The elements of a page, and what a browser fetches to show it."""

    def __init__(self, html: str):
        super().__init__()
        self.count, self.fetched, self.styles = 0, [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.count += 1
        told = dict(attributes)
        if tag in ("script", "img", "iframe", "source") and told.get("src"):
            self.fetched.append(told["src"])
        if tag == "link" and told.get("rel") in ("icon", "stylesheet"):
            self.fetched.append(told["href"])
            self.styles += [told["href"]] * (told["rel"] == "stylesheet")


def around(border, name, fields):
    head = ""
    for field, value in fields.items():
        head += f'--{border}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
    head += f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
    head += "Content-Type: application/octet-stream\r\n\r\n"
    return head.encode(), f"\r\n--{border}--\r\n".encode()


def _pieces(whole: bytes) -> Iterator[bytes]:
    for start in range(0, len(whole), 1 << 16):
        yield whole[start : start + (1 << 16)]
