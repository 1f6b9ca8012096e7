"""Invitations: a link and a code, neither alone; once, for seven days, as long as they stand."""

import threading
from datetime import date, timedelta
from functools import partial

import pytest

from models import access as accesses
from models import admission, block, clock, invitation
from models.access import DELEGABLE, READY, Access, Forbidden, Measure, Right, Role
from models.account import Account
from models.attempt import TooMany
from models.database import database
from models.invitation import ALREADY, NOT_WITH_THIS, OVER, WRONG, YOURS, Invitation, State
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal

from ..invited import SITE, again, carer, invited, opened, sent, terms
from ..world import PASSWORD

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
NOWHERE = "192.0.2.7"


def refused(verb):
    with pytest.raises(Refusal) as refusal:
        verb()
    return refusal.value


def acts(number=1):
    rows = Entry.select().order_by(Entry.id.desc()).limit(number)
    return [one.act for one in rows]


def last():
    return Entry.select().order_by(Entry.id.desc()).get()


def letters():
    return list(Notice.select().order_by(Notice.id))


def newcomer(one, name="Zoé Inventée", email="zoe@exemple.invalid", secret=PASSWORD):
    return invitation.accept_as_newcomer(one, name, email, secret)


def test_the_link_and_the_code_together_open_it_and_she_enters(world):
    made = invited(world)
    account = world.account("bruno")
    entered = invitation.accept(opened(made), account)
    assert world.access("bruno", "alice") == entered
    assert entered.role == Role.CARER and entered.link == "mon voisin"
    assert entered.rights == {Right.READ, Right.DEPOSIT, Right.LEAVE}
    assert entered.invitation_id == made.one.id
    assert made.now().state is State.ACCEPTED


@pytest.mark.parametrize("change", [str.lower, lambda c: f" {c[:4]} - {c[4:]} ", lambda c: c])
def test_the_code_is_read_however_it_is_typed(world, change):
    made = invited(world)
    assert invitation.open_with(made.token, change(made.code), NOWHERE) == made.one


def test_neither_the_link_nor_the_code_opens_anything_alone(world):
    made, other = invited(world), invited(world, name="Zoé Inventée")
    for token, code in (
        (made.token, ""),
        ("", made.code),
        (made.token, other.code),
        (other.token, made.code),
        (made.token, made.code[:-1]),
        (made.token, made.code + "A"),
        (made.token[:-1], made.code),
        (made.one.token_hash, made.code),
        (made.one.uid, made.code),
    ):
        assert invitation.proven(token, code) is None
        refusal = refused(lambda t=token, c=code: invitation.open_with(t, c, NOWHERE))
        assert (refusal.sentence, refusal.field) == (WRONG, "code")
    assert opened(made) == made.one


def test_a_closed_invitation_has_no_secret_left_to_be_found_without_them(world):
    made = invited(world)
    invitation.cancel(world.access("alice"), made.one)
    now = made.now()
    assert (now.token_hash, now.token, now.code) == (None, "", "")
    assert invitation.proven("", "") is None
    assert invitation.under_way("") is None


def test_it_serves_once(world):
    made = invited(world)
    one = opened(made)
    invitation.accept(one, world.account("bruno"))
    assert refused(lambda: invitation.accept(one, world.account("carole"))).sentence == WRONG
    assert refused(lambda: invitation.refuse(one)).sentence == WRONG
    assert refused(lambda: newcomer(one)).sentence == WRONG
    assert refused(lambda: opened(made)).sentence == WRONG
    assert Account.named("zoe@exemple.invalid") is None
    assert world.access("carole", "alice") is None


def test_accepted_many_times_at_once_it_lets_one_in(world):
    one = opened(invited(world))
    people = [world.account(name) for name in ("bruno", "carole")] * 3
    answers = []

    def accept(account):
        try:
            invitation.accept(one, account)
            answers.append("in")
        except Refusal as refusal:
            answers.append(refusal.sentence)
        finally:
            database.close()

    together(accept, people)
    assert sorted(answers) == sorted(["in"] + [WRONG] * 5)
    let_in = Access.select().where(Access.invitation == one)
    assert let_in.count() == 1


