"""Advance directives, question by question, deposited or declared; and nothing typed is lost."""

from datetime import date, timedelta

import pytest

from models import clock, directive, signing
from models.access import Role
from models.directive import LONGEST_ANSWER, Directive, Way
from models.document import Document
from models.reference.directives import FORMS, Model
from models.signing import State

from ..world import picture

DAY = date(2025, 3, 1)
HEALTH = [one.code for one in FORMS[Model.HEALTH].questions]
CHOICE = next(one.code for one in FORMS[Model.HEALTH].questions if one.answers)
PAPER = [("signé.png", picture("Papier."))]


@pytest.fixture
def path(world):
    return world.section() + "/directives"


@pytest.fixture
def alice(visit, path):
    visitor = visit("alice")
    visitor.get(path)
    return visitor


@pytest.fixture
def asked(alice):
    """The first question, once begun."""
    alice.follow("Écrire mes directives")
    alice.submit("Commencer", model="b")
    return alice


def rows(world):
    return directive.history(world.access("alice"))


def states(world):
    return [one.state for one in rows(world)]


def words(world):
    return {each.question.code: each.words for each in rows(world)[0].given_answers}


def test_every_question_has_its_page_and_the_last_leads_to_read_all_again(asked, world):
    for place, question in enumerate(FORMS[Model.HEALTH].questions, start=1):
        text = asked.page.text.replace("\u00a0", " ")
        assert f"Question {place} sur {len(HEALTH)}" in text and question.title in text
        for example in question.examples:
            assert f"« {example} »" in text
        asked.submit("Garder et continuer", words=f"Réponse {place}.")
    assert "Relire mes réponses" in asked.page.text
    assert words(world) == {code: f"Réponse {n}." for n, code in enumerate(HEALTH, start=1)}


def test_the_path_from_nothing_to_valid(asked, world):
    asked.submit("Garder et tout relire", words="La mer.")
    page = asked.submit("Préparer le document à signer", birthplace="Rennes, France")
    assert page.notices == [
        "Votre document est prêt. Il reste à l'imprimer, le dater et le signer."
    ]
    asked.follow("Lire le document ici")
    for said in ("La mer.", "Exemple", "14 mars 1951", "Rennes, France"):
        assert said in asked.page.text
    asked.get(asked.page.address.removesuffix("/feuille"))
    asked.follow("Joindre le papier signé")
    page = asked.submit("Joindre ce papier", files=PAPER, signed_on="01/03/2025")
    assert "sont valables" in page.notices[0]
    assert "Valables depuis le 1er mars 2025" in page.text
    assert states(world) == [State.VALID]


def test_a_situation_must_be_chosen_and_none_is_beforehand(alice, world):
    alice.follow("Écrire mes directives")
    assert not alice.page.soup.select("main [checked]")
    assert "Choisissez l'une des deux réponses" in alice.submit("Commencer", 422).text
    assert states(world) == []


@pytest.mark.parametrize("model", ["", "c", "A"])
def test_a_situation_that_is_not_offered_is_refused(alice, world, model):
    alice.follow("Écrire mes directives")
    alice.submit("Commencer", 422, model=model)
    assert states(world) == []


def test_no_answer_is_chosen_beforehand(asked, path):
    address = asked.page.address.partition("?")[0]
    for code in HEALTH:
        page = asked.get(f"{address}?question={code}")
        assert not page.soup.select("main [checked]"), code
        assert page.soup.select_one("#words").get_text().strip() == ""


def test_everything_may_be_left_empty_but_not_the_document(asked, world):
    for _ in HEALTH:
        asked.submit("Garder et continuer")
    page = asked.submit("Préparer le document à signer", 422, birthplace="Rennes")
    assert "Répondez d'abord à une question" in page.text
    assert page.soup.select_one("#birthplace")["value"] == "Rennes"
    assert states(world) == [State.BEGUN]


