"""The holder and her professionals: found, let in, made administrators, blocked, given a code."""

from datetime import timedelta

import pytest

from models import access, admission, block, clock, consultation, professional
from models.access import Access, Role
from models.notice import Notice
from models.record import Shown
from models.wishes import choose_readers


@pytest.fixture
def hugo(world):
    return world.professional("hugo", organisation="Cabinet Imaginaire")


@pytest.fixture
def alice(visit):
    return visit("alice")


@pytest.fixture
def here(world):
    return f"/espaces/{world.record('alice').uid}/acces"


def open_page(alice, here, hugo):
    return alice.get(f"{here}/professionnels/{hugo.uid}")


def let_in(alice, here, hugo, status=200, **answers):
    open_page(alice, here, hugo)
    return alice.submit("Donner accès", status, **{"length": "1"} | answers)


def ends(world):
    moment = world.access("hugo", "alice").ends_at
    return moment and (moment - timedelta(seconds=1)).astimezone(clock.PARIS).date()


def test_someone_found_is_let_in_and_enters(alice, here, hugo, visit, world):
    alice.get(here)
    alice.follow("Choisir ou bloquer")
    page = alice.submit("Chercher", q="cabinet medecin")
    assert "Médecin · Cabinet Imaginaire" in page.text
    alice.follow("Hugo Fictif")
    page = alice.submit("Donner accès", length="1")
    assert page.notices == ["C'est fait : Hugo Fictif peut entrer dès maintenant."]
    assert ends(world) == clock.months_later(clock.today(), 1)
    letter = Notice.get(
        Notice.recipient == "hugo@exemple.invalid", Notice.subject.contains("accès")
    )
    assert "Alice" not in letter.body
    assert "Alice Exemple" in visit("hugo").page.text


@pytest.mark.parametrize(
    "length, until, days",
    [("12", "", None), ("toujours", "", 0), ("jour", "+40", 40), ("toujours", "n'importe", 0)],
)
def test_for_as_long_as_she_chooses(alice, here, hugo, world, length, until, days):
    day = clock.today() + timedelta(days=days or 0)
    until = day.strftime("%d/%m/%Y") if until == "+40" else until
    let_in(alice, here, hugo, length=length, until=until)
    wanted = clock.months_later(clock.today(), 12) if days is None else days and day
    assert ends(world) == (wanted or None)


@pytest.mark.parametrize(
    "length, until, field, said",
    [
        ("", "", "length", "Choisissez jusqu'à quand"),
        ("99", "", "until", "Choisissez jusqu'à quand"),
        ("jour", "", "until", "Choisissez jusqu'à quand"),
        ("jour", "31/02/2030", "until", "Choisissez jusqu'à quand"),
        ("jour", "01/01/2020", "until", "Choisissez un jour à venir"),
        ("jour", "01/01/2999", "until", "deux ans au plus"),
    ],
)
def test_a_wrong_length_is_said_at_its_field_and_opens_nothing(
    alice, here, hugo, world, length, until, field, said
):
    page = let_in(alice, here, hugo, 422, length=length, until=until)
    assert said in page.soup.select_one(f"#{field}-fault").get_text()
    assert page.soup.select_one("#until")["value"] == until
    assert world.access("hugo", "alice") is None


@pytest.mark.parametrize("words, status", [("h", 422), ("", 422), ("zz", 200), ("%%", 422)])
def test_looking_for_nobody(alice, here, hugo, words, status):
    page = alice.get(f"{here}/professionnels?q={words.replace('%', '%25')}", status)
    assert "Hugo Fictif" not in page.text
    if status == 422:
        assert "au moins 2 lettres" in page.soup.select_one("#q-fault").get_text()
        assert page.soup.select_one("#q")["value"] == words
    else:
        assert "Personne ne répond" in page.text


def test_whoever_is_in_already_has_no_second_form(alice, here, hugo):
    let_in(alice, here, hugo)
    page = open_page(alice, here, hugo)
    assert "Donner accès" not in page.buttons()
    assert "Voir cet accès" in page.text


def test_an_access_given_meanwhile_is_said_and_not_given_twice(alice, here, hugo, world):
    open_page(alice, here, hugo)
    admission.let_in(world.access("alice"), hugo, None)
    page = alice.submit("Donner accès", 422, length="1")
    assert "déjà un accès" in page.text
    assert Access.select().where(Access.account == hugo.account).count() == 1


def test_the_list_tells_until_when_and_leads_to_the_end(alice, here, hugo, world):
    let_in(alice, here, hugo, length="toujours")
    page = alice.get(f"{here}/professionnels")
    assert "Jusqu'à ce que vous y mettiez fin" in page.text
    alice.follow("Mettre fin à son accès")
    alice.submit("Mettre fin à cet accès")
    assert world.access("hugo", "alice") is None
    assert "Aucun pour l'instant" in alice.get(f"{here}/professionnels").text


