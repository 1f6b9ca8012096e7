"""Emergency access: who enters so, for how long, who is told; and nothing tells who is a member."""

from datetime import date, timedelta

import pytest

from models import (
    access,
    admission,
    attempt,
    block,
    clock,
    contact,
    designation,
    emergency,
    journal,
    notice,
    professional,
    signing,
    wishes,
)
from models.access import RIGHTS, Access, Forbidden, Right, Role, Why
from models.attempt import Attempt, TooMany
from models.emergency import CLOSED, LASTS, Identity
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record, Shown
from models.refusal import Refusal

from ..world import enrolled

BORN = date(1951, 3, 14)
ALICE = Identity("Exemple", "Alice", BORN)
REASON = "Inconsciente, traitements inconnus."
ADDRESS = "192.0.2.1"
DAY = date(2025, 3, 1)


@pytest.fixture
def emma(world):
    return world.professional("emma", full_name="Emma Imaginaire")


@pytest.fixture
def sam(world):
    return world.professional("sam", full_name="Sam Imaginaire", samu=True)


def declare(one, identity=ALICE, reason=REASON, address=ADDRESS):
    return emergency.declare(one, identity, reason, address)


def refused(one, identity=ALICE, **told):
    with pytest.raises(Refusal) as raised:
        declare(one, identity, **told)
    return raised.value


def change(world, name="alice", **values):
    Record.update(**values).where(Record.id == world.record(name).id).execute()


def twin(number="A-9", **values):
    """Of the same name as Alice, born on the same day: not activated unless told otherwise."""
    made = enrolled(number, birth_name="Exemple", birth_date=BORN.isoformat()).record
    Record.update(birth_given_names="Alice", **values).where(Record.id == made.id).execute()
    return Record.get_by_id(made.id)


ACTIVATED = {
    "opened_at": clock.now(),
    "activated_at": clock.now(),
    "emergency_samu": True,
    "emergency_others": True,
}


def told(world, act, name="alice"):
    rows = Entry.select().where((Entry.record == world.record(name)) & (Entry.act == act.value))
    return list(rows.order_by(Entry.id))


# What it opens


def test_it_opens_the_record_for_reading_and_keeps_why(world, emma):
    world.paper("Compte rendu")
    made = declare(emma, reason="  Inconsciente,\n traitements   inconnus. ")
    kept = world.access("emma", "alice")
    assert kept == made and kept.role == Role.EMERGENCY
    assert kept.reason == REASON and kept.profession == "doctor" and not kept.masked_too
    assert world.titles(kept) == {"Compte rendu"}
    assert kept.rights == {Right.READ, Right.WISHES, Right.LEAVE}


def test_its_role_may_change_nothing():
    assert RIGHTS[Role.EMERGENCY] == {Right.READ, Right.WISHES, Right.LEAVE}


def test_it_lasts_two_hours_exactly_then_the_journal_is_told(world, emma):
    made = declare(emma)
    assert made.ends_at - made.starts_at == timedelta(hours=2) == LASTS
    with clock.moved(made.ends_at - clock.now() - timedelta(seconds=2)):
        assert world.access("emma", "alice") == made
        assert admission.expire_due() == 0
    with clock.moved(made.ends_at - clock.now()):
        assert world.access("emma", "alice") is None
        assert admission.expire_due() == 1 and admission.expire_due() == 0
    assert [one.details["name"] for one in told(world, Act.ACCESS_EXPIRED)] == ["Emma Imaginaire"]
    assert Access.get_by_id(made.id).ended_why == Why.DATE


def test_it_can_be_declared_again_once_over(world, emma):
    first = declare(emma)
    with clock.moved(LASTS):
        second = declare(emma)
        assert second != first and world.access("emma", "alice") == second
    assert len(told(world, Act.DECLARED_EMERGENCY)) == 2


