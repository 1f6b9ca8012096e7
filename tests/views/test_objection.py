"""Objecting as a member does it, without JavaScript; and as the office notes it."""

from datetime import timedelta

import pytest

from models import activation_code, attempt, clock, helpdesk, objection
from models.activation_code import ActivationCode
from models.formats import typesetting
from models.ledger import Line
from models.objection import Objection
from models.office import Duty
from models.record import Record, State

from .. import minors, printed
from ..client import Visitor
from ..readability import BLOCKS, EASY, LONGEST_SENTENCE, reading
from ..world import LINK, PASSWORD, enrolled

BORN = "31/01/1960"


@pytest.fixture
def newcomer(app):
    return enrolled()


def begin(visitor, code, born=BORN, status=200):
    visitor.get("/opposition")
    return visitor.submit("Continuer", status=status, code=code, birth_date=born)


def objected(visitor, code, born=BORN):
    begin(visitor, code, born)
    return visitor.submit("M'opposer à cet espace")


def of(newcomer):
    return Record.get_by_id(newcomer.record.id)


def code_on(page):
    terms = {dt.get_text(): dt.find_next("dd").get_text() for dt in page.soup.select("dt")}
    return terms["Code pour changer d'avis"]


def test_the_whole_way_and_its_receipt(visit, newcomer):
    visitor = visit()
    page = begin(visitor, activation_code.spaced(newcomer.code).lower())
    assert "Nadia" in page.title and "Fictive" not in page.text and "1960" not in page.text
    assert of(newcomer).state is State.ANNOUNCED
    page = visitor.submit("M'opposer à cet espace")
    record, one = of(newcomer), Objection.get()
    assert record.state is State.OBJECTED and (one.how, one.by) == ("site", "Nadia Fictive")
    assert one.uid in page.text
    answer = visitor.client.get(page.link("Télécharger le reçu"))
    assert answer.mimetype == "application/pdf" and "no-store" in answer.headers["Cache-Control"]
    paper = printed.text(answer.data)
    for said in (
        *(one.uid, "Nadia Fictive", "newcomer", "sur le site"),
        *(code_on(page), "http://127.0.0.1:8000/opposition"),
    ):
        assert said in paper, said
    assert printed.pages(answer.data) == 1 and printed.is_pdf_ua(answer.data)


def test_changing_ones_mind_is_as_easy_and_leads_to_activation(visit, newcomer):
    code = code_on(objected(visit(), newcomer.code))
    for proof in (code, newcomer.code):
        visitor = visit()
        page = begin(visitor, proof)
        assert "Changer d'avis pour l'espace de Nadia" in page.title
        page = visitor.submit("Changer d'avis")
        assert of(newcomer).state is State.ANNOUNCED
        page = visitor.submit("Activer mon espace")
        assert "Est-ce bien vous" in page.title and "Fictive" in page.text
        objected(visit(), proof)


def test_at_once_on_the_page_that_says_it_is_done(visit, newcomer):
    visitor = visit()
    objected(visitor, newcomer.code)
    visitor.follow("Changer d'avis")
    visitor.submit("Changer d'avis")
    visitor.follow("m'opposer à cet espace")
    visitor.submit("M'opposer à cet espace")
    assert of(newcomer).state is State.OBJECTED
    assert Objection.select().where(Objection.withdrawn_at.is_null()).count() == 1


def test_an_old_code_serves_to_object_and_to_come_back_but_not_to_activate(visit, newcomer):
    activation_code.new_code(newcomer.record, LINK, days=42)
    with clock.moved(timedelta(days=400)):
        objected(visit(), newcomer.code)
        visitor = visit()
        begin(visitor, newcomer.code)
        page = visitor.submit("Changer d'avis")
        assert "trop ancien" in page.text and "Activer mon espace" not in page.buttons()
        assert of(newcomer).state is not State.OBJECTED


def test_a_code_without_its_birth_date_says_what_any_wrong_code_says(visit, newcomer):
    said = set()
    for code, born in (("AAAAAAAAAAAA", BORN), (newcomer.code, "01/01/1960")):
        page = begin(visit(), code, born, status=422)
        assert page.soup.select_one("#code")["value"] == code
        assert page.soup.select_one("#birth_date")["value"] == born
        said.add(page.soup.select_one("#code-fault").get_text())
    assert len(said) == 1 and "ne vont pas ensemble" in said.pop()


@pytest.mark.parametrize("code, born", [("", BORN), ("AAAAAAAAAAAA", "hier")])
def test_what_is_not_written_is_asked_at_its_field(visit, newcomer, code, born):
    page = begin(visit(), code, born, status=422)
    assert page.soup.select_one("#birth_date-fault" if code else "#code-fault")


