"""The page of the four questions, who reads it, and what the activity says of it all."""

import re
from datetime import date, timedelta

import pytest

from models import clock, contact, designation, directive, document, signing, wishes
from models.access import Role
from models.record import Shown
from models.reference.directives import Model

from ..world import LIMITS

DAY = date(2025, 3, 1)
QUESTIONS = [
    "Qui prévenir ?",
    "Qui parle pour moi si je ne peux plus ?",
    "Qu'est-ce que je veux, et ne veux pas ?",
    "Mes organes",
]
# What one page may ask of the database; look-ups of the session and of the access included.
MOST_QUERIES = 8


@pytest.fixture
def alice(visit, world):
    visitor = visit("alice")
    visitor.get(world.section())
    return visitor


def answer_to(page, question):
    """The text between this heading and the next."""
    (heading,) = [h for h in page.soup.select("h2") if said(h) == question]
    words = []
    for element in heading.find_next_siblings():
        if element.name == "h2":
            break
        words.append(said(element))
    return " ".join(words)


def said(element):
    return " ".join(element.get_text(" ").split()).replace(" ,", ",")


def test_the_four_questions_come_in_order_each_with_its_state_and_one_next_step(alice):
    headings = [said(h) for h in alice.page.soup.select("main h2")]
    assert headings[:4] == QUESTIONS
    for question in QUESTIONS[:3]:
        assert "Rien pour l'instant" in answer_to(alice.page, question)
    assert "Pas encore lu" in answer_to(alice.page, QUESTIONS[3])
    assert len(alice.page.soup.select("main a.button")) == 4


def test_each_says_what_it_does_not_do(alice):
    for question in QUESTIONS[:2]:
        assert "aucun accès" in answer_to(alice.page, question)
    assert "ne décide pas à votre place" in answer_to(alice.page, QUESTIONS[1])
    assert "ni oui, ni non" in answer_to(alice.page, QUESTIONS[3])


def step(alice, world, question=QUESTIONS[1]):
    return answer_to(alice.get(world.section()), question)


def test_a_designation_is_told_as_far_as_it_is(alice, world):
    holder = world.access("alice")
    one = designation.begin(holder, signing.Protection.NONE, False)
    assert "Commencée" in step(alice, world)
    designation.choose(holder, one, world.contact())
    designation.prepare(holder, one, [])
    assert "Désignation à signer Paule Imaginaire" in step(alice, world)
    signing.sign(holder, designation.find(holder, one.uid), DAY, world.signed_paper(), LIMITS)
    assert "Valable depuis le 1er mars 2025" in step(alice, world)
    signing.revoke(holder, designation.find(holder, one.uid), clock.today())
    text = step(alice, world)
    assert "Révoquée" in text and "Valable" not in text


def test_directives_are_told_as_far_as_they_are(alice, world):
    asked = QUESTIONS[2]
    one = directive.begin(world.access("alice"), Model.HEALTH)
    assert "Commencées" in step(alice, world, asked)
    assert "Reprendre mes directives" in step(alice, world, asked)
    signing.give_up(world.access("alice"), one)
    world.directive()
    assert "pas encore valables" in step(alice, world, asked)
    world.directive(signed_on=DAY)
    assert "Valables depuis le 1er mars 2025" in step(alice, world, asked)
    world.directive()
    text = step(alice, world, asked)
    assert "Valables depuis" in text and "pas encore valables" in text


def test_a_change_of_trusted_person_asks_to_read_the_directives_again(alice, world):
    world.directive(signed_on=DAY)
    assert "Relisez vos directives" not in step(alice, world, QUESTIONS[2])
    world.designation(signed_on=DAY)
    assert "Relisez vos directives" in step(alice, world, QUESTIONS[2])


def test_a_minor_is_told_why_and_offered_no_form(alice, world):
    world.born(clock.today() - timedelta(days=15 * 366))
    page = alice.get(world.section())
    for question in QUESTIONS[1:3]:
        assert "Pas avant 18 ans" in answer_to(page, question)
    assert "Ajouter une personne" in answer_to(page, QUESTIONS[0])
    assert not page.soup.select("a[href*='/situation'], a[href*='/formulaire']")


def test_who_reads_is_chosen_in_words_and_masking_does_not_change_it(alice, world):
    alice.get(world.section() + "/lecteurs")
    assert alice.page.soup.select_one("[name=shown][checked]")["value"] == "emergency"
    page = alice.submit("Garder ce choix", shown="nobody")
    assert page.notices == ["Votre choix est gardé."]
    assert "Aucun professionnel, même en urgence" in page.text
    alice.get(f"/espaces/{world.record('alice').uid}/documents")
    alice.submit("Masquer tous mes documents")
    assert world.record("alice").wishes_shown == Shown.NOBODY


@pytest.mark.parametrize("shown", ["", "tous"])
def test_an_answer_that_is_not_offered_is_refused_with_a_sentence(alice, world, shown):
    alice.get(world.section() + "/lecteurs")
    page = alice.submit("Garder ce choix", 422, shown=shown)
    assert "Choisissez l'une des réponses" in page.text
    assert world.record("alice").wishes_shown == Shown.EMERGENCY