def test_an_administrator_is_made_and_unmade_and_the_page_says_what_it_changes(
    alice, here, hugo, world
):
    world.paper("Secret", masked=True)
    let_in(alice, here, hugo)
    page = open_page(alice, here, hugo)
    for words in ("même ceux que vous masquez", "que son métier ne lit pas", "rien masquer"):
        assert words in page.text
    assert world.titles(world.access("hugo", "alice")) == set()
    page = alice.submit("Choisir comme administrateur")
    assert page.notices == ["Hugo Fictif est administrateur."]
    assert world.titles(world.access("hugo", "alice")) == {"Secret"}
    alice.submit("Retirer ce rôle")
    assert world.titles(world.access("hugo", "alice")) == set()


def test_what_the_page_of_the_administrator_says_is_true(world, hugo):
    """It reads all but the wishes kept from everybody; it masks, erases and lets in nobody."""
    holder = world.access("alice")
    world.paper("Radio", category="RADIO_SC")
    dentist = world.professional("irma", "dentist")
    theirs = admission.let_in(holder, dentist, None)
    world.paper("Bilan", category="BIOLOGIE", masked=True)
    world.directive(signed_on=clock.today() - timedelta(days=1))
    choose_readers(holder, Shown.NOBODY)
    admission.make_administrator(holder, theirs, True)
    seen = world.titles(world.access("irma", "alice"))
    assert {"Radio", "Bilan"} <= seen and not any("irective" in title for title in seen)
    rights = world.access("irma", "alice").rights
    assert not rights & {access.Right.MASK, access.Right.DISCARD, access.Right.GRANT}


@pytest.mark.parametrize("role", [Role.CARER, Role.EMERGENCY])
def test_nobody_else_is_made_an_administrator(alice, here, hugo, world, role):
    open_page(alice, here, hugo)
    token = alice.page.soup.select_one("[name=csrf_token]")["value"]
    world.let_in("hugo", role)
    values = {"csrf_token": token, "administrateur": "oui"}
    alice.client.post(f"{here}/professionnels/{hugo.uid}/administrateur", data=values)
    assert not world.access("hugo", "alice").administrator


def test_blocking_is_one_click_says_what_it_stops_and_keeps_her_out(
    alice, here, hugo, visit, world
):
    let_in(alice, here, hugo)
    doctor = visit("hugo")
    record = f"/espaces/{world.record('alice').uid}/"
    doctor.get(record)
    page = alice.get(f"{here}/professionnels")
    for words in ("même en urgence", "pas même ce qu'elle y a déposé"):
        assert words in page.text
    for words in ("déjà lu ou copié", "n'est pas prévenue", "peut encore envoyer"):
        assert words in page.text
    page = alice.submit("Bloquer Hugo Fictif")
    assert page.notices == [
        "C'est fait : Hugo Fictif ne peut plus ouvrir cet espace, même en urgence. "
        "Son accès a pris fin."
    ]
    assert "Annuler" not in page.buttons()
    blocked = doctor.get(record, 404).text
    assert blocked == visit("carole").get(record, 404).text
    assert "Alice" not in doctor.get("/professionnel").text


def test_someone_never_seen_is_blocked_in_advance_and_that_is_undone_in_one_click(
    alice, here, hugo, world
):
    alice.get(f"{here}/professionnels?q=hugo")
    page = alice.submit("Bloquer Hugo Fictif")
    assert "Hugo Fictif" in page.text and "Son accès" not in page.notices[0]
    assert "Bloqué" in alice.get(f"{here}/professionnels?q=hugo").text
    assert "Donner accès" not in open_page(alice, here, hugo).buttons()
    alice.get(f"{here}/blocages")
    page = alice.submit("Débloquer Hugo Fictif")
    assert "Personne n'est bloqué" in page.text
    open_page(alice, here, hugo)
    alice.submit("Bloquer")
    alice.submit("Annuler")
    assert block.standing(world.record("alice"), hugo.account) is None


def test_a_parent_who_is_a_doctor_is_not_blocked_nor_shown_the_button(alice, here, world):
    world.let_in("bruno", Role.REPRESENTATIVE)
    one = world.professional("bruno")
    page = open_page(alice, here, one)
    assert "Bloquer" not in page.buttons() and "Donner accès" not in page.buttons()
    token = page.soup.select_one("[name=csrf_token]")["value"]
    alice.client.post(f"{here}/professionnels/{one.uid}/blocage", data={"csrf_token": token})
    assert world.access("bruno", "alice")


