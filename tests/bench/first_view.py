"""The list and the sign-in page in Chromium as the rivals were measured: 390 × 844, nothing kept;
then four times slower on 1.6 Mbit/s and 150 ms; and what axe and our own audit find wrong."""

import time

from tests.journeys import audit

from . import machine
from .browser import opened
from .report import Group, told
from .visitor import Visitor
from .weight import DOCUMENT

SCREEN = {"width": 390, "height": 844}
SLOW = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 200_000}
SLOWER, TIMES = 4, 3


def groups(visitor: Visitor) -> list[Group]:
    title, chromium = "First view, 390 × 844, Chromium", machine.chromium()
    if not chromium:
        return [Group(title, [told("all of it", "not measured: there is no Chromium here")])]
    listed, stranger = f"{visitor.record}/documents", Visitor(visitor.port)
    first = f'a[href="{DOCUMENT.findall(visitor.get(listed).text)[0]}"]'
    with opened(chromium) as browser:
        seen = _viewed(browser, visitor, listed, first)
        figures = {f"list: {name}": value for name, value in seen.items()}
        figures["list: slow"] = _viewed(browser, visitor, listed, first, slow=True)["time"]
        seen = _viewed(browser, stranger, "/connexion", "h1")
        figures |= {f"sign-in: {name}": value for name, value in seen.items()}
        figures["list: faults"] = _faults(browser, visitor, listed)
        figures["sign-in: faults"] = _faults(browser, stranger, "/connexion")
    return [Group(title, _rows(figures), figures=figures)]


def _rows(seen):
    name = "faults of axe (A, AA, AAA), of small targets, of width at 320 px"
    return [
        told("list", _words(seen, "list")),
        told("sign-in", _words(seen, "sign-in")),
        told("list: first title, this machine", f"{seen['list: time']:.0f} ms"),
        told("the same, CPU / 4, 1.6 Mbit/s, 150 ms", f"{seen['list: slow']:.0f} ms"),
        told(f"list: {name}", f"{seen['list: faults']}"),
        told(f"sign-in: {name}", f"{seen['sign-in: faults']}"),
    ]


def _words(seen, name):
    return (
        f"{seen[f'{name}: requests']} requests, {seen[f'{name}: bytes']:,.0f} bytes, of which "
        f"{seen[f'{name}: script']:,.0f} of script; {seen[f'{name}: elements']} elements"
    )


def _viewed(browser, visitor, path, awaited, slow=False) -> dict[str, float]:
    """The quickest of several; the bytes are those that came, headers included."""
    views = [_view(browser, visitor, path, awaited, slow) for _ in range(TIMES)]
    return min(views, key=lambda one: one["time"])


def _view(browser, visitor, path, awaited, slow):
    page, devtools = _page(browser, visitor, slow)
    came, kinds = {}, {}
    devtools.on("Network.responseReceived", lambda it: kinds.update({it["requestId"]: it["type"]}))
    devtools.on(
        "Network.loadingFinished",
        lambda it: came.update({it["requestId"]: it["encodedDataLength"]}),
    )
    start = time.perf_counter()
    page.goto(path, wait_until="commit")
    page.wait_for_selector(awaited)
    waited = 1000 * (time.perf_counter() - start)
    page.wait_for_load_state("networkidle")
    elements = page.evaluate("document.querySelectorAll('*').length")
    page.context.close()
    script = sum(size for one, size in came.items() if kinds.get(one) == "Script")
    figures = {"time": waited, "requests": len(came), "bytes": sum(came.values())}
    return figures | {"script": script, "elements": elements}


def _page(browser, visitor, slow=False):
    base = f"http://127.0.0.1:{visitor.port}"
    context = browser.new_context(base_url=base, locale="fr-FR", viewport=SCREEN)
    cookies = visitor.cookies.items()
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies])
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    if slow:
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        devtools.send("Network.emulateNetworkConditions", {"offline": False, **SLOW})
    return page, devtools


def _faults(browser, visitor, path) -> int:
    page, _devtools = _page(browser, visitor)
    page.goto(path)
    found = audit.faults(page)
    page.context.close()
    return len(found)