def test_left_midway_it_is_resumed_on_another_device(asked, visit, world, path):
    asked.submit("Garder et continuer", words="La mer. 🌊\n\nMon jardin.")
    other = visit("alice")
    other.get(path)
    other.follow("Reprendre mes directives")
    assert f"Question 2 sur {len(HEALTH)}" in other.page.text
    other.follow("Revenir à la question d'avant")
    kept = other.page.soup.select_one("#words").get_text().removeprefix("\n")
    assert kept == "La mer. 🌊\n\nMon jardin."


def test_two_devices_on_different_questions_of_one_draft_lose_nothing(asked, visit, world):
    address = asked.page.address.partition("?")[0]
    other = visit("alice")
    other.get(f"{address}?question={HEALTH[2]}")
    asked.submit("Garder et continuer", words="Du téléphone.")
    other.submit("Garder et continuer", words="De la tablette.")
    asked.submit("Garder et continuer", words="Encore du téléphone.")
    assert words(world) == {
        HEALTH[0]: "Du téléphone.",
        HEALTH[1]: "Encore du téléphone.",
        HEALTH[2]: "De la tablette.",
    }


def test_an_answer_of_five_thousand_words_is_kept_whole(asked, world):
    text = " ".join(f"été{number}" for number in range(5000))
    asked.submit("Garder et continuer", words=text)
    assert words(world) == {HEALTH[0]: text}


def test_an_answer_of_two_hundred_thousand_signs_is_refused_and_stays_in_its_field(asked, world):
    text = "Je veux. " * 22_222
    page = asked.submit("Garder et continuer", 422, words=text)
    assert "trop long" in page.soup.select_one("#words-fault").get_text()
    assert page.soup.select_one("#words").get_text().removeprefix("\n") == text
    assert words(world) == {}


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "{{ 7*7 }} {% raw %}", "שלום 🌻", "L'été « oui »", "\\n"]
)
def test_any_writing_is_read_again_as_it_was_written(asked, text):
    page = asked.submit("Garder et tout relire", words=text)
    assert page.soup.select_one(".text").get_text().strip() == text
    assert not page.soup.select("main script")


def test_a_choice_is_found_again_and_may_be_changed(asked, world):
    code = next(one.code for one in FORMS[Model.HEALTH].questions if one.answers)
    address = f"{asked.page.address.partition('?')[0]}?question={code}"
    for chosen in ("oui", "non", "ne-sais-pas"):
        asked.get(address)
        asked.submit("Garder et continuer", choice=chosen)
        checked = asked.get(address).soup.select("[name=choice][checked]")
        assert [one["value"] for one in checked] == [chosen]


@pytest.mark.parametrize("question", ["", "x", "maladie", "../etc"])
def test_a_question_that_is_not_asked_shows_the_first(asked, question):
    page = asked.get(f"{asked.page.address.partition('?')[0]}?question={question}")
    assert f"Question 1 sur {len(HEALTH)}" in page.text


@pytest.mark.parametrize("birthplace", ["", "  ", "R" * 301])
def test_without_a_birthplace_it_is_not_ready(asked, world, birthplace):
    asked.submit("Garder et tout relire", words="La mer.")
    page = asked.submit(
        "Préparer le document à signer", 422, birthplace=birthplace, witnessed="oui"
    )
    assert page.soup.select_one("#birthplace-fault")
    assert page.soup.select_one("#witnessed").has_attr("checked")
    assert states(world) == [State.BEGUN]


def test_a_draft_is_erased_only_after_being_asked(asked, world, path):
    asked.get(path)
    asked.follow("Effacer ce brouillon")
    assert states(world) == [State.BEGUN]
    asked.submit("Abandonner et effacer")
    assert states(world) == []


def test_a_new_version_may_start_from_the_last(alice, world, path):
    world.directive(signed_on=DAY, valeurs="La mer.")
    alice.get(f"{path}/formulaire")
    page = alice.submit("Commencer", model="b", again="oui")
    assert page.soup.select_one("#words").get_text().strip() == "La mer."
    assert states(world) == [State.BEGUN, State.VALID]


def deposit(alice, path, status=200, **answers):
    alice.get(f"{path}/papier")
    given = {"files": PAPER, "signed_on": "01/03/2025"} | answers
    return alice.submit("Joindre ces directives", status, **given)