def test_a_holder_who_is_a_professional_neither_lets_herself_in_nor_blocks_herself(
    alice, here, world
):
    one = world.professional("alice", full_name="Alice Exemple")
    alice.come_in("alice@exemple.invalid")  # what was signed in before had too weak a factor
    page = open_page(alice, here, one)
    assert "comme titulaire" in page.text
    assert not {"Bloquer", "Donner accès"} & set(page.buttons())


def test_someone_suspended_may_be_blocked_but_not_let_in(alice, here, hugo, world):
    professional.suspend(world.office, hugo)
    page = open_page(alice, here, hugo)
    assert "suspendu" in page.text and "Donner accès" not in page.buttons()
    alice.submit("Bloquer")
    assert block.standing(world.record("alice"), hugo.account)


def test_the_code_is_shown_once_and_opens(alice, here, hugo, visit, world):
    alice.get(here)
    alice.follow("Préparer un code")
    page = alice.submit("Préparer un code", until="today")
    code = page.soup.select_one(".notice strong").get_text()
    assert len(code) == 9
    assert code not in alice.get(f"{here}/code").html
    doctor = visit("hugo")
    doctor.follow("Entrer un code")
    page = doctor.submit("Ouvrir l'espace", code=code.lower())
    assert page.notices == ["L'espace vous est ouvert."]
    assert "Alice Exemple" in page.title
    page = alice.get(f"{here}/code")
    assert "Hugo Fictif est entré" in page.text


def test_a_code_cancelled_opens_nothing(alice, here, hugo, visit, world):
    alice.get(f"{here}/code")
    page = alice.submit("Préparer un code", until="year")
    code = page.soup.select_one(".notice strong").get_text()
    assert "L'accès donné : 1 an" in page.text.replace("\u00a0", " ")
    page = alice.get(f"{here}/code")
    assert "Un code attend encore" in page.text
    page = alice.submit("Annuler ce code")
    assert page.notices == ["Ce code ne sert plus."]
    doctor = visit("hugo")
    doctor.get("/professionnel/code")
    page = doctor.submit("Ouvrir l'espace", 422, code=code)
    assert "Ce code n'ouvre rien" in page.soup.select_one("#code-fault").get_text()


def test_a_code_without_a_length_is_not_made(alice, here):
    alice.get(f"{here}/code")
    page = alice.submit("Préparer un code", 422)
    assert "Choisissez jusqu'à quand" in page.soup.select_one("#until-fault").get_text()
    assert page.soup.select_one(".fault a[href='#until']")
    assert consultation.Consultation.select().count() == 0


def test_a_parent_does_all_of_it_in_the_record_of_the_child(here, hugo, visit, world):
    world.let_in("bruno", Role.REPRESENTATIVE)
    bruno = visit("bruno")
    page = let_in(bruno, here, hugo)
    assert "Hugo Fictif" in page.title
    page = bruno.get(f"{here}/professionnels")
    assert "Les professionnels de santé" in page.title
    bruno.submit("Bloquer Hugo Fictif")
    assert world.access("hugo", "alice") is None


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_nobody_else_sees_or_does_any_of_it(here, hugo, visit, world, role):
    world.let_in("bruno", role)
    bruno = visit("bruno")
    for end in ("/professionnels", f"/professionnels/{hugo.uid}", "/blocages", "/code"):
        assert "Hugo" not in bruno.get(here + end, 403).text


def test_an_unknown_professional_is_not_there(alice, here):
    alice.get(f"{here}/professionnels/AAAAAAAAAAAAAAAA", 404)


def test_nobody_else_changes_anything_by_posting_to_its_addresses(here, hugo, visit, world):
    ends = ("", "/administrateur", "/blocage")
    addresses = [f"{here}/professionnels/{hugo.uid}{end}" for end in ends]
    addresses += [f"{here}/blocages/{hugo.uid}/levee", f"{here}/code", f"{here}/code/annulation"]
    values = {"length": "12", "until": "today", "administrateur": "oui"}
    theirs = admission.let_in(world.access("alice"), hugo, None)
    world.let_in("bruno", Role.CARER)
    for name, status in (("bruno", 403), ("hugo", 403), ("carole", 404), ("diane", 404)):
        visitor = visit(name)
        token = visitor.get("/compte").soup.select_one("[name=csrf_token]")["value"]
        for address in addresses:
            answer = visitor.client.post(address, data=values | {"csrf_token": token})
            assert answer.status_code == status, (name, address)
    assert not Access.get_by_id(theirs.id).administrator
    assert world.access("hugo", "alice") == theirs
    assert consultation.Consultation.select().count() == 0
