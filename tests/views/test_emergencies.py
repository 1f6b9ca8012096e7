"""Emergency access, as the holder chooses it and as a professional uses it, without JavaScript."""

import re
from datetime import date, timedelta

import pytest

from models import clock, wishes
from models.access import RIGHTS, Access, Role
from models.document import Document
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record

from ..models.test_emergency import REASON, WHYS
from ..readability import EASY, LONGEST_SENTENCE, _page, reading

DECLARE = "/professionnel/urgence"
ALICE = {"birth_name": "Exemple", "given_name": "Alice", "birth_date": "14/03/1951"}
# A professional without access, in an emergency, may act so and no other way.
ENDS = {"emergencies.finish", "accesses.leave"}
# Asks for another right by what is to be done with the documents.
BY_ITS_ACT = {"documents.act_on_selection"}


@pytest.fixture
def choose(world):
    return f"/espaces/{world.record('alice').uid}/acces/urgence"


@pytest.fixture
def emma(world, visit):
    """Signed in, before the form."""
    world.professional("emma", full_name="Emma Imaginaire")
    visitor = visit("emma")
    visitor.get(DECLARE)
    return visitor


@pytest.fixture
def inside(emma, world):
    """In the record, by an emergency."""
    declare(emma)
    return emma


def declare(visitor, status=200, **told):
    return visitor.submit(
        "Déclarer l'urgence et entrer", status, **ALICE | {"reason": REASON} | told
    )


def home(world):
    return f"/espaces/{world.record('alice').uid}/"


def banner(page):
    form = page.soup.select_one("main form[action$='/acces/urgence/fin']")
    return " ".join(form.find_parent("div").p.get_text().split()) if form else None


# The holder's choices


def checked(page):
    return {one["value"] for one in page.soup.select("input[type=checkbox][checked]")}


def test_the_three_choices_are_shown_as_they_are_and_kept(visit, world, choose):
    alice = visit("alice")
    assert checked(alice.get(choose)) == {"samu", "others"}
    page = alice.submit("Garder ces choix", allowed=["samu", "masked"])
    assert page.notices == [
        "C'est gardé. En cas d'urgence : oui, le SAMU, pour lire même les documents masqués."
    ]
    record = world.record("alice")
    assert (record.emergency_samu, record.emergency_others, record.emergency_masked) == (1, 0, 1)
    assert checked(alice.get(choose)) == {"samu", "masked"}


def test_masked_documents_go_off_by_themselves_with_the_two_others(visit, world, choose):
    alice = visit("alice")
    alice.get(choose)
    alice.submit("Garder ces choix", allowed=["masked"])
    assert checked(alice.get(choose)) == set()
    page = alice.get(home(world))
    assert "En cas d'urgence : non, personne." in page.text


def test_nothing_ticked_lets_nobody_in(visit, world, choose):
    alice = visit("alice")
    alice.get(choose)
    page = alice.submit("Garder ces choix", allowed=[])
    assert page.notices == ["C'est gardé. En cas d'urgence : non, personne."]
    record = world.record("alice")
    assert record.emergency_samu is record.emergency_others is record.emergency_masked is False


def test_the_page_says_what_happens_before_anything_is_chosen(visit, choose):
    text = visit("alice").get(choose).text
    for words in (
        "Un message part tout de suite : à vous, à l'association, et à la personne de confiance "
        "désignée.",
        "Il lit pendant deux heures au plus. Il n'ajoute rien et ne change rien.",
        "Vous pouvez y mettre fin à tout moment",
        "Un professionnel bloqué n'entre jamais, même en urgence.",
    ):
        assert words in text


def test_the_page_is_reached_from_who_may_enter(visit, world, choose):
    alice = visit("alice")
    alice.get(f"/espaces/{world.record('alice').uid}/acces")
    assert alice.follow("Choisir pour les urgences").address == choose