def test_a_paper_already_signed_is_joined(alice, world, path):
    page = deposit(alice, path, place="Chez ma fille")
    assert page.notices == ["C'est gardé : ces directives sont valables."]
    alice.follow("Directives du 1er mars 2025")
    assert "Chez ma fille" in alice.page.text
    alice.follow("Voir le papier signé")
    assert "Directives anticipées signées le 1er mars 2025" in alice.page.title
    assert "image PNG" in alice.page.text


def test_an_older_paper_does_not_win_and_the_page_says_so(alice, world, path):
    world.directive(signed_on=DAY)
    page = deposit(alice, path, signed_on="01/01/2020")
    assert "ne le remplace pas" in page.notices[0]
    assert states(world) == [State.VALID, State.REPLACED]


def test_the_same_paper_sent_twice_is_one_version(alice, world, path):
    deposit(alice, path)
    page = deposit(alice, path, 422, place="Buffet")
    assert "déjà joint" in page.soup.select_one("#files-fault").get_text()
    assert page.soup.select_one("#place")["value"] == "Buffet"
    assert states(world) == [State.VALID] and Document.select().count() == 1


def test_a_paper_already_in_the_documents_is_not_doubled(alice, world, path):
    known = world.paper("Mon scan", scan="Papier.")
    deposit(alice, path)
    assert rows(world)[0].paper == known and Document.select().count() == 1


@pytest.mark.parametrize(
    "field, answers",
    [
        ("signed_on", {"signed_on": ""}),
        ("signed_on", {"signed_on": "30/02/2024"}),
        ("signed_on", {"signed_on": "01/01/2999"}),
        ("signed_on", {"signed_on": "01/01/1960"}),
        ("signed_on", {"signed_on": "01/01/1940"}),
        ("place", {"place": "p" * 301}),
        ("files", {"files": [("", b"")]}),
        ("files", {"files": [("x.pdf", b"<html><p>")]}),
        ("authorisation", {"protection": "represented"}),
    ],
)
def test_a_wrong_deposit_is_said_at_its_field_and_the_rest_stays(
    alice, world, path, field, answers
):
    typed = {"place": "Buffet", "signed_on": "01/03/2025", "protection": "assisted"} | answers
    page = deposit(alice, path, 422, **typed)
    assert page.soup.select_one(f"#{field}-fault")
    for name in ("place", "signed_on"):
        assert page.soup.select_one(f"#{name}")["value"] == typed[name]
    assert page.soup.select_one("#protection [selected]")["value"] == typed["protection"]
    assert states(world) == []


def test_a_represented_adult_joins_the_authorisation(alice, world, path):
    deposit(alice, path, protection="represented", authorisation=[("juge.png", picture("Juge."))])
    assert states(world) == [State.VALID] and Document.select().count() == 2


def declare(alice, path, status=200, **answers):
    alice.get(f"{path}/ailleurs")
    given = {"signed_on": "01/03/2025", "place": "Hôpital Fictif", "keeper": "Paule"} | answers
    return alice.submit("Enregistrer", status, **given)


def test_where_they_are_may_be_all_that_is_said(alice, world, path):
    declare(alice, path)
    assert rows(world)[0].way == Way.ELSEWHERE
    alice.follow("Directives du 1er mars 2025")
    assert "Hôpital Fictif" in alice.page.text and "Paule" in alice.page.text
    assert "Voir le papier signé" not in alice.page.text


@pytest.mark.parametrize(
    "field, answers",
    [
        ("signed_on", {"signed_on": "01/01/2999"}),
        ("signed_on", {"signed_on": "mars 2024"}),
        ("place", {"place": "", "keeper": ""}),
        ("keeper", {"keeper": "k" * 301}),
    ],
)
def test_a_wrong_declaration_is_said_and_stays(alice, world, path, field, answers):
    page = declare(alice, path, 422, **answers)
    assert page.soup.select_one(f"#{field}-fault")
    typed = {"signed_on": "01/03/2025", "place": "Hôpital Fictif", "keeper": "Paule"} | answers
    for name, value in typed.items():
        assert page.soup.select_one(f"#{name}")["value"] == value
    assert states(world) == []