def test_tries_are_counted_with_those_of_the_activation(visit, newcomer):
    for number in range(10):
        visitor = visit()
        visitor.get("/activation" if number % 2 else "/opposition")
        visitor.submit("Continuer", status=422, code=newcomer.code, birth_date="01/01/1960")
    assert "Trop d'essais" in begin(visit(), newcomer.code, status=422).text
    assert of(newcomer).state is State.ANNOUNCED


def test_an_activated_record_is_closed_from_inside(visit, newcomer):
    from .test_activation import answer_all
    from .test_activation import begin as begin_activation

    both = visit(), visit()
    begin(both[0], newcomer.code)
    begin_activation(both[1], newcomer.code)
    answer_all(both[1])
    # A page left open meanwhile does nothing.
    assert "M'opposer, ou changer d'avis" in both[0].submit("M'opposer à cet espace").title
    page = begin(visit(), newcomer.code, status=422)
    assert "Cet espace est activé" in page.text and page.link("Me connecter") == "/connexion"
    assert of(newcomer).state is State.ACTIVATED and not Objection.select().exists()


def test_an_activation_under_way_ends_where_someone_objects(visit, newcomer):
    from .test_activation import begin as begin_activation

    activating = visit()
    begin_activation(activating, newcomer.code)
    activating.submit("Oui, c'est moi")
    objected(visit(), newcomer.code)
    secret = {"email": "autre@exemple.invalid", "password": PASSWORD}
    page = activating.submit("Continuer", **secret)
    assert "Votre code et votre date de naissance" in page.title
    page = begin_activation(activating, newcomer.code, status=422)
    assert "Pour changer d'avis" in page.text


def test_the_later_pages_open_in_no_other_browser(visit, newcomer):
    objected(visit(), newcomer.code)
    other = visit()
    for address in ("confirmation", "faite", "recu", "retrait", "retiree"):
        answer = other.client.get(f"/opposition/{address}")
        assert (answer.status_code, answer.location) == (303, "/opposition"), address
    other.get("/opposition")
    sent = {"csrf_token": csrf(other.page)}
    for address in ("confirmation", "retrait", "activation"):
        answer = other.client.post(f"/opposition/{address}", data=sent)
        assert (answer.status_code, answer.location) == (303, "/opposition"), address
    assert of(newcomer).state is State.OBJECTED


def test_they_close_by_themselves_after_an_hour(visit, newcomer):
    visitor = visit()
    begin(visitor, newcomer.code)
    with clock.moved(timedelta(minutes=61)):
        page = visitor.submit("M'opposer à cet espace")
        assert page.address == "/opposition" and of(newcomer).state is State.ANNOUNCED
        visitor.submit("Continuer", code=newcomer.code, birth_date=BORN)
        visitor.submit("M'opposer à cet espace")
    with clock.moved(timedelta(minutes=122)):
        assert visitor.get("/opposition/recu").address == "/opposition"


def test_the_receipt_of_another_is_in_no_one_s_cookie(visit, app):
    """Whoever proves another code gets the receipt of that one, and not the code of the first."""
    first, second = enrolled("premiere"), enrolled("seconde", birth_given_names="Sylvie")
    visitor = visit()
    code = code_on(objected(visitor, first.code))
    page = objected(visitor, second.code)
    assert code_on(page) != code
    paper = printed.text(visitor.client.get("/opposition/recu").data)
    assert "Sylvie" in paper and "Nadia" not in paper and code not in paper


def test_pressing_twice_objects_once(visit, newcomer):
    visitor = visit()
    begin(visitor, newcomer.code)
    sent = {"csrf_token": csrf(visitor.page)}
    for _ in range(2):
        answer = visitor.client.post("/opposition/confirmation", data=sent)
        assert answer.location == "/opposition/faite"
    assert Objection.select().count() == 1
    assert [entry.act for entry in of(newcomer).entries] == ["objected"]
    assert code_on(visitor.get("/opposition/faite"))


def test_a_head_or_a_post_without_the_token_changes_nothing(visit, newcomer):
    visitor = visit()
    begin(visitor, newcomer.code)
    for method in ("HEAD", "GET", "OPTIONS"):
        visitor.client.open("/opposition/confirmation", method=method)
    visitor.client.post("/opposition/confirmation")
    visitor.client.post("/opposition/confirmation", data={"csrf_token": "x"})
    assert of(newcomer).state is State.ANNOUNCED
    visitor.submit("M'opposer à cet espace")
    visitor.client.head("/opposition/retrait")
    visitor.client.post("/opposition/retrait")
    assert of(newcomer).state is State.OBJECTED