def test_in_another_s_record_it_speaks_of_her(visit, world, choose):
    world.let_in("bruno", Role.REPRESENTATIVE)
    page = visit("bruno").get(choose)
    assert "Le 15 est appelé pour Alice Exemple." in page.text and "votre espace" not in page.text
    assert "Choisir qui lit mes volontés" not in page.text


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_only_who_decides_opens_the_page(visit, world, choose, role):
    world.let_in("bruno", role)
    assert "Votre accès ne permet pas" in visit("bruno").get(choose, 403).text
    visit("carole").get(choose, 404)


WORDS = {
    (False, False, False): "non, personne",
    (True, True, False): "oui, les professionnels de santé, pour lire les documents visibles",
    (True, True, True): "oui, les professionnels de santé, pour lire même les documents masqués",
    (True, False, False): "oui, le SAMU, pour lire les documents visibles",
    (False, True, False): "oui, les professionnels de santé, sauf le SAMU, pour lire les documents "
    "visibles",
}


@pytest.mark.parametrize("samu, others, masked", WORDS)
def test_the_home_of_the_record_says_the_three_choices(visit, world, samu, others, masked):
    Record.update(emergency_samu=samu, emergency_others=others, emergency_masked=masked).execute()
    expected = f"En cas d'urgence : {WORDS[samu, others, masked]}."
    assert expected in visit("alice").get(home(world)).text


@pytest.mark.parametrize(
    "samu, others, words",
    [
        (True, True, "Les professionnels de santé, en cas d'urgence (selon le métier)"),
        (True, False, "Le SAMU, en cas d'urgence (selon le métier)"),
        (False, True, "Les professionnels de santé, sauf le SAMU, en cas d'urgence"),
        (False, False, None),
    ],
)
def test_a_document_says_who_could_come_in_an_emergency(visit, world, samu, others, words):
    Record.update(emergency_samu=samu, emergency_others=others).execute()
    one = world.paper("Bilan")
    page = visit("alice").get(f"{home(world)}documents/{one.uid}")
    assert (words in page.text) if words else "en cas d'urgence" not in page.text


@pytest.mark.parametrize("masked_too", [True, False])
def test_a_masked_document_says_whether_an_emergency_opens_it(visit, world, masked_too):
    Record.update(emergency_masked=masked_too).execute()
    one = world.paper("Bilan", masked=True)
    page = visit("alice").get(f"{home(world)}documents/{one.uid}")
    assert ("en cas d'urgence" in page.text) is masked_too


@pytest.mark.parametrize(
    "samu, others, words",
    [
        (True, False, "En cas d'urgence, vous laissez entrer : le SAMU."),
        (True, True, "En cas d'urgence, vous laissez entrer : les professionnels de santé."),
        (False, False, "Vous avez refusé tout accès en urgence."),
        (None, None, "En cas d'urgence, vous laissez entrer : personne pour l'instant."),
    ],
)
def test_the_choice_of_readers_reminds_of_this_one(visit, world, samu, others, words):
    Record.update(emergency_samu=samu, emergency_others=others).execute()
    assert words in visit("alice").get(world.section() + "/lecteurs").text


# The declaration


def test_only_a_verified_professional_finds_the_form(visit, world):
    for name in ("alice", "bruno", "diane"):
        visit(name).get(DECLARE, 403)
    assert visit().get(DECLARE).address.startswith("/connexion")


def test_the_law_is_reminded_in_plain_words(emma, visit, world):
    text = emma.page.text
    assert "ne peut pas dire sa volonté" in text and "L1111-17" in text
    assert "Entrer sans en avoir le droit est puni" in text
    assert "Un message part tout de suite" in text
    world.professional("sam", samu=True)
    text = visit("sam").get(DECLARE).text
    assert "pour qui le 15 est appelé" in text and "dire sa volonté" not in text
    assert "est puni" in text


def test_it_goes_straight_to_the_record(emma, world):
    page = declare(emma)
    assert page.address.partition("?")[0] == home(world)
    assert "Espace d'Alice Exemple" in page.text
    assert world.access("emma", "alice").reason == REASON


