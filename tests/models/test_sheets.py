"""What the sheets say: what the law asks to be written, and to those who treat, nothing untrue."""

from dataclasses import fields, is_dataclass
from datetime import date, timedelta

import pytest

from models import clock, contact, designation, directive, signing, wishes
from models.contact import Told
from models.formats import typesetting
from models.record import Record
from models.reference.directives import FORMS, Model
from models.sheet import Box, Calls, Heading, Points, Signature
from models.sheets import card, care
from models.sheets import designation as designations
from models.sheets import directive as directives
from models.signing import Protection
from models.words import day

from ..world import LIMITS

DAY = date(2025, 3, 1)


def plain(text):
    """Numbers are written with unbreakable spaces."""
    return text.replace("\u00a0", " ")


def texts(one):
    """All that a sheet says, in order."""
    if isinstance(one, str):
        return [plain(one)]
    if isinstance(one, Calls):
        return texts(one.facts)
    if isinstance(one, tuple):
        return [text for each in one for text in texts(each)]
    if is_dataclass(one):
        return [text for field in fields(one) for text in texts(getattr(one, field.name))]
    return []


def said(sheet):
    return "\n".join(texts(sheet))


def kinds(sheet, kind):
    return [block for block in sheet.blocks if isinstance(block, kind)]


def under(sheet, heading):
    """The blocks that follow this heading, up to the next."""
    places = [i for i, block in enumerate(sheet.blocks) if isinstance(block, Heading)]
    start = next(i for i in places if sheet.blocks[i].text == heading)
    end = next((i for i in places if i > start), len(sheet.blocks))
    return "\n".join(texts(sheet.blocks[start + 1 : end]))


def record_of(world, **changes):
    if changes:
        Record.update(**changes).where(Record.id == world.record("alice").id).execute()
    return world.record("alice")


def designation_form(world, **told):
    one = world.designation(**told)
    return designations.form(world.record("alice"), one)


def directive_document(world, one, trusted=None):
    return directives.document(world.record("alice"), one, trusted)


def for_carers(world):
    return care.sheet(world.record("alice"), wishes.answers(world.access("alice")))


IDENTITY = ("Exemple", "Alice Anne", "14 mars 1951", "Rennes, France")


def test_a_designation_names_both_people_and_asks_for_both_signatures(world):
    record_of(world, birthplace="Rennes, France", postal_address="1 rue Fictive\n35000 Rennes")
    person = world.contact(
        postal_address="2 rue Inventée", email="paule@exemple.invalid", other_phone="+32470123456"
    )
    sheet = designation_form(world, person=person)
    for words in (*IDENTITY, "1 rue Fictive", "2 rue Inventée", "paule@exemple.invalid"):
        assert words in said(sheet), words
    assert "06 39 98 00 12 ou +32 470 12 34 56" in said(sheet)
    assert "1er février 1980" in said(sheet) and "L1111-6" in said(sheet)
    signatures = sorted(one.who for one in kinds(sheet, Signature))
    assert signatures[0] == "Moi, Alice Exemple" and len(signatures) == 2
    assert "Paule Imaginaire" in signatures[1]
    assert all("Signature" in one.asks and "Le" in one.asks for one in kinds(sheet, Signature))


def test_a_designation_says_that_she_reports_and_does_not_decide(world):
    text = said(designation_form(world))
    assert "Elle dit ma volonté, pas la sienne." in text
    assert "Elle ne décide pas" in text and "aucun accès" in text


def test_a_designation_prints_what_was_added_and_no_empty_heading(world):
    assert "Ce que j'ajoute" not in said(designation_form(world))
    one = designation.history(world.access("alice"))[0]
    designation.prepare(world.access("alice"), one, ["copy"])
    sheet = designations.form(world.record("alice"), one)
    assert under(sheet, "Ce que j'ajoute") == "Elle a une copie de mes directives anticipées."


def test_who_cannot_write_is_replaced_by_two_witnesses_who_attest(world):
    alice = world.access("alice")
    one = world.designation()
    designation.begin(alice, Protection.NONE, True)
    sheet = designations.form(alice.record, designation.find(alice, one.uid))
    blocks = {block.who: block.asks for block in kinds(sheet, Signature)}
    assert len(blocks) == 3 and "Moi, Alice Exemple" not in blocks
    assert any(one.contact.name in who for who in blocks)
    assert "libre et éclairée" in said(sheet)
    for who in ("Premier témoin", "Second témoin"):
        assert blocks[who][:2] == ("Nom et prénom", "Lien ou fonction")


