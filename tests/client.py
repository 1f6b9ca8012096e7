"""A browser without JavaScript, that fills in the real forms and judges every page it gets."""

import io
import re

import flask
import pyotp
from bs4 import BeautifulSoup

from models import clock, factor, mail_code, session
from models.account import Account
from models.factor import Factor
from models.notice import Notice
from views.door import welcome
from views.sessions import device

# The only other sites that a page names.
ELSEWHERE = ("defenseurdesdroits", "cnil.fr", "registrenationaldesrefus.fr")
TEXTS = "input:not([type=hidden]), select, textarea"


class Page:
    def __init__(self, response):
        self.response, self.status = response, response.status_code
        self.address = response.request.full_path.rstrip("?")
        self.html = response.get_data(as_text=True)
        self.soup = BeautifulSoup(self.html, "html.parser")

    @property
    def text(self):
        return " ".join(self.soup.main.get_text(" ").split())

    def __str__(self):
        return self.text if self.soup.main else self.html[:500]

    @property
    def title(self):
        return " ".join(self.soup.title.get_text().split())

    @property
    def notices(self):
        return [" ".join(p.get_text().split()) for p in self.soup.select("#notices > div > p")]

    def link(self, words):
        found = [a for a in self.soup.select("a[href]") if words in " ".join(a.get_text().split())]
        assert found, f"no link « {words} » in {self.address}"
        return found[0]["href"]

    def buttons(self):
        return {" ".join(b.get_text().split()): b for b in self.soup.select("form button")}


class Visitor:
    def __init__(self, app):
        self.app, self.client = app, app.test_client()
        self._page = None

    @property
    def page(self):
        """The last one that she got; for who has just come in, the one where signing in leads."""
        if self._page is None and self.client.get_cookie("carnet"):
            self.get("/connexion")
        return self._page

    @page.setter
    def page(self, page):
        self._page = page

    def come_in(self, email):
        """Signed in at once, both steps, where signing in is not what is tried: by its page it
        takes 45 ms, half of them for the password."""
        with self.app.test_request_context():
            token = session.start(Account.named(email), device())
            assert welcome(token)
            given = dict(flask.session)
        with self.client.session_transaction() as cookie:
            cookie.update(given)

    def sign_in(self, email, password):
        """As she does it, on the page, with the second step where there is one: the code is read in
        the letter, or made by her application, which is installed where there must be one."""
        self.get("/connexion")
        return self.enter(email, password)

    def enter(self, email, password):
        """The same where she was led to that page."""
        self.submit("Se connecter", email=email, password=password)
        if self.page.address.startswith("/connexion/code"):
            self.submit("Entrer", code=code_of(email))
        if self.page.address.startswith("/connexion/application"):
            secret = re.search(r"(?:[A-Z2-7]{4} ?){8}", self.page.text)[0]
            self.submit("Installer cette application", code=totp_code("".join(secret.split())))
            self.follow("Continuer sans codes de secours")
        return self.page

    def get(self, address, status=200, **options):
        return self._arrive(self.client.get(address, follow_redirects=True, **options), status)

    def follow(self, words, status=200):
        return self.get(self.page.link(words), status)

    def submit(self, button, status=200, **answers):
        """Press a button of the page, its form filled in; a list of (name, bytes) is files."""
        pressed = self.page.buttons().get(button)
        assert pressed is not None, f"no button « {button} »: {list(self.page.buttons())}"
        form = pressed.find_parent("form")
        values = self._filled(form, answers)
        if pressed.get("name"):
            values[pressed["name"]] = pressed.get("value", "")
        address = form.get("action") or self.page.address
        if form.get("method", "get") == "get":
            response = self.client.get(address, query_string=values, follow_redirects=True)
        else:
            response = self.client.post(address, data=values, follow_redirects=True)
        return self._arrive(response, status)

    def _filled(self, form, answers):
        fields = {field["name"] for field in form.select("[name]")}
        unknown = set(answers) - fields
        assert not unknown, f"no field {unknown} in {sorted(fields)}"
        values = {}
        for name, value in _defaults(form):
            if name not in answers:
                values.setdefault(name, []).append(value)
        for name, value in answers.items():
            values[name] = [_file(*one) for one in value] if _is_files(value) else value
        return values

    def _arrive(self, response, status):
        self.page = Page(response)
        assert self.page.status == status, f"{self.page.status} {self.page.address}: {self.page}"
        if response.mimetype == "text/html":
            judge(self.page)
        return self.page


def code_of(email):
    """What she types as a second factor: made by her application, else read in the last letter."""
    account = Account.named(email)
    mine = [one for one in factor.of(account) if one.kind == factor.Kind.TOTP]
    if not mine:
        return letter_code(email)
    Factor.update(counter=0).execute()  # the same test may sign in twice in half a minute
    return totp_code(mine[0].secret)


def totp_code(secret):
    return pyotp.TOTP(secret).at(clock.now())


def letter_code(email):
    """The last one sent to this address."""
    letters = Notice.select().where(
        (Notice.recipient == email) & (Notice.subject == mail_code.SUBJECT)
    )
    letter = letters.order_by(Notice.id.desc()).get()
    return re.search(r"\b\d{3} \d{3}\b", letter.body)[0]


def judge(page):
    """What every page must be, whatever it shows."""
    soup = page.soup
    headings = soup.select("h1")
    assert len(headings) == 1, f"{page.address}: {len(headings)} h1"
    ids = [element["id"] for element in soup.select("[id]")]
    assert len(ids) == len(set(ids)), f"an id is used twice: {page.address}"
    assert soup.html["lang"] == "fr"
    assert "– Carnet" in page.title and page.title != "– Carnet"
    for field in soup.select(TEXTS):
        named = field.get("aria-label") or soup.select_one(f"label[for='{field.get('id')}']")
        assert named, f"no label: {field}"
        described = (field.get("aria-describedby") or "").split()
        assert all(name in ids for name in described), f"describes nothing: {field}"
    for form in soup.select("form"):
        assert form.select_one("button"), f"no button: {form}"
        if form.get("method") == "post":
            assert form.select_one("[name=csrf_token]"), f"no token: {form}"
    for element in soup.select("[data-hx-target]"):
        assert element.name in ("form", "a"), f"dead without JavaScript: {element}"
        assert soup.select_one(element["data-hx-target"]), f"nothing to replace: {element}"
    assert not soup.select("[style], [onclick], script:not([src])"), f"inline: {page.address}"
    outside = re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*', page.html)
    assert all(any(name in link for name in ELSEWHERE) for link in outside), outside
    if page.status == 422:
        assert page.title.startswith("Erreur : "), page.title


def _defaults(form):
    for field in form.select("input[name], textarea[name]"):
        if field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if field.name == "textarea":
            # As browsers do: a line break right after the tag is not of the text.
            yield field["name"], field.get_text().removeprefix("\n")
        elif field.get("type") != "file":
            yield field["name"], field.get("value", "")
    for field in form.select("select[name]"):
        chosen = field.select_one("option[selected]") or field.select_one("option")
        yield field["name"], chosen.get("value", chosen.get_text())


def _is_files(value):
    return isinstance(value, list) and value and isinstance(value[0], tuple)


def _file(name, content):
    return io.BytesIO(content), name
