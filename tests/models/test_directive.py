"""Advance directives: answers kept one by one, then signed, deposited or declared."""

import threading
from datetime import date, timedelta

import pytest

from models import bin, clock, directive, signing, wishes
from models.access import Forbidden, Role
from models.database import database
from models.directive import LONGEST_ANSWER, Directive, Way
from models.document import Document
from models.journal import Act, Entry
from models.record import Record
from models.reference.directives import FORMS, UNKNOWN, Model
from models.refusal import Refusal
from models.signing import Papers, Protection, State

from ..world import LIMITS, picture, spooled

DAY = date(2025, 3, 1)
PAPER = picture("Papier.")


def begun(world, model=Model.HEALTH, **told):
    return directive.begin(world.access("alice"), model, **told)


def answer(world, one, code, words="", choice=""):
    directive.answer(world.access("alice"), one, code, choice, words)


def found(world, one):
    return directive.find(world.access("alice"), one.uid)


def words(world, one):
    """Code → words, of the answers given."""
    return {each.question.code: each.words for each in found(world, one).given_answers}


def finish(world, one, birthplace="Rennes, France", protection=Protection.NONE, witnessed=False):
    directive.finish(
        world.access("alice"), found(world, one), birthplace, protection, witnessed=witnessed
    )


def deposit(world, on=DAY, content=PAPER, place="", **told):
    papers = Papers(((spooled(content), "papier.png"),), told.get("authorisation", ()))
    protection = told.get("protection", Protection.NONE)
    return directive.deposit(world.access("alice"), on, papers, place, protection, LIMITS)


def declare(world, on=DAY, place="À l'hôpital", keeper=""):
    return directive.declare(world.access("alice"), on, place, keeper)


def refused(verb):
    with pytest.raises(Refusal) as refusal:
        verb()
    return refusal.value


def states(world):
    return [one.state for one in directive.history(world.access("alice"))]


@pytest.mark.parametrize(
    "text",
    [
        "word " * 5000,
        "Oui 🌻 👩‍👧, « si possible » – l'été.",
        "אני רוצה להיות בבית",
        "أريد أن أكون في البيت",
        "<script>alert(1)</script> & 'O''Brien'",
        '{"choice": "non"}',
        "Un.\n\nDeux.\nTrois.",
    ],
)
def test_an_answer_is_kept_as_it_was_written(world, text):
    one = begun(world)
    answer(world, one, "valeurs", text)
    assert words(world, one) == {"valeurs": text.strip()}


def test_an_answer_of_the_longest_length_is_kept_and_one_sign_more_is_refused(world):
    one = begun(world)
    answer(world, one, "valeurs", "é" * LONGEST_ANSWER)
    refusal = refused(lambda: answer(world, one, "valeurs", "à" * (LONGEST_ANSWER + 1)))
    assert refusal.field == "words" and "60001" in refusal.sentence
    assert words(world, one) == {"valeurs": "é" * LONGEST_ANSWER}


def test_spaces_at_the_ends_do_not_count_towards_the_length(world):
    one = begun(world)
    answer(world, one, "valeurs", " \n" * 50_000 + "a" * LONGEST_ANSWER)
    assert len(words(world, one)["valeurs"]) == LONGEST_ANSWER


def test_an_empty_answer_takes_the_one_before_away(world):
    one = begun(world)
    answer(world, one, "valeurs", "La mer.")
    answer(world, one, "valeurs", " \n ")
    assert words(world, one) == {}


def test_a_choice_is_kept_and_one_that_is_not_offered_is_not(world):
    one = begun(world)
    answer(world, one, first_choice(), choice="oui")
    answer(world, one, "valeurs", choice="oui", words="La mer.")
    kept = {each.question.code: each.choice for each in found(world, one).given_answers}
    assert kept == {first_choice(): "oui", "valeurs": ""}


def first_choice():
    return next(each.code for each in FORMS[Model.HEALTH].questions if each.answers)


def test_not_knowing_yet_is_an_answer_to_every_question(world):
    one = begun(world)
    for question in FORMS[Model.HEALTH].questions:
        answer(world, one, question.code, choice=UNKNOWN)
    given = found(world, one).given_answers
    assert len(given) == len(FORMS[Model.HEALTH].questions)
    assert {each.sentence for each in given} == {"Je ne sais pas encore."}


