"""Before 18, a parent activates the record of a child, and holds it: she is not its holder."""

from datetime import date, timedelta

import pytest

from models import access, activation, activation_code, clock
from models.access import Measure, Right, Role
from models.account import Account
from models.activation import Activation, Step
from models.activation_code import EXPIRED
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record, State
from models.refusal import Refusal

from ..minors import EMAIL, activated, aged, enrolled_child
from ..world import LINK, PASSWORD

DAY = timedelta(days=1)


def begin(one):
    return activation.begin(one.code, one.record.birth_date, "192.0.2.1")


def answer_all(answers, email="claire@exemple.invalid", name="Claire Imaginaire"):
    answers.confirm()
    answers.choose_credentials(email, PASSWORD, name)
    answers.accept_terms()
    answers.choose_visibility(masked=False)
    return answers.choose_emergency(allowed=True)


def test_a_parent_with_an_account_of_her_own_holds_the_record_until_he_is_18(world):
    one = enrolled_child(date(clock.today().year - 10, 1, 15))
    account = answer_all(begin(one))
    assert (account.name, account.email) == ("Claire Imaginaire", "claire@exemple.invalid")
    made = access.find(account, one.record.uid)
    assert (made.role, made.measure) == (Role.REPRESENTATIVE, Measure.PARENT)
    assert made.ends_at == clock.midnight(date(clock.today().year + 8, 1, 15))
    assert made.can(Right.GRANT) and not made.can(Right.WILL)
    assert Record.get_by_id(one.record.id).state is State.ACTIVATED
    assert access.holder_of(one.record) is None


def test_the_letters_fit_a_parent(world):
    one = enrolled_child()
    answer_all(begin(one))
    first, last = Notice.select().where(Notice.recipient.in_([EMAIL, "claire@exemple.invalid"]))
    words = " ".join(first.body.split())
    assert "c'est un parent qui active cet espace" in words and one.code[:4] in words
    assert "Claire Imaginaire" in last.body and "jusqu'à ses 18 ans" in last.body


def test_what_she_certified_is_in_the_journal(world):
    one = enrolled_child()
    before = clock.now()
    answer_all(begin(one))
    entry = Entry.get((Entry.record == one.record) & (Entry.act == Act.ACTIVATED))
    assert (entry.actor, entry.role) == ("Claire Imaginaire", "representative")
    assert entry.details["certified"] >= f"{before:%Y-%m-%d %H:%M}"


def test_a_parent_who_has_an_account_uses_it(world):
    before = Account.select().count()
    made = activated(world, "carole")
    assert Account.select().count() == before
    assert made.role == Role.REPRESENTATIVE
    assert {one.record_id for one in access.of(world.account("carole"))} == {
        made.record_id,
        world.record("carole").id,
    }


def test_choosing_another_way_forgets_the_first(world):
    answers = begin(enrolled_child())
    answers.confirm()
    answers.choose_credentials("claire@exemple.invalid", PASSWORD, "Claire Imaginaire")
    answers.choose_account(world.account("carole"))
    kept = Activation.get_by_id(answers.id)
    assert (kept.name, kept.email, kept.password_hash) == (None, None, None)
    answers.choose_credentials("claire@exemple.invalid", PASSWORD, "Claire Imaginaire")
    assert Activation.get_by_id(answers.id).account is None


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_her_name_is_needed(world, name):
    answers = begin(enrolled_child())
    answers.confirm()
    with pytest.raises(Refusal) as refused:
        answers.choose_credentials("claire@exemple.invalid", PASSWORD, name)
    assert refused.value.field == "name"
    assert answers.step is Step.CREDENTIALS


def test_an_address_already_used_tells_her_to_sign_in(world):
    answers = begin(enrolled_child())
    with pytest.raises(Refusal, match="connectez-vous d'abord"):
        answers.choose_credentials("alice@exemple.invalid", PASSWORD, "Claire Imaginaire")


def test_a_password_made_of_the_child_s_name_is_refused(world):
    answers = begin(enrolled_child())
    with pytest.raises(Refusal) as refused:
        answers.choose_credentials("claire@exemple.invalid", "NoéFictifÉlie", "Claire Imaginaire")
    assert refused.value.field == "password"


def test_an_account_that_is_in_already_or_is_the_association_s_is_refused(world):
    one = enrolled_child()
    access.grant(world.account("bruno"), one.record, Role.CARER, given="read")
    answers = begin(one)
    for name, said in (("bruno", "entre déjà"), ("diane", "association")):
        with pytest.raises(Refusal, match=said):
            answers.choose_account(world.account(name))
    assert answers.account is None


def test_an_adult_uses_no_account_of_someone_else(world):
    answers = begin(enrolled_child(aged(30)))
    with pytest.raises(Refusal):
        answers.choose_account(world.account("carole"))


@pytest.mark.parametrize("born, by_parent", [(DAY, True), (0 * DAY, False)])
def test_at_17_a_parent_still_answers_and_not_any_more_on_the_day_she_is_18(world, born, by_parent):
    today = clock.today()
    assert begin(enrolled_child(clock.months_later(today, -216) + born)).by_parent is by_parent


def test_a_code_given_to_parents_opens_nothing_once_he_is_18(world):
    one = enrolled_child(clock.months_later(clock.today(), -216) + 5 * DAY)
    answers = begin(one)
    answers.confirm()
    answers.choose_account(world.account("carole"))
    with clock.moved(6 * DAY):
        assert activation.under_way(answers.token) is None
        with pytest.raises(Refusal, match=EXPIRED[:20]):
            begin(one)
        answers.terms_at, answers.masked = clock.now(), False
        Activation.update(terms_at=clock.now(), masked=False).execute()
        with pytest.raises(Refusal):
            answers.choose_emergency(allowed=True)
        hers = activation_code.new_code(one.record, LINK, days=42)
        again = activation.begin(hers, one.record.birth_date, "192.0.2.1")
        assert again.step is Step.IDENTITY
        assert (again.account, again.terms_at, again.masked) == (None, None, None)
    assert access.of(world.account("carole"))[0].own


def test_the_family_s_address_is_asked_for_no_code_once_he_is_18(world):
    one = enrolled_child(clock.months_later(clock.today(), -216) + 5 * DAY)

    def ask():
        before = Notice.select().count()
        activation_code.ask_again("noe", one.record.birth_date, "192.0.2.1", LINK, 42)
        return Notice.select().count() - before

    assert ask() == 1
    with clock.moved(6 * DAY):
        assert ask() == 0
