"""Every page in every state: axe at A, AA, AAA, light and dark; 320 px; 44 px; the Nu checker."""

import fcntl
import json
from dataclasses import dataclass, field

import pytest

from tests.tools import nu

from . import audit, tours


@dataclass
class Visited:
    """`pages` holds the exact bytes of each page that the server sent, by state."""

    faults: list[str] = field(default_factory=list)
    pages: dict[str, bytes] = field(default_factory=dict)


EXACTLY = ("utf-8", "surrogateescape")
TOURS = [(tour, True) for tour in tours.ALL] + [(tour, False) for tour in tours.SWAPPED]
NAMES = [f"{tour.__name__}{'' if htmx else '-without-htmx'}" for tour, htmx in TOURS]


@pytest.fixture(scope="package")
def visits(tabs, site):
    """Each tour is made once, by the first of the processes that share the tests to ask for it,
    and what it found is kept in a file: the Nu checker, in one of them, reads the pages of all."""
    site.visited.mkdir(exist_ok=True)

    def visit(tour, htmx):
        kept = site.visited / f"{tour.__name__}{'' if htmx else '-without-htmx'}"
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                found = _visit(tabs, site, tour, htmx)
                pages = {state: page.decode(*EXACTLY) for state, page in found.pages.items()}
                kept.write_text(json.dumps([found.faults, pages]))
        faults, pages = json.loads(kept.read_text())
        return Visited(faults, {state: page.encode(*EXACTLY) for state, page in pages.items()})

    return visit


@pytest.mark.parametrize(("tour", "htmx"), TOURS, ids=NAMES)
def test_no_fault_in_any_state(visits, tour, htmx):
    visited = visits(tour, htmx)
    assert visited.pages
    _none(visited.faults)


def test_the_nu_checker_finds_no_error(visits, tmp_path):
    names = {}
    for tour, htmx in reversed(TOURS):  # to meet halfway whoever makes them meanwhile
        for state, content in visits(tour, htmx).pages.items():
            file = tmp_path / f"{len(names)}.html"
            file.write_bytes(content)
            names[file] = state
    found = nu.errors(list(names))
    assert len(names) > 60
    _none([f"{names[file]}: {error}" for file, errors in found.items() for error in errors])


def test_the_checks_can_fail(page_js, tmp_path):
    page_js.goto("about:blank")
    page_js.set_content(
        "<!doctype html><html><title>x</title><body><div style='width:900px'>large</div>"
        "<p style='color:#666'>pale</p><p style='color:#999'>paler</p><button>x</button>"
    )
    found = "\n".join(audit.faults(page_js))
    for named in (
        "320 px",
        "target: button",
        "color-contrast-enhanced",
        "color-contrast:",
        "html-has-lang",
    ):
        assert named in found, named
    file = tmp_path / "wrong.html"
    file.write_text("<!doctype html><html lang=fr><title>x</title><h1><div foo=1>x</h1>")
    assert nu.errors([file])[file]


def _none(faults):
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


def _visit(tabs, site, tour, htmx):
    visited, sent = Visited(), []
    page = tabs.borrow(js=True)
    page.set_viewport_size(audit.DESKTOP)

    def note(response):
        if _is_page(response):
            sent.append(response)

    page.on("response", note)
    if not htmx:
        page.route("**/htmx.min.*", lambda route: route.abort())
    for state in tour(page, site):
        visited.faults += [f"{state}: {one}" for one in audit.faults(page)]
        if sent:
            visited.pages[f"{state} ({sent[-1].status})"] = sent[-1].body()
            sent.clear()
    page.remove_listener("response", note)
    tabs.give_back(page, js=True)
    return visited


def _is_page(response):
    html = response.headers.get("content-type", "").startswith("text/html")
    return html and response.request.is_navigation_request()