def test_two_devices_that_answer_different_questions_lose_nothing(world):
    one = begun(world)
    telephone, tablet = found(world, one), found(world, one)
    answer(world, telephone, "valeurs", "La mer.")
    answer(world, tablet, "autres-souhaits", "De la musique.")
    answer(world, telephone, "sedation", "Non.")
    assert words(world, one) == {
        "valeurs": "La mer.",
        "sedation": "Non.",
        "autres-souhaits": "De la musique.",
    }


def test_eleven_answers_sent_at_the_same_moment_are_all_kept(world):
    one = begun(world)
    codes = [each.code for each in FORMS[Model.HEALTH].questions]

    def send(code):
        try:
            answer(world, found(world, one), code, f"Réponse à {code}.")
        finally:
            database.close()

    threads = [threading.Thread(target=send, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert words(world, one) == {code: f"Réponse à {code}." for code in codes}


def test_what_was_begun_is_gone_on_with_and_keeps_its_answers(world):
    one = begun(world)
    answer(world, one, "valeurs", "La mer.")
    assert begun(world).uid == one.uid
    assert words(world, one) == {"valeurs": "La mer."}


def test_changing_model_hides_the_answers_it_does_not_ask_and_loses_none(world):
    one = begun(world, Model.ILLNESS)
    answer(world, one, "maladie", "Le cœur.")
    answer(world, one, "valeurs", "La mer.")
    begun(world, Model.HEALTH)
    assert words(world, one) == {"valeurs": "La mer."}
    begun(world, Model.ILLNESS)
    assert words(world, one) == {"maladie": "Le cœur.", "valeurs": "La mer."}


@pytest.mark.parametrize("again, kept", [(True, {"valeurs": "La mer."}), (False, {})])
def test_new_ones_start_from_the_last_answers_only_when_asked(world, again, kept):
    signed = world.directive(signed_on=DAY, valeurs="La mer.")
    one = begun(world, again=again)
    assert words(world, one) == kept
    answer(world, one, "valeurs", "La montagne.")
    assert words(world, signed) == {"valeurs": "La mer."}


def test_a_document_that_says_nothing_is_not_finished(world):
    one = begun(world)
    assert "une question au moins" in refused(lambda: finish(world, one)).sentence
    assert found(world, one).state is State.BEGUN


@pytest.mark.parametrize("birthplace", ["", " \u200f ", "R" * 301])
def test_the_birthplace_is_asked_because_the_law_asks_it(world, birthplace):
    one = begun(world)
    answer(world, one, "valeurs", "La mer.")
    assert refused(lambda: finish(world, one, birthplace)).field == "birthplace"
    assert found(world, one).state is State.BEGUN
    assert world.record("alice").birthplace == ""


def test_once_finished_it_is_to_sign_and_the_birthplace_is_the_record_s(world):
    one = begun(world)
    answer(world, one, "valeurs", "La mer.")
    finish(world, one, " Saint-Pierre , La Réunion ", Protection.ASSISTED, witnessed=True)
    kept = found(world, one)
    assert kept.state is State.TO_SIGN
    assert (kept.protection, kept.witnessed) == (Protection.ASSISTED, True)
    assert world.record("alice").birthplace == "Saint-Pierre , La Réunion"


def test_an_answer_changed_after_that_asks_to_finish_again(world):
    one = world.directive()
    answer(world, one, "valeurs", "La montagne.")
    assert found(world, one).state is State.BEGUN
    finish(world, one)
    assert found(world, one).state is State.TO_SIGN


def test_a_signed_version_s_answers_change_no_more(world):
    one = world.directive(signed_on=DAY)
    assert directive.find_draft(world.access("alice"), one.uid) is None


def test_a_paper_already_signed_is_valid_at_once(world):
    one = deposit(world, place=" Chez  Paule 🏠 ")
    assert (found(world, one).state, one.way, one.place) == (
        State.VALID,
        Way.PAPER,
        "Chez Paule 🏠",
    )
    assert one.paper.wish and one.paper.category == "DIR_ANT"


def test_a_deposited_paper_taken_back_leaves_no_trace_but_the_journal_s(world):
    one = deposit(world)
    signing.withdraw(world.access("alice"), found(world, one))
    assert Directive.select().count() == 0
    assert Act.WITHDREW_DIRECTIVE in [entry.act for entry in Entry.select()]


def test_a_deposited_paper_may_be_taken_back_while_others_are_written(world):
    one = deposit(world)
    begun(world)
    signing.withdraw(world.access("alice"), found(world, one))
    assert states(world) == [State.BEGUN]


def test_the_same_paper_deposited_twice_is_one_version(world):
    deposit(world)
    refusal = refused(lambda: deposit(world))
    assert refusal.field == "files" and "déjà joint" in refusal.sentence
    assert states(world) == [State.VALID] and Document.select().count() == 1


def test_a_place_too_long_is_refused_before_anything_is_kept(world):
    assert refused(lambda: deposit(world, place="p" * 301)).field == "place"
    assert refused(lambda: declare(world, keeper="k" * 301)).field == "keeper"
    assert states(world) == [] and Document.select().count() == 0


def test_a_represented_adult_s_paper_needs_its_authorisation(world):
    protection = Protection.REPRESENTED
    assert refused(lambda: deposit(world, protection=protection)).field == "authorisation"
    assert states(world) == []
    judge = ((spooled(picture("Juge.")), "juge.png"),)
    assert deposit(world, protection=protection, authorisation=judge).authorisation
    assert states(world) == [State.VALID]


@pytest.mark.parametrize("place, keeper", [("À l'hôpital", ""), ("", "Paule, 06 39 98 00 12")])
def test_their_existence_alone_may_be_declared(world, place, keeper):
    one = declare(world, place=place, keeper=keeper)
    assert found(world, one).state is State.VALID
    assert (one.way, one.place, one.keeper, one.paper) == (Way.ELSEWHERE, place, keeper, None)


def test_neither_where_nor_who_declares_nothing(world):
    assert refused(lambda: declare(world, place=" ", keeper="\u200f")).field == "place"
    assert states(world) == []


@pytest.mark.parametrize("on", [None, date(2999, 1, 1), date(1969, 3, 13), date(1940, 1, 1)])
def test_a_day_that_cannot_be_declares_and_deposits_nothing(world, on):
    assert refused(lambda: declare(world, on)).field == "signed_on"
    assert refused(lambda: deposit(world, on)).field == "signed_on"
    assert states(world) == [] and Document.select().count() == 0


def test_the_newest_signed_holds_whichever_way_it_came(world):
    world.directive(signed_on=date(2025, 1, 1))
    deposit(world, date(2025, 6, 1))
    declare(world, date(2025, 3, 1))
    rows = directive.history(world.access("alice"))
    assert [one.way for one in rows] == [Way.PAPER, Way.ELSEWHERE, Way.WRITTEN]
    assert states(world) == [State.VALID, State.REPLACED, State.REPLACED]


def test_a_minor_writes_deposits_and_declares_nothing(world):
    world.born(clock.today() - timedelta(days=17 * 365))
    for verb in (begun, deposit, declare):
        assert refused(lambda verb=verb: verb(world)).sentence == signing.MINOR
    assert Directive.select().count() == Document.select().count() == 0


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.HOLDER])
def test_nobody_writes_for_her(world, role):
    one = world.directive()
    other = world.let_in("bruno", role)
    before = Directive.get().__data__
    for verb in (
        lambda: directive.begin(other, Model.HEALTH),
        lambda: directive.answer(other, one, "valeurs", "", "Autre."),
        lambda: directive.finish(other, one, "Paris", Protection.NONE, witnessed=False),
        lambda: directive.declare(other, DAY, "Ailleurs", ""),
        lambda: directive.deposit(other, DAY, world.signed_paper(), "", Protection.NONE, LIMITS),
        lambda: directive.read_again(other, one),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert Directive.get().__data__ == before and Directive.select().count() == 1
    assert Document.select().count() == 0


def test_another_s_draft_is_not_found(world):
    one = world.directive()
    assert directive.find_draft(world.access("carole"), one.uid) is None


def test_answering_is_told_once_an_hour_and_without_what_was_answered(world):
    one = begun(world)
    for number in range(5):
        answer(world, one, "valeurs", f"Secret {number}.")
    told = [entry for entry in Entry.select() if entry.act == Act.ANSWERED_DIRECTIVE]
    assert len(told) == 1 and "Secret" not in told[0].detail


def test_a_record_keeps_one_draft_at_a_time_even_in_the_database(world):
    begun(world)
    with pytest.raises(Exception, match="UNIQUE"):
        Directive.create(record=Record.get_by_id(world.record("alice").id), way=Way.WRITTEN)


@pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.PROFESSIONAL, Role.EMERGENCY])
def test_a_draft_is_read_by_its_author_only(world, role):
    signed, draft = world.directive(signed_on=DAY), world.directive(valeurs="Secret.")
    other = world.let_in("bruno", role)
    assert [one.uid for one in directive.history(other)] == [signed.uid]
    assert directive.find(other, draft.uid) is directive.find_draft(other, draft.uid) is None
    answers = wishes.answers(other)
    assert answers.directive_in_preparation is None
    assert answers.valid_directive.uid == signed.uid
    assert [one.uid for one in directive.history(world.access("alice"))] == [draft.uid, signed.uid]