def test_versions_are_listed_the_newest_first_and_the_old_ones_stay_readable(alice, world, path):
    for number in range(3):
        world.directive(signed_on=DAY + timedelta(days=number), valeurs=f"Version {number}.")
    alice.get(path)
    tags = [tag.get_text() for tag in alice.page.soup.select("main ul.list b.tag")]
    assert [tag.split()[0] for tag in tags] == ["Valables", "Remplacées", "Remplacées"]
    page = alice.follow("Directives du 1er mars 2025")
    assert "Version 0." in page.text and "Remplacées le 2 mars 2025" in page.text
    assert "Version 1." in alice.follow("Lire celles du 2 mars 2025").text


def test_revoking_is_dated_and_leaves_a_sheet_to_hand_out(alice, world, path):
    one = world.directive(signed_on=DAY, valeurs="La mer.")
    alice.get(f"{path}/{one.uid}")
    alice.follow("Révoquer ces directives")
    page = alice.submit("Révoquer", on="02/04/2025")
    assert "Révoquées le 2 avril 2025" in page.text and states(world) == [State.REVOKED]
    assert "La mer." in alice.get(f"{path}/{one.uid}").text
    alice.follow("La feuille de révocation")
    assert "vaut depuis le 2 avril 2025" in alice.page.text
    alice.get(f"{path}/{one.uid}/revocation", 404)


def test_read_again_and_kept(alice, world, path):
    world.directive(signed_on=DAY)
    world.designation(signed_on=DAY)
    page = alice.get(path)
    assert "Votre personne de confiance a changé depuis." in page.text
    page = alice.submit("Je les ai relues, je les garde")
    assert "a changé depuis" not in page.text and states(world) == [State.VALID]


@pytest.mark.parametrize("end", ["/formulaire", "/papier", "/ailleurs"])
def test_a_minor_gets_the_explanation_and_no_form(alice, world, path, end):
    token = alice.get(path + end).soup.select_one("[name=csrf_token]")["value"]
    world.born(clock.today() - timedelta(days=15 * 366))
    page = alice.get(path + end)
    assert page.address.startswith(path) and "Il faut avoir 18 ans" in page.text
    assert not page.soup.main.select("form, a.button")
    sent = {"csrf_token": token, "model": "b", "signed_on": "01/03/2025", "place": "Ici"}
    done = alice.client.post(path + end, data=sent, follow_redirects=True)
    assert "Il faut avoir 18 ans" in done.get_data(as_text=True)
    assert Directive.select().count() == Document.select().count() == 0


def test_a_representative_reads_them_and_writes_nothing(visit, world, path):
    one = world.directive(signed_on=DAY, valeurs="La mer.")
    world.let_in("bruno", Role.REPRESENTATIVE)
    bruno = visit("bruno")
    assert not bruno.get(path).soup.main.select("form, a.button")
    page = bruno.get(f"{path}/{one.uid}")
    assert "La mer." in page.text and not page.soup.main.select("form, a[href*='/revocation']")
    for end in ("/formulaire", "/papier", "/ailleurs", f"/{one.uid}/revocation"):
        bruno.get(path + end, 403)


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.EMERGENCY])
def test_a_professional_reads_the_text_and_the_paper_and_acts_on_nothing(visit, world, path, role):
    one = world.directive(signed_on=DAY, valeurs="La mer.")
    world.let_in("bruno", role)
    bruno = visit("bruno")
    bruno.get(world.section())
    bruno.follow("Lire le texte entier des directives")
    assert "La mer." in bruno.page.text
    assert not bruno.page.soup.main.select("form:not([action$='/acces/urgence/fin'])")
    bruno.get(world.section())
    bruno.follow("Lire les directives signées")
    assert "Directives anticipées signées le 1er mars 2025" in bruno.page.title
    for end in ("/formulaire", "/papier", "/ailleurs", f"/{one.uid}/revocation"):
        bruno.get(path + end, 403)
    assert states(world) == [State.VALID]