@pytest.mark.parametrize(
    "protection, words",
    [
        (Protection.NONE, None),
        (Protection.ASSISTED, None),
        (Protection.REPRESENTED, "L'autorisation du juge"),
    ],
)
def test_only_a_measure_that_asks_for_an_authorisation_is_written_on_both_sheets(
    world, protection, words
):
    alice = world.access("alice")
    sheets = [designation_form(world, protection=protection)]
    one = world.directive()
    directive.finish(alice, one, "Rennes, France", protection, witnessed=False)
    sheets.append(directive_document(world, directive.find(alice, one.uid)))
    for sheet in sheets:
        boxes = [box.text for box in kinds(sheet, Box)]
        assert len(boxes) == (1 if words else 0)
        assert not words or words in boxes[0]


def test_directives_carry_the_identity_that_the_law_asks_for(world):
    sheet = directive_document(world, world.directive())
    for words in (*IDENTITY, "Personne n'est désigné à ce jour.", "L1111-11"):
        assert words in said(sheet), words
    assert sheet.about == "Alice Exemple, née le 14 mars 1951 à Rennes, France"
    assert [one.who for one in kinds(sheet, Signature)] == ["Moi, Alice Exemple"]


def test_directives_say_the_answers_given_and_list_the_questions_left(world):
    one = world.directive(valeurs="La mer.\n\nMon jardin.")
    directive.answer(world.access("alice"), one, "sedation", "non", "")
    one = directive.find(world.access("alice"), one.uid)
    sheet = directive_document(world, one)
    assert under(sheet, "Ce qui compte pour moi") == "La mer.\n\nMon jardin."
    answered = {each.question.written: each.sentence for each in one.given_answers}
    sedation = next(words for words in answered if "sédation" in words.lower())
    assert under(sheet, sedation) == "Je ne veux pas de sédation profonde et continue."
    left = kinds(sheet, Points)[-1].items
    assert len(left) == len(FORMS[Model.HEALTH].questions) - 2
    assert sedation not in left and "Ce qui compte pour moi" not in left


def test_a_single_question_left_is_listed_and_none_left_has_no_heading(world):
    questions = [each.code.replace("-", "_") for each in FORMS[Model.HEALTH].questions]
    one = world.directive(**{code: "Oui." for code in questions[1:]})
    sheet = directive_document(world, one)
    first = FORMS[Model.HEALTH].questions[0]
    assert under(sheet, directives.NOT_ANSWERED) == first.written
    directive.answer(world.access("alice"), one, first.code, "", "Oui.")
    one = directive.find(world.access("alice"), one.uid)
    assert directives.NOT_ANSWERED not in said(directive_document(world, one))


def test_not_knowing_yet_is_printed_as_an_answer(world):
    one = world.directive()
    directive.answer(world.access("alice"), one, "autres-souhaits", "ne-sais-pas", "")
    sheet = directive_document(world, directive.find(world.access("alice"), one.uid))
    assert under(sheet, "Mes autres souhaits") == "Je ne sais pas encore."


def test_any_writing_is_printed_as_it_is(world):
    words = "שלום 🌻 <b>gras</b> #let x = 1 $2^3$ \\n “d'accord”"
    assert words in said(directive_document(world, world.directive(valeurs=words)))


def test_an_answer_of_five_thousand_words_is_printed_whole(world):
    words = " ".join(f"mot{number}" for number in range(5000))
    assert words in said(directive_document(world, world.directive(valeurs=words)))


def witnessed_directive(world):
    alice, one = world.access("alice"), world.directive()
    directive.finish(alice, one, "Rennes, France", Protection.NONE, witnessed=True)
    return directive.find(alice, one.uid)


def test_the_trusted_person_is_the_first_of_the_two_witnesses(world):
    person = world.contact()
    sheet = directive_document(world, witnessed_directive(world), person)
    first, second = kinds(sheet, Signature)
    assert first.who == "Premier témoin : Paule Imaginaire"
    assert "Nom et prénom" not in first.asks and "Lien ou fonction" in first.asks
    assert second.who == "Second témoin" and "Nom et prénom" in second.asks
    assert "ne peut pas écrire et signer" in said(sheet)