def test_reading_what_holds_is_told_once_an_hour_and_by_whom(world):
    one = world.directive(signed_on=DAY)
    other = world.let_in("bruno", Role.PROFESSIONAL)
    for _ in range(3):
        directive.read(other, one)
    (told,) = [each for each in Entry.select() if each.act == Act.READ_DIRECTIVE]
    assert told.actor == "Bruno Fictif" and "1er mars 2025" in told.details["name"]


def test_the_same_declaration_sent_twice_is_one(world):
    first, again = declare(world), declare(world)
    assert first.uid == again.uid and states(world) == [State.VALID]
    declare(world, place="Ailleurs")
    assert states(world) == [State.VALID, State.REPLACED]
    assert [one.act for one in Entry.select()].count(Act.DECLARED_DIRECTIVE) == 2


def test_what_was_declared_and_revoked_may_be_declared_again(world):
    signing.revoke(world.access("alice"), declare(world), clock.today())
    declare(world)
    assert states(world) == [State.VALID, State.REVOKED]


def test_what_was_declared_may_be_taken_back(world):
    one = declare(world)
    begun(world)
    assert signing.withdraw(world.access("alice"), one) is False
    assert states(world) == [State.BEGUN]
    assert Act.WITHDREW_DIRECTIVE in [entry.act for entry in Entry.select()]


