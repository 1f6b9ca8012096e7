"""Chromium on a slow phone: six times slower, on DevTools' own « Slow 3G »."""

import shutil
import statistics

from .report import Row, at_most, told
from .visitor import Visitor

SLOWER, RUNS = 6, 3
FIRST_PAINT, BLOCKED = 2_500, 0
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
WATCH = """window.long = []; new PerformanceObserver(list => {
  for (const one of list.getEntries()) window.long.push([one.startTime, one.duration]);
}).observe({type: 'longtask', buffered: true});"""
READ = """() => {
  const paint = performance.getEntriesByName('first-contentful-paint')[0].startTime;
  const late = window.long.filter(one => one[0] >= paint);
  return [paint, late.reduce((sum, one) => sum + Math.max(0, one[1] - 50), 0)]; }"""


def rows(visitor: Visitor) -> list[Row]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        return [told("first paint on a slow phone", "not measured: there is no Chromium here")]
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        seen = [_load(browser, visitor) for _ in range(RUNS)]
        browser.close()
    paint, blocked = (statistics.median(one) for one in zip(*seen, strict=True))
    each = ", ".join(f"{one[0]:.0f}" for one in seen)
    return [
        at_most("slow phone: first paint of the list", round(paint), FIRST_PAINT, "ms", each),
        at_most("slow phone: blocking time", round(blocked), BLOCKED, "ms"),
    ]


def _load(browser, visitor) -> tuple[float, float]:
    """(first contentful paint, blocking time), nothing cached."""
    base = f"http://127.0.0.1:{visitor.port}"
    context = browser.new_context(**PHONE)
    cookies = visitor.cookies.items()
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies])
    page = context.new_page()
    page.add_init_script(WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_3G})
    page.goto(f"{base}{visitor.record}/documents", timeout=120_000)
    page.wait_for_timeout(1500)
    seen = page.evaluate(READ)
    context.close()
    return tuple(seen)
