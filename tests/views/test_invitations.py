"""Invitations on their pages: made in two steps, read out, opened by link and code, answered."""

import re
from datetime import timedelta

import pytest

from models import admission, clock, invitation
from models.access import Access, Measure, Right, Role
from models.account import Account
from models.attempt import Attempt
from models.invitation import WRONG, Invitation, State
from models.notice import Notice
from models.session import Session

from ..invited import SITE, carer, invited, opened, sent, terms
from ..world import PASSWORD

ASKED = {"name": "Zoé Inventée", "link": "ma nièce", "email": "zoe@exemple.invalid", "length": "6"}


def home(world, name="alice"):
    return f"/espaces/{world.record(name).uid}"


@pytest.fixture
def alice(visit, world):
    visitor = visit("alice")
    visitor.get(f"{home(world)}/acces")
    return visitor


@pytest.fixture
def at_form(alice):
    alice.follow("Donner accès à un proche")
    alice.follow("Choisir « Voir mes documents et en ajouter »")
    return alice


def token_of(letter):
    return re.search(r"/invitation/(\S+)", letter.body)[1]


def code_shown(page):
    return page.soup.select_one("strong.brand").get_text()


def the_one():
    return Invitation.select().order_by(Invitation.id.desc()).get()


def open_it(visitor, path, code, status=200):
    visitor.get(path)
    return visitor.submit("Ouvrir l'invitation", status, code=code)


@pytest.fixture
def made(world):
    return invited(world)


def test_in_two_steps_then_the_code_is_there_to_be_read_out(at_form):
    page = at_form.submit("Préparer l'invitation", **ASKED)
    assert page.notices == ["L'e-mail part pour Zoé Inventée. Il reste à lui donner le code."]
    one = the_one()
    assert code_shown(page) == one.written_code == f"{one.code[:4]} {one.code[4:]}"
    assert one.rights == {Right.READ, Right.DEPOSIT}
    assert one.ends_on == clock.months_later(clock.today(), 6)
    letter = Notice.latest(1)[0]
    assert letter.recipient == "zoe@exemple.invalid" and one.code not in letter.body


@pytest.mark.parametrize(
    "choice, ticked",
    [
        ("Voir mes documents", ["read"]),
        ("Voir mes documents et en ajouter", ["read", "deposit"]),
        (
            "Tout gérer pour moi",
            ["read", "deposit", "file", "correct", "discard", "wishes", "trace"],
        ),
    ],
)
def test_each_ready_choice_ticks_what_it_says(alice, choice, ticked):
    alice.follow("Donner accès à un proche")
    page = alice.follow(f"Choisir « {choice} »")
    boxes = page.soup.select("input[type=checkbox][checked]")
    assert [box["value"] for box in boxes] == ticked


def test_each_right_is_adjusted_section_by_section(at_form, world):
    kept = world.folder("À moi")
    at_form.get(at_form.page.address)
    at_form.submit(
        "Préparer l'invitation",
        **ASKED | {"documents": ["read", "discard"], "activity": ["trace"], "folders": [kept.uid]},
    )
    one = the_one()
    assert one.rights == {Right.READ, Right.DISCARD, Right.TRACE}
    assert [row.folder for row in one.exclusions] == [kept]


def test_without_an_email_the_link_is_shown_to_be_sent_by_sms(at_form):
    typed = ASKED | {"email": "", "phone": "06 39 98 00 11"}
    page = at_form.submit("Préparer l'invitation", **typed)
    one = the_one()
    assert f"/invitation/{one.token}" in page.text and one.token_hash
    sms = page.link("Écrire le SMS")
    assert sms.startswith("sms:+33-6-39-98-00-11?body=") and one.token in sms
    assert one.code not in sms