def together(verb, arguments):
    threads = [threading.Thread(target=verb, args=(one,)) for one in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_accepted_and_cancelled_at_once_it_is_one_or_the_other(world):
    alice, bruno = world.access("alice"), world.account("bruno")
    for number in range(4):
        one, told = opened(invited(world, name=f"Bruno {number}")), []

        def attempt(verb, told=told):
            try:
                verb()
                told.append("done")
            except Refusal:
                told.append("refused")
            finally:
                database.close()

        accept = partial(invitation.accept, one, bruno)
        together(attempt, [accept, partial(invitation.cancel, alice, one)])
        assert sorted(told) == ["done", "refused"]
        entered = world.access("bruno", "alice")
        accepted = Invitation.get_by_id(one.id).state is State.ACCEPTED
        assert accepted == (entered is not None)
        if entered:
            admission.end(alice, entered)


def test_after_seven_days_it_is_too_old(world):
    made = invited(world)
    one = opened(made)
    with clock.moved(WEEK - timedelta(minutes=1)):
        assert invitation.under_way(one.token_hash) == one
    with clock.moved(WEEK + timedelta(minutes=1)):
        assert made.now().state is State.EXPIRED
        assert invitation.under_way(one.token_hash) is None
        assert refused(lambda: opened(made)).sentence == WRONG
        assert refused(lambda: invitation.accept(one, world.account("bruno"))).sentence == WRONG
        assert refused(lambda: invitation.refuse(one)).sentence == WRONG


def test_sent_again_only_the_last_link_and_the_last_code_serve(world):
    first = invited(world)
    one = opened(first)
    with clock.moved(WEEK + DAY):
        second = again(world, first.one)
        assert second.token != first.token and second.code != first.code
        assert acts() == [Act.SENT_INVITATION]
        for token, code in ((first.token, first.code), (first.token, second.code)):
            assert invitation.proven(token, code) is None
        assert invitation.proven(second.token, first.code) is None
        assert invitation.under_way(one.token_hash) is None
        assert refused(lambda: invitation.accept(one, world.account("bruno"))).sentence == WRONG
        assert opened(second) == first.one


def test_ten_wrong_codes_lock_the_link_whatever_the_addresses(world):
    made = invited(world)
    one = opened(made)
    for number in range(10):
        refused(lambda n=number: invitation.open_with(made.token, "AAAA AAAA", f"192.0.2.{n}"))
    assert made.now().state is State.LOCKED
    assert refused(lambda: opened(made, "198.51.100.1")).sentence == WRONG
    assert refused(lambda: invitation.accept(one, world.account("bruno"))).sentence == WRONG
    other = again(world, made.one)
    assert opened(other, "198.51.100.1") == made.one


def test_many_wrong_codes_at_once_are_each_counted(world):
    made = invited(world)
    told = []

    def attempt(number):
        try:
            invitation.open_with(made.token, "AAAA AAAA", f"192.0.2.{number}")
        except Refusal as refusal:
            told.append(refusal.sentence)
        finally:
            database.close()

    together(attempt, range(12))
    assert told == [WRONG] * 12
    assert made.now().tries == 12


def test_one_address_may_not_try_link_after_link(world):
    for number in range(30):
        refused(lambda n=number: invitation.open_with(f"lien-{n}", "AAAA AAAA", NOWHERE))
    made = invited(world)
    with pytest.raises(TooMany):
        opened(made, NOWHERE)
    assert opened(made, "198.51.100.1") == made.one
    with clock.moved(timedelta(hours=25)):
        assert opened(made, NOWHERE) == made.one


def test_the_letter_says_nothing_of_health_nor_who(world):
    made = invited(world, email=" Voisin@Exemple.INVALID ")
    letter = letters()[-1]
    assert letter.recipient == "voisin@exemple.invalid"
    assert made.token in letter.body and made.code not in letter.body
    for words in ("Alice", "Bruno", "voisin", "document", "soin", "lire", made.one.uid):
        assert words not in letter.body.replace(letter.recipient, ""), words
    assert "Alice" not in letter.subject
    # A link that is sent by e-mail is kept nowhere: only its hash.
    assert made.one.token == ""


def test_without_an_email_the_link_is_shown_and_no_letter_leaves(world):
    before = len(letters())
    made = invited(world, email="", phone="06 39 98 00 11")
    assert made.one.token == made.token and made.one.phone == "+33 6 39 98 00 11"
    assert len(letters()) == before


@pytest.mark.parametrize(
    "told, field",
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"link": ""}, "link"),
        ({"link": "x" * 101}, "link"),
        ({"email": "", "phone": ""}, "email"),
        ({"email": "voisin@"}, "email"),
        ({"email": "alice@exemple.invalid"}, "email"),
        ({"email": "", "phone": "06 39"}, "phone"),
        ({"given": frozenset()}, "given"),
        ({"given": frozenset({Right.DEPOSIT})}, "given"),
        ({"given": frozenset({Right.READ, Right.GRANT})}, "given"),
        ({"until": None}, "until"),
        ({"until": date(2020, 1, 1)}, "until"),
        ({"until": date(2999, 1, 1)}, "until"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field_and_nothing_is_sent(world, told, field):
    before = len(letters())
    assert refused(lambda: invited(world, **told)).field == field
    assert Invitation.select().count() == 0 and len(letters()) == before


@pytest.mark.parametrize("right", sorted(set(Right) - DELEGABLE))
def test_what_is_never_delegable_is_refused_even_among_the_rest(world, right):
    assert refused(lambda: invited(world, given=READY["gerer"] | {right})).field == "given"


def test_two_years_at_most_and_tomorrow_at_least(world):
    today = clock.today()
    for until in (today, today - DAY, today + timedelta(days=732)):
        assert refused(lambda u=until: invitation.checked_until(u)).field == "until"
    for until in (today + DAY, today + timedelta(days=731)):
        assert invitation.checked_until(until) == until
    assert invitation.example().endswith(str(today.year + 1))
    assert invitation.checked_until(date(today.year + 1, 12, 31))


def test_the_last_day_is_included_in_france(world):
    until = clock.today() + timedelta(days=30)
    entered = carer(world, until=until)
    assert entered.ends_at == clock.midnight(until + DAY)


def test_who_has_an_access_already_is_not_invited_again(world):
    carer(world)
    refusal = refused(lambda: invited(world, email=" BRUNO@exemple.invalid"))
    assert refusal.field == "email" and "déjà un accès" in refusal.sentence


def test_who_accepts_and_is_in_already_changes_nothing(world):
    entered = carer(world, given=READY["voir"])
    made = invited(world, given=READY["gerer"], email="autre@exemple.invalid")
    refusal = refused(lambda: invitation.accept(opened(made), world.account("bruno")))
    assert refusal.sentence == ALREADY
    assert world.access("bruno", "alice").rights == entered.rights
    assert made.now().state is State.PENDING


def test_the_holder_does_not_accept_her_own_invitation(world):
    one = opened(invited(world))
    assert refused(lambda: invitation.accept(one, world.account("alice"))).sentence == YOURS


def test_neither_the_office_nor_someone_kept_out_enters_by_an_invitation(world):
    doctor = world.professional("camille")
    block.block(world.access("alice"), doctor.account)
    one = opened(invited(world))
    for account in (doctor.account, world.account("diane")):
        # The same words: whoever is kept out is not told.
        assert refused(lambda a=account: invitation.accept(one, a)).sentence == NOT_WITH_THIS
        assert accesses.find(account, world.record("alice").uid) is None
    invitation.accept(one, world.account("bruno"))


def test_a_professional_may_help_someone_in_her_own_life(world):
    doctor = world.professional("camille")
    entered = invitation.accept(opened(invited(world)), doctor.account)
    assert entered.role == Role.CARER and entered.profession == ""
    assert entered.reads() is None


def test_someone_helped_may_help_in_turn(world):
    carer(world, "carole")
    made = invitation.accept(opened(invited(world, "carole")), world.account("alice"))
    assert {one.role for one in accesses.of(world.account("alice"))} == {Role.HOLDER, Role.CARER}
    assert made.record == world.record("carole")


def test_a_newcomer_makes_her_account_and_enters(world):
    one = opened(invited(world, name="Zoé Inventée"))
    account = newcomer(one, " Zoé  Inventée ", " ZOE@Exemple.invalid")
    assert (account.email, account.name) == ("zoe@exemple.invalid", "Zoé Inventée")
    assert not account.office
    assert Account.proving("zoe@exemple.invalid", PASSWORD) == account
    assert world.access("zoe", "alice").role == Role.CARER


@pytest.mark.parametrize(
    "told, field",
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"email": "zoe@"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "Carole@exemple.invalid"}, "email"),
        ({"secret": "court"}, "password"),
        ({"secret": "Zoé Inventée zoe"}, "password"),
    ],
)
def test_a_newcomer_is_told_what_is_wrong_and_nothing_opens(world, told, field):
    one = opened(invited(world))
    before = Account.select().count()
    assert refused(lambda: newcomer(one, **told)).field == field
    assert Account.select().count() == before
    assert Invitation.get_by_id(one.id).state is State.PENDING


