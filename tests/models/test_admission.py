"""Those let in: changed, prolonged, warned, ended; by whom, and in what words."""

import threading
from datetime import date, timedelta
from functools import partial

import pytest

from models import access as accesses
from models import admission, clock, invitation, session
from models.access import DELEGABLE, READY, Access, Forbidden, Measure, Right, Role, Why
from models.admission import GONE, NOT_BY_YOU
from models.database import database
from models.journal import Act, Entry
from models.notice import Notice
from models.refusal import Refusal

from ..invited import carer

DAY = timedelta(days=1)
IDLE = timedelta(minutes=30)
# What a letter never says: of health, of whom, of what.
NEVER_SAID = ("Alice", "Bruno", "Carole", "document", "médecin", "docteur", "ordonnance", "maladie")


def refused(verb):
    with pytest.raises(Refusal) as refusal:
        verb()
    return refusal.value


def last():
    return Entry.select().order_by(Entry.id.desc()).get()


def written_since(number):
    return list(Notice.select().where(Notice.id > number).order_by(Notice.recipient))


def number():
    return max((one.id for one in Notice.select()), default=0)


def days(access, other, count):
    """Let it end so many days from now, at midnight in France; as if given for a year."""
    ends = clock.midnight(clock.today() + timedelta(days=count))
    Access.update(ends_at=ends, lasts=365).where(Access.id == other.id).execute()
    return accesses.one_in(access.record, other.uid)


@pytest.fixture
def alice(world):
    return world.access("alice")


@pytest.fixture
def bruno(world):
    return carer(world, until=clock.today() + timedelta(days=365))


def test_the_end_is_immediate_in_sessions_already_open(world, alice, bruno):
    here = session.find(session.start(bruno.account, "Navigateur fictif"), IDLE)
    assert accesses.find(bruno.account, alice.record.uid, here.id)
    admission.end(alice, bruno)
    assert accesses.find(bruno.account, alice.record.uid, here.id) is None
    assert Access.get_by_id(bruno.id).why is Why.HOLDER
    entry = last()
    assert (entry.act, entry.account_id) == (Act.ENDED_ACCESS, alice.account_id)
    assert (entry.details["name"], entry.details["role"]) == ("Bruno Fictif", "carer")


def test_both_are_told_of_the_end_in_words_that_say_nothing(alice, bruno):
    before = number()
    admission.end(alice, bruno)
    letters = written_since(before)
    assert [one.recipient for one in letters] == ["alice@exemple.invalid", "bruno@exemple.invalid"]
    for letter in letters:
        for words in NEVER_SAID:
            assert words not in letter.subject + letter.body, words


def test_it_ends_once(world, alice, bruno):
    admission.end(alice, bruno)
    written, letters = Entry.select().count(), number()
    for verb in (
        lambda: admission.end(alice, bruno),
        lambda: admission.leave(bruno),
        lambda: admission.end_by_office(world.office, bruno),
        lambda: admission.renew(alice, bruno),
        lambda: admission.change(alice, bruno, READY["gerer"], []),
    ):
        assert refused(verb).sentence == GONE
    assert Entry.select().count() == written and number() == letters
    assert Access.get_by_id(bruno.id).given == bruno.given