def test_without_a_trusted_person_two_witnesses_are_asked_for(world):
    sheet = directive_document(world, witnessed_directive(world))
    assert [one.who for one in kinds(sheet, Signature)] == ["Premier témoin", "Second témoin"]


def test_a_revocation_says_what_since_when_and_who_signs(world):
    alice = world.access("alice")
    ended = {"signed_on": DAY, "revoked_on": date(2025, 4, 2)}
    for sheet in (
        designations.revocation(alice.record, world.designation(**ended)),
        directives.revocation(alice.record, world.directive(**ended)),
    ):
        assert "1er mars 2025" in said(sheet)
        assert "vaut depuis le 2 avril 2025" in said(sheet)
        assert [one.who for one in kinds(sheet, Signature)] == ["Moi, Alice Exemple"]


def test_those_who_treat_are_told_when_there_is_nothing(world):
    sheet = for_carers(world)
    assert under(sheet, "Qui appeler") == care.NOBODY_TO_CALL
    assert under(sheet, "Qui parle pour moi") == care.NOBODY_SPEAKS
    assert under(sheet, "Mes directives anticipées") == care.NOTHING_WRITTEN
    assert "ne dit rien du don d'organes" in under(sheet, "Don d'organes")


def test_those_who_treat_read_whom_to_call_in_order(world):
    world.contact("Zoé", called=True, other_phone="+32 470 12 34 56")
    world.contact("Anne", called=True, link="other", link_words="Ma Voisine")
    world.contact("Jean", carer=True)
    (calls,) = kinds(for_carers(world), Calls)
    assert calls.rows == (
        ("1. Zoé Imaginaire, fille", ("+33 6 39 98 00 12", "+32 470 12 34 56")),
        ("2. Anne Imaginaire, ma voisine", ("+33 6 39 98 00 12",)),
    )
    assert under(for_carers(world), "Qui appeler") == (
        "1. Zoé Imaginaire, fille\n06 39 98 00 12 ou +32 470 12 34 56\n"
        "2. Anne Imaginaire, ma voisine\n06 39 98 00 12"
    )


def speaks(world):
    return under(for_carers(world), "Qui parle pour moi")


def test_a_designation_not_signed_is_told_as_such(world):
    world.designation()
    assert "Désignation non signée" in speaks(world)
    assert "valable depuis" not in speaks(world)


def test_a_designation_only_begun_is_not_told(world):
    alice = world.access("alice")
    one = designation.begin(alice, Protection.NONE, False)
    designation.choose(alice, one, world.contact())
    assert speaks(world) == care.NOBODY_SPEAKS


def test_a_signed_designation_is_told_with_her_telephone_and_its_date(world):
    world.designation(signed_on=DAY, person=world.contact())
    assert speaks(world) == (
        "Paule Imaginaire, fille\n06 39 98 00 12\n"
        "Désignation valable depuis le 1er mars 2025, signée des deux."
    )


def test_signed_before_two_witnesses_it_is_told_so(world):
    one, alice = world.designation(person=world.contact()), world.access("alice")
    designation.begin(alice, Protection.NONE, True)
    designation.prepare(alice, designation.find(alice, one.uid), [])
    one = designation.find(alice, one.uid)
    signing.sign(alice, one, DAY, world.signed_paper(), LIMITS)
    assert "signée par elle et deux témoins." in speaks(world)
    assert "signée des deux" not in speaks(world)


def test_who_speaks_by_law_is_told_with_her_telephone(world):
    world.contact("Mère", link="mother", parent=True)
    assert speaks(world) == (
        "Mère Imaginaire, mère\n06 39 98 00 12\n"
        f"Parent, ou personne qui représente devant la loi.\n{care.NOBODY_SPEAKS}"
    )


def test_of_a_child_the_parents_speak_and_nobody_is_said_to_be_missing(world):
    world.born(clock.today() - timedelta(days=10 * 365))
    assert care.NOBODY_SPEAKS not in said(for_carers(world))
    assert "Les parents parlent avec les médecins." in speaks(world)
    assert written(world) == care.NOT_A_CHILD
    world.contact("Mère", link="mother", parent=True)
    assert "Mère Imaginaire, mère\n06 39 98 00 12" in speaks(world)


