"""Nothing typed is lost when the session ends: kept, shown again to the same person, then sent."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from jinja2 import ChoiceLoader, DictLoader
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from models import clock
from models.database import database
from models.draft import Draft
from models.session import Session
from tests.world import PASSWORD
from views import commands
from views.forms import DayField, Form, options, required
from views.page import done, page, redirect_to_page

LONG = "\n\nChère équipe 🌷,\r\nje préfère l'été. שלום עולם — مرحبا\r\n" * 200
LATE = timedelta(minutes=40)
KEPT = "Votre session est terminée. Reconnectez-vous : ce que vous avez écrit est gardé."
BACK = "Votre session est terminée. Reconnectez-vous : vous reviendrez où vous étiez."
RESTORED = "Ce que vous aviez écrit est toujours là. Relisez, puis envoyez."
TEMPLATE = """{% extends 'layout.html' %}{% block title %}Essai{% endblock %}{% block main %}
<h1>Essai</h1>
<form method="post" action="{{ request.path }}">{{ ui.token() }}
{{ ui.area(form.text, hint='Un indice.', rows=9) }}{{ ui.field(form.name) }}
{{ ui.field(form.born) }}{{ ui.select(form.kind) }}{{ ui.choices(form.who) }}
{{ ui.checkbox(form.agreed) }}
{{ ui.checkbox(form.unticked) }}{{ ui.field(form.new_password, type='password') }}
{{ ui.field(form.postal_code) }}
{% for choice in form.days.choices %}<label for="d{{ loop.index }}">{{ choice.label }}</label>
<input type="checkbox" id="d{{ loop.index }}" name="days" value="{{ choice.value }}"
{% if choice.value in (form.days.data or []) %} checked{% endif %}>{% endfor %}
<button>Envoyer</button></form>{% endblock %}"""


class Everything(Form):
    text = TextAreaField("Texte", [required("Écrivez un texte.")])
    name = StringField("Nom")
    born = DayField("Jour")
    kind = SelectField("Sorte", choices=options({"": "Choisir…", "a": "A", "b": "B"}))
    who = RadioField("Qui", choices=options({"oui": "Oui", "non": "Non"}), validate_choice=False)
    agreed = BooleanField("D'accord")
    unticked = BooleanField("Pas d'accord")
    days = SelectMultipleField("Jours", choices=options({"lu": "Lu", "ma": "Ma", "me": "Me"}))
    new_password = PasswordField("Secret")
    postal_code = StringField("Code postal")


@pytest.fixture
def received(app):
    """A page with a field of each kind, whose view proposes other answers; what it receives."""
    taken = []

    def essay():
        form = Everything()
        if not form.is_submitted():
            form.text.data, form.kind.data, form.who.data = "Proposé", "a", "non"
            form.unticked.data, form.postal_code.data, form.days.data = True, "35000", ["me"]
        elif form.validate():
            taken.append(form.data)
            return redirect_to_page("/essai")
        return page("essay.html", 422 if form.is_submitted() else 200, form=form)

    app.jinja_env.loader = ChoiceLoader([DictLoader({"essay.html": TEMPLATE}), app.jinja_loader])
    app.add_url_rule("/essai", "essay", essay, methods=["GET", "POST"])
    app.add_url_rule("/essai/fait", "act", lambda: done("essay"), methods=["POST"])
    return taken


ANSWERS = {
    "text": LONG,
    "name": "\u202bנועה 🌷",
    "born": "le 12 mars",
    "kind": "b",
    "who": "oui",
    "agreed": "oui",
    "days": ["lu", "ma"],
    "new_password": "motus-et-bouche",
    "postal_code": "75001",
}


def post(visitor, address, token=None, **data):
    """Send the form of the page that is open, whatever its buttons."""
    token = token or visitor.page.soup.select_one("[name=csrf_token]")["value"]
    response = visitor.client.post(
        address, data={"csrf_token": token} | data, follow_redirects=True
    )
    return visitor._arrive(response, response.status_code)


def sign_in_again(visitor, name="alice"):
    return visitor.enter(f"{name}@exemple.invalid", PASSWORD)


def written(page, name):
    return page.soup.select_one(f"textarea[name={name}]").get_text().removeprefix("\n")


def end_all():
    Session.update(ended_at=clock.now()).execute()


def folders(world):
    return f"/espaces/{world.record('alice').uid}/dossiers"


def test_all_that_was_typed_comes_back_and_is_sent(visit, received):
    alice = visit("alice")
    alice.get("/essai")
    with clock.moved(LATE):
        assert post(alice, "/essai", **ANSWERS).notices == [KEPT]
        shown = sign_in_again(alice)
        assert shown.address == "/essai" and shown.notices == [RESTORED] and shown.status == 200
        assert "motus" not in shown.html
        assert "motus" not in str(database.execute_sql("SELECT * FROM draft").fetchall())
        soup = shown.soup
        assert written(shown, "text") == LONG
        assert soup.select_one("#name")["value"] == ANSWERS["name"]
        assert soup.select_one("#born")["value"] == "le 12 mars"
        assert soup.select_one("option[selected]")["value"] == "b"
        ticked = [(box["name"], box["value"]) for box in soup.select("[checked]")]
        assert ticked == [("who", "oui"), ("agreed", "oui"), ("days", "lu"), ("days", "ma")]
        assert soup.select_one("#postal_code")["value"] == "35000"  # never kept: as proposed
        assert not soup.select(".wrong")
        assert alice.get("/essai").notices == [RESTORED]
        sent = alice.submit("Envoyer", days=["lu", "ma"])
        assert sent.notices == [] and written(sent, "text") == "Proposé"
    (taken,) = received
    assert taken["text"].replace("\r\n", "\n") == LONG.replace("\r\n", "\n")
    assert (taken["kind"], taken["who"], taken["days"]) == ("b", "oui", ["lu", "ma"])
    assert taken["agreed"] and not taken["unticked"]
    assert Draft.select().count() == 0


def test_an_answer_that_is_refused_does_not_forget_the_rest(visit, received):
    alice = visit("alice")
    alice.get("/essai")
    end_all()
    post(alice, "/essai", **ANSWERS)
    sign_in_again(alice)
    refused = alice.submit("Envoyer", status=422, text="")
    assert written(refused, "text") == "" and RESTORED not in refused.notices
    assert written(alice.get("/essai"), "text") == LONG


def test_one_may_start_again_without_it(visit, received):
    alice = visit("alice")
    alice.get("/essai?fait=abcd")
    end_all()
    post(alice, "/essai", text="Un texte.")
    sign_in_again(alice)
    assert written(alice.get("/essai?fait=efgh"), "text") == "Un texte."
    plain = alice.follow("Repartir sans ce texte")
    assert written(plain, "text") == "Proposé" and plain.notices == []
    assert written(alice.get("/essai"), "text") == "Un texte."


def test_the_query_that_names_the_page_counts(visit, received):
    alice = visit("alice")
    alice.get("/essai")
    end_all()
    post(alice, "/essai?de=é&fait=x", text="Un texte.")
    assert sign_in_again(alice).address.startswith("/essai?de=")
    assert alice.page.notices == [RESTORED]
    assert alice.get("/essai?de=2").notices == []
    assert alice.get("/essai").notices == []


def test_a_form_that_is_sent_elsewhere_comes_back_on_the_page_it_was_on(visit, received):
    alice = visit("alice")
    token = alice.get("/essai").soup.select_one("[name=csrf_token]")["value"]
    end_all()
    answer = alice.client.post(
        "/essai/fait",
        data={"csrf_token": token, "name": "Cœur"},
        headers={"Referer": "http://localhost/essai?fait=abcd"},
        follow_redirects=True,
    )
    # It promises nothing: that page may have no such form.
    assert alice._arrive(answer, 200).notices == [BACK]
    assert sign_in_again(alice).notices == [RESTORED]
    assert alice.page.soup.select_one("#name")["value"] == "Cœur"
    post(alice, "/essai/fait")
    assert Draft.select().count() == 0


def test_a_folder_s_name_and_a_button(visit, world):
    alice = visit("alice")
    alice.get(folders(world))
    end_all()
    assert alice.submit("Créer le dossier", name="Cœur d'Élise").notices == [KEPT]
    shown = sign_in_again(alice)
    assert shown.address == folders(world)
    assert shown.soup.select_one("#name")["value"] == "Cœur d'Élise"
    assert alice.submit("Créer le dossier").notices == ["Le dossier « Cœur d'Élise » est créé."]
    assert alice.get(folders(world)).soup.select_one("#name")["value"] == ""
    alice.follow("Cœur d'Élise")
    alice.get(alice.page.address + "/suppression")
    end_all()
    assert post(alice, alice.page.address).notices == [BACK]  # nothing was typed


def test_what_was_typed_wins_over_what_is_there(visit, world):
    paper = world.paper("Avant", author="Dr Fictif")
    address = f"/espaces/{world.record('alice').uid}/documents/{paper.uid}/modification"
    alice = visit("alice")
    alice.get(address)
    with clock.moved(LATE):
        alice.submit("Enregistrer", title="Après", author="", dated="demain")
        soup = sign_in_again(alice).soup
        values = {one["name"]: one["value"] for one in soup.select("main .field input")}
        assert values == {"title": "Après", "dated": "demain", "author": ""}
        alice.submit("Enregistrer", dated="13/03/2024")
    assert world.titles(world.access("alice")) == {"Après"}
    assert Draft.select().count() == 0


@pytest.mark.parametrize("leave", ["idle", "signed out"])
def test_a_deposit_has_only_its_file_to_choose_again(visit, world, leave, settings):
    folder = world.folder("Cœur")
    alice = visit("alice")
    tab = alice.get(f"/espaces/{world.record('alice').uid}/documents/depot")
    sending = tab.soup.select_one("[name=sending]")["value"]
    if leave == "signed out":
        alice.submit("Se déconnecter")
    alice.page = tab
    answers = {"title": "IRM", "dated": "12/03/2020", "folder": folder.uid, "masked": "oui"}
    with clock.moved(LATE):
        shown = alice.submit("Ajouter", files=[("a.txt", b"secret" * 99_999)], **answers)
        assert shown.notices == [KEPT + " Seul le fichier sera à choisir de nouveau."]
        assert not any((settings.instance / "vault/incoming").iterdir())
        shown = sign_in_again(alice)
        assert shown.notices == [RESTORED + " Seul le fichier est à choisir de nouveau."]
        soup = shown.soup
        assert soup.select_one("#title")["value"] == "IRM"
        assert soup.select_one("#dated")["value"] == "12/03/2020"
        assert soup.select_one("#folder option[selected]")["value"] == folder.uid
        assert soup.select_one("[name=masked][checked]")["value"] == "oui"
        assert soup.select_one("[name=sending]")["value"] == sending
        alice.submit("Ajouter", files=[("a.txt", b"Bonjour")], category="ORD_SOIN")
    assert world.masked() == {"IRM"}
    assert Draft.select().count() == 0


def test_with_htmx_too(visit, world):
    alice = visit("alice")
    address = f"/espaces/{world.record('alice').uid}/documents/depot"
    token = alice.get(address).soup.select_one("[name=csrf_token]")["value"]
    end_all()
    answer = alice.client.post(
        address,
        data={"csrf_token": token, "title": "IRM", "files": (BytesIO(b"a"), "a.txt")},
        headers={"HX-Request": "true", "HX-Target": "deposit"},
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/connexion?suite=")
    alice.get(answer.headers["HX-Redirect"])
    assert sign_in_again(alice).soup.select_one("#title")["value"] == "IRM"
    part = alice.client.get(address, headers={"HX-Request": "true", "HX-Target": "deposit"})
    assert "IRM" in part.text and "toujours là" in part.text


def test_from_an_old_tab_after_signing_in_again(visit, world):
    """The session is live but the form is of an older one: it is shown again, ready to send."""
    alice = visit("alice")
    tab = alice.get(folders(world))
    alice.submit("Se déconnecter")
    alice.sign_in("alice@exemple.invalid", PASSWORD)
    alice.page = tab
    shown = alice.submit("Créer le dossier", name="Cœur")
    assert shown.notices == [RESTORED]
    assert shown.soup.select_one("#name")["value"] == "Cœur"


def test_signed_out_on_purpose_it_is_kept_too_even_if_the_browser_was_closed(visit, world):
    for forget_cookie in (False, True):
        alice = visit("alice")
        tab = alice.get(folders(world))
        alice.submit("Se déconnecter")
        alice.page = tab
        if forget_cookie:
            alice.client.delete_cookie("carnet")
        name = f"Cœur {forget_cookie}"
        assert alice.submit("Créer le dossier", name=name).notices == [KEPT]
        assert sign_in_again(alice).soup.select_one("#name")["value"] == name


def test_another_account_on_the_same_computer_learns_nothing(visit, received):
    browser = visit("alice")
    old = browser.get("/essai")
    end_all()
    post(browser, "/essai", text="Ma santé")
    assert sign_in_again(browser, "carole").notices == []
    assert written(browser.page, "text") == "Proposé"
    # Nor from Alice's old tab, which Carole finds and sends: it is kept for Alice.
    token = old.soup.select_one("[name=csrf_token]")["value"]
    shown = post(browser, "/essai", token, text="Ma santé, encore")
    assert "ouverte depuis trop longtemps" in shown.notices[0] and len(shown.notices) == 1
    assert "Ma santé" not in shown.html
    # What Carole sends takes nothing away from Alice.
    browser.submit("Envoyer", text="De Carole")
    assert [row.account.name for row in Draft.select()] == ["Alice Exemple"]
    assert written(visit("alice").get("/essai"), "text") == "Ma santé, encore"


def test_a_stranger_s_post_keeps_nothing(visit, app, received, world):
    stranger, alice = visit(), visit("alice")
    with_token = stranger.get("/connexion").soup.select_one("[name=csrf_token]")["value"]
    for token in ("", "inventé", with_token):
        assert "Se connecter" in post(stranger, "/essai", token or "x", text="Bonjour").title
    assert stranger.page.notices == []
    # Not even with the cookie of a session that ended: the form must be one of ours.
    alice.get("/essai")
    end_all()
    shown = post(alice, "/essai", with_token, text="Bonjour")
    assert shown.notices == [BACK]
    assert Draft.select().count() == 0


def test_a_stranger_s_file_is_not_read(visit, world):
    alice, stranger = visit("alice"), visit()
    address = f"/espaces/{world.record('alice').uid}/documents/depot"
    token = alice.get(address).soup.select_one("[name=csrf_token]")["value"]
    data = {"csrf_token": token, "title": "IRM", "files": (BytesIO(b"a" * 99), "a.txt")}
    answer = stranger.client.post(address, data=data)
    assert answer.status_code == 303
    assert Draft.select().count() == 0


def test_neither_passwords_nor_the_account_s_page(visit):
    alice = visit("alice")
    alice.get("/compte")
    end_all()
    shown = alice.submit("Changer mon mot de passe", current=PASSWORD, password="motus-bouche")
    assert shown.notices == [BACK]
    old = alice.page
    sign_in_again(alice)
    alice.page = old
    shown = alice.enter("alice@exemple.invalid", PASSWORD)
    assert "ouverte depuis trop longtemps" in shown.notices[0]
    assert Draft.select().count() == 0


def test_too_heavy_is_as_today(visit, received):
    alice = visit("alice")
    alice.get("/essai")
    end_all()
    assert post(alice, "/essai", text="a" * 300_000).notices == [BACK]
    assert Draft.select().count() == 0


def test_a_field_without_a_name_is_left_out(visit, received):
    alice = visit("alice")
    token = alice.get("/essai").soup.select_one("[name=csrf_token]")["value"]
    end_all()
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        "--x\r\nContent-Disposition: form-data\r\n\r\nrien\r\n"
        '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nBonjour\r\n--x--\r\n'
    )
    answer = alice.client.post(
        "/essai", data=body.encode(), content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 303
    assert Draft.get().typed == '{"text": ["Bonjour"]}'


def test_seven_days_later_the_work_of_the_day_forgets_it(visit, app, received):
    alice = visit("alice")
    alice.get("/essai")
    end_all()
    post(alice, "/essai", text="Bonjour")
    for days, left in ((6, 1), (8, 0)):
        with clock.moved(timedelta(days=days)), app.app_context():
            commands._work_once()
        assert Draft.select().count() == left


def test_a_page_asks_for_drafts_only_if_it_has_a_form(visit, world, received, monkeypatch):
    asked, run = [], type(database.obj).execute_sql

    def counted(self, sql, *rest, **more):
        asked.append(sql)
        return run(self, sql, *rest, **more)

    alice = visit("alice")
    monkeypatch.setattr(type(database.obj), "execute_sql", counted)
    for address, queries in ((f"{folders(world)[:-9]}/documents", 0), ("/essai", 1)):
        asked.clear()
        alice.get(address)
        assert len([sql for sql in asked if re.search('"draft"', sql)]) == queries