def test_ended_many_times_at_once_it_is_told_once(world, alice, bruno):
    answers = []

    def end(verb):
        try:
            verb()
            answers.append("ended")
        except Refusal as refusal:
            answers.append(refusal.sentence)
        finally:
            database.close()

    verbs = [partial(admission.end, alice, bruno), partial(admission.leave, bruno)] * 2
    verbs.append(partial(admission.renew, alice, bruno))
    threads = [threading.Thread(target=end, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ends = [Act.ENDED_ACCESS, Act.LEFT]
    assert Entry.select().where(Entry.act.in_(ends)).count() == 1
    assert answers.count(GONE) >= 3
    assert accesses.find(bruno.account, alice.record.uid) is None


def test_whoever_helps_may_give_it_up(world, bruno):
    admission.leave(bruno)
    entry = last()
    assert (entry.act, entry.account_id, entry.role) == (Act.LEFT, bruno.account_id, "carer")
    assert Access.get_by_id(bruno.id).why is Why.ONESELF
    with pytest.raises(Forbidden):
        admission.leave(world.access("alice"))


def test_nobody_evicts_a_representative_nor_the_holder_nor_oneself(world, alice):
    mother = world.let_in("carole", Role.REPRESENTATIVE)
    father = world.let_in("bruno", Role.REPRESENTATIVE)
    for one, other in ((mother, father), (mother, alice), (alice, mother), (mother, mother)):
        assert not admission.may_end(one, other)
        assert refused(partial(admission.end, one, other)).sentence == NOT_BY_YOU
    assert len(accesses.all_in(alice.record)) == 3
    admission.end_by_office(world.office, father)
    assert Access.get_by_id(father.id).why is Why.OFFICE and last().role == "office"


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_only_who_decides_ends_changes_or_prolongs(world, bruno, role):
    given = {"given": " ".join(Right)} if role == Role.CARER else {}
    carole = world.let_in("carole", role, **given)
    assert not admission.may_end(carole, bruno)
    for verb in (
        lambda: admission.end(carole, bruno),
        lambda: admission.renew(carole, bruno),
        lambda: admission.renew(bruno, bruno),
        lambda: admission.change(carole, bruno, DELEGABLE, []),
        lambda: admission.change(bruno, bruno, DELEGABLE, []),
    ):
        with pytest.raises(Forbidden):
            verb()


def test_what_he_may_do_changes_at_once(world, alice, bruno):
    admission.change(alice, bruno, frozenset({Right.WISHES}), [])
    assert world.access("bruno", "alice").rights == {Right.WISHES, Right.LEAVE}
    assert (last().act, last().details["name"]) == (Act.CHANGED_ACCESS, "Bruno Fictif")


@pytest.mark.parametrize("right", sorted(set(Right) - DELEGABLE))
def test_what_is_never_delegable_is_not_given_by_a_change_either(world, alice, bruno, right):
    refusal = refused(lambda: admission.change(alice, bruno, READY["gerer"] | {right}, []))
    assert refusal.field == "given"
    assert world.access("bruno", "alice").given == bruno.given


def test_nothing_at_all_is_no_choice(alice, bruno):
    for given in (frozenset(), frozenset({Right.DEPOSIT})):
        assert refused(lambda g=given: admission.change(alice, bruno, g, [])).field == "given"


def test_prolonged_for_as_long_as_it_was_given(world, alice):
    bruno = carer(world, until=clock.today() + timedelta(days=30))
    with clock.moved(20 * DAY):
        before = number()
        until = admission.renew(alice, bruno)
        assert until == clock.today() + timedelta(days=30)
        assert world.access("bruno", "alice").ends_at == clock.midnight(until + DAY)
        entry = last()
        assert (entry.act, entry.details["until"]) == (Act.RENEWED_ACCESS, until.isoformat())
        (letter,) = written_since(before)
        assert letter.recipient == "bruno@exemple.invalid"
        for words in NEVER_SAID:
            assert words not in letter.subject + letter.body, words


def test_prolonged_again_and_again_it_is_never_for_more_than_two_years(world, alice):
    bruno = carer(world, until=clock.today() + timedelta(days=731))
    for _ in range(3):
        bruno = world.access("bruno", "alice")
        assert admission.renew(alice, bruno) == clock.today() + timedelta(days=731)
    Access.update(lasts=5000).execute()
    assert admission.renewable(world.access("bruno", "alice")) == clock.today() + invitation.LONGEST


def test_given_for_today_it_is_prolonged_by_a_day(world, alice):
    ends = clock.midnight(clock.today() + DAY)
    doctor = world.let_in("bruno", Role.PROFESSIONAL, ends_at=ends)
    assert doctor.lasts == 0
    assert admission.renew(alice, doctor) == clock.today() + DAY


def test_prolonged_it_never_lasts_less_and_asked_twice_is_told_once(world, alice):
    bruno = carer(world, until=clock.today() + timedelta(days=30))
    ends = clock.midnight(clock.today() + timedelta(days=231))
    Access.update(ends_at=ends).where(Access.id == bruno.id).execute()
    bruno = world.access("bruno", "alice")
    written, letters = Entry.select().count(), number()
    assert admission.longer(bruno) is None
    assert clock.midnight(admission.renew(alice, bruno) + DAY) == ends
    assert Entry.select().count() == written and number() == letters
    with clock.moved(210 * DAY):
        bruno = world.access("bruno", "alice")
        assert admission.longer(bruno) == admission.renew(alice, bruno)
        assert Entry.select().count() == written + 1


def test_without_an_end_or_by_a_measure_it_is_not_prolonged(world, alice):
    bruno = world.let_in("bruno", Role.CARER)
    assert bruno.lasts is None and admission.renewable(bruno) is None
    ends = {"ends_at": clock.now() + 30 * DAY}
    carole = world.let_in("carole", Role.CARER, measure=Measure.ASSISTANCE.value, **ends)
    for one in (bruno, carole):
        assert "ne se prolonge pas" in refused(partial(admission.renew, alice, one)).sentence


def test_what_its_date_has_ended_does_not_come_back(world, alice):
    """Even before the task has closed it."""
    bruno = carer(world, until=clock.today() + DAY)
    with clock.moved(3 * DAY):
        assert Access.get_by_id(bruno.id).revoked_at is None
        for verb in (
            lambda: admission.renew(alice, bruno),
            lambda: admission.change(alice, bruno, READY["gerer"], []),
        ):
            assert refused(verb).sentence == GONE
        assert world.access("bruno", "alice") is None


def test_the_task_closes_what_its_date_has_ended_and_both_are_told_once(world, alice):
    bruno = carer(world, until=clock.today() + DAY)
    stays = world.let_in("carole", Role.CARER)
    with clock.moved(3 * DAY):
        before = number()
        assert admission.expire_due() == 1
        assert len(written_since(before)) == 2
        entry = last()
        assert (entry.act, entry.role, entry.details["name"]) == (
            Act.ACCESS_EXPIRED,
            "system",
            "Bruno Fictif",
        )
        assert admission.expire_due() == 0 and len(written_since(before)) == 2
        assert Access.get_by_id(bruno.id).why is Why.DATE
        assert world.access("carole", "alice") == stays


def test_the_task_goes_on_where_someone_has_just_ended_one(world, alice, monkeypatch):
    one = carer(world, until=clock.today() + DAY)
    two = carer(world, "carole", until=clock.today() + DAY, email="autre@exemple.invalid")
    with clock.moved(3 * DAY):
        meant = Access.select

        def select(*columns):
            """Between the list of those due and their closing, the first is ended."""
            monkeypatch.setattr(Access, "select", meant)
            rows = list(_due())
            admission.end_by_office(world.office, one)
            return _Rows(rows)

        monkeypatch.setattr(Access, "select", select)
        assert admission.expire_due() == 1
    assert Access.get_by_id(one.id).why is Why.OFFICE
    assert Access.get_by_id(two.id).why is Why.DATE


def _due():
    return Access.select().where(Access.revoked_at.is_null() & (Access.ends_at <= clock.now()))


class _Rows(list):
    """A query already read."""

    def __getattr__(self, _name):
        return lambda *_args: self


def warned(access, other, count):
    """How many letters the task writes when the end is so many days away."""
    days(access, other, count)
    return admission.warn()


def test_both_are_warned_thirty_and_seven_days_before_once_each(world, alice, bruno):
    told = {left: warned(alice, bruno, left) for left in (40, 31)}
    assert told == {40: 0, 31: 0}
    days(alice, bruno, 31)
    before = number()
    counts = []
    for passed in range(31):
        with clock.moved(passed * DAY):
            counts.append(admission.warn())
            assert admission.warn() == 0
    assert [passed for passed, count in enumerate(counts) if count] == [1, 24]
    assert sum(counts) == 4
    recipients = sorted(one.recipient for one in written_since(before))
    assert recipients == ["alice@exemple.invalid"] * 2 + ["bruno@exemple.invalid"] * 2
    ends = world.access("bruno", "alice").ends_at
    said = (ends - DAY).astimezone(clock.PARIS).date()
    for letter in written_since(before):
        assert f"{said.day}" in letter.body and f"{said.year}" in letter.body
        for words in NEVER_SAID:
            assert words not in letter.subject + letter.body, words


def test_where_the_task_did_not_run_the_nearest_warning_is_given_alone(alice, bruno):
    assert warned(alice, bruno, 5) == 2
    assert admission.warn() == 0


def test_prolonged_it_is_warned_of_anew(world, alice, bruno):
    assert warned(alice, bruno, 5) == 2
    admission.renew(alice, world.access("bruno", "alice"))
    assert admission.warn() == 0
    assert warned(alice, world.access("bruno", "alice"), 6) == 2


@pytest.mark.parametrize("given, warnings", [(7, []), (31, [7]), (90, [30, 7])])
def test_what_was_given_for_a_short_time_is_not_spoken_of_at_once(world, given, warnings):
    carer(world, until=clock.today() + timedelta(days=given))
    told = []
    for left in range(given + 1, 0, -1):
        with clock.moved((given + 1 - left) * DAY):
            if admission.warn():
                told.append(left)
    assert [left - 1 for left in told] == [one - 1 for one in warnings]


def test_neither_parents_nor_emergencies_are_warned_here(world):
    ends = {"ends_at": clock.now() + 5 * DAY, "lasts": 365}
    world.let_in("bruno", Role.REPRESENTATIVE, **ends)
    assert admission.warn() == 0


def test_one_that_was_given_without_an_end_is_no_trouble_to_the_task(world, alice):
    """It ends all the same: it was a child's record, or given before lengths were kept."""
    bruno = carer(world, until=clock.today() + timedelta(days=6))
    Access.update(lasts=None).where(Access.id == bruno.id).execute()
    assert admission.warn() == 0
    assert admission.renewable(world.access("bruno", "alice")) is None


def test_who_decides_is_told_of_a_first_entry_once(world, alice, bruno):
    before = number()
    for _ in range(3):
        admission.entered(world.access("bruno", "alice"))
    (letter,) = written_since(before)
    assert letter.recipient == "alice@exemple.invalid"
    for words in NEVER_SAID:
        assert words not in letter.subject + letter.body, words
    assert world.access("bruno", "alice").first_entered_at
    admission.entered(alice)
    assert len(written_since(before)) == 1


def test_first_entries_at_once_are_told_once(world, bruno):
    before = number()
    rows = [world.access("bruno", "alice") for _ in range(4)]

    def enter(row):
        try:
            admission.entered(row)
        finally:
            database.close()

    threads = [threading.Thread(target=enter, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written_since(before)) == 1


@pytest.mark.parametrize("month", [3, 10])
def test_the_last_day_ends_at_midnight_in_france_where_clocks_change_too(world, month):
    sunday = _last_sunday(clock.today().year + 1, month)
    with clock.moved(clock.midnight(sunday - 9 * DAY) - clock.now()):
        assert carer(world, until=sunday).ends_at == clock.midnight(sunday + DAY)
    night = clock.midnight(sunday + DAY)
    with clock.moved(night - timedelta(minutes=1) - clock.now()):
        assert world.access("bruno", "alice")
    with clock.moved(night + timedelta(minutes=1) - clock.now()):
        assert world.access("bruno", "alice") is None


def _last_sunday(year, month):
    last = date(year, month, 31)
    return last - (last.weekday() + 1) % 7 * DAY