def test_the_valid_one_and_the_unsigned_one_are_both_told_and_not_mixed(world):
    world.designation(signed_on=DAY, person=world.contact("Ancienne"))
    world.designation(person=world.contact("Nouvelle"))
    before, _, after = speaks(world).partition("signée des deux.")
    assert "Ancienne" in before and "Nouvelle" not in before
    assert "Nouvelle" in after and "non signée" in after


def test_whoever_was_replaced_is_told_no_more(world):
    world.designation(signed_on=DAY, person=world.contact("Ancienne"))
    world.designation(signed_on=date(2025, 4, 1), person=world.contact("Nouvelle"))
    assert "Ancienne" not in said(for_carers(world)) and "Nouvelle" in speaks(world)


def test_whoever_was_revoked_or_declined_does_not_speak(world):
    world.designation(signed_on=DAY, revoked_on=date(2025, 4, 1), person=world.contact())
    assert speaks(world) == "Désignation de Paule Imaginaire révoquée le 1er avril 2025."
    one = world.designation(signed_on=date(2025, 5, 1), person=world.contact("Jeanne"))
    found = []
    alice = world.access("alice")
    designation.tell(alice, one, "jeanne@exemple.invalid", lambda t: found.append(t) or "x")
    designation.answer(found[0], False)
    assert speaks(world) == (
        "Jeanne Imaginaire, fille\n06 39 98 00 12\n"
        f"Désignation signée le 1er mai 2025. {care.DECLINED}"
    )


def written(world):
    return under(for_carers(world), "Mes directives anticipées")


def test_directives_not_signed_are_not_told(world):
    world.directive(valeurs="La mer.")
    assert written(world) == care.NOTHING_WRITTEN
    assert "La mer." not in said(for_carers(world))


def test_signed_directives_are_told_with_their_date_and_their_text(world):
    world.directive(signed_on=DAY, valeurs="La mer.")
    assert "Valables depuis le 1er mars 2025." in written(world)
    assert "Ce qui compte pour moi : La mer." in written(world)


def test_a_long_answer_is_cut_and_says_where_the_rest_is(world):
    world.directive(signed_on=DAY, valeurs="La mer. " * 500)
    assert "(suite dans le papier signé)" in written(world)
    assert care.ROOM < len(written(world)) < care.ROOM + 300


def answered(world, *answers):
    """Signed directives, with these (code, choice, words)."""
    alice, one = world.access("alice"), world.directive(valeurs="La mer.")
    for code, choice, words in answers:
        directive.answer(alice, one, code, choice, words)
    directive.finish(alice, one, "Rennes, France", Protection.NONE, witnessed=False)
    one = directive.find(alice, one.uid)
    signing.sign(alice, one, DAY, world.signed_paper(), LIMITS)
    (points,) = kinds(for_carers(world), Points)
    written = {each.question.code: each.question.written for each in one.all_answers}
    return [
        code
        for item in points.items
        for code, words in written.items()
        if item.startswith(f"{words} : ")
    ]


def test_what_is_decided_in_the_first_minutes_is_told_first(world):
    told = answered(
        world, ("sedation", "oui", ""), ("respiration", "non", ""), ("reanimation", "non", "")
    )
    assert told == ["reanimation", "respiration", "valeurs", "sedation"]


def test_what_is_not_decided_yet_is_told_only_with_its_words(world):
    told = answered(
        world,
        ("reanimation", "ne-sais-pas", ""),
        ("sedation", "ne-sais-pas", "À voir avec ma fille."),
    )
    assert told == ["valeurs", "sedation"]
    assert "Je ne sais pas encore. À voir avec ma fille." in written(world)


def test_many_long_answers_share_the_room_of_one_sheet(world):
    codes = [each.code.replace("-", "_") for each in FORMS[Model.HEALTH].questions]
    world.directive(signed_on=DAY, **dict.fromkeys(codes, "La mer et le vent. " * 500))
    (points,) = kinds(for_carers(world), Points)
    assert len(points.items) == len(codes)
    assert all("La mer" in item and item.endswith(care.REST) for item in points.items)
    assert sum(len(item) for item in points.items) < care.ROOM + 100 * len(codes)
    assert typesetting.pdf(for_carers(world), large=False)


