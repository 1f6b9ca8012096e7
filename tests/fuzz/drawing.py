"""What is drawn of a stranger's words holds no tag, address or attribute but ours."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TAGS = frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "div",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
        "a",
        "img",
        "br",
        "strong",
        "em",
        "sub",
        "sup",
    ]
)
ATTRIBUTES = frozenset(
    [
        "dir",
        "id",
        "value",
        "class",
        "role",
        "tabindex",
        "aria-label",
        "scope",
        "colspan",
        "rowspan",
        "href",
        "src",
        "alt",
    ]
)
OURS = ("#note-", "#appel-", "/partie/")


@cache
def environment() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    made.trim_blocks = made.lstrip_blocks = True
    return made


def check_page(blocks: list[dict]) -> None:
    narrative = environment().get_template("document/narrative.html").module.narrative
    page = _Page()
    page.feed(str(narrative(blocks, lambda _name: "/partie/1")))
    page.close()


class _Page(HTMLParser):
    def handle_starttag(self, tag, attrs):
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES, (tag, name)
            assert name not in ("href", "src") or value.startswith(OURS), value

    def unknown_decl(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = handle_comment = unknown_decl