@pytest.mark.parametrize("end", ["", "/questions", "/relecture", "/feuille", "/signature"])
def test_another_s_directives_are_nowhere_in_ones_own_record(visit, world, end):
    hers = world.directive()
    visit("carole").get(f"{world.section('carole')}/directives/{hers.uid}{end}", 404)


def test_a_signed_version_is_changed_by_no_form(alice, world, path):
    one = world.directive(signed_on=DAY, valeurs="La mer.")
    for end in ("/questions", "/relecture", "/abandon", "/feuille", "/feuille/pdf"):
        alice.get(f"{path}/{one.uid}{end}", 404)
    assert alice.get(f"{path}/{one.uid}/signature").address.startswith(f"{path}?")
    alice.get(f"{path}/{one.uid}")
    token = alice.page.soup.select_one("[name=csrf_token]")["value"]
    for end in ("/questions?question=valeurs", "/relecture", "/abandon"):
        sent = alice.client.post(
            f"{path}/{one.uid}{end}", data={"csrf_token": token, "words": "Autre."}
        )
        assert sent.status_code == 404
    assert words(world) == {"valeurs": "La mer."}


PROFESSIONALS = pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.EMERGENCY])


@PROFESSIONALS
@pytest.mark.parametrize("ended", ["draft", "replaced", "revoked"])
def test_a_professional_opens_the_version_that_holds_and_no_other(visit, world, path, role, ended):
    signed = {} if ended == "draft" else {"signed_on": DAY}
    one = world.directive(valeurs="La mer.", **signed)
    if ended == "revoked":
        signing.revoke(world.access("alice"), one, clock.today())
    elif ended == "replaced":
        world.directive(signed_on=DAY, valeurs="Mon jardin.")
    world.let_in("bruno", role)
    bruno = visit("bruno")
    assert "La mer." not in bruno.get(f"{path}/{one.uid}", 404).text
    assert "La mer." not in bruno.get(path, 403).text
    assert "La mer." not in bruno.get(world.section()).text
    for end in ("/questions", "/feuille", "/feuille/pdf", "/revocation/feuille"):
        bruno.get(f"{path}/{one.uid}{end}", 403)


@PROFESSIONALS
def test_who_read_the_text_is_in_the_activity(alice, visit, world, path, role):
    one = world.directive(signed_on=DAY)
    world.let_in("bruno", role)
    visit("bruno").get(f"{path}/{one.uid}")
    page = alice.get(f"/espaces/{world.record('alice').uid}/activite?quoi=lectures")
    told = " ".join(page.text.split()).replace("\u00a0", " ")
    assert "a lu « Directives anticipées signées le 1er mars 2025 »" in told


@PROFESSIONALS
@pytest.mark.parametrize("ended, said", [("replaced", "(remplacé)"), ("revoked", "(révoqué)")])
def test_a_professional_on_the_page_of_an_ended_paper_sees_that_it_is(
    visit, world, role, ended, said
):
    one = world.directive(signed_on=DAY, revoked_on=DAY if ended == "revoked" else None)
    if ended == "replaced":
        world.directive(signed_on=date(2025, 4, 1))
    world.let_in("bruno", role)
    record, bruno = world.record("alice").uid, visit("bruno")
    page = bruno.get(f"/espaces/{record}/documents/{one.paper.uid}")
    assert page.soup.h1.get_text().strip().endswith(said)
    assert said in bruno.get(f"/espaces/{record}/documents").text


def test_a_page_left_open_on_one_device_loses_nothing_written_on_another(asked, visit, world):
    tablet = visit("alice")
    tablet.get(asked.page.address)
    asked.submit("Garder et continuer", words="La mer.\n\nMes chats.")
    page = tablet.submit("Garder et continuer", 422, words="Mon jardin.")
    both = "La mer.\n\nMes chats.\n\nMon jardin."
    assert "changé sur un autre appareil" in page.soup.select_one("#words-fault").get_text()
    assert page.soup.select_one("#words").get_text().removeprefix("\n") == both
    assert words(world) == {HEALTH[0]: "La mer.\n\nMes chats."}
    tablet.submit("Garder et continuer")
    assert words(world) == {HEALTH[0]: both}


