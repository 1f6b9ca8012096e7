"""The code of a consultation: once, a quarter of an hour, one sentence whatever is wrong."""

from datetime import timedelta

import pytest

from models import admission, block, clock, consultation, journal, professional
from models.access import Forbidden, Role
from models.activation_code import ALPHABET
from models.attempt import Attempt, TooMany
from models.consultation import Consultation, Until
from models.journal import Act, Entry
from models.record import Record
from models.refusal import Refusal

HERE = "192.0.2.1"
QUARTER = timedelta(minutes=15)


@pytest.fixture
def hugo(world):
    return world.professional("hugo")


def make(world, until=Until.TODAY, of="alice"):
    return consultation.make(world.access(of), until)


def use(one, code, address=HERE):
    return consultation.use(one, code, address)


def assert_wrong(one, code):
    with pytest.raises(Refusal) as refused:
        use(one, code)
    assert (refused.value.sentence, refused.value.field) == (consultation.WRONG, "code")


def last_day(access):
    return (access.ends_at - timedelta(seconds=1)).astimezone(clock.PARIS).date()


def test_the_code_is_eight_letters_that_are_nowhere_in_the_row(world):
    code = make(world)
    assert len(code) == 9 and set(code.replace(" ", "")) <= set(ALPHABET)
    kept = str(list(Consultation.select().tuples()))
    assert code not in kept and code.replace(" ", "") not in kept


@pytest.mark.parametrize("written", ["{}", " {} ", "lower", "dashes"])
def test_it_opens_the_record_at_once_however_it_is_written(world, hugo, written):
    code = make(world)
    typed = {"lower": code.lower(), "dashes": code.replace(" ", "-")}.get(
        written, written.format(code)
    )
    made = use(hugo, typed)
    assert (made.role, made.profession, made.record) == (
        Role.PROFESSIONAL,
        "doctor",
        world.record("alice"),
    )
    assert world.access("hugo", "alice") == made
    entry = Entry.select().order_by(Entry.id.desc()).get()
    assert (entry.act, entry.actor, entry.role) == (Act.USED_CODE, "Hugo Fictif", "professional")


@pytest.mark.parametrize(
    "until, months", [(Until.TODAY, 0), (Until.MONTH, 1), (Until.YEAR, 12), (Until.REVOKED, None)]
)
def test_it_opens_for_as_long_as_the_holder_chose(world, hugo, until, months):
    made = use(hugo, make(world, until))
    if months is None:
        assert made.ends_at is None
    else:
        assert last_day(made) == clock.months_later(clock.today(), months)


def test_it_serves_once_whoever_tries(world, hugo):
    code = make(world)
    use(hugo, code)
    assert_wrong(hugo, code)
    assert_wrong(world.professional("irma"), code)
    assert world.access("irma", "alice") is None


@pytest.mark.parametrize("late, opens", [(-5, True), (5, False)])
def test_it_is_good_for_a_quarter_of_an_hour(world, hugo, late, opens):
    code = make(world)
    with clock.moved(QUARTER + timedelta(seconds=late)):
        if opens:
            assert use(hugo, code)
        else:
            assert_wrong(hugo, code)


def test_a_new_code_ends_the_one_before_in_this_record_only(world, hugo):
    first, other = make(world), make(world, of="carole")
    second = make(world)
    assert_wrong(hugo, first)
    assert use(hugo, second).record == world.record("alice")
    assert use(hugo, other).record == world.record("carole")


def test_a_code_cancelled_opens_nothing_and_is_told_once(world, hugo):
    code, alice = make(world), world.access("alice")
    assert consultation.last(alice).good
    consultation.cancel(alice)
    consultation.cancel(alice)
    assert not consultation.last(alice).good
    assert_wrong(hugo, code)
    acts = [entry.act for entry in Entry.select()]
    assert acts.count(Act.CANCELLED_CODE) == 1