@pytest.mark.parametrize(
    "typed, field, said",
    [
        ({"name": ""}, "name", "Écrivez le prénom"),
        ({"name": "x" * 101}, "name", "trop long"),
        ({"link": ""}, "link", "Écrivez votre lien"),
        ({"email": "zoe@"}, "email", "n'est pas complète"),
        ({"email": ""}, "email", "son e-mail, ou son numéro"),
        ({"email": "Alice@exemple.invalid"}, "email", "votre propre adresse"),
        ({"phone": "06 39"}, "phone", "n'est pas un numéro complet"),
        ({"documents": [], "wishes": []}, "documents", "Choisissez au moins une chose"),
        ({"documents": ["deposit"]}, "documents", "il faut aussi pouvoir lire"),
        ({"length": "jour", "until": ""}, "until", "Choisissez jusqu'à quand"),
        ({"length": "jour", "until": "hier"}, "until", "Choisissez jusqu'à quand"),
        ({"length": "jour", "until": "01/01/2020"}, "until", "un jour à venir"),
        ({"length": "jour", "until": "01/01/2199"}, "until", "deux ans au plus"),
        ({"length": ""}, "length", "Choisissez jusqu'à quand"),
    ],
)
def test_a_wrong_answer_is_said_at_its_field_and_all_that_was_typed_stays(
    at_form, typed, field, said
):
    answers = ASKED | {"phone": "06 39 98 00 11", "wishes": ["wishes"]}
    if field == "email":
        answers["phone"] = ""
    answers |= typed
    page = at_form.submit("Préparer l'invitation", 422, **answers)
    assert said in page.soup.select_one(f"#{field}-fault").get_text()
    assert page.soup.select_one(f".fault a[href='#{field}']")
    assert Invitation.select().count() == 0
    for name in ("name", "link", "email", "phone", "until"):
        assert page.soup.select_one(f"#{name}")["value"] == answers.get(name, "")
    ticked = {box["value"] for box in page.soup.select("input[type=checkbox][checked]")}
    assert ticked == {*answers["wishes"], *answers.get("documents", ["read", "deposit"])}
    chosen = page.soup.select("input[type=radio][checked]")
    assert [one["value"] for one in chosen] == [answers["length"]] * bool(answers["length"])


def test_forged_rights_roles_and_dates_give_nothing(at_form, world, visit):
    page = at_form.page
    token = page.soup.select_one("[name=csrf_token]")["value"]
    forged = {"role": "representative", "measure": "parent", "administrator": "1"}
    forged |= {"given": "grant mask export", "ends_on": "2199-01-01", "agreed_at": "", "tries": "0"}
    forged |= {"token": "a", "code": "AAAAAAAA", "record": world.record("carole").uid}
    sent = {"csrf_token": token, "documents": ["read"], **ASKED, **forged}
    at_form.client.post(page.address, data=sent)
    one = the_one()
    assert (one.role, one.measure, one.given) == (Role.CARER, Measure.NONE, "read")
    assert one.record == world.record("alice") and one.code != "AAAAAAAA"
    assert one.ends_on == clock.months_later(clock.today(), 6)
    sent |= {"documents": ["read", "grant"], "name": "Autre", "email": "autre@exemple.invalid"}
    assert at_form.client.post(page.address, data=sent).status_code == 422
    assert Invitation.select().count() == 1


def test_sent_twice_by_an_impatient_finger_it_is_one_letter(at_form):
    before = Notice.select().count()
    address = at_form.page.address
    at_form.submit("Préparer l'invitation", **ASKED)
    at_form.get(address)
    at_form.submit("Préparer l'invitation", **ASKED)
    assert Invitation.select().count() == 1 and Notice.select().count() == before + 1
    assert code_shown(at_form.page) == the_one().written_code


def test_too_many_letters_are_refused_on_the_page(at_form, world):
    for number in range(10):
        invited(world, name=f"Voisin {number}")
    page = at_form.submit("Préparer l'invitation", 422, **ASKED)
    assert "Trop d'essais" in page.text
    assert page.soup.select_one("#name")["value"] == "Zoé Inventée"


def test_the_code_is_in_no_address_no_notice_and_no_letter(at_form, visit):
    page = at_form.submit("Préparer l'invitation", **ASKED)
    code, written = the_one().code, code_shown(page)
    assert code not in page.address and code not in "".join(page.notices)
    assert page.html.count(written) == 1 and code not in page.html
    visitor = visit()
    path = f"/invitation/{token_of(Notice.latest(1)[0])}"
    visitor.get(path)
    token = visitor.page.soup.select_one("[name=csrf_token]")["value"]
    answer = visitor.client.post(path, data={"csrf_token": token, "code": code})
    assert answer.status_code == 303 and answer.location == "/invitation"
    # Neither secret stays in the browser: its cookie is signed, and can be read there.
    cookie = answer.headers["Set-Cookie"] + visitor.client.get_cookie("carnet").value
    app = visitor.client.application
    signed = app.session_interface.get_signing_serializer(app)
    kept = signed.loads(visitor.client.get_cookie("carnet").value)
    assert kept["invitation"] == the_one().token_hash
    assert code not in cookie + str(kept) and path.split("/")[-1] not in cookie + str(kept)


