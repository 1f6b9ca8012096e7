"""Addresses of this site: the page one is on, and the page a form was on."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, g, request, url_for

# What an address says beside naming its page: `done` of page.py, and the page without its draft.
BESIDE = ("fait", "brouillon")


def address(endpoint: str, **names) -> str:
    """As Flask's `url_for`, for templates: a page names two dozen addresses, most of which the
    pages before it named too."""
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint}{endpoint}"
    access = g.get("access")
    several = any(isinstance(value, list) for value in names.values())
    if several or (access and access.who):  # RecordUid in door.py
        return url_for(endpoint, **names)
    return _address(endpoint, *names.items())


@lru_cache(4096)
def _address(endpoint, *names):
    return url_for(endpoint, **dict(names))


def here() -> str:
    """The address asked for, as the name of a page."""
    return _named(request.path, request.query_string.decode(errors="replace"))


def outside(address: str) -> str:
    """The same page of the record, for one's own eyes (RecordUid in door.py)."""
    return re.sub(r"^(/espaces/[\w-]+)~[\w-]+", r"\1", address)


def without_draft() -> str:
    """This page as it would be if nothing had been kept."""
    page = here()
    return page + ("&" if "?" in page else "?") + "brouillon=non"


def form_page() -> str | None:
    """The page that shows the form being sent: nearly always at the address it is sent to."""
    return here() if has_page() else came_from()


def has_page() -> bool:
    """Whether the address asked for can be opened."""
    return current_app.url_map.bind(request.host).test(request.path, "GET")


def came_from() -> str | None:
    """The page of this site that a form was on, if the browser says it."""
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if page.netloc != request.host or not safe_path(page.path):
        return None
    return _named(page.path, page.query)


def safe_path(text: str | None) -> str | None:
    """A path of this site, or nothing: never another site's address."""
    if not text or not text.startswith("/") or text.startswith("//") or "\\" in text:
        return None
    return text if text.isprintable() else None


def _named(path, query):
    named = [one for one in parse_qsl(query, keep_blank_values=True) if one[0] not in BESIDE]
    return f"{path}?{urlencode(named)}" if named else path