def test_a_page_left_open_that_says_the_same_is_not_doubled(asked, visit):
    tablet = visit("alice")
    tablet.get(asked.page.address)
    asked.submit("Garder et continuer", words="La mer.")
    page = tablet.submit("Garder et continuer", 422, words="La mer.")
    assert page.soup.select_one("#words").get_text().strip() == "La mer."


def test_a_choice_changed_on_another_device_is_not_undone_unseen(asked, visit, world):
    address = f"{asked.page.address.partition('?')[0]}?question={CHOICE}"
    tablet = visit("alice")
    for device in (tablet, asked):
        device.get(address)
    asked.submit("Garder et continuer", choice="non")
    tablet.submit("Garder et continuer", 422, choice="oui")
    assert [each.choice for each in rows(world)[0].given_answers] == ["non"]
    tablet.submit("Garder et continuer")
    assert [each.choice for each in rows(world)[0].given_answers] == ["oui"]


def test_it_opens_after_the_last_answer_and_at_the_first_question_once_all_is_said(asked, world):
    address = asked.page.address.partition("?")[0]
    assert "Question 1 sur" in asked.get(address).text
    asked.get(f"{address}?question={HEALTH[3]}")
    asked.submit("Garder et tout relire", words="La mer.")
    assert f"Question 5 sur {len(HEALTH)}" in asked.get(address).text
    asked.get(f"{address}?question={HEALTH[-1]}")
    asked.submit("Garder et continuer", words="La fin.")
    assert "Question 1 sur" in asked.get(address).text


def test_an_answer_chosen_may_be_taken_back(asked, world):
    address = f"{asked.page.address.partition('?')[0]}?question={CHOICE}"
    assert "Pas de réponse" not in asked.get(address).text
    asked.submit("Garder et continuer", choice="oui")
    assert "Pas de réponse." in asked.get(address).text
    asked.submit("Garder et continuer", choice="")
    assert rows(world)[0].given_answers == []


@pytest.mark.parametrize("sign", ["é", "م", "🌻"])
def test_the_longest_answer_is_kept_in_any_writing(asked, world, sign):
    asked.submit("Garder et continuer", words=sign * LONGEST_ANSWER)
    assert words(world) == {HEALTH[0]: sign * LONGEST_ANSWER}


def test_what_is_far_too_heavy_is_refused_with_a_sentence_and_changes_nothing(asked, world):
    page = asked.submit("Garder et continuer", 413, words="é" * 200_000)
    assert "un texte plus court" in page.text and words(world) == {}


def test_a_sheet_is_printed_while_it_is_to_sign_and_not_after(alice, world, path):
    one = world.directive()
    assert "Feuille préparée le" in alice.get(f"{path}/{one.uid}/feuille").text
    directive.answer(world.access("alice"), one, "valeurs", "", "Autre.")
    for end in ("/feuille", "/feuille/pdf"):
        alice.get(f"{path}/{one.uid}{end}", 404)


def test_a_form_whose_draft_changed_meanwhile_says_so_and_attaches_nothing(alice, world, path):
    one = world.directive()
    alice.get(f"{path}/{one.uid}/signature")
    directive.answer(world.access("alice"), one, "valeurs", "", "Autre.")
    page = alice.submit("Joindre ce papier", files=PAPER, signed_on="01/03/2025")
    assert "Une réponse a changé depuis" in page.notices[0]
    assert states(world) == [State.BEGUN] and Document.select().count() == 0


def test_what_was_said_to_be_elsewhere_is_taken_back(alice, world, path):
    declare(alice, path)
    alice.follow("Directives du 1er mars 2025")
    page = alice.submit("Retirer ces mots")
    assert page.notices == ["C'est retiré. Vos documents ne changent pas."]
    assert states(world) == []


def test_a_declaration_sent_twice_is_one(alice, world, path):
    declare(alice, path)
    declare(alice, path)
    assert states(world) == [State.VALID]