def test_an_invitation_does_not_tell_who_has_an_account_here(world):
    one = opened(invited(world))
    for _ in range(10):
        refused(lambda: newcomer(one, email="carole@exemple.invalid"))
    with pytest.raises(TooMany):
        newcomer(one, email="personne@exemple.invalid")


def test_refused_nothing_opens_and_her_inviter_is_told(world):
    made = invited(world)
    before = len(letters())
    invitation.refuse(opened(made))
    assert made.now().state is State.REFUSED
    entry = last()
    assert (entry.act, entry.role, entry.actor) == (
        Act.REFUSED_INVITATION,
        "invited",
        "Bruno Fictif",
    )
    (letter,) = letters()[before:]
    assert letter.recipient == "alice@exemple.invalid" and "Bruno" not in letter.body
    alice = world.access("alice")
    assert invitation.of(alice) == [] and invitation.refused(alice) == [made.one]
    with clock.moved(timedelta(days=31)):
        assert invitation.refused(alice) == []


def test_accepted_her_inviter_is_told_and_the_journal_says_who(world):
    made = invited(world)
    before = len(letters())
    invitation.accept(opened(made), world.account("bruno"))
    entry = last()
    assert (entry.act, entry.role, entry.account_id) == (
        Act.ACCEPTED_INVITATION,
        Role.CARER,
        world.account("bruno").id,
    )
    assert [one.recipient for one in letters()[before:]] == ["alice@exemple.invalid"]