def test_a_deposited_paper_taken_back_takes_its_authorisation_along(world):
    judge = ((spooled(picture("Juge.")), "juge.png"),)
    one = deposit(world, protection=Protection.REPRESENTED, authorisation=judge)
    signing.withdraw(world.access("alice"), found(world, one))
    assert world.titles(world.access("alice")) == set()
    assert len(bin.content(world.access("alice"))) == 2
    with clock.moved(timedelta(days=31)):
        assert bin.empty_old() == 2


def test_an_authorisation_refused_deposits_nothing(world):
    empty = ((spooled(b""), "juge.png"),)
    refusal = refused(
        lambda: deposit(world, protection=Protection.REPRESENTED, authorisation=empty)
    )
    assert refusal.field == "authorisation" and states(world) == []
    assert world.titles(world.access("alice")) == set()


def test_begun_six_times_at_the_same_moment_they_are_one(world):
    faults = []

    def begin():
        try:
            begun(world)
        except Exception as fault:
            faults.append(fault)
        finally:
            database.close()

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == [] and states(world) == [State.BEGUN]


def test_an_answer_that_comes_after_the_signature_changes_nothing(world):
    tablet = world.directive(valeurs="La mer.")
    signing.sign(world.access("alice"), found(world, tablet), DAY, world.signed_paper(), LIMITS)
    refusal = refused(lambda: answer(world, tablet, "valeurs", "La montagne."))
    assert "ne changent plus" in refusal.sentence
    assert words(world, tablet) == {"valeurs": "La mer."}
    assert states(world) == [State.VALID]
