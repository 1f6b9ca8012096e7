"""Chromium on a slow phone: six times slower, on DevTools' own « Slow 3G »; each page at its first
view, nothing kept, then at the next one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass

from .report import Row, at_most, told
from .visitor import Visitor
from .weight import WISHES, a_document

SLOWER, RUNS = 6, 2
FIRST_PAINT, BLOCKED, ELEMENTS, REQUESTS = 2_500, 0, 400, 4
SLOW_3G = {"latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --font-render-hinting=none"
)
PHONE = {
    "locale": "fr-FR",
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
WATCH = """window.long = []; window.largest = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) window.long.push([one.startTime, one.duration]);
}).observe({type: 'longtask', buffered: true});
new PerformanceObserver(list => {
  for (const one of list.getEntries()) window.largest = one.startTime;
}).observe({type: 'largest-contentful-paint', buffered: true});"""
READ = """() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
  const late = window.long.filter(one => one[0] >= paint);
  const blocked = late.reduce((sum, one) => sum + Math.max(0, one[1] - 50), 0);
  const fetched = performance.getEntriesByType('resource').filter(one => one.transferSize);
  return [paint, window.largest, blocked, document.querySelectorAll('*').length,
    1 + fetched.length]; }"""


@dataclass(frozen=True)
class Seen:
    """Times in milliseconds."""

    paint: float
    largest: float
    blocked: float
    elements: int
    requests: int


def rows(visitor: Visitor) -> list[Row]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        return [told("first paint on a slow phone", "not measured: there is no Chromium here")]
    with opened(chromium) as browser:
        loaded = {name: _views(browser, who, path) for name, who, path in _pages(visitor)}
    return [row for name, both in loaded.items() for row in _told(name, *both)] + [*_worst(loaded)]


@contextmanager
def opened(chromium: str) -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        yield browser
        browser.close()


def phone(browser, visitor: Visitor, **how):
    """A page of a phone that nothing is kept on, as slow as its network; and its DevTools."""
    base = f"http://127.0.0.1:{visitor.port}"
    context = browser.new_context(base_url=base, **PHONE, **how)
    cookies = visitor.cookies.items()
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies])
    page = context.new_page()
    page.set_default_timeout(300_000)
    page.add_init_script(WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_3G})
    return page, devtools


def _pages(visitor):
    stranger, record = Visitor(visitor.port), visitor.record
    yield from (("home", stranger, "/"), ("sign-in", stranger, "/connexion"))
    yield "spaces", visitor, "/espaces"
    yield "record", visitor, f"{record}/"
    yield "list", visitor, f"{record}/documents"
    yield "search", visitor, f"{record}/documents?q=compte"
    yield "one document", visitor, a_document(visitor)
    yield "deposit form", visitor, f"{record}/documents/depot"
    yield "wishes", visitor, f"{record}/{WISHES}"
    yield "accesses", visitor, f"{record}/acces"
    yield "activity", visitor, f"{record}/activite"
    yield "account", visitor, "/compte"


def _views(browser, visitor, path) -> tuple[Seen, Seen]:
    """The first view, and the one that follows it; the best of several, since what else the machine
    does can only add."""
    seen = []
    for _ in range(RUNS):
        page, _devtools = phone(browser, visitor)
        seen.append((_load(page, path), _load(page, path)))
        page.context.close()
    return tuple(Seen(*map(min, *map(astuple, views))) for views in zip(*seen, strict=True))


def _load(page, path) -> Seen:
    page.goto(path)
    page.wait_for_timeout(1000)
    return Seen(*page.evaluate(READ))


def _told(name, *views: Seen) -> Iterator[Row]:
    for view, seen in zip(("first view", "next view"), views, strict=True):
        note = f"largest paint {seen.largest:.0f}; {seen.requests} requests"
        what = f"slow phone, {name}: {view}, first paint"
        yield at_most(what, round(seen.paint), FIRST_PAINT, "ms", note, largest=seen.largest)


def _worst(views: dict[str, tuple[Seen, Seen]]) -> Iterator[Row]:
    """Of all pages."""
    budgets = {"blocked": (BLOCKED, "ms"), "elements": (ELEMENTS, ""), "requests": (REQUESTS, "")}
    for what, (limit, unit) in budgets.items():
        most = {name: max(getattr(one, what) for one in seen) for name, seen in views.items()}
        name = max(most, key=most.get)
        yield at_most(f"slow phone, any page: {what}", round(most[name]), limit, unit, name)
