"""What each duty opens, and that the rest is refused in words."""

import pytest

from models import office
from models.access import Access, Role
from models.account import Account
from models.office import Duty, Task
from views.office import HEADINGS, OFFICE_PAGES

from .test_guards import address, rules

NAMES = {Duty.OFFICE: "diane", Duty.SUPPORT: "bruno", Duty.FIGURES: "carole"}


@pytest.fixture
def signed_in(visit):
    """Whoever has this duty; Carole has the access of a member too, from before."""

    def come(duty):
        email = f"{NAMES[duty]}@exemple.invalid"
        Account.update(duty=duty.value).where(Account.email == email).execute()
        return visit(NAMES[duty])

    return come


def association(app):
    return [rule for rule in rules(app) if str(rule).startswith("/association")]


def guarded(app, rule):
    view = app.view_functions[rule.endpoint]
    while not hasattr(view, "task"):
        view = view.__wrapped__
    return view


def test_each_address_of_the_association_says_whose_task_it_is(app):
    """And no other address is the office's."""
    found = [rule for rule in association(app) if guarded(app, rule).office]
    assert len(found) > 40
    tasks = {guarded(app, rule).task for rule in found}
    assert tasks == {None, *Task}
    assert [str(rule) for rule in found if guarded(app, rule).task is None] == ["/association"]
    others = [rule for rule in rules(app) if rule not in found]
    assert not [r for r in others if getattr(app.view_functions[r.endpoint], "office", False)]


@pytest.mark.parametrize("duty", Duty)
def test_each_duty_opens_its_pages_and_the_others_are_refused_in_words(app, signed_in, duty):
    visitor, opened, refused = signed_in(duty), 0, 0
    token = visitor.get("/compte").soup.select_one("[name=csrf_token]")["value"]
    for rule in association(app):
        task = guarded(app, rule).task
        for method in sorted(rule.methods & {"GET", "HEAD", "POST"}):
            data = {"csrf_token": token} if method == "POST" else None
            answer = visitor.client.open(address(rule), method=method, data=data)
            if task is None or task in office.TASKS[duty]:
                opened += 1
                assert answer.status_code in (200, 303, 404, 410, 422), (rule, method, answer)
                continue
            refused += 1
            assert answer.status_code == 403, (rule, method)
            if method != "HEAD":
                words = answer.get_data(as_text=True)
                assert office.SENTENCES[task].replace("'", "&#39;") in words, rule
                assert office.LABELS[duty].replace("'", "&#39;") in words
    assert opened and (refused > 90 or duty is Duty.OFFICE)


@pytest.mark.parametrize("duty", Duty)
def test_the_first_page_offers_what_the_duty_opens(signed_in, duty):
    visitor = signed_in(duty)
    page = visitor.get("/association")
    links = [a["href"] for a in page.soup.select("main .list a")]
    mine = [one for one in OFFICE_PAGES if one[1] in office.TASKS[duty]]
    assert len(links) == len(mine) > 0
    for link in links:
        visitor.get(link)


def test_each_page_is_under_one_heading():
    tasks = [task for tasks in HEADINGS.values() for task in tasks]
    assert sorted(tasks) == sorted(Task)


@pytest.mark.parametrize("duty", Duty)
def test_no_record_opens_to_the_association_whatever_row_there_is(app, world, signed_in, duty):
    visitor, record = signed_in(duty), world.record("alice")
    world.paper()
    for role in (Role.HOLDER, Role.CARER, Role.PROFESSIONAL):
        Access.delete().where(Access.account == world.account(NAMES[duty])).execute()
        Access.create(
            account=world.account(NAMES[duty]),
            record=record,
            role=role.value,
            given="read",
            profession="doctor",
        )
        for rule in rules(app):
            if "record" in rule.arguments and "GET" in rule.methods:
                answer = visitor.client.get(address(rule, record=record.uid))
                assert answer.status_code == 404, (rule, role)
        assert record.name not in visitor.get("/espaces").text
