"""What is signed by hand: the paper attached, taken back, replaced, revoked. A designation and
directives live the same life."""

import threading
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from models import (
    bin,
    clock,
    database,
    designation,
    directive,
    document,
    journal,
    signing,
)
from models.access import Forbidden, Role
from models.document import Document
from models.journal import Act, Entry
from models.refusal import Refusal
from models.signing import Papers, Protection, State

from ..world import LIMITS, SURGERY, picture, spooled

DAY = date(2025, 3, 1)
BOTH = pytest.mark.parametrize("noun", ["designation", "directive"])
MODELS = {"designation": designation, "directive": directive}
MODELS_TURNED = ("directive", "designation")


def papers(*contents, authorisation=()):
    names = [(spooled(content), f"{place}.png") for place, content in enumerate(contents)]
    judge = [(spooled(content), "juge.png") for content in authorisation]
    return Papers(tuple(names), tuple(judge))


def photo(color):
    made = BytesIO()
    Image.new("RGB", (60, 80), color).save(made, "JPEG")
    return made.getvalue()


def prepared(world, noun, **told):
    return getattr(world, noun)(**told)


def found(world, noun, one):
    return MODELS[noun].find(world.access("alice"), one.uid)


def sign(world, noun, one, on=DAY, given=None):
    given = given or world.signed_paper()
    signing.sign(world.access("alice"), found(world, noun, one), on, given, LIMITS)
    return found(world, noun, one)


def states(world, noun):
    return [one.state for one in MODELS[noun].history(world.access("alice"))]


def refused(verb):
    with pytest.raises(Refusal) as refusal:
        verb()
    return refusal.value


@BOTH
def test_it_is_valid_from_the_day_it_was_signed_and_not_before(world, noun):
    one = prepared(world, noun)
    assert found(world, noun, one).state is State.TO_SIGN
    signed = sign(world, noun, one)
    assert (signed.state, signed.signed_on, signed.is_signed) == (State.VALID, DAY, True)