def test_whatever_is_wrong_the_words_are_the_same(world, hugo):
    for code in ("", "AAAA AAAA", "x" * 10_000, "' OR 1=1 --", "٣٣٣٣٣٣٣٣"):
        assert_wrong(hugo, code)
    code = make(world)
    Record.update(closed_at=clock.now()).where(Record.uid == world.record("alice").uid).execute()
    assert_wrong(hugo, code)


def test_whoever_is_blocked_or_suspended_gets_the_same_words_and_uses_nothing(world, hugo):
    code = make(world)
    irma = world.professional("irma")
    block.block(world.access("alice"), hugo.account)
    professional.suspend(world.office, irma)
    assert_wrong(hugo, code)
    assert_wrong(irma, code)
    assert Consultation.get().used_at is None


def test_the_tries_are_counted_for_the_account_and_for_the_address(world, hugo):
    for number in range(10):
        with pytest.raises(Refusal):
            use(hugo, "AAAA AAAA", f"192.0.2.{number}")
    with pytest.raises(TooMany):
        use(hugo, make(world), "192.0.2.99")
    assert world.access("hugo", "alice") is None
    for name in ("irma", "jean", "kim"):
        other = world.professional(name)
        for _ in range(10):
            with pytest.raises(Refusal):
                use(other, "AAAA AAAA")
    with pytest.raises(TooMany):
        use(world.professional("lou"), make(world))


def test_a_good_code_counts_no_failure(world, hugo):
    use(hugo, make(world))
    assert Attempt.select().count() == 0


def test_a_longer_code_prolongs_and_a_shorter_one_changes_nothing(world, hugo):
    first = use(hugo, make(world, Until.MONTH))
    shorter = use(hugo, make(world, Until.TODAY))
    assert (shorter.id, shorter.ends_at) == (first.id, first.ends_at)
    longer = use(hugo, make(world, Until.YEAR))
    assert longer.id == first.id
    assert last_day(world.access("hugo", "alice")) == clock.months_later(clock.today(), 12)
    assert use(hugo, make(world, Until.REVOKED)).ends_at is None
    use(hugo, make(world, Until.YEAR))
    assert world.access("hugo", "alice").ends_at is None


def test_an_emergency_gives_way_to_the_access_of_the_code(world, hugo):
    world.let_in("hugo", Role.EMERGENCY)
    made = use(hugo, make(world))
    assert world.access("hugo", "alice") == made
    assert made.role == Role.PROFESSIONAL


def test_whoever_enters_otherwise_already_is_told_so_and_the_code_still_serves(world, hugo):
    world.let_in("hugo", Role.CARER)
    code = make(world)
    with pytest.raises(Refusal) as refused:
        use(hugo, code)
    assert refused.value.sentence == consultation.OTHERWISE
    assert world.access("hugo", "alice").role == Role.CARER
    assert use(world.professional("irma"), code)


def test_what_she_ended_opens_again_with_a_code(world, hugo):
    admission.leave(use(hugo, make(world)))
    assert use(hugo, make(world))


def test_a_profession_corrected_meanwhile_is_the_one_that_enters(world, hugo):
    stale, code = professional.find(hugo.uid), make(world)
    professional.correct(world.office, hugo, professional.Told("Hugo Fictif", "", "dentist"))
    assert use(stale, code).profession == "dentist"


@pytest.mark.parametrize("until", ["", "always", None, "TODAY"])
def test_a_length_that_was_not_offered_is_refused(world, until):
    with pytest.raises(Refusal) as refused:
        make(world, until)
    assert refused.value.field == "until"
    assert Consultation.select().count() == 0


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_only_who_decides_makes_sees_or_cancels_a_code(world, role):
    other = world.let_in("bruno", role)
    for verb in (consultation.last, consultation.cancel, lambda one: consultation.make(one, "day")):
        with pytest.raises(Forbidden):
            verb(other)


def test_the_journal_holds_and_never_tells_the_code(world, hugo):
    code = make(world)
    use(hugo, code)
    assert journal.broken(world.record("alice")) is None
    told = " ".join(entry.detail for entry in Entry.select())
    assert code not in told and code.replace(" ", "") not in told