def test_declared_twice_at_once_it_is_one(world, emma):
    first = declare(emma)
    letters = Notice.select().count()
    assert declare(emma, reason="Toujours inconsciente.") == first
    assert Access.get_by_id(first.id).reason == REASON
    assert len(told(world, Act.DECLARED_EMERGENCY)) == 1 and Notice.select().count() == letters


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.CARER, Role.REPRESENTATIVE])
def test_whoever_has_an_access_is_sent_to_it_and_declares_nothing(world, emma, role):
    kept = world.let_in("emma", role)
    change(world, emergency_others=False)
    letters = Notice.select().count()
    assert declare(emma) == kept
    assert world.access("emma", "alice").role == role
    assert not told(world, Act.DECLARED_EMERGENCY) and Notice.select().count() == letters


def test_a_dentist_reads_in_an_emergency_what_a_dentist_reads(world):
    dentist = world.professional("denise", "dentist")
    world.paper("Ordonnance", category="ORD_SOIN")
    world.paper("Sang", category="BIOLOGIE")
    assert world.titles(declare(dentist)) == {"Ordonnance"}


@pytest.mark.parametrize("masked_too", [False, True])
def test_masked_documents_are_read_only_where_the_person_chose_it(world, emma, masked_too):
    world.paper("Visible", masked=False)
    world.paper("Masqué", masked=True)
    emergency.choose(world.access("alice"), True, True, masked_too)
    seen = {"Visible", "Masqué"} if masked_too else {"Visible"}
    assert world.titles(declare(emma)) == seen
    # What is chosen later is for later.
    emergency.choose(world.access("alice"), True, True, not masked_too)
    assert world.titles(world.access("emma", "alice")) == seen


@pytest.mark.parametrize("masked_too", [False, True])
@pytest.mark.parametrize("shown", list(Shown))
def test_wishes_follow_their_own_choice(world, emma, shown, masked_too):
    world.directive(signed_on=DAY)
    emergency.choose(world.access("alice"), True, True, masked_too)
    wishes.choose_readers(world.access("alice"), shown.value)
    made = declare(emma)
    assert made.can(Right.WISHES) is (shown is Shown.EMERGENCY)
    assert bool(world.titles(made)) is (shown is Shown.EMERGENCY)


# Whom it opens to


@pytest.mark.parametrize(
    "samu, others", [(True, True), (True, False), (False, True), (False, False)]
)
def test_the_samu_and_the_others_are_two_choices(world, emma, sam, samu, others):
    emergency.choose(world.access("alice"), samu, others, False)
    for one, lets in ((sam, samu), (emma, others)):
        if lets:
            assert declare(one).account == one.account
        else:
            assert refused(one).sentence == CLOSED


@pytest.mark.parametrize(
    "birth_name, given_name",
    [
        ("EXEMPLE", "ALICE"),
        ("  exémple ", "Âlice"),
        ("Ex-emple", "Alice-Anne"),
        ("Exemple", "alice  anne"),
    ],
)
def test_names_are_compared_whatever_their_writing(world, emma, birth_name, given_name):
    assert declare(emma, Identity(birth_name, given_name, BORN)).record == world.record("alice")


@pytest.mark.parametrize(
    "kept, typed",
    [
        ({"birth_name": "D'Exemple-Muñoz"}, Identity("d exemple munoz", "Alice", BORN)),
        ({"birth_name": "Łukasz-Yıldız"}, Identity("LUKASZ YILDIZ", "Alice", BORN)),
        ({"birth_given_names": "Marie-Anne Rose"}, Identity("Exemple", "Marie Anne", BORN)),
        ({"used_name": "Modèle"}, Identity("modele", "Alice", BORN)),
        ({"used_name": "Modèle"}, Identity("Exemple", "Alice", BORN)),
        ({"member_number": "A-1"}, Identity("Exemple", "Alice", BORN, " a1 ")),
    ],
)
def test_every_letter_is_accepted_and_the_used_name_too(world, emma, kept, typed):
    change(world, **kept)
    assert declare(emma, typed).record == world.record("alice")