def test_every_fault_is_said_at_its_field_and_what_was_typed_is_kept(emma):
    page = declare(emma, 422, birth_name="", birth_date="hier", reason="Vite", given_name="Zoé")
    faults = {one["id"] for one in page.soup.select(".wrong")}
    assert faults == {"birth_name-fault", "birth_date-fault", "reason-fault"}
    assert page.soup.select_one("#birth_date")["value"] == "hier"
    assert page.soup.select_one("#given_name")["value"] == "Zoé"
    assert page.soup.select_one("#reason").get_text().strip() == "Vite"
    assert not Access.select().where(Access.role == Role.EMERGENCY).exists()


def answer(page):
    """The whole page but for what was typed, and what each visit makes anew."""
    html = re.sub(r'(csrf_token" value|value)="[^"]*"', "", page.html)
    return page.status, html


@pytest.mark.parametrize("why", WHYS)
def test_no_refusal_tells_who_is_a_member(emma, world, why):
    one = emma_herself(world)
    nobody = declare(emma, 422, birth_name="Personne", given_name="Zoé")
    found = why(world, one)
    if why.__name__ == "suspended":
        # Her desk is closed to her: whatever she asks for, she learns no more.
        emma.get(DECLARE, 403)
        return
    told = {}
    if found:
        told = {
            "birth_name": found.birth_name,
            "given_name": found.given_name,
            "birth_date": f"{found.birth_date:%d/%m/%Y}",
            "member_number": found.member_number,
        }
    emma.get(DECLARE)
    page = declare(emma, 422, **told)
    assert answer(page) == answer(nobody)
    assert "Aucun espace ne s'ouvre en urgence avec ces renseignements." in page.text


def emma_herself(world):
    from models import professional

    return professional.of(world.account("emma"))


def test_the_member_number_opens_the_right_one_of_two(emma, world):
    two = next(one for one in WHYS if one.__name__ == "two_of_them")
    two(world, None)
    page = declare(emma, 422)
    assert "Ajoutez le numéro d'adhérent" in page.text
    page = emma.submit("Déclarer l'urgence et entrer", member_number="a-1")
    assert page.address.partition("?")[0] == home(world)


def test_too_many_attempts_ask_to_wait(emma):
    for _ in range(10):
        declare(emma, 422, given_name="Zoé")
    assert "Trop d'essais" in declare(emma, 422).text
    assert not Access.select().where(Access.role == Role.EMERGENCY).exists()


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.CARER])
def test_whoever_has_an_access_goes_to_it_and_is_told_so(emma, world, role):
    world.let_in("emma", role)
    page = declare(emma)
    assert page.notices == [
        "Vous avez déjà un accès à cet espace : aucune urgence n'a été déclarée."
    ]
    assert banner(page) is None
    assert not Entry.select().where(Entry.act == Act.DECLARED_EMERGENCY.value).exists()


def test_sent_twice_it_is_declared_once(emma, world):
    declare(emma)
    emma.get(DECLARE)
    assert declare(emma).notices == []
    assert Entry.select().where(Entry.act == Act.DECLARED_EMERGENCY.value).count() == 1
    assert Notice.select().where(Notice.subject == "Un accès d'urgence a été déclaré").count() == 2


# During the emergency


def test_the_banner_is_on_every_page_with_the_hour_it_ends(inside, world):
    one = world.paper("Bilan")
    ends = world.access("emma", "alice").ends_at.astimezone(clock.PARIS)
    expected = (
        f"Accès d'urgence à l'espace d'Alice Exemple : lecture seule, jusqu'à {ends.hour} h "
        f"{ends:%M}. Ce que vous ouvrez est noté."
    )
    for path in ("", "documents", f"documents/{one.uid}", "dossiers", "entourage-et-volontes"):
        page = inside.get(home(world) + path)
        assert banner(page).replace("\u00a0", " ").replace("\u202f", " ") == expected, path


def test_no_other_access_has_the_banner(visit, world):
    world.professional("zoe")
    for name, role in (("bruno", Role.CARER), ("zoe", Role.PROFESSIONAL)):
        world.let_in(name, role)
        assert banner(visit(name).get(home(world))) is None
    assert banner(visit("alice").get(home(world))) is None


