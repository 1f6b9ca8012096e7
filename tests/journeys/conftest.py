"""One Chromium and one site for all the journeys; a context, and a member, for each."""

import pytest
from playwright.sync_api import sync_playwright

from tests import demonstration
from tests.tools import Missing, chromium

from .site import Site

TIMEOUT = 10_000
# A page lives for a second here, most of it in axe: to make its code faster costs more than it
# saves, a sixth of all that the browser works.
BRIEFLY = "--js-flags=--no-opt --no-maglev"


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    served = Site(tmp_path_factory.mktemp("site"), demonstration.shared(tmp_path_factory))
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
        args = [*chromium.flags(), BRIEFLY]
        launched = playwright.chromium.launch(executable_path=path, args=args)
        yield launched
        launched.close()


class Tabs:
    """One tab with JavaScript and one without, lent to a test at a time: a new one costs a second.

    Between two tests its cookies go; Carnet leaves nothing else in a browser (a test says so)."""

    def __init__(self, browser, site):
        self._browser, self._site = browser, site
        self._kept, self._faults = {}, []

    def context(self, js=True):
        """A browser of its own, in French. What goes wrong in its console is noted."""
        context = self._browser.new_context(
            base_url=self._site.address, locale="fr-FR", java_script_enabled=js
        )
        context.runs_scripts = js  # or what they put in order stays as it is (moves.settled)
        context.set_default_timeout(TIMEOUT)
        context.on("weberror", lambda error: self._faults.append(str(error.error)))
        context.on("console", self._note)
        return context

    def borrow(self, js, member=None):
        page = self._kept.pop(js, None) or self.context(js).new_page()
        if member:
            cookie = {"name": "carnet", "value": member.cookie, "url": self._site.address}
            page.context.add_cookies([cookie])
        return page

    def give_back(self, page, js):
        page.unroute_all()
        page.context.set_offline(False)
        page.context.clear_cookies()
        self._kept[js] = page

    def faults(self):
        """Since the last time."""
        found, self._faults = self._faults, []
        return found

    def _note(self, message):
        if "Content Security Policy" in message.text:
            self._faults.append(message.text)


@pytest.fixture(scope="package")
def tabs(browser, site):
    return Tabs(browser, site)


@pytest.fixture
def elsewhere(tabs, js):
    """A page in another browser, for the same test."""
    context = tabs.context(js)
    yield context.new_page()
    context.close()


@pytest.fixture(params=["js", "nojs"])
def js(request):
    return request.param == "js"


@pytest.fixture
def member(site):
    return site.member()


@pytest.fixture
def page(tabs, js):
    """A visitor's page. Each test that asks for it runs twice: with JavaScript, and without."""
    yield from _lent(tabs, js)


@pytest.fixture
def page_js(tabs):
    yield from _lent(tabs, True)


@pytest.fixture
def at_home(tabs, js, member):
    """The page of a signed-in member, at the home of her record; twice too."""
    yield from _lent(tabs, js, member, f"/espaces/{member.uid}/")


@pytest.fixture
def at_documents(tabs, js, member):
    yield from _lent(tabs, js, member, f"/espaces/{member.uid}/documents")


@pytest.fixture
def at_documents_js(tabs, member):
    yield from _lent(tabs, True, member, f"/espaces/{member.uid}/documents")


@pytest.fixture
def at_deposit_js(tabs, member):
    yield from _lent(tabs, True, member, f"/espaces/{member.uid}/documents/depot")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    served = item.funcargs.get("site") if hasattr(item, "funcargs") else None
    if report.failed and served:
        report.sections.append(("Carnet's log", served.told()))


def _lent(tabs, js, member=None, address=None):
    tabs.faults()
    page = tabs.borrow(js, member)
    if address:
        page.goto(address)
    yield page
    tabs.give_back(page, js)
    found = tabs.faults()
    assert not found, found