def test_each_verb_is_written_in_the_journal_by_who_did_it(world):
    made = invited(world)
    assert (last().act, last().details["name"]) == (Act.INVITED, "Bruno Fictif")
    again(world, made.one)
    assert last().act == Act.SENT_INVITATION
    invitation.cancel(world.access("alice"), made.one)
    entry = last()
    assert (entry.act, entry.account_id) == (Act.CANCELLED_INVITATION, world.account("alice").id)


def test_what_is_over_is_neither_cancelled_nor_sent_again(world):
    made, alice = invited(world), world.access("alice")
    stale = made.now()
    invitation.accept(opened(made), world.account("bruno"))
    written = Entry.select().count()
    for verb in (
        lambda: invitation.cancel(alice, stale),
        lambda: again(world, stale),
        lambda: invitation.agree(alice, stale, SITE, str),
    ):
        assert refused(verb).sentence == OVER
    assert Entry.select().count() == written
    assert made.now().state is State.ACCEPTED
    assert world.access("bruno", "alice")


def test_the_same_form_sent_twice_is_one_invitation(world):
    before = len(letters())
    kept = world.folder("À moi")
    first, second = invited(world), invited(world, folders=(kept,))
    assert first.one == second.one and second.token == ""
    assert Invitation.select().count() == 1 and len(letters()) == before + 1
    # What was added meanwhile to be left out is left out.
    assert first.one.exclusions.count() == 1
    third = invited(world, until=clock.today() + DAY)
    assert third.one != first.one
    with clock.moved(timedelta(minutes=2)):
        assert invited(world).one not in (first.one, third.one)