def test_no_page_offers_anything_to_change(inside, world):
    """Every page that opens, from link to link."""
    world.paper("Bilan")
    world.directive(signed_on=date(2025, 3, 1))
    world.contact(called=True)
    world.folder("Dossier")
    seen, waiting = set(), [home(world)]
    while waiting:
        path = waiting.pop()
        answered = inside.client.get(path)
        if answered.mimetype != "text/html":
            continue
        page = inside.get(path)
        forms = [one["action"] for one in page.soup.select("main form[method=post]")]
        assert all(action.endswith(("/acces/urgence/fin", "/mon-acces/fin")) for action in forms)
        links = {one["href"].partition("#")[0] for one in page.soup.select("a[href]")}
        new = {link for link in links if link.startswith(home(world))} - seen
        seen |= new
        waiting += new
    assert len(seen) > 10


def test_no_act_of_the_record_succeeds_but_its_end(app, inside, world):
    record = world.record("alice").uid
    token = inside.get(DECLARE).soup.select_one("main [name=csrf_token]")["value"]
    acts = 0
    for rule in app.url_map.iter_rules():
        if "record" not in rule.arguments or "POST" not in rule.methods:
            continue
        if rule.endpoint in ENDS | BY_ITS_ACT:
            continue
        path = re.sub(r"<(?:\w+:)?record>", record, str(rule))
        path = re.sub(r"<[^>]+>", "A" * 16, path)
        answered = inside.client.post(path, data={"csrf_token": token})
        assert answered.status_code == 403, rule
        acts += 1
    assert acts > 30