def test_no_other_site_hears_of_the_link(visit, made):
    page = visit().get(made.path)
    assert page.response.headers["Referrer-Policy"] == "same-origin"
    assert page.response.headers["Cache-Control"] == "no-store"


def test_someone_with_an_account_signs_in_first_and_comes_back_to_the_link(visit, world, made):
    bruno = visit()
    bruno.get(made.path)
    bruno.follow("Connectez-vous d'abord")
    page = bruno.enter("bruno@exemple.invalid", PASSWORD)
    assert page.address == made.path
    page = bruno.submit("Ouvrir l'invitation", code=made.code.lower())
    assert page.title.startswith("Acceptez-vous ?")
    assert "d'Alice Exemple" in page.text and "Bruno Fictif, bruno@exemple.invalid" in page.text
    assert "Lire les documents" in page.text and "Masquer les documents" in page.text
    page = bruno.submit("Accepter")
    assert page.notices == ["C'est fait : l'espace d'Alice Exemple vous est ouvert."]
    assert page.title.startswith("Accueil – Alice Exemple")
    assert world.access("bruno", "alice")


def test_a_newcomer_makes_her_account_on_the_way(visit, world):
    made = invited(world, name="Zoé Inventée", email="zoe@exemple.invalid")
    zoe = visit()
    open_it(zoe, made.path, made.code)
    page = zoe.submit("Accepter, et créer mon compte")
    assert page.soup.select_one("#name")["value"] == "Zoé Inventée"
    assert page.soup.select_one("#email")["value"] == "zoe@exemple.invalid"
    page = zoe.submit("Créer mon compte et entrer", password=PASSWORD)
    assert page.title.startswith("Accueil – Alice Exemple")
    assert world.access("zoe", "alice").role == Role.CARER
    # A session of her own, that the one before does not share.
    assert Session.get(Session.account == world.account("zoe"))
    assert zoe.get("/compte")


@pytest.mark.parametrize(
    "typed, field, said",
    [
        ({"name": ""}, "name", "prénom"),
        ({"email": "zoe"}, "email", "n'est pas complète"),
        ({"email": "carole@exemple.invalid"}, "email", "sert déjà"),
        ({"email": "CAROLE@Exemple.invalid"}, "email", "sert déjà"),
        ({"password": "court"}, "password", "trop court"),
        ({"password": ""}, "password", "trop court"),
        ({"password": "aaaaaaaaaaaaaaaa"}, "password", "se devine"),
    ],
)
def test_a_newcomer_s_mistakes_are_said_and_what_she_typed_stays(visit, made, typed, field, said):
    zoe = visit()
    open_it(zoe, made.path, made.code)
    zoe.submit("Accepter, et créer mon compte")
    answers = {"name": "Zoé Inventée", "email": "zoe@exemple.invalid", "password": PASSWORD} | typed
    page = zoe.submit("Créer mon compte et entrer", 422, **answers)
    assert said in page.soup.select_one(f"#{field}-fault").get_text()
    assert page.soup.select_one("#name")["value"] == answers["name"]
    assert page.soup.select_one("#email")["value"] == answers["email"]
    assert not page.soup.select_one("#password").get("value")
    assert Account.named("zoe@exemple.invalid") is None


def test_forged_fields_make_no_administrator_of_a_newcomer(visit, world, made):
    zoe = visit()
    open_it(zoe, made.path, made.code)
    page = zoe.submit("Accepter, et créer mon compte")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "name": "Zoé", "email": "zoe@exemple.invalid"}
    sent |= {"password": PASSWORD, "office": "1", "role": "holder", "given": "grant mask"}
    sent |= {"measure": "representation", "administrator": "1", "ends_at": "2199-01-01"}
    zoe.client.post(page.address, data=sent)
    entered = world.access("zoe", "alice")
    assert not world.account("zoe").office
    assert (entered.role, entered.measure, entered.administrator) == (Role.CARER, "", False)
    assert entered.rights == {Right.READ, Right.DEPOSIT, Right.LEAVE}
    assert entered.ends_at == made.one.ends_at