@pytest.mark.parametrize(
    "identity",
    [
        Identity("Exemple", "Anne", BORN),
        Identity("Exemple", "Alic", BORN),
        Identity("Exemple", "Alice Rose", BORN),
        Identity("Exempl", "Alice", BORN),
        Identity("Alice", "Exemple", BORN),
        Identity("Exemple", "Alice", BORN + timedelta(days=1)),
        Identity("Exemple", "Alice", BORN, "A-2"),
    ],
)
def test_whatever_is_not_hers_opens_nothing(world, emma, identity):
    assert refused(emma, identity).sentence == CLOSED


def test_half_of_a_first_name_opens_nothing(world, emma):
    change(world, birth_given_names="Marie-Anne Rose")
    assert refused(emma, Identity("Exemple", "Marie", BORN)).sentence == CLOSED


@pytest.mark.parametrize(
    "identity, field",
    [
        (Identity(" - ", "Alice", BORN), "birth_name"),
        (Identity("Exemple", "", BORN), "given_name"),
        (Identity("Exemple", "Alice", None), "birth_date"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_counts_for_no_attempt(emma, identity, field):
    assert refused(emma, identity).field == field
    assert not Attempt.select().exists()


@pytest.mark.parametrize("reason", ["", "Urgence !", "x" * 501, " \n".join("abcd") + "      "])
def test_the_reason_is_required_and_has_a_length(emma, reason):
    assert refused(emma, reason=reason).field == "reason"
    assert not Access.select().where(Access.role == Role.EMERGENCY).exists()


def test_the_longest_and_the_shortest_reasons_are_kept_whole(world, emma, sam):
    assert declare(emma, reason="é" * 500).reason == "é" * 500
    assert declare(sam, reason="Inconscien").reason == "Inconscien"


# Who is a member, nobody learns


def nobody(world, one):
    return Identity("Personne", "Zoé", BORN)


def not_allowed(world, one):
    emergency.choose(world.access("alice"), True, False, True)


def not_answered(world, one):
    change(world, emergency_samu=None, emergency_others=None)


def blocked(world, one):
    block.block(world.access("alice"), one.account)


def blocked_during_an_emergency(world, one):
    declare(one)
    block.block(world.access("alice"), one.account)


def not_activated(world, one):
    made = enrolled("A-5").record
    return Identity(made.birth_name, made.birth_given_names, made.birth_date)


def opened_and_allowed_but_not_activated(world, one):
    change(world, activated_at=None)


def objected(world, one):
    change(world, objected_at=clock.now(), activated_at=None)


def closed(world, one):
    change(world, closed_at=clock.now())


def two_of_them(world, one):
    twin(**ACTIVATED)


def two_and_the_wrong_number(world, one):
    twin(**ACTIVATED)
    return Identity("Exemple", "Alice", BORN, "A-2")


def suspended(world, one):
    professional.suspend(world.office, one)


WHYS = [
    *(nobody, not_allowed, not_answered, blocked, blocked_during_an_emergency, not_activated),
    *(opened_and_allowed_but_not_activated, objected, closed, two_of_them),
    *(two_and_the_wrong_number, suspended),
]


@pytest.mark.parametrize("why", WHYS)
def test_every_refusal_says_the_same_and_leaves_the_same(world, emma, why):
    identity = why(world, emma) or ALICE
    before = [table.select().count() for table in (Access, Entry, Notice)]
    refusal = refused(emma, identity)
    assert (refusal.sentence, refusal.field) == (CLOSED, None)
    assert [table.select().count() for table in (Access, Entry, Notice)] == before
    assert Attempt.select().count() == 2


def test_every_refusal_asks_the_database_the_same_questions(world, emma, caplog):
    """Time is too noisy to test: the work is the same, to the query."""
    asked = {}
    with caplog.at_level("DEBUG", logger="peewee"):
        for why in (nobody, not_allowed, two_of_them, blocked):
            identity = why(world, emma) or ALICE
            caplog.clear()
            refused(emma, identity)
            asked[why] = [one.msg[0] for one in caplog.records if "SAVEPOINT" not in one.msg[0]]
    assert len(asked[nobody]) > 5
    assert all(queries == asked[nobody] for queries in asked.values())


def test_the_sentence_asks_for_the_number_whether_there_are_two_or_none():
    assert "numéro d'adhérent" in CLOSED


# Twins


def test_the_member_number_tells_twins_apart(world, emma):
    other = twin(**ACTIVATED)
    refused(emma)
    number = Identity("Exemple", "Alice", BORN, other.member_number)
    assert declare(emma, number).record == other
    assert declare(emma, Identity("Exemple", "Alice", BORN, "A-1")).record == world.record("alice")


@pytest.mark.parametrize(
    "state", [{}, {"activated_at": clock.now(), "emergency_others": False}, {"objected_at": DAY}]
)
def test_a_twin_who_may_not_be_opened_is_never_taken_for_the_other(world, emma, state):
    if "objected_at" in state:
        state = {"objected_at": clock.now()}
    other = twin(**state)
    assert refused(emma).sentence == CLOSED
    number = Identity("Exemple", "Alice", BORN, other.member_number)
    assert refused(emma, number).sentence == CLOSED


def test_the_closed_record_of_before_does_not_hide_the_new_one(world, emma):
    twin(closed_at=clock.now())
    assert declare(emma).record == world.record("alice")


# Attempts


def test_ten_failures_slow_the_account_down_wherever_it_is(world, emma, sam):
    for number in range(attempt.FREE):
        refused(emma, nobody(world, emma), address=f"192.0.2.{number}")
    with pytest.raises(TooMany):
        declare(emma, address="198.51.100.1")
    assert declare(sam, address="192.0.2.1")
    with clock.moved(timedelta(minutes=2)):
        assert declare(emma)


def test_fifty_failures_slow_the_address_down_whoever_it_is(world, emma, sam):
    limit = attempt.FREE_TOGETHER["emergency-from"]
    for _ in range(limit):
        attempt.failed(f"emergency-from:{ADDRESS}")
    with pytest.raises(TooMany):
        declare(emma)
    assert declare(emma, address="198.51.100.1")


def test_too_many_is_said_before_the_record_is_looked_for(world, emma):
    attempt.failed(*[f"emergency:{emma.account_id}"] * attempt.FREE)
    sentences = {refused(emma, identity).sentence for identity in (ALICE, nobody(world, emma))}
    assert len(sentences) == 1 and "Trop d'essais" in sentences.pop()


# Those who are told


def letters(world, emma):
    """Recipient → body, of those that the declaration wrote."""
    Notice.delete().execute()
    declare(emma)
    rows = list(Notice.select())
    assert len({one.recipient for one in rows}) == len(rows)
    return {one.recipient.partition("@")[0]: one.body for one in rows}


def test_the_holder_and_the_office_are_told_at_once(world, emma):
    world.let_in("bruno", Role.CARER, given="read trace")
    told = letters(world, emma)
    assert set(told) == {"alice", "diane"}
    assert "La page « Activité » dit qui et pourquoi." in told["alice"]
    assert "Numéro d'adhérent : A-1." in told["diane"]
    assert "Alice" not in told["diane"] and "Exemple" not in told["diane"]


def test_those_who_decide_are_all_told(world, emma):
    world.born(clock.today() - timedelta(days=3000))
    born = world.record("alice").birth_date
    world.let_in("bruno", Role.REPRESENTATIVE)
    Notice.delete().execute()
    declare(emma, Identity("Exemple", "Alice", born))
    recipients = {one.recipient.partition("@")[0] for one in Notice.select()}
    assert recipients == {"alice", "bruno", "diane"}


def test_every_office_account_is_told(world, emma):
    from models import account

    account.make_office("office2@exemple.invalid", "Deux Fictive", "rivière-tambour-citron-59")
    assert set(letters(world, emma)) == {"alice", "diane", "office2"}


def trusted(world, email="paule@exemple.invalid", signed_on=DAY, **told):
    person = world.contact(email=email)
    return world.designation(signed_on, person=person, **told)


def test_the_trusted_person_is_told_for_whom_and_nothing_else(world, emma):
    trusted(world)
    told = letters(world, emma)
    assert set(told) == {"alice", "diane", "paule"}
    assert "choisie par Alice Exemple" in told["paule"]
    assert "Activité" not in told["paule"] and "A-1" not in told["paule"]


def test_no_letter_says_who_entered_nor_why_nor_anything_of_health(world, emma):
    trusted(world)
    for body in letters(world, emma).values():
        for secret in ("Emma", "Imaginaire", "édecin", "doctor", REASON, "nconscient", "1951"):
            assert secret not in body
        at = clock.now().astimezone(clock.PARIS)
        assert f"{at.year} à {at.hour} h" in body


def not_signed(world):
    trusted(world, signed_on=None)


def without_an_email(world):
    trusted(world, email="")


def revoked(world):
    trusted(world, revoked_on=date(2025, 4, 1))


def declined(world):
    one = trusted(world)
    designation.Designation.update(declined_at=clock.now()).where(
        designation.Designation.id == one.id
    ).execute()


def replaced(world):
    trusted(world)
    world.designation(date(2025, 5, 1), person=world.contact("Zoé", email=""))


@pytest.mark.parametrize("how", [not_signed, without_an_email, revoked, declined, replaced])
def test_whoever_is_not_validly_named_is_not_told(world, emma, how):
    how(world)
    assert set(letters(world, emma)) == {"alice", "diane"}


def test_the_one_who_replaced_her_is_told_instead(world, emma):
    trusted(world)
    world.designation(date(2025, 5, 1), person=world.contact("Zoé", email="zoe@exemple.invalid"))
    assert set(letters(world, emma)) == {"alice", "diane", "zoe"}


def test_her_choice_of_who_reads_her_wishes_does_not_silence_it(world, emma):
    trusted(world)
    wishes.choose_readers(world.access("alice"), Shown.NOBODY.value)
    assert "paule" in letters(world, emma)


@pytest.mark.parametrize("broken", ["notice.write", "journal.write"])
def test_no_access_without_its_trace_and_its_letters(world, emma, monkeypatch, broken):
    module, name = {"notice.write": (notice, "write"), "journal.write": (journal, "write")}[broken]

    def fail(*_given, **_named):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(module, name, fail)
    counts = Entry.select().count(), Notice.select().count()
    with pytest.raises(RuntimeError):
        declare(emma)
    assert world.access("emma", "alice") is None
    assert (Entry.select().count(), Notice.select().count()) == counts


# The journal


def test_the_journal_tells_who_and_why_apart(world, emma):
    declare(emma)
    (entry,) = told(world, Act.DECLARED_EMERGENCY)
    assert (entry.actor, entry.role, entry.details["name"]) == (
        "Emma Imaginaire",
        "emergency",
        REASON,
    )
    assert journal.broken(world.record("alice")) is None
    alice = world.access("alice")
    shown = journal.entries(alice, journal.Filters(what=journal.Group.EMERGENCY))
    assert [one.id for one in shown] == [entry.id]


def test_what_was_done_in_an_emergency_is_shown_with_it(world, emma):
    from models import document

    world.paper("Ordonnance")
    made = declare(emma)
    document.read(made, document.loaded(made, made.documents())[0])
    shown = journal.entries(world.access("alice"), journal.Filters(what=journal.Group.EMERGENCY))
    assert [one.act for one in shown] == [Act.READ, Act.DECLARED_EMERGENCY]


def test_a_carer_who_reads_the_activity_does_not_read_the_reason(world, emma):
    carer = world.let_in("bruno", Role.CARER, given="read trace wishes")
    declare(emma)
    assert REASON not in str([one.detail for one in journal.entries(carer, journal.Filters())])


# Its end


def test_the_holder_ends_it_at_once_and_no_letter_is_needed(world, emma):
    made = declare(emma)
    letters = Notice.select().count()
    admission.end(world.access("alice"), access.one_in(world.record("alice"), made.uid))
    assert world.access("emma", "alice") is None
    assert access.ended(emma.account, world.record("alice").uid).ended_why == Why.HOLDER
    assert Notice.select().count() == letters
    assert len(told(world, Act.ENDED_ACCESS)) == 1


def test_blocking_ends_it_and_keeps_her_out(world, emma):
    declare(emma)
    block.block(world.access("alice"), emma.account)
    assert world.access("emma", "alice") is None
    assert refused(emma).sentence == CLOSED


def test_the_professional_ends_it_herself(world, emma):
    declare(emma)
    emergency.finish(world.access("emma", "alice"))
    assert world.access("emma", "alice") is None
    assert [one.actor for one in told(world, Act.LEFT)] == ["Emma Imaginaire"]


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.REPRESENTATIVE])
def test_no_other_access_is_ended_so(world, role):
    kept = world.let_in("bruno", role)
    with pytest.raises(Refusal):
        emergency.finish(kept)
    assert world.access("bruno", "alice") == kept


# The holder's choices


def chosen(world):
    one = world.record("alice")
    return one.emergency_samu, one.emergency_others, one.emergency_masked


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize(
    "samu, others, words",
    [
        (True, True, "les professionnels de santé"),
        (True, False, "le SAMU"),
        (False, True, "les professionnels de santé, sauf le SAMU"),
        (False, False, "personne"),
    ],
)
def test_the_three_choices_are_kept_and_the_journal_says_which(world, samu, others, masked, words):
    emergency.choose(world.access("alice"), samu, others, masked)
    # Masked documents are read by someone, or by nobody.
    masked = masked and words != "personne"
    assert chosen(world) == (samu, others, masked)
    (entry,) = told(world, Act.CHOSE_EMERGENCY)
    assert entry.details["name"] == words + (", documents masqués aussi" if masked else "")


def test_the_third_goes_off_when_the_two_others_do(world):
    alice = world.access("alice")
    emergency.choose(alice, True, False, True)
    emergency.choose(alice, False, False, True)
    assert chosen(world) == (False, False, False)
    emergency.choose(alice, True, True, False)
    assert chosen(world) == (True, True, False)


def test_choosing_changes_nothing_else_of_the_record(world):
    alice = world.access("alice")
    change(world, wishes_shown="nobody", masked_by_default=True)
    emergency.choose(alice, False, True, True)
    kept = world.record("alice")
    assert kept.wishes_shown == Shown.NOBODY and kept.masked_by_default


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_only_who_decides_chooses(world, role):
    bruno = world.let_in("bruno", role)
    with pytest.raises(Forbidden):
        emergency.choose(bruno, True, True, True)
    assert chosen(world) == (True, True, False)


def test_a_representative_chooses_for_the_person(world):
    emergency.choose(world.let_in("bruno", Role.REPRESENTATIVE), True, False, True)
    assert chosen(world) == (True, False, True)


def test_nobody_is_the_trusted_person_until_she_is(world):
    assert designation.trusted_by(world.record("alice")) is None
    one = trusted(world)
    assert designation.trusted_by(world.record("alice")) == one.contact
    signing.revoke(world.access("alice"), one, clock.today())
    assert designation.trusted_by(world.record("alice")) is None
    contact.remove(world.access("alice"), one.contact)