def test_every_act_but_its_end_asks_for_a_right_it_does_not_have(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ENDS | BY_ITS_ACT:
            continue
        if "record" in rule.arguments and "POST" in rule.methods:
            view = app.view_functions[rule.endpoint]
            while not hasattr(view, "right"):
                view = view.__wrapped__
            assert view.right not in RIGHTS[Role.EMERGENCY], rule


@pytest.mark.parametrize("act", ["masquer", "montrer", "jeter", "vers:", "vers:{folder}"])
def test_nothing_is_done_with_documents_either(inside, world, act):
    one, folder = world.paper("Bilan"), world.folder("Dossier")
    token = inside.get(DECLARE).soup.select_one("main [name=csrf_token]")["value"]
    before = Document.get_by_id(one.id).__data__
    told = {"csrf_token": token, "document": one.uid, "geste": act.format(folder=folder.uid)}
    answered = inside.client.post(home(world) + "documents/selection", data=told)
    assert answered.status_code == 403
    assert Document.get_by_id(one.id).__data__ == before


def test_what_is_masked_stays_so_unless_chosen(emma, world):
    world.paper("Visible", masked=False)
    one = world.paper("Caché", text="Un secret.", masked=True)
    declare(emma)
    page = emma.get(home(world) + "documents")
    assert "Visible" in page.text and "Caché" not in page.text
    assert "Caché" not in emma.get(home(world) + "documents?q=secret").text
    for path in ("", "/contenu", "/texte"):
        emma.get(f"{home(world)}documents/{one.uid}{path}", 404)


def test_masked_documents_too_where_it_was_chosen(emma, world):
    Record.update(emergency_masked=True).execute()
    world.paper("Caché", masked=True)
    declare(emma)
    assert "Caché" in emma.get(home(world) + "documents").text


def test_wishes_are_read_or_not_as_the_person_chose(emma, world):
    world.directive(signed_on=date(2025, 3, 1), valeurs="La mer.")
    declare(emma)
    assert "La mer." in emma.get(world.section()).text
    wishes.choose_readers(world.access("alice"), "access")
    assert "La mer." not in emma.get(world.section(), 403).text


# Its end


OVER = "Votre accès est terminé"


def test_one_click_ends_it(inside, world):
    page = inside.submit("J'ai terminé")
    assert page.address.partition("?")[0] == "/professionnel"
    assert page.notices == ["L'accès d'urgence est fini. L'espace ne vous est plus ouvert."]
    assert OVER in inside.get(home(world), 403).text
    assert world.access("emma", "alice") is None


def test_a_page_left_open_two_hours_opens_nothing_more(inside, world):
    one = world.paper("Bilan")
    ends = world.access("emma", "alice").ends_at
    with clock.moved(timedelta(hours=1, minutes=59)):
        inside.client = sign_in_again(inside)
        assert "Bilan" in inside.get(f"{home(world)}documents/{one.uid}").text
    with clock.moved(ends - clock.now()):
        inside.client = sign_in_again(inside)
        page = inside.get(f"{home(world)}documents/{one.uid}", 403)
        assert OVER in page.text and "Bilan" not in page.html


def sign_in_again(visitor):
    """The session itself ends after half an hour without a click."""
    from ..client import Visitor
    from ..world import PASSWORD

    again = Visitor(visitor.client.application)
    again.sign_in("emma@exemple.invalid", PASSWORD)
    return again.client


def test_the_holder_ends_it_and_the_next_click_is_refused(inside, visit, world):
    world.paper("Bilan")
    inside.get(home(world) + "documents")
    alice = visit("alice")
    page = alice.get(f"{home(world)}acces")
    assert "Emma Imaginaire" in page.text
    alice.follow("Voir, ou y mettre fin")
    ending = [a["href"] for a in alice.page.soup.select("main a[href$='/fin']")]
    alice.get(ending[0])
    button = next(one for one in alice.page.buttons() if "fin" in one.lower())
    alice.submit(button)
    page = inside.follow("Bilan", 403)
    assert OVER in page.text
    assert "Alice" not in page.html and "Bilan" not in page.html


def test_the_button_ends_no_other_access(visit, world):
    world.let_in("bruno", Role.CARER)
    bruno = visit("bruno")
    token = bruno.get("/compte").soup.select_one("[name=csrf_token]")["value"]
    address = home(world) + "acces/urgence/fin"
    assert bruno.client.post(address, data={"csrf_token": token}).status_code == 303
    assert world.access("bruno", "alice")


# What is told


def test_the_activity_sets_emergencies_apart(inside, visit, world):
    world.paper("Bilan")
    inside.get(home(world) + "documents")
    inside.follow("Bilan")
    alice = visit("alice")
    page = alice.get(home(world) + "activite?quoi=urgences")
    lines = [" ".join(one.get_text(" ").split()) for one in page.soup.select("main ol li")]
    assert len(lines) == 4 and all(
        "Urgence" in line and "Emma Imaginaire" in line for line in lines
    )
    assert REASON in lines[-1].replace("\u00a0", " ") and "a déclaré une urgence" in lines[-1]
    page = alice.get(home(world) + "activite")
    tagged = [one for one in page.soup.select("main ol li") if one.select_one("b.tag")]
    assert len(tagged) == 4 < len(page.soup.select("main ol li"))


def test_the_activity_says_what_was_chosen(visit, world, choose):
    alice = visit("alice")
    alice.get(choose)
    alice.submit("Garder ces choix", allowed=["samu", "everything"])
    assert "a choisi qui peut entrer en urgence : « le SAMU »" in alice.get(
        home(world) + "activite"
    ).text.replace("\u00a0", " ")


# The words


def test_the_pages_and_the_letters_read_easily(emma, visit, world, choose):
    from models import emergency

    world.professional("sam", samu=True)
    readings = {
        "choose": reading(_page(visit("alice"), choose)),
        "declare": reading(_page(emma, DECLARE)),
        "declare, samu": reading(_page(visit("sam"), DECLARE)),
    }
    for name in ("TO_DECIDERS", "TO_TRUSTED", "TO_OFFICE"):
        text = getattr(emergency, name).format(when="hier", name="Anne", number="2")
        blocks = [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
        readings[name] = reading(blocks)
    hard = {name: (one.ease, one.longest) for name, one in readings.items() if one.ease < EASY}
    long = {n: one.longest for n, one in readings.items() if one.longest_words > LONGEST_SENTENCE}
    assert not hard and not long, (hard, long)
