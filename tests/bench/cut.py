"""A deposit of 5 MB from a slow phone on slow 3G, whose network goes away on the way: what the
person sees, and what it costs her to start again. `python -m tests.bench.cut`: with scripts, then
without (2 × 2 minutes)."""

import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path

from . import serving
from .browser import SLOW_3G, opened, phone
from .instances import BUILD, copied, made
from .report import Group, Row, at_most, markdown, told, verdict
from .visitor import Visitor

WEIGHT, CUT_AFTER = 5_000_000, 20
TITLE, TOLD_WITHIN = "Envoi coupé (essai fictif)", 2
OFFLINE = {**SLOW_3G, "offline": True}
ONLINE = {**SLOW_3G, "offline": False}
KEPT = """() => [document.querySelector('#title').value,
  document.querySelector('[type=file]').files.length]"""


def rows(visitor: Visitor, scripts: bool = True) -> list[Row]:
    how = "with scripts" if scripts else "without"
    with tempfile.TemporaryDirectory() as folder, opened(shutil.which("chromium")) as browser:
        file = Path(folder) / "essai.txt"
        # Of its own: what is there already is not taken twice.
        file.write_text(secrets.token_hex(16) + "Un mot de plus. " * (WEIGHT // 16))
        page, devtools = phone(browser, visitor, java_script_enabled=scripts)
        _fill(page, visitor, file)
        page.get_by_role("button", name="Ajouter", exact=True).click(no_wait_after=True)
        page.wait_for_timeout(CUT_AFTER * 1000)
        devtools.send("Network.emulateNetworkConditions", OFFLINE)
        heard = _seconds(lambda: _seen(page, scripts))
        lost = page.evaluate(KEPT) != [TITLE, 1] if scripts else 0
        # The browser's own page is of another process, where nothing is slow yet.
        for one in (devtools, page.context.new_cdp_session(page)):
            one.send("Network.emulateNetworkConditions", ONLINE)
        again = _seconds(lambda: _once_more(page, scripts))
    number = visitor.get(f"{visitor.record}/documents").text.count(f">{TITLE}<")
    least = f"the line itself takes {WEIGHT / SLOW_3G['uploadThroughput']:.0f}"
    note = least if scripts else "a reload, which DevTools does not slow"
    return [
        at_most(f"5 MB, cut, {how}: the person is told after", heard, TOLD_WITHIN, "s"),
        at_most(f"5 MB, cut, {how}: words or file to give again", int(lost), 0, ""),
        told(f"5 MB, cut, {how}: sent again", f"{again:.0f} s; {note}"),
        at_most(f"5 MB, cut, {how}: not there just once", abs(number - 1), 0, ""),
    ]


def _fill(page, visitor, file):
    page.goto(f"{visitor.record}/documents/depot")
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Catégorie").select_option(index=2)
    page.get_by_label("Fichiers à ajouter").set_input_files(file)


def _seen(page, scripts):
    if scripts:
        page.locator("#progress.fault").wait_for()
    else:
        page.wait_for_function("document.title == '127.0.0.1'")


def _once_more(page, scripts):
    if scripts:
        page.get_by_role("button", name="Ajouter", exact=True).click(no_wait_after=True)
    else:
        page.reload()
    page.locator("#notices .notice").first.wait_for()


def _seconds(act) -> float:
    start = time.monotonic()
    act()
    return round(time.monotonic() - start, 1)


def main() -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    found = []
    for scripts in (True, False):
        one = copied(made(1_000), BUILD / "cut")
        with serving.carnet(one.folder) as server:
            found += rows(serving.signed_in(server, one), scripts)
        shutil.rmtree(one.folder)
    group = Group("A deposit cut on slow 3G", rows=found)
    print(markdown(group))
    print(verdict([group]))
    sys.exit(any(row.kept is False for row in found))


if __name__ == "__main__":
    main()