def test_refused_nothing_opens_and_the_holder_sees_it(visit, world, made, alice):
    stranger = visit()
    open_it(stranger, made.path, made.code)
    page = stranger.submit("Refuser")
    assert page.notices == ["C'est noté : vous avez refusé. Rien ne s'ouvre."]
    assert made.now().state is State.REFUSED
    page = alice.get(f"{home(world)}/acces")
    assert "Invitation de Bruno Fictif : refusée." in page.text
    page = alice.follow("Bruno Fictif")
    assert "a refusé" in page.text and not page.buttons().keys() & {"Annuler cette invitation"}


def test_an_answer_that_is_none_accepts_nothing(visit, world, made):
    bruno = visit("bruno")
    page = open_it(bruno, made.path, made.code)
    token = page.soup.select_one("[name=csrf_token]")["value"]
    for said in ({}, {"reponse": ""}, {"reponse": "peut-être"}):
        answer = bruno.client.post(page.address, data={"csrf_token": token, **said})
        assert answer.status_code == 400
    assert made.now().state is State.PENDING and world.access("bruno", "alice") is None


def refused_words(page):
    assert page.status == 422
    return page.soup.select_one("#code-fault").get_text().replace("\xa0", " ")


def test_a_wrong_code_and_a_wrong_link_are_refused_in_the_same_words(visit, made):
    visitor = visit()
    pages = [
        open_it(visitor, made.path, "AAAA AAAA", 422),
        open_it(visitor, "/invitation/nulle-part", "AAAA AAAA", 422),
        open_it(visitor, "/invitation/nulle-part", made.code, 422),
    ]
    assert {refused_words(page) for page in pages} == {f"Erreur : {WRONG}"}
    page = open_it(visitor, made.path, "", 422)
    assert "Écrivez le code" in page.text
    assert made.now().tries == 1 and Attempt.select().count() == 1 + 3  # one is of the inviting


def test_the_link_used_once_then_again(visit, world, made):
    bruno = visit("bruno")
    open_it(bruno, made.path, made.code)
    bruno.submit("Accepter")
    assert WRONG in open_it(bruno, made.path, made.code, 422).text.replace("\xa0", " ")
    page = bruno.get("/invitation", 410)
    assert "Alice" not in page.html
    # Whoever pressed twice finds the way.
    bruno.follow("Voir mes espaces")
    assert "Alice Exemple" in bruno.page.text


def test_an_old_cookie_answers_nothing_any_more(visit, world, made):
    """Kept from before the answer, and put back after it."""
    bruno, thief = visit("bruno"), visit()
    open_it(thief, made.path, made.code)
    cookie = thief.client.get_cookie("carnet").value
    open_it(bruno, made.path, made.code)
    bruno.submit("Accepter")
    admission.end(world.access("alice"), world.access("bruno", "alice"))
    thief.client.set_cookie("carnet", cookie)
    for path in ("/invitation", "/invitation/compte"):
        assert "Alice" not in thief.get(path, 410).html


@pytest.mark.parametrize("state", ["cancelled", "expired", "sent again"])
def test_what_happened_meanwhile_is_told_on_the_next_click_and_nothing_more(
    visit, world, made, alice, state
):
    bruno, zoe = visit("bruno"), visit()
    for one in (bruno, zoe):
        open_it(one, made.path, made.code)
    zoe.submit("Accepter, et créer mon compte")
    passed = timedelta(days=8) if state == "expired" else timedelta()
    if state == "cancelled":
        invitation.cancel(world.access("alice"), made.one)
    if state == "sent again":
        invitation.send_again(world.access("alice"), made.one, "Carnet", str)
    with clock.moved(passed):
        if passed:
            bruno.sign_in("bruno@exemple.invalid", PASSWORD)
            assert "Alice" not in bruno.get("/invitation", 410).html
        else:
            assert "Alice" not in bruno.submit("Accepter", 410).html
        typed = {"email": "zoe@exemple.invalid", "password": PASSWORD}
        page = zoe.submit("Créer mon compte et entrer", 410, **typed)
        assert "Alice" not in page.html
    assert Account.named("zoe@exemple.invalid") is None
    assert world.access("bruno", "alice") is None


