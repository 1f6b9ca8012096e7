"""What must hold for every route, those of today and those to come."""

import re
from datetime import date

import pytest

from models.access import Right, Role

ID = "AAAAAAAAAAAAAAAA"
PUBLIC = {
    "home.index",
    "home.help",
    "home.accessibility",
    "home.privacy",
    "home.legal",
    "home.terms",
    "home.map",
    "home.state",
    "activation.begin",
    "activation.lost_code",
    "activation.identity",
    "activation.credentials",
    "activation.terms",
    "activation.visibility",
    "activation.emergency",
    "sessions.new",
    "sessions.create",
    "sessions.delete",
    "passwords.forgotten",
    "passwords.change",
    "trust.answer",
    "demonstration.mail",
}
# Their address carries a secret, received by e-mail.
BY_A_SECRET = {"passwords.change", "trust.answer"}
WITHOUT_A_RIGHT = {"records.show"}


def rules(app):
    return sorted(app.url_map.iter_rules(), key=str)


def address(rule, **names):
    values = {name: names.get(name, ID) for name in rule.arguments}
    for name, value in values.items():
        rule = re.sub(rf"<(?:\w+:)?{name}>", value, str(rule))
    return str(rule)


def test_what_is_public_is_listed_here(app):
    public = {
        rule.endpoint
        for rule in rules(app)
        if getattr(app.view_functions[rule.endpoint], "public", False)
    }
    assert public == PUBLIC


def test_every_other_route_asks_a_visitor_to_sign_in(app):
    for rule in rules(app):
        if rule.endpoint in PUBLIC:
            continue
        for method in rule.methods & {"GET", "POST"}:
            answer = app.test_client().open(address(rule), method=method)
            assert answer.status_code == 303, (rule, method)
            assert answer.location.startswith("/connexion"), (rule, method)


def test_addresses_are_kebab_case_and_their_ids_are_typed(app):
    for rule in rules(app):
        plain = re.sub(r"<[^>]+>", "x", str(rule))
        assert re.fullmatch(r"[a-z0-9/-]+", plain), rule
        for kind in re.findall(r"<(\w+:)?\w+>", str(rule)):
            assert kind == "uid:" or rule.endpoint in BY_A_SECRET, rule


def test_every_view_of_a_record_says_which_right_it_needs(app):
    for rule in rules(app):
        if "record" not in rule.arguments:
            continue
        view = _unwrapped(app.view_functions[rule.endpoint])
        if rule.endpoint not in WITHOUT_A_RIGHT:
            assert isinstance(view.right, Right), f"{rule.endpoint} does not say"


def test_a_post_without_the_page_s_token_changes_nothing(app, visit, world):
    alice = visit("alice")
    record = world.record("alice")
    alice.client.post(f"/espaces/{record.uid}/documents/masquage", data={"masque": "oui"})
    assert not world.record("alice").masked_by_default


def test_every_answer_is_hardened(visit, world):
    alice = visit("alice")
    for path in ("/", "/connexion", f"/espaces/{world.record('alice').uid}/documents", "/nulle"):
        headers = alice.client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_static_files_are_kept_for_ever(visit):
    page = visit().get("/")
    scripts = [script["src"] for script in page.soup.select("script[src]")]
    assert len(scripts) == 2
    for script in scripts:
        answer = visit().client.get(script)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


def test_htmx_is_the_one_of_its_package(visit):
    from views.assets import HTMX, addresses

    answer = visit().client.get(addresses()["htmx.min.js"])
    assert answer.get_data() == HTMX.read_bytes()


PEOPLE = ["stranger", "office", "carer", "revoked", "professional", "representative", "holder"]


@pytest.fixture
def people(world, visit):
    """Everyone who may knock at Alice's record, signed in."""
    from models import clock
    from models.account import Account

    def known(name, role=None, **given):
        one = visit()
        account = world.account("bruno")
        Account.create(
            email=f"{name}@exemple.invalid", name=name, password_hash=account.password_hash
        )
        if role:
            world.let_in(name, role, **given)
        one.sign_in(f"{name}@exemple.invalid", "rivière-tambour-citron-58")
        return one

    return {
        "stranger": visit("carole"),
        "office": visit("diane"),
        "carer": known("carer", Role.CARER),
        "revoked": known("revoked", Role.HOLDER, revoked_at=clock.now()),
        "professional": known("professional", Role.PROFESSIONAL),
        "representative": known("representative", Role.REPRESENTATIVE),
        "holder": visit("alice"),
    }


def expected(person, right):
    """404 to a stranger, 403 to someone who lacks the right, and the way open to the others."""
    from models.access import RIGHTS

    if person in ("stranger", "office", "revoked"):
        return {404}
    if right and right not in RIGHTS[Role(person)]:
        return {403}
    return {200, 303, 400, 422}


def test_the_access_matrix(app, world, people):
    """Route × person → answer, on things that exist."""
    names = {"record": world.record("alice").uid}
    for rule in rules(app):
        if "record" not in rule.arguments:
            continue
        view = _unwrapped(app.view_functions[rule.endpoint])
        for method in sorted(rule.methods & {"GET", "POST"}):
            for person in PEOPLE:
                names["one"] = _something(world, rule)
                wanted = expected(person, view.right)
                got = _asked(people[person], address(rule, **names), method)
                assert got in wanted, (person, method, str(rule), got)


def _asked(visitor, path, method):
    if method == "GET":
        return visitor.client.get(path).status_code
    token = visitor.get("/aide") and visitor.get("/compte").soup.select_one("[name=csrf_token]")
    return visitor.client.post(path, data={"csrf_token": token["value"]}).status_code


def _something(world, rule):
    """What the address is about, in the state it needs."""
    from models import bin

    noun = rule.endpoint.partition(".")[0]
    if noun in WISHES and "one" in rule.arguments:
        return WISHES[noun](world, rule).uid
    if "dossiers" in str(rule):
        world.number += 1
        return world.folder(f"Dossier {world.number}").uid
    paper = world.paper()
    if "corbeille" in str(rule):
        holder = world.access("alice")
        bin.discard(holder, [paper])
    return paper.uid


def _contact(world, rule):
    from models import contact

    _forget_wishes(world)
    one = world.contact()
    if rule.endpoint.endswith("restore"):
        contact.remove(world.access("alice"), one)
    return one


def _designation(world, rule):
    _forget_wishes(world)
    return world.designation(*_signed(rule))


def _directive(world, rule):
    _forget_wishes(world)
    return world.directive(*_signed(rule))


def _signed(rule):
    """When it was signed and revoked, as the address needs it."""
    signed, revoked = date(2025, 3, 1), date(2025, 4, 1)
    if "/revocation/feuille" in str(rule):
        return signed, revoked
    valid = rule.endpoint.partition(".")[2] in ("show", "withdraw", "revoke", "read_again")
    return (signed, None) if valid else (None, None)


def _forget_wishes(world):
    from models.contact import Contact
    from models.designation import Designation
    from models.directive import Directive

    for table in (Designation, Directive, Contact):
        table.delete().execute()


WISHES = {"contacts": _contact, "designations": _designation, "directives": _directive}


def _unwrapped(view):
    """The decorated view that carries its right."""
    while not hasattr(view, "right"):
        view = view.__wrapped__
    return view