@BOTH
@pytest.mark.parametrize(
    "on, said",
    [
        (None, "Écrivez la date de la signature"),
        (date(2999, 1, 1), "dans le futur"),
        (date(1969, 3, 13), "vous n'aviez pas 18 ans"),
        (date(1940, 1, 1), "vous n'aviez pas 18 ans"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_nothing_is_kept(world, noun, on, said):
    one = prepared(world, noun)
    refusal = refused(lambda: sign(world, noun, one, on))
    assert refusal.field == "signed_on" and said in refusal.sentence
    assert found(world, noun, one).state is State.TO_SIGN
    assert Document.select().count() == 0


@BOTH
def test_tomorrow_is_the_future_and_today_is_not(world, noun):
    one = prepared(world, noun)
    assert refused(lambda: sign(world, noun, one, clock.today() + timedelta(days=1)))
    assert sign(world, noun, one, clock.today()).state is State.VALID


@BOTH
def test_her_eighteenth_birthday_is_the_first_day_that_counts(world, noun):
    assert sign(world, noun, prepared(world, noun), date(1969, 3, 14)).state is State.VALID


@BOTH
def test_without_the_paper_nothing_is_signed(world, noun):
    one = prepared(world, noun)
    assert refused(lambda: sign(world, noun, one, given=Papers(()))).field == "files"
    assert found(world, noun, one).state is State.TO_SIGN


@BOTH
def test_a_file_that_is_no_paper_is_refused_with_the_deposit_s_own_words(world, noun):
    one = prepared(world, noun)
    refusal = refused(lambda: sign(world, noun, one, given=papers(b"<html><p>x")))
    assert refusal.field == "files" and "n'est pas accepté" in refusal.sentence
    assert found(world, noun, one).state is State.TO_SIGN


@BOTH
def test_the_paper_is_a_document_of_the_record_that_says_what_it_is(world, noun):
    signed = sign(world, noun, prepared(world, noun), given=papers(picture("Papier.")))
    (kept,) = document.loaded(world.access("alice"), world.access("alice").documents())
    assert kept == signed.paper and kept.wish
    assert "le 1er mars 2025" in kept.title
    assert (kept.dated, kept.author) == (DAY, "Alice Exemple")
    assert kept.category == {"designation": "VDP", "directive": "DIR_ANT"}[noun]
    assert b"".join(document.download(world.access("alice"), kept)) == picture("Papier.")


@BOTH
def test_several_photos_are_one_paper(world, noun):
    shots = Papers(tuple((spooled(photo(color)), f"{color}.jpg") for color in ("red", "blue")))
    signed = sign(world, noun, prepared(world, noun), given=shots)
    assert Document.select().count() == 1
    assert (signed.paper.media_type, signed.paper.pages) == ("application/pdf", 2)


@BOTH
def test_several_files_that_are_not_all_photos_are_refused_with_the_name_of_the_odd_one(
    world, noun
):
    one = prepared(world, noun)
    mixed = Papers(((spooled(photo("red")), "un.jpg"), (spooled(b"Texte"), "deux.txt")))
    refusal = refused(lambda: sign(world, noun, one, given=mixed))
    assert refusal.field == "files" and "« deux.txt » ne peut pas être réuni" in refusal.sentence
    assert Document.select().count() == 0


@BOTH
def test_a_file_already_among_the_documents_is_attached_as_it_is(world, noun):
    known = world.paper("Scan de mars", scan="Papier.", category="ORD_SOIN")
    signed = sign(world, noun, prepared(world, noun), given=papers(picture("Papier.")))
    assert signed.paper == known and Document.select().count() == 1
    assert (signed.paper.title, signed.paper.wish) == ("Scan de mars", True)


@BOTH
def test_a_file_that_she_does_not_see_yet_is_not_told_to_be_there(world, noun):
    hidden = world.paper("Grave nouvelle", scan="Papier.", by=SURGERY)
    Document.update(unannounced=True).where(Document.id == hidden.id).execute()
    one = prepared(world, noun)
    refusal = refused(lambda: sign(world, noun, one, given=papers(picture("Papier."))))
    assert refusal.sentence == "Ce fichier est déjà dans cet espace."
    assert not Document.get_by_id(hidden.id).wish


@BOTH
def test_the_same_paper_is_not_attached_to_two_of_them(world, noun):
    sign(world, noun, prepared(world, noun), given=papers(picture("Papier.")))
    second = prepared(world, noun)
    refusal = refused(lambda: sign(world, noun, second, given=papers(picture("Papier."))))
    assert refusal.field == "files" and "déjà joint" in refusal.sentence
    assert states(world, noun) == [State.TO_SIGN, State.VALID]


@BOTH
@pytest.mark.parametrize("known", [True, False])
def test_what_is_typed_is_no_paper_signed_by_hand_even_when_it_is_there_already(world, noun, known):
    if known:
        world.paper("Notes", "Papier.")
    one = prepared(world, noun)
    typed = Papers(((spooled(b"Papier."), "notes.txt"),))
    refusal = refused(lambda: sign(world, noun, one, given=typed))
    assert refusal.field == "files" and "n'est pas une photo ni un PDF" in refusal.sentence
    assert states(world, noun) == [State.TO_SIGN]
    assert world.titles(world.access("alice")) == ({"Notes"} if known else set())
    assert not Document.select().where(Document.wish).exists()


def title(noun):
    return {
        "designation": "Personne de confiance : désignation signée le 1er mars 2025",
        "directive": "Directives anticipées signées le 1er mars 2025",
    }[noun]


@BOTH
def test_the_title_of_a_paper_says_that_it_was_replaced_or_revoked_and_takes_it_back(world, noun):
    alice = world.access("alice")
    sign(world, noun, prepared(world, noun))
    newer = sign(world, noun, prepared(world, noun), date(2025, 4, 1))
    assert title(noun) + " (remplacé)" in world.titles(alice)
    signing.withdraw(alice, newer)
    assert world.titles(alice) == {title(noun)}
    signing.give_up(alice, found(world, noun, newer))
    (held,) = MODELS[noun].history(alice)
    signing.revoke(alice, held, clock.today())
    assert world.titles(alice) == {title(noun) + " (révoqué)"}


@BOTH
def test_the_title_that_she_gave_is_kept_and_says_that_the_paper_does_not_hold(world, noun):
    world.paper("Scan de mars", scan="Papier.")
    one = sign(world, noun, prepared(world, noun), given=papers(picture("Papier.")))
    signing.revoke(world.access("alice"), one, clock.today())
    assert world.titles(world.access("alice")) == {"Scan de mars (révoqué)"}


@BOTH
def test_the_file_of_the_authorisation_is_not_taken_for_the_paper(world, noun):
    one = prepared(world, noun, protection=Protection.REPRESENTED)
    both = papers(picture("Papier."), authorisation=[picture("Juge.")])
    signing.withdraw(world.access("alice"), sign(world, noun, one, given=both))
    refusal = refused(lambda: sign(world, noun, one, given=papers(picture("Juge."))))
    assert refusal.field == "files"


@BOTH
def test_an_authorisation_that_another_replaces_is_locked_no_more(world, noun):
    one = prepared(world, noun, protection=Protection.REPRESENTED)
    for judge in ("Juge.", "Autre juge."):
        given = papers(picture(f"Papier, {judge}"), authorisation=[picture(judge)])
        signed = sign(world, noun, one, given=given)
        if judge == "Juge.":
            signing.withdraw(world.access("alice"), signed)
    wishes = Document.select().where(Document.wish)
    assert {each.id for each in wishes} == {signed.paper_id, signed.authorisation_id}


@BOTH
def test_sent_twice_at_the_same_moment_it_is_signed_once(world, noun):
    one, told, gate = prepared(world, noun), [], threading.Barrier(2)

    def send():
        try:
            access = world.access("alice")
            mine = MODELS[noun].find(access, one.uid)
            given = papers(picture("Papier."))
            gate.wait()
            told.append(signing.sign(access, mine, DAY, given, LIMITS))
        except Refusal as refusal:
            told.append(refusal.sentence)
        finally:
            database.database.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count(State.VALID) == 1 and len(told) == 2, told
    assert states(world, noun) == [State.VALID] and Document.select().count() == 1


@BOTH
def test_ten_replacements_in_a_minute_are_all_kept_and_the_last_signed_holds(world, noun):
    made = [sign(world, noun, prepared(world, noun)) for _ in range(11)]
    assert states(world, noun) == [State.VALID] + [State.REPLACED] * 10
    rows = MODELS[noun].history(world.access("alice"))
    assert [one.uid for one in rows] == [one.uid for one in reversed(made)]
    assert [one.newer and one.newer.uid for one in rows] == [None] + [o.uid for o in rows[:-1]]
    assert signing.current(rows).uid == made[-1].uid
    for one in rows:
        assert b"".join(document.download(world.access("alice"), one.paper))


@BOTH
def test_an_older_paper_attached_later_does_not_win(world, noun):
    newest = sign(world, noun, prepared(world, noun), date(2025, 6, 1))
    oldest = sign(world, noun, prepared(world, noun), date(2024, 1, 1))
    between = sign(world, noun, prepared(world, noun), date(2025, 1, 1))
    rows = MODELS[noun].history(world.access("alice"))
    assert [one.uid for one in rows] == [newest.uid, between.uid, oldest.uid]
    assert states(world, noun) == [State.VALID, State.REPLACED, State.REPLACED]
    assert found(world, noun, oldest).newer.uid == between.uid
    assert signing.has_newer(oldest) and not signing.has_newer(newest)


@BOTH
def test_one_being_prepared_leaves_the_valid_one_valid(world, noun):
    sign(world, noun, prepared(world, noun))
    prepared(world, noun)
    assert states(world, noun) == [State.TO_SIGN, State.VALID]


@BOTH
def test_revoking_the_newest_does_not_bring_the_older_back(world, noun):
    sign(world, noun, prepared(world, noun), date(2024, 1, 1))
    newest = sign(world, noun, prepared(world, noun))
    signing.revoke(world.access("alice"), newest, clock.today())
    assert states(world, noun) == [State.REVOKED, State.REPLACED]
    assert MODELS[noun].valid(MODELS[noun].history(world.access("alice"))) is None


@BOTH
def test_a_new_one_is_valid_after_a_revocation(world, noun):
    first = sign(world, noun, prepared(world, noun))
    signing.revoke(world.access("alice"), first, DAY)
    sign(world, noun, prepared(world, noun), DAY)
    assert states(world, noun) == [State.VALID, State.REVOKED]


@BOTH
@pytest.mark.parametrize("on", [None, date(2999, 1, 1), date(2025, 2, 28)])
def test_a_revocation_is_not_in_the_future_nor_before_the_signature(world, noun, on):
    one = sign(world, noun, prepared(world, noun))
    assert refused(lambda: signing.revoke(world.access("alice"), one, on)).field == "on"
    assert states(world, noun) == [State.VALID]


@BOTH
def test_a_revoked_one_keeps_its_paper_and_both_dates(world, noun):
    one = sign(world, noun, prepared(world, noun))
    signing.revoke(world.access("alice"), one, date(2025, 4, 1))
    kept = found(world, noun, one)
    assert (kept.signed_on, kept.revoked_on) == (DAY, date(2025, 4, 1))
    assert world.access("alice").documents().where(Document.id == kept.paper_id).exists()
    assert Entry.select().order_by(Entry.id.desc()).get().details["on"] == "2025-04-01"


@BOTH
def test_taking_the_paper_back_makes_it_to_sign_again_and_bins_the_paper(world, noun):
    older = sign(world, noun, prepared(world, noun), date(2024, 1, 1))
    one = sign(world, noun, prepared(world, noun))
    signing.withdraw(world.access("alice"), one)
    assert states(world, noun) == [State.TO_SIGN, State.VALID]
    assert found(world, noun, older).state is State.VALID
    (binned,) = bin.content(world.access("alice"))
    assert not binned.wish
    with clock.moved(timedelta(days=31)):
        assert bin.empty_old() == 1
    assert states(world, noun) == [State.TO_SIGN, State.VALID]
    assert sign(world, noun, one).state is State.VALID


@BOTH
def test_a_paper_taken_back_may_be_restored_as_any_document(world, noun):
    one = sign(world, noun, prepared(world, noun), given=papers(picture("Papier.")))
    signing.withdraw(world.access("alice"), one)
    (binned,) = bin.content(world.access("alice"))
    bin.restore(world.access("alice"), binned)
    signed = sign(world, noun, one, given=papers(picture("Papier.")))
    assert signed.paper == binned and signed.paper.wish


@BOTH
def test_the_same_photo_is_attached_again_after_it_was_taken_back(world, noun):
    one = sign(world, noun, prepared(world, noun), given=papers(picture("Papier.")))
    signing.withdraw(world.access("alice"), one)
    (binned,) = bin.content(world.access("alice"))
    again = sign(world, noun, one, date(2025, 4, 2), given=papers(picture("Papier.")))
    assert again.state is State.VALID and again.paper == binned
    (kept,) = document.loaded(world.access("alice"), world.access("alice").documents())
    assert kept.wish and kept.dated == date(2025, 4, 2) and "2 avril 2025" in kept.title
    assert bin.content(world.access("alice")) == []
    with clock.moved(timedelta(days=31)):
        assert bin.empty_old() == 0
    assert b"".join(document.download(world.access("alice"), kept)) == picture("Papier.")


@BOTH
def test_a_paper_that_a_surgery_sent_stays_among_the_documents_once_taken_back(world, noun):
    theirs = world.paper("Reçu du cabinet", scan="Papier.", by=SURGERY)
    one = sign(world, noun, prepared(world, noun), given=papers(picture("Papier.")))
    assert one.paper == theirs
    assert signing.withdraw(world.access("alice"), one) is False
    assert bin.content(world.access("alice")) == []
    assert world.titles(world.access("alice")) == {"Reçu du cabinet"}
    assert not Document.get().wish


@pytest.mark.parametrize("first, second", [("designation", "directive"), MODELS_TURNED])
def test_one_file_that_is_both_papers_stays_for_the_other_when_one_is_taken_back(
    world, first, second
):
    alice = world.access("alice")
    one = sign(world, first, prepared(world, first), given=papers(picture("Les deux.")))
    two = sign(world, second, prepared(world, second), given=papers(picture("Les deux.")))
    assert one.paper == two.paper and Document.select().count() == 1
    assert signing.withdraw(alice, found(world, first, one)) is False
    assert bin.content(alice) == []
    with clock.moved(timedelta(days=31)):
        assert bin.empty_old() == 0
    kept = found(world, second, two)
    assert kept.state is State.VALID and document.find(alice, kept.paper.uid).wish
    assert b"".join(document.download(alice, kept.paper)) == picture("Les deux.")
    assert signing.withdraw(alice, kept) is True
    with clock.moved(timedelta(days=31)):
        assert bin.empty_old() == 1
    assert states(world, first) == states(world, second) == [State.TO_SIGN]
    assert database.integrity() == []


@BOTH
def test_a_paper_is_not_taken_back_while_another_is_being_prepared(world, noun):
    one = sign(world, noun, prepared(world, noun))
    prepared(world, noun)
    refusal = refused(lambda: signing.withdraw(world.access("alice"), one))
    assert "en préparation" in refusal.sentence
    assert states(world, noun) == [State.TO_SIGN, State.VALID]
    assert bin.content(world.access("alice")) == []


@BOTH
def test_giving_up_forgets_what_was_prepared_and_nothing_signed(world, noun):
    sign(world, noun, prepared(world, noun))
    signing.give_up(world.access("alice"), prepared(world, noun))
    assert states(world, noun) == [State.VALID]
    assert prepared(world, noun).state is State.TO_SIGN


def represented(world, noun):
    one = prepared(world, noun)
    kind = type(one)
    protection = Protection.REPRESENTED.value
    kind.update(protection=protection).where(kind.id == one.id).execute()
    return one


@BOTH
def test_a_represented_adult_needs_the_authorisation_too(world, noun):
    one = represented(world, noun)
    refusal = refused(lambda: sign(world, noun, one, given=papers(picture("Papier."))))
    assert refusal.field == "authorisation" and "du juge" in refusal.sentence
    assert Document.select().count() == 0
    signed = sign(
        world, noun, one, given=papers(picture("Papier."), authorisation=[picture("Juge.")])
    )
    assert signed.state is State.VALID
    assert signed.authorisation.wish and "Autorisation du juge" in signed.authorisation.title


@BOTH
def test_the_authorisation_is_asked_once_and_serves_again(world, noun):
    one = represented(world, noun)
    sign(world, noun, one, given=papers(picture("Papier."), authorisation=[picture("Juge.")]))
    signing.withdraw(world.access("alice"), found(world, noun, one))
    assert sign(world, noun, one, given=papers(picture("Autre papier."))).state is State.VALID
    other = represented(world, noun)
    given = papers(picture("Encore."), authorisation=[picture("Juge.")])
    assert (
        sign(world, noun, other, given=given).authorisation == found(world, noun, one).authorisation
    )


@BOTH
@pytest.mark.parametrize("judge", [b"", b"Juge.", b"<html><p>x"])
def test_an_authorisation_refused_is_said_at_its_field_and_the_paper_is_not_kept(
    world, noun, judge
):
    one = represented(world, noun)
    given = papers(picture("Papier."), authorisation=[judge])
    assert refused(lambda: sign(world, noun, one, given=given)).field == "authorisation"
    assert states(world, noun) == [State.TO_SIGN]
    assert world.titles(world.access("alice")) == set()
    assert not Document.select().where(Document.wish).exists()
    given = papers(picture("Papier."), authorisation=[picture("Juge.")])
    assert sign(world, noun, one, given=given).state is State.VALID
    assert len(world.titles(world.access("alice"))) == 2


@BOTH
@pytest.mark.parametrize("known", [True, False])
def test_one_file_is_not_both_the_paper_and_the_authorisation(world, noun, known):
    if known:
        world.paper("Scan", scan="Le même.")
    one = represented(world, noun)
    given = papers(picture("Le même."), authorisation=[picture("Le même.")])
    refusal = refused(lambda: sign(world, noun, one, given=given))
    assert refusal.field == "authorisation" and "le même fichier" in refusal.sentence
    assert states(world, noun) == [State.TO_SIGN]
    assert world.titles(world.access("alice")) == ({"Scan"} if known else set())
    assert not Document.select().where(Document.wish).exists()


@BOTH
def test_the_authorisation_leaves_with_what_was_being_prepared(world, noun):
    one, alice = represented(world, noun), world.access("alice")
    sign(world, noun, one, given=papers(picture("Papier."), authorisation=[picture("Juge.")]))
    signing.withdraw(alice, found(world, noun, one))
    assert world.titles(alice) == {signing.AUTHORISATION}
    signing.give_up(alice, found(world, noun, one))
    assert world.titles(alice) == set() and len(bin.content(alice)) == 2
    with clock.moved(timedelta(days=31)):
        assert bin.empty_old() == 2


@BOTH
def test_an_authorisation_that_serves_another_one_stays(world, noun):
    alice = world.access("alice")
    for number in range(2):
        one = represented(world, noun)
        given = papers(picture(f"Papier {number}."), authorisation=[picture("Juge.")])
        sign(world, noun, one, given=given)
    signing.withdraw(alice, found(world, noun, one))
    signing.give_up(alice, found(world, noun, one))
    (kept,) = MODELS[noun].history(alice)
    assert document.find(alice, kept.authorisation.uid).wish
    with clock.moved(timedelta(days=31)):
        assert bin.empty_old() == 1
    assert MODELS[noun].history(alice)[0].authorisation == kept.authorisation


@BOTH
def test_an_assisted_adult_needs_no_authorisation(world, noun):
    one = prepared(world, noun)
    kind = type(one)
    kind.update(protection=Protection.ASSISTED.value).where(kind.id == one.id).execute()
    assert sign(world, noun, one).state is State.VALID


@BOTH
def test_a_minor_signs_nothing(world, noun):
    one = prepared(world, noun)
    world.born(clock.today() - timedelta(days=17 * 365))
    assert refused(lambda: sign(world, noun, one)).sentence == signing.MINOR
    assert Document.select().count() == 0


@BOTH
@pytest.mark.parametrize("role", [r for r in Role if r is not Role.HOLDER])
def test_nobody_signs_takes_back_revokes_or_gives_up_for_her(world, noun, role):
    signed = sign(world, noun, prepared(world, noun))
    begun = prepared(world, noun)
    other = world.let_in("bruno", role)
    for verb in (
        lambda: signing.sign(other, begun, DAY, world.signed_paper(), LIMITS),
        lambda: signing.withdraw(other, signed),
        lambda: signing.revoke(other, signed, clock.today()),
        lambda: signing.give_up(other, begun),
    ):
        with pytest.raises(Forbidden):
            verb()
    assert states(world, noun) == [State.TO_SIGN, State.VALID]


@BOTH
def test_the_journal_tells_each_step_and_the_chain_holds(world, noun):
    one = sign(world, noun, prepared(world, noun))
    alice = world.access("alice")
    signing.withdraw(alice, one)
    signing.revoke(alice, sign(world, noun, one), clock.today())
    signing.give_up(alice, prepared(world, noun))
    acts = [entry.act for entry in Entry.select().order_by(Entry.id)]
    name = noun.upper()
    for verb in ("BEGAN", "SIGNED", "WITHDREW", "REVOKED", "GAVE_UP"):
        assert Act[f"{verb}_{name}"] in acts, verb
    assert acts.count(Act[f"SIGNED_{name}"]) == 2
    assert journal.broken(world.record("alice")) is None
    assert database.integrity() == []


@BOTH
def test_another_record_s_are_not_found(world, noun):
    one = sign(world, noun, prepared(world, noun))
    assert MODELS[noun].find(world.access("carole"), one.uid) is None
    assert MODELS[noun].history(world.access("carole")) == []