def test_nobody_is_flooded_with_letters(world):
    for number in range(10):
        invited(world, name=f"Voisin {number}")
    with pytest.raises(TooMany):
        invited(world)
    assert Invitation.select().count() == 10
    assert invited(world, "carole")


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL, Role.EMERGENCY])
def test_only_who_decides_invites_or_knows_who_is_invited(world, role):
    made = invited(world)
    given = {"given": " ".join(DELEGABLE)} if role == Role.CARER else {}
    bruno = world.let_in("bruno", role, **given)
    for verb in (
        lambda: invited(world, by=bruno),
        lambda: invitation.of(bruno),
        lambda: invitation.refused(bruno),
        lambda: invitation.find(bruno, made.one.uid),
        lambda: invitation.find_of_carer(bruno, made.one.uid),
        lambda: invitation.cancel(bruno, made.one),
        lambda: invitation.send_again(bruno, made.one, SITE, str),
        lambda: invitation.agree(bruno, made.one, SITE, str),
    ):
        with pytest.raises(Forbidden):
            verb()


def test_an_invitation_of_another_record_is_not_found(world):
    made = invited(world, "carole")
    alice = world.access("alice")
    assert invitation.find(alice, made.one.uid) is None
    assert invitation.find_of_carer(alice, made.one.uid) is None
    assert invitation.of(alice) == []


def test_of_a_closed_record_nothing_opens(world):
    made = invited(world)
    one = opened(made)
    Record.update(closed_at=clock.now()).where(Record.id == one.record_id).execute()
    assert refused(lambda: opened(made)).sentence == WRONG
    assert refused(lambda: invitation.accept(one, world.account("bruno"))).sentence == WRONG


def parent(world, name="bruno", of="alice"):
    world.born(clock.today() - timedelta(days=3000), of)
    Access.delete().where(Access.record == world.record(of)).execute()
    return world.let_in(name, Role.REPRESENTATIVE, of)


def test_who_decides_no_more_lets_nobody_in(world):
    """A parent whose access the office ended had invited a friend, the day before."""
    father = parent(world)
    made = invited(world, by=father)
    one = opened(made)
    admission.end_by_office(world.office, father)
    assert made.now().state is State.CANCELLED
    assert refused(lambda: opened(made)).sentence == WRONG
    assert refused(lambda: invitation.accept(one, world.account("carole"))).sentence == WRONG
    assert Act.CANCELLED_INVITATION in acts(3)


def test_what_a_parent_asked_of_a_carer_ends_with_childhood(world):
    """Even in the minutes before the parent's access is closed by the task."""
    born = world.born
    father = parent(world)
    made = invited(world, by=father)
    one = opened(made)
    born(clock.today() - timedelta(days=18 * 366), "alice")
    Access.update(ends_at=clock.now()).where(Access.id == father.id).execute()
    assert made.now().state is State.PENDING
    assert refused(lambda: opened(made)).sentence == WRONG
    assert refused(lambda: invitation.accept(one, world.account("carole"))).sentence == WRONG


def test_a_parent_who_leaves_still_lets_the_other_in(world):
    mother = parent(world)
    asked = terms("Carole Inventée", email="carole@exemple.invalid")
    made = sent(lambda link: invitation.invite_parent(mother, asked, SITE, link))
    neighbour = invited(world, by=mother)
    admission.leave(mother)
    assert neighbour.now().state is State.CANCELLED
    one = opened(made)
    invitation.certify(one, True)
    entered = invitation.accept(one, world.account("carole"))
    assert entered.measure == Measure.PARENT


def test_an_other_parent_who_sends_again_answers_for_it(world):
    father = parent(world)
    mother = world.let_in("carole", Role.REPRESENTATIVE)
    made = invited(world, by=father)
    second = sent(lambda link: invitation.send_again(mother, made.one, SITE, link) or made.one)
    admission.end_by_office(world.office, father)
    assert opened(second).inviter == mother.account
