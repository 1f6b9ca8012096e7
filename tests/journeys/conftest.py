"""One Chromium and one site for all the journeys; a context, and a member, for each."""

import pytest
from playwright.sync_api import sync_playwright

from tests.tools import Missing, chromium

from .site import Site

TIMEOUT = 10_000


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    served = Site(tmp_path_factory.mktemp("site"))
    try:
        served.start()
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="package")
def browser():
    try:
        path = chromium.find()
    except Missing as missing:
        pytest.fail(str(missing), pytrace=False)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=chromium.flags())
        yield launched
        launched.close()


@pytest.fixture
def new_context(browser, site):
    """A browser of its own: no cookie, French, and nothing may go wrong in its console."""
    opened, faults = [], []

    def new(js=True, member=None, **options):
        context = browser.new_context(
            base_url=site.address, locale="fr-FR", java_script_enabled=js, **options
        )
        context.set_default_timeout(TIMEOUT)
        if member:
            cookie = {"name": "carnet", "value": member.cookie, "url": site.address}
            context.add_cookies([cookie])
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda message: _note(message, faults))
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()
    assert not faults, faults


@pytest.fixture(params=["js", "nojs"])
def js(request):
    return request.param == "js"


@pytest.fixture
def member(site):
    return site.member()


@pytest.fixture
def page(new_context, js):
    """A visitor's page. Each test that asks for it runs twice: with JavaScript, and without."""
    return new_context(js).new_page()


@pytest.fixture
def at_home(new_context, js, member):
    """The page of a signed-in member, at the home of her record; twice too."""
    return _home(new_context(js, member).new_page(), member)


@pytest.fixture
def at_home_js(new_context, member):
    return _home(new_context(True, member).new_page(), member)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    served = item.funcargs.get("site") if hasattr(item, "funcargs") else None
    if report.failed and served:
        report.sections.append(("Carnet's log", served.told()))


def _home(page, member):
    page.goto(f"/espaces/{member.uid}/")
    return page


def _note(message, faults):
    if "Content Security Policy" in message.text:
        faults.append(message.text)