@pytest.mark.parametrize("sign", ["小", "é", "🌻"])
def test_a_long_answer_without_spaces_is_cut_too_and_not_left_out(world, sign):
    world.directive(signed_on=DAY, valeurs=sign * 5000)
    assert sign * 100 in written(world) and care.REST in written(world)
    assert len(written(world)) < care.ROOM + 300


def test_every_sheet_to_sign_says_when_it_was_prepared(world):
    today = day(clock.today())
    for sheet in (designation_form(world), directive_document(world, world.directive())):
        assert texts(sheet.blocks[-1]) == [f"Feuille préparée le {today}."]


def test_only_the_version_that_holds_is_told(world):
    world.directive(signed_on=DAY, valeurs="Avant.")
    world.directive(signed_on=date(2025, 4, 1), valeurs="Après.")
    assert "Après." in written(world) and "Avant." not in said(for_carers(world))


def test_revoked_directives_are_told_as_revoked_without_their_text(world):
    world.directive(signed_on=DAY, revoked_on=date(2025, 4, 1), valeurs="Avant.")
    assert written(world) == "Révoquées le 1er avril 2025. Rien ne les remplace ici."


def test_where_a_paper_kept_elsewhere_is(world):
    alice = world.access("alice")
    directive.declare(alice, DAY, "Hôpital Fictif", "Paule, 06 39 98 00 12")
    assert written(world) == (
        "Signées le 1er mars 2025, dit la personne. "
        "Original : Hôpital Fictif. Gardé par : Paule, 06 39 98 00 12."
    )


def test_a_deposited_paper_is_said_to_be_in_the_documents(world):
    papers = world.signed_paper()
    directive.deposit(world.access("alice"), DAY, papers, "Buffet", Protection.NONE, LIMITS)
    assert "dans les documents. Original : Buffet." in written(world)


def lines(world):
    return card.lines(world.record("alice"), wishes.answers(world.access("alice")))


def made(world, *chosen):
    record = world.record("alice")
    return card.card(record, wishes.answers(world.access("alice")), list(chosen))


def test_a_card_offers_only_what_holds(world):
    world.contact("Jean", carer=True)
    world.designation()
    world.directive()
    assert set(lines(world)) == {card.BIRTH}
    world.contact("Zoé", called=True)
    one = designation.history(world.access("alice"))[0]
    signing.sign(world.access("alice"), one, DAY, world.signed_paper(), LIMITS)
    world.directive(signed_on=DAY)
    assert len(lines(world)) == 4
    assert lines(world)[card.DIRECTIVES].endswith("1er mars 2025, dans mon espace de santé")


def test_a_card_says_the_chosen_lines_and_always_the_name(world):
    zoe = world.contact("Zoé", called=True)
    whole = made(world, card.BIRTH, zoe.uid)
    assert tuple(map(plain, whole.lines)) == (
        "Née le 14 mars 1951",
        "Appeler Zoé Imaginaire, fille : 06 39 98 00 12",
    )
    assert made(world).lines == () and made(world).code == "En cas d'urgence : Alice Exemple"
    assert made(world, "inconnu", "../x").lines == ()


def test_the_code_of_a_card_holds_its_text_itself_and_no_address(world):
    world.contact("Zoé 🌻", called=True)
    whole = made(world, *lines(world))
    assert whole.code.split("\n") == [whole.title, *map(plain, whole.lines)]
    assert "\u00a0" not in whole.code
    assert "http" not in whole.code and "/" not in whole.code
    assert world.record("alice").uid not in whole.code


def test_where_the_directives_are_is_on_the_card(world):
    directive.declare(world.access("alice"), DAY, "", "Paule")
    assert lines(world)[card.DIRECTIVES] == "Directives anticipées du 1er mars 2025 : Paule"


def test_corrected_contacts_are_told_at_once(world):
    one = world.designation(signed_on=DAY, person=world.contact())
    alice = world.access("alice")
    person = contact.find(alice, one.contact.uid)
    more = {"phone": "06 39 98 00 99", "birth_date": person.birth_date}
    told = Told("Paule", "Imaginaire", "daughter", **more)
    contact.correct(alice, person, told)
    assert "06 39 98 00 99" in speaks(world)