def test_masking_everything_leaves_the_page_for_those_who_treat(alice, visit, world):
    world.directive(signed_on=DAY, valeurs="La mer.")
    world.paper("Bilan")
    record = world.record("alice").uid
    alice.get(f"/espaces/{record}/documents")
    alice.submit("Masquer tous mes documents")
    world.let_in("bruno", Role.EMERGENCY)
    bruno = visit("bruno")
    assert "La mer." in bruno.get(world.section()).text
    listed = bruno.get(f"/espaces/{record}/documents").text
    assert "Directives anticipées signées" in listed and "Bilan" not in listed


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.EMERGENCY])
def test_a_professional_lands_on_the_page_made_for_her(visit, world, role):
    world.contact(called=True)
    world.let_in("bruno", role)
    page = visit("bruno").get(world.section())
    assert page.address.endswith("/pour-ceux-qui-me-soignent")
    assert "Paule Imaginaire" in page.text
    assert not page.soup.main.select("form:not([action$='/acces/urgence/fin'])")


@pytest.mark.parametrize(
    "shown, role",
    [
        (Shown.NOBODY, Role.PROFESSIONAL),
        (Shown.NOBODY, Role.EMERGENCY),
        (Shown.ACCESS, Role.EMERGENCY),
        (Shown.EMERGENCY, Role.CARER),
    ],
)
def test_whoever_is_kept_from_it_is_told_so_and_reads_nothing(visit, world, shown, role):
    world.directive(signed_on=DAY, valeurs="La mer.")
    wishes.choose_readers(world.access("alice"), shown)
    world.let_in("bruno", role)
    bruno = visit("bruno")
    for address in ("", "/pour-ceux-qui-me-soignent", "/personnes", "/directives", "/carte"):
        page = bruno.get(world.section() + address, 403)
        assert "Votre accès ne permet pas" in page.text and "La mer." not in page.text
    record = world.record("alice").uid
    assert "Directives" not in bruno.get(f"/espaces/{record}/documents").soup.main.get_text()
    paper = directive.history(world.access("alice"))[0].paper
    for end in ("", "/contenu", "/texte"):
        bruno.get(f"/espaces/{record}/documents/{paper.uid}{end}", 404)


def test_a_signed_paper_says_where_it_is_changed_and_offers_nothing_else(alice, world):
    paper = world.directive(signed_on=DAY).paper
    page = alice.get(f"/espaces/{world.record('alice').uid}/documents/{paper.uid}")
    assert "fait partie de « Entourage et volontés »" in page.text.replace("\u00a0", " ")
    words = set(page.buttons())
    assert not words & {"Masquer ce document", "Mettre à la corbeille"}
    assert "Ranger" in words


@pytest.mark.parametrize(
    "act, sent", [("masquage", {"masque": "oui"}), ("suppression", {}), ("modification", {})]
)
def test_a_signed_paper_is_not_changed_by_a_form_left_open(alice, world, act, sent):
    paper, record = world.directive(signed_on=DAY).paper, world.record("alice").uid
    token = alice.get(world.section() + "/lecteurs").soup.select_one("[name=csrf_token]")["value"]
    address = f"/espaces/{record}/documents/{paper.uid}/{act}"
    done = alice.client.post(address, data={"csrf_token": token} | sent, follow_redirects=True)
    assert "Entourage et volontés" in done.get_data(as_text=True) and done.status_code == 200
    kept = document.find(world.access("alice"), paper.uid)
    assert kept.title == paper.title and not kept.masked


PAGES = ["", "/personnes", "/personne-de-confiance", "/directives", "/pour-ceux-qui-me-soignent"]


@pytest.mark.parametrize("path", [*PAGES, "/carte", "/lecteurs", "/organes", "/personnes/ajout"])
@pytest.mark.parametrize("name", ["carole", "diane", "bruno"])
def test_to_a_stranger_the_section_does_not_exist(visit, world, path, name):
    visit(name).get(world.section() + path, 404)


@pytest.mark.parametrize(
    "path",
    ["", "/personnes", "/personne-de-confiance", "/directives", "/pour-ceux-qui-me-soignent"]
    + ["/carte"],
)
def test_a_page_asks_as_much_of_the_database_whatever_it_lists(alice, world, caplog, path):
    address = world.section() + path

    def queries():
        caplog.clear()
        with caplog.at_level("DEBUG", logger="peewee"):
            alice.get(address)
        return len([one for one in caplog.records if "SELECT" in one.getMessage()])

    def more(number):
        world.contact(f"Jean {number}", called=number < 3)
        world.designation(signed_on=DAY + timedelta(days=number))
        world.directive(signed_on=DAY + timedelta(days=number))

    more(0)
    alice.get(address)
    few = queries()
    for number in range(1, 10):
        more(number)
    assert 0 < queries() == few <= MOST_QUERIES