def test_a_parent_certifies_both_ways(visit, app):
    child = minors.enrolled_child()
    born = child.record.birth_date.strftime("%d/%m/%Y")
    visitor = visit()
    page = begin(visitor, child.code, born)
    assert "Noé" in page.title and "certifie" in page.text
    page = visitor.submit("M'opposer à cet espace", status=422)
    assert page.soup.select_one("#certified-fault")
    assert of(child).state is State.ANNOUNCED
    visitor.submit("M'opposer à cet espace", certified="oui")
    assert Objection.get().by == "Un parent ou représentant légal"
    visitor.follow("Changer d'avis")
    visitor.submit("Changer d'avis", status=422)
    assert of(child).state is State.OBJECTED
    visitor.submit("Changer d'avis", certified="oui")
    assert of(child).state is State.ANNOUNCED


def test_a_code_given_to_parents_serves_nothing_once_she_is_18(visit, app):
    child = minors.enrolled_child(minors.aged(17))
    born = child.record.birth_date.strftime("%d/%m/%Y")
    early = visit()
    begin(early, child.code, born)
    with clock.moved(timedelta(days=366)):
        page = begin(visit(), child.code, born, status=422)
        assert "donné aux parents" in page.text
        assert early.get("/opposition/confirmation").address == "/opposition"
    assert of(child).state is State.ANNOUNCED


def test_a_code_made_void_says_what_any_wrong_code_says(visit, newcomer):
    early = visit()
    begin(early, newcomer.code)
    activation_code.void_codes(newcomer.record)
    assert "ne vont pas ensemble" in begin(visit(), newcomer.code, status=422).text
    page = early.submit("M'opposer à cet espace")
    assert page.address == "/opposition" and of(newcomer).state is State.ANNOUNCED


def test_the_pages_that_lead_to_it(visit, app):
    visitor = visit()
    for page in ("/", "/aide", "/conditions", "/plan-du-site", "/activation", "/confidentialite"):
        visitor.get(page)
        assert visitor.page.soup.select("main a[href='/opposition']"), page
        assert "pas encore le faire sur ce site" not in visitor.page.text, page


# --- The office ------------------------------------------------------------------------------


def address(newcomer):
    return f"/association/adherents/{newcomer.record.uid}/opposition"


def test_the_office_notes_it_and_gives_the_receipt(visit, newcomer):
    diane = visit("diane")
    diane.get(address(newcomer))
    page = diane.submit("Noter cette opposition", status=422)
    assert page.soup.select_one("#how-fault") and page.soup.select_one("#checked-fault")
    page = diane.submit("Noter cette opposition", status=422, how="phone")
    assert page.soup.select_one("#how-2[checked]")
    assert of(newcomer).state is State.ANNOUNCED
    page = diane.submit("Noter cette opposition", how="phone", checked="answers")
    assert of(newcomer).state is State.OBJECTED and "par téléphone" in page.text
    paper = printed.text(diane.client.get(page.link("Télécharger le reçu")).data)
    assert "par téléphone" in paper and "Diane Modèle" in paper
    row = ActivationCode.select().order_by(ActivationCode.id.desc()).first()
    assert "Pour activer" in paper and row.good is False  # until she changes her mind
    line = Line.get(Line.act == "noted-objection")
    assert line.about == newcomer.record.uid and line.name == "Diane Modèle"
    assert line.details == {"how": "phone", "checked": "answers"}
    assert "Nadia" not in line.detail
    with clock.moved(timedelta(minutes=20)):
        other = visit("diane")
        other.get(address(newcomer))
        later = other.client.get(other.page.link("Télécharger le reçu"))
        assert "Pour activer" not in printed.text(later.data)
    diane.follow("Noter ce changement d'avis")
    diane.submit("Noter ce changement d'avis", status=422)
    page = diane.submit("Noter ce changement d'avis", how="desk", checked="card")
    assert of(newcomer).state is State.ANNOUNCED and "Noter cette opposition" in page.buttons()
    assert Line.get(Line.act == "withdrew-objection").about == newcomer.record.uid
    acts = [(entry.act, entry.actor, entry.role) for entry in of(newcomer).entries]
    assert acts == [
        ("objected", "Diane Modèle", "office"),
        ("withdrew-objection", "Diane Modèle", "office"),
    ]


def test_the_office_notes_nothing_of_an_activated_record(visit, world):
    diane = visit("diane")
    uid = world.record("alice").uid
    page = diane.get(f"/association/adherents/{uid}/opposition")
    assert "se ferme de l'intérieur" in page.text and "Noter cette opposition" not in page.buttons()
    diane.get(f"/association/adherents/{enrolled().record.uid}/opposition")
    sent = {"csrf_token": csrf(diane.page)}
    sent |= {"how": "phone", "checked": "card"}
    for path in ("opposition", "opposition/retrait"):
        answer = diane.client.post(f"/association/adherents/{uid}/{path}", data=sent)
        assert answer.status_code == 422, path
    assert world.record("alice").state is State.ACTIVATED and not Line.select().where(
        Line.about == uid
    )


