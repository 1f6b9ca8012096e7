"""Closing a record from its pages: a copy offered first, plain words, a banner, and a way back."""

from datetime import timedelta

from models import clock, closing
from models.access import DELEGABLE, Role, written
from models.closing import How
from models.notice import Notice
from models.record import Record

from .. import minors
from ..world import PASSWORD

MONTH = timedelta(days=31, hours=2)
BANNER = "Cet espace ferme"


def fresh(world):
    return world.record("alice")


def asked(alice, world, how="archive", status=200, password=PASSWORD):
    alice.get(f"/espaces/{world.record('alice').uid}/cloture")
    return alice.submit("Demander la fermeture", status, how=how, password=password)


def test_found_where_one_looks_and_a_copy_is_offered_first(visit, world):
    alice = visit("alice")
    alice.get(f"/espaces/{world.record('alice').uid}/")
    page = alice.follow("Fermer cet espace")
    assert page.text.index("Tout télécharger") < page.text.index("Demander la fermeture")
    for words in ("Pendant 30 jours", "dix ans", "La loi laisse trois mois"):
        assert words in page.text
    alice.get("/compte")
    assert alice.follow("Fermer cet espace").address == page.address
    assert fresh(world).closing_at is None


def test_asked_every_page_says_it_and_takes_it_back(visit, world):
    alice, uid = visit("alice"), world.record("alice").uid
    page = asked(alice, world)
    assert page.notices and BANNER in page.text and "Annuler la fermeture" in page.buttons()
    for end in ("/", "/documents", "/acces", "/activite", "/entourage-et-volontes"):
        assert BANNER in alice.get(f"/espaces/{uid}{end}").text
    assert "Ajouter des documents" not in alice.get(f"/espaces/{uid}/").text
    page = alice.submit("Annuler la fermeture")
    assert page.notices == ["La fermeture est annulée. Tout est comme avant."]
    assert BANNER not in page.text and fresh(world).closing_at is None


def test_what_is_wrong_is_said_at_its_field_and_kept(visit, world):
    alice = visit("alice")
    page = asked(alice, world, how="erase", status=422, password="faux")
    assert page.soup.select_one("#password-fault") and not page.soup.select_one("#how-fault")
    chosen = page.soup.select_one("[name=how][checked]")
    assert chosen["value"] == "erase"
    assert not page.soup.select_one("#password").get("value")
    alice.get(page.address)
    page = alice.submit("Demander la fermeture", 422)
    assert page.soup.select_one("#how-fault") and page.soup.select_one("#password-fault")
    alice.get(page.address)
    page = alice.client.post(
        page.address, data={"csrf_token": _token(alice), "how": "burn", "password": PASSWORD}
    )
    assert page.status_code == 422 and fresh(world).closing_at is None


def _token(visitor):
    return visitor.page.soup.select_one("[name=csrf_token]")["value"]


def test_looking_closes_nothing(visit, world):
    """HEAD and GET, whatever they carry; a POST without the token of the page."""
    alice, uid = visit("alice"), world.record("alice").uid
    told = {"how": "erase", "password": PASSWORD}
    for address in ("cloture", "cloture/annulation"):
        for method in ("HEAD", "GET"):
            path = f"/espaces/{uid}/{address}"
            alice.client.open(path, method=method, query_string=told, data=told)
    alice.client.post(f"/espaces/{uid}/cloture", data=told)
    assert fresh(world).closing_at is None


def test_posted_twice_it_is_asked_once(visit, world):
    alice, uid = visit("alice"), world.record("alice").uid
    alice.get(f"/espaces/{uid}/cloture")
    told = {"csrf_token": _token(alice), "how": "erase", "password": PASSWORD}
    for _ in range(2):
        assert alice.client.post(f"/espaces/{uid}/cloture", data=told).status_code == 303
    assert Notice.select().where(Notice.subject == closing.SUBJECT).count() == 1
    for status in ("annulée", "Aucune fermeture"):
        answer = alice.client.post(
            f"/espaces/{uid}/cloture/annulation", data=told, follow_redirects=True
        )
        assert status in answer.get_data(as_text=True)


def test_a_carer_of_everything_reaches_none_of_it(visit, world):
    world.let_in("bruno", Role.CARER, given=written(DELEGABLE))
    bruno, uid = visit("bruno"), world.record("alice").uid
    page = bruno.get(f"/espaces/{uid}/")
    assert "Fermer cet espace" not in page.text and "Tout télécharger" not in page.text
    told = {"csrf_token": _token(bruno), "how": "erase", "password": PASSWORD}
    for end in ("cloture", "cloture/annulation", "droits"):
        assert bruno.client.post(f"/espaces/{uid}/{end}", data=told).status_code == 403
    assert fresh(world).closing_at is None


def test_a_carer_is_told_that_it_closes_and_comes_back_if_not(visit, world):
    world.let_in("bruno", Role.CARER)
    bruno, uid = visit("bruno"), world.record("alice").uid
    closing.ask(world.access("alice"), How.ARCHIVE, PASSWORD)
    page = bruno.get(f"/espaces/{uid}/documents", 403)
    assert page.soup.h1.get_text() == "Cet espace va fermer" and "reviendrait" in page.text
    assert "Alice" not in page.html
    closing.cancel(world.access("alice"))
    bruno.get(f"/espaces/{uid}/documents")


def test_nobody_is_let_in_meanwhile_and_is_told_why(visit, world):
    alice, uid = visit("alice"), world.record("alice").uid
    closing.ask(world.access("alice"), How.ARCHIVE, PASSWORD)
    alice.get(f"/espaces/{uid}/acces/code")
    choice = alice.page.soup.select_one("main [name=until]")
    page = alice.submit("Préparer un code", 422, until=choice["value"])
    assert "va l'être" in page.text.replace("’", "'")


def test_looking_as_someone_else_cancels_nothing(visit, world):
    world.let_in("bruno", Role.REPRESENTATIVE)
    closing.ask(world.access("alice"), How.ARCHIVE, PASSWORD)
    alice, who = visit("alice"), world.access("bruno", "alice").uid
    page = alice.get(f"/espaces/{world.record('alice').uid}~{who}/")
    assert "Annuler la fermeture" not in page.buttons()
    path = f"/espaces/{world.record('alice').uid}~{who}/cloture/annulation"
    assert alice.client.post(path, data={"csrf_token": _token(alice)}).status_code == 403
    assert fresh(world).closing_at


def test_a_parent_is_told_of_the_other_and_of_the_18_years(visit, world):
    minors.second(world, minors.activated(world))
    record = Record.get(Record.member_number == "noe")
    page = visit("carole").get(f"/espaces/{record.uid}/cloture")
    assert "Bruno Fictif tient aussi cet espace" in page.text and "À ses 18 ans, Noé" in page.text


def test_work_carries_it_out_and_sign_in_lands_on_the_archives(app, visit, world):
    alice = visit("alice")
    asked(alice, world)
    with clock.moved(MONTH):
        with app.app_context():
            done = app.test_cli_runner().invoke(args=["work"])
        assert done.exit_code == 0, done.output
        page = visit("alice").page
        assert page.address == "/archives"
        assert "Personne ne peut le lire" in page.text and "Rouvrir" in page.text
    assert fresh(world).archived_until