def test_someone_who_finds_midway_that_she_has_an_account_goes_on_with_it(visit, world, made):
    bruno = visit()
    open_it(bruno, made.path, made.code)
    bruno.submit("Accepter, et créer mon compte")
    typed = {"email": "bruno@exemple.invalid", "password": PASSWORD}
    assert (
        "le lien est sur cette page"
        in bruno.submit("Créer mon compte et entrer", 422, **typed).text
    )
    bruno.get(bruno.page.soup.select_one(".box a")["href"])
    page = bruno.enter(**typed)
    assert page.title.startswith("Acceptez-vous ?")
    bruno.submit("Accepter")
    assert world.access("bruno", "alice")


def test_signed_in_from_the_middle_one_is_told_to_open_the_link_again(visit, world, made):
    bruno = visit()
    open_it(bruno, made.path, made.code)
    bruno.submit("Accepter, et créer mon compte")
    bruno.follow("Se connecter")
    bruno.enter("bruno@exemple.invalid", PASSWORD)
    page = bruno.get("/invitation", 410)
    assert "Rouvrez le lien" in page.text and world.access("bruno", "alice") is None
    open_it(bruno, made.path, made.code)
    bruno.submit("Accepter")
    assert world.access("bruno", "alice")


def test_the_holder_the_office_and_whoever_is_in_are_told_and_nothing_changes(visit, world):
    carer(world, "carole", email="carole@exemple.invalid")
    made = invited(world)
    for name, said in (
        ("alice", "votre propre espace"),
        ("carole", "Vous entrez déjà"),
        ("diane", "ne s'accepte pas avec ce compte"),
    ):
        visitor = visit(name)
        open_it(visitor, made.path, made.code)
        page = visitor.submit("Accepter", 422)
        assert said in page.text
    assert made.now().state is State.PENDING
    assert world.access("diane", "alice") is None


def test_the_page_of_an_invitation_says_what_became_of_it(alice, world, visit):
    made = invited(world)
    address = f"{home(world)}/acces/invitations/{made.one.uid}"
    assert made.one.written_code in alice.get(address).text
    with clock.moved(timedelta(days=8)):
        alice.sign_in("alice@exemple.invalid", PASSWORD)
        page = alice.get(address)
        assert "trop anciens" in page.text and made.one.written_code not in page.html
    alice.come_in("alice@exemple.invalid")
    stale = alice.get(address)
    opened(made)
    invitation.accept(made.one, world.account("bruno"))
    page = alice.get(address)
    assert "Cette invitation est acceptée." in page.text
    assert made.one.written_code not in page.html
    # The page of before is still open in another tab.
    assert stale.buttons()
    alice.page = stale
    page = alice.submit("Annuler cette invitation")
    assert page.notices == ["Cette invitation n'est plus en attente."]
    assert world.access("bruno", "alice")


def test_cancelled_or_sent_again_from_its_page(alice, world, made):
    address = f"{home(world)}/acces/invitations/{made.one.uid}"
    alice.get(address)
    page = alice.submit("Envoyer de nouveau, avec un autre code")
    assert page.notices == ["Le lien et le code sont nouveaux."]
    assert code_shown(page) != made.one.written_code
    page = alice.submit("Annuler cette invitation")
    assert page.notices == ["C'est annulé : le lien et le code ne servent plus."]
    assert "Invitation de Bruno Fictif" not in page.text
    assert made.now().state is State.CANCELLED


def test_locked_the_holder_is_told_why(alice, world, made):
    Invitation.update(tries=10).execute()
    assert "trop de codes faux" in alice.get(f"{home(world)}/acces").text
    page = alice.follow("Bruno Fictif")
    assert "Par sécurité, tout est bloqué" in page.text
    assert made.one.written_code not in page.html


def test_a_parent_certifies_before_she_enters(visit, world):
    world.born(clock.today() - timedelta(days=3000))
    Access.delete().where(Access.record == world.record("alice")).execute()
    father = world.let_in("bruno", Role.REPRESENTATIVE)
    asked = terms("Carole Inventée", email="carole@exemple.invalid")
    made = sent(lambda link: invitation.invite_parent(father, asked, SITE, link))
    carole = visit("carole")
    open_it(carole, made.path, made.code)
    page = carole.submit("Accepter", 422)
    assert "cochez cette case" in page.soup.select_one("#certified-fault").get_text()
    assert world.access("carole", "alice") is None
    carole.submit("Accepter", certified="oui")
    assert world.access("carole", "alice").measure == Measure.PARENT