def test_the_office_gets_no_code_of_what_it_did_not_note(visit, newcomer):
    """With one, and a birth date, whoever works there could go on in her place, without a trace."""
    diane = visit("diane")
    token = csrf(diane.get(address(newcomer)))
    objected(visit(), newcomer.code)
    codes = ActivationCode.select().count()
    sent = {"csrf_token": token, "how": "phone", "checked": "known"}
    assert diane.client.post(address(newcomer), data=sent).status_code == 303
    assert ActivationCode.select().count() == codes and not Line.select().where(
        Line.act == "noted-objection"
    )
    paper = printed.text(diane.client.get(address(newcomer) + "/recu").data)
    assert "sur le site" in paper and "Pour activer" not in paper


def csrf(page):
    return page.soup.select_one("[name=csrf_token]")["value"]


def test_who_helps_members_notes_it_for_those_she_looked_for(app, world, visit, newcomer):
    from models.account import Account

    Account.update(duty=Duty.SUPPORT.value).where(Account.name == "Diane Modèle").execute()
    diane = visit("diane")
    diane.get(address(newcomer), status=404)
    actor = helpdesk.Actor(world.account("diane").id, "Diane Modèle", "office")
    helpdesk.look_for(helpdesk.Asked("newcomer"), actor)
    diane.get(address(newcomer))
    diane.submit("Noter cette opposition", how="letter", checked="copy")
    assert of(newcomer).state is State.OBJECTED


def test_a_receipt_kept_in_the_office_s_cookie_is_of_one_member(visit, app):
    first, second = enrolled("premiere"), enrolled("seconde", birth_given_names="Sylvie")
    diane = visit("diane")
    for one in (second, first):
        diane.get(address(one))
        diane.submit("Noter cette opposition", how="letter", checked="copy")
    paper = printed.text(diane.client.get(address(second) + "/recu").data)
    assert "Sylvie" in paper and "Pour activer" not in paper
    assert Visitor(app).client.get(address(second) + "/recu").status_code == 303


def test_both_ways_are_refused_when_the_form_makes_no_sense(app, newcomer):
    told = objection.Told("site", "card")
    with pytest.raises(objection.Refusal):
        told.refuse_nonsense()


# --- Its words -------------------------------------------------------------------------------


def blocks(page):
    found = page.soup.main.select(BLOCKS)
    return [" ".join(one.get_text(" ").split()) for one in found if one.get_text(strip=True)]


def test_every_page_and_the_letter_read_easily(visit, newcomer):
    visitor, pages = visit(), []
    pages.append(visitor.get("/opposition"))
    pages.append(visitor.submit("Continuer", code=newcomer.code, birth_date=BORN))
    pages.append(visitor.submit("M'opposer à cet espace"))
    pages.append(visitor.follow("Changer d'avis"))
    pages.append(visitor.submit("Changer d'avis"))
    diane = visit("diane")
    pages.append(diane.get(address(newcomer)))
    pages.append(diane.submit("Noter cette opposition", how="phone", checked="card"))
    pages.append(diane.follow("Noter ce changement d'avis"))
    said = {page.title: blocks(page) for page in pages}
    said["letter"] = [part.replace("\n", " ") for part in objection.LETTER.strip().split("\n\n")]
    readings = {
        name: reading([one for one in words if len(one) > 3]) for name, words in said.items()
    }
    hard = {name: one.ease for name, one in readings.items() if one.ease < EASY}
    long = {one.longest for one in readings.values() if one.longest_words > LONGEST_SENTENCE}
    assert not hard and not long, (hard, long)


def test_the_receipt_is_not_made_without_end(visit, newcomer, monkeypatch):
    visitor = visit()
    begin(visitor, newcomer.code)
    visitor.submit("M'opposer à cet espace")
    made = []
    monkeypatch.setattr(typesetting, "pdf", lambda sheet: made.append(sheet) or b"%PDF-")
    for _ in range(attempt.FREE_TOGETHER["receipt"]):
        assert visitor.client.get("/opposition/recu").status_code == 200
    page = visitor.get("/opposition/recu")
    assert page.address.startswith("/opposition/faite") and "Trop d'essais" in page.notices[0]
    assert len(made) == attempt.FREE_TOGETHER["receipt"]
    with clock.moved(timedelta(minutes=2)):
        assert visitor.client.get("/opposition/recu").status_code == 200