def activity(alice, world, what="volontes"):
    """The sentences, the oldest first."""
    page = alice.get(f"/espaces/{world.record('alice').uid}/activite?quoi={what}")
    for link in page.soup.select("main ol a"):
        link.decompose()
    lines = [said(one).replace("\u00a0", " ") for one in page.soup.select("main ol li")]
    return [re.sub(r"^.* à \d+ h \d\d ", "", line) for line in reversed(lines)]


def test_the_activity_tells_every_act_on_people(alice, world):
    world.contact("Zoé", called=True)
    one = world.contact("Anne", called=True)
    holder = world.access("alice")
    contact.call_earlier(holder, one)
    told = contact.Told("Annie", "Imaginaire", "daughter", phone="06 39 98 00 12", called=True)
    contact.correct(holder, one, told)
    contact.remove(holder, one)
    contact.restore(holder, one)
    alice.get(world.section() + "/lecteurs")
    alice.submit("Garder ce choix", shown="access")
    alice.get(world.section() + "/organes")
    alice.submit("J'ai lu cette page")
    assert activity(alice, world) == [
        "Moi a ajouté à l'entourage « Zoé Imaginaire ».",
        "Moi a ajouté à l'entourage « Anne Imaginaire ».",
        "Moi a changé l'ordre d'appel pour « Anne Imaginaire ».",
        "Moi a modifié la fiche de « Annie Imaginaire ».",
        "Moi a retiré de l'entourage « Annie Imaginaire ».",
        "Moi a remis dans l'entourage « Annie Imaginaire ».",
        "Moi a choisi qui peut lire « Entourage et volontés ».",
        "Moi a lu la page sur le don d'organes.",
    ]


def test_the_activity_tells_every_act_on_the_trusted_person(alice, world):
    holder, one, found = world.access("alice"), world.designation(person=world.contact()), []

    def now():
        return designation.find(holder, one.uid)

    designation.tell(holder, now(), "p@exemple.invalid", lambda t: found.append(t) or "x")
    designation.answer(found[0], True)
    designation.answer(found[0], False)
    signing.sign(holder, now(), DAY, world.signed_paper(), LIMITS)
    signing.withdraw(holder, now())
    signing.sign(holder, now(), DAY, world.signed_paper(), LIMITS)
    signing.revoke(holder, now(), clock.today())
    signing.give_up(holder, world.designation())
    lines = activity(alice, world)
    paper = "« Personne de confiance : désignation signée le 1er mars 2025 »"
    for sentence in (
        "Moi a commencé à désigner une personne de confiance.",
        "Moi a préparé la désignation, à signer, de « Paule Imaginaire ».",
        "Moi a prévenu par e-mail « Paule Imaginaire ».",
        "Paule Imaginaire, par le lien reçu, a accepté d'être la personne de confiance.",
        "Paule Imaginaire, par le lien reçu, a refusé d'être la personne de confiance.",
        f"Moi a joint la désignation signée, {paper}.",
        "Moi a révoqué la personne de confiance.",
        "Moi a abandonné une désignation en préparation.",
    ):
        assert sentence in lines, (sentence, lines)
    assert any(line.startswith("Moi a retiré de la désignation") for line in lines)


def test_the_activity_tells_every_act_on_directives_and_no_answer(alice, world):
    holder = world.access("alice")
    one = world.directive(signed_on=DAY, valeurs="La mer secrète.")
    directive.read_again(holder, one)
    signing.revoke(holder, directive.find(holder, one.uid), clock.today())
    directive.declare(holder, DAY, "Hôpital Fictif", "")
    signing.give_up(holder, directive.begin(holder, Model.HEALTH))
    lines = activity(alice, world)
    for sentence in (
        "Moi a commencé à écrire des directives anticipées.",
        "Moi a répondu aux questions des directives anticipées.",
        "Moi a fini d'écrire des directives anticipées, à signer.",
        "Moi a joint des directives anticipées signées, "
        "« Directives anticipées signées le 1er mars 2025 (révoqué) ».",
        "Moi a relu ses directives anticipées et les garde.",
        "Moi a révoqué des directives anticipées.",
        "Moi a dit où sont ses directives anticipées.",
        "Moi a effacé un brouillon de directives anticipées.",
    ):
        assert sentence in lines, (sentence, lines)
    assert not any("secrète" in line or "Hôpital" in line for line in lines)


def test_the_activity_tells_who_read(alice, visit, world):
    world.let_in("bruno", Role.PROFESSIONAL)
    visit("bruno").get(world.section())
    lines = activity(alice, world, "lectures")
    assert (
        "Bruno Fictif, professionnel de santé, a lu la page « Pour ceux qui me soignent »." in lines
    )
    assert "Moi a regardé « Entourage et volontés »." in lines


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.EMERGENCY])
@pytest.mark.parametrize("path", ["/personnes", "/personne-de-confiance", "/directives", "/carte"])
def test_what_is_not_for_those_who_treat_is_closed_to_them(visit, world, role, path):
    world.contact("Jean", carer=True)
    world.designation(signed_on=DAY)
    world.directive(signed_on=DAY, valeurs="La mer.")
    world.let_in("bruno", role)
    page = visit("bruno").get(world.section() + path, 403)
    assert "Jean" not in page.text and "La mer." not in page.text
