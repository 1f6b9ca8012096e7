"""What must hold for every route, those of today and those to come."""

import re

from models.access import Right

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
    "activation.account",
    "activation.terms",
    "activation.visibility",
    "activation.emergency",
    "objection.begin",
    "objection.confirm",
    "objection.done",
    "objection.receipt",
    "objection.withdraw",
    "objection.withdrawn",
    "objection.activate",
    "sessions.new",
    "sessions.create",
    "sessions.delete",
    "factor.confirm",
    "provider.sign_in",
    "provider.come_back",
    "factor.send",
    "passkeys.sign_in",
    "passkeys.give",
    "passkeys.enrol",
    "totp.enrol",
    "passwords.forgotten",
    "passwords.change",
    "email_changes.undo",
    "rescues.answer",
    "trust.answer",
    "invitations.begin",
    "invitations.answer",
    "invitations.account",
    "shares.begin",
    "shares.read",
    "shares.content",
    "shares.piece",
    "matrix.index",
    "chronicle.explain",
    "chronicle.program",
    "demonstration.mail",
    "security.contact",
    "fhir.metadata",
    # By a token of their own.
    "fhir.transaction",
    "fhir.reference",
}
# Named by a standard.
STANDARD = {"/fhir/DocumentReference", "/.well-known/security.txt"}
# Their address carries a secret, received by e-mail.
BY_A_SECRET = {
    *("passwords.change", "trust.answer", "invitations.begin", "shares.begin"),
    *("email_changes.undo", "rescues.answer"),
}
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
        if plain in STANDARD:
            continue
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


def _unwrapped(view):
    """The decorated view that carries its right."""
    while not hasattr(view, "right"):
        view = view.__wrapped__
    return view
