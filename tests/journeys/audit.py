"""What each page is judged on: axe light and dark, no sideways scroll at 320 px, large targets."""

from functools import cache
from importlib.resources import files

TAGS = [
    f"wcag{version}{level}" for version in ("2", "21", "22") for level in ("a", "aa", "aaa")
] + ["best-practice", "experimental"]
# axe leaves these off unless they are named.
NAMED = (
    "color-contrast-enhanced",
    "css-orientation-lock",
    "focus-order-semantics",
    "hidden-content",
    "identical-links-same-purpose",
    "label-content-name-mismatch",
    "meta-refresh-no-exceptions",
    "p-as-heading",
    "table-fake-caption",
    "target-size",
    "td-has-header",
)
# What a dark page may change: nothing else than colours.
OF_COLOURS = ("color-contrast", "color-contrast-enhanced", "link-in-text-block")
DESKTOP = {"width": 1280, "height": 1024}
PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}

RUN_AXE = """async ([type, values, named]) => {
  const rules = Object.fromEntries(named.map(name => [name, {enabled: true}]));
  const told = await axe.run(document, {
    runOnly: {type, values}, rules, resultTypes: ['violations'], preload: type === 'tag'});
  return told.violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.target.join(' ')}: ${(node.failureSummary || '').slice(0, 250)}`));
}"""

# Who sticks out, unless a parent scrolls or hides it.
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const cut = e => e && e !== document.body
    && (getComputedStyle(e).overflowX !== 'visible' || cut(e.parentElement));
  const out = [...document.body.querySelectorAll('*')].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && box.height && box.right > width + 1 && !cut(e); });
  const name = e => `${e.tagName.toLowerCase()}.${e.className} « ${e.innerText.slice(0, 30)} »`
    + ` ends at ${Math.round(e.getBoundingClientRect().right)}`;
  window.scrollTo(10000, 0);
  const scrolled = window.scrollX;
  window.scrollTo(0, 0);
  return scrolled ? [`scrolls by ${scrolled} px`, ...out.slice(0, 5).map(name)] : [];
}"""

# How far from its middle a finger still reaches each control, or its label.
TARGETS = """() => {
  const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
  const reached = e => {
    const labels = e.labels ? [...e.labels] : [];
    e.scrollIntoView({block: 'center', inline: 'nearest'});
    const box = e.getBoundingClientRect();
    const owns = (x, y) => { const hit = document.elementFromPoint(x, y);
      return hit && [e, ...labels].some(one => one === hit || one.contains(hit)); };
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const far = (dx, dy) => {
      let n = 0; while (n < 44 && owns(x + dx * (n + 1), y + dy * (n + 1))) n++; return n; };
    if (!owns(x, y)) return [box.width, box.height];
    const across = (dx, dy) => {
      const n = far(-dx, -dy) + 1; return n < 44 ? n + far(dx, dy) : n; };
    return [across(1, 0), across(0, 1)]; };
  const shown = e => { const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(e).visibility !== 'hidden'; };
  const inSentence = e => { const text = e.closest('p, li, dd, td');
    return e.tagName === 'A' && getComputedStyle(e).display === 'inline'
      && !!text && text.innerText.trim().length > e.innerText.trim().length + 12; };
  const found = [...document.querySelectorAll(controls)]
    .filter(e => shown(e) && !e.disabled && !e.classList.contains('skip') && !inSentence(e))
    .map(e => [e, ...reached(e)]).filter(([, width, height]) => width < 44 || height < 44)
    .map(([e, width, height]) => `${e.tagName.toLowerCase()} « `
      + `${(e.getAttribute('aria-label') || e.innerText || e.name).trim().slice(0, 40)} »`
      + ` is ${Math.round(width)} × ${Math.round(height)} px`);
  window.scrollTo(0, 0);
  return found;
}"""


def faults(page) -> list[str]:
    """What is wrong with the page as it stands, each fault named with its check."""
    page.set_viewport_size(NARROW)
    found = _named("at 320 px", page.evaluate(OVERFLOW))
    page.set_viewport_size(PHONE)
    found += _named("target", page.evaluate(TARGETS))
    page.set_viewport_size(DESKTOP)
    _session(page).send("Runtime.evaluate", {"expression": _axe_source()})
    page.emulate_media(color_scheme="dark")
    found += _named("axe, dark", page.evaluate(RUN_AXE, ["rule", OF_COLOURS, []]))
    page.emulate_media(color_scheme="light")
    return found + _named("axe", page.evaluate(RUN_AXE, ["tag", TAGS, NAMED]))


@cache
def _session(page):
    """Straight to the browser: by `page.evaluate` half a megabyte of axe is packed and unpacked
    three times, and takes twice as long."""
    return page.context.new_cdp_session(page)


@cache
def _axe_source():
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def _named(check, found):
    return [f"{check}: {one}" for one in found]
