"""Words that another site chose. A page that answers to them tells, by how much it weighs, what it
holds: what is found for `?q=`, or what compresses well with it. Whoever leads a signed-in person
there and weighs her encrypted answers must have chosen none of their words."""

from flask import current_app, request
from flask_login import current_user

from .page import redirect_to_page

# Of « Sec-Fetch-Site » (Chromium 76, Firefox 90, Safari 16.4). The browser says « none » for what
# she typed or kept herself.
OTHERS = ("cross-site", "same-site")
# Where to go on once signed in or confirmed: our own answers put it there on the way. In a record
# the same word chooses a page of a list.
OURS = {"suite"}


def forget_words():
    """Before each request: the page itself, without what its address asks of it."""
    ours = set() if "record" in (request.view_args or {}) else OURS
    chosen = request.method in ("GET", "HEAD") and not ours.issuperset(request.args)
    if not chosen or request.headers.get("Sec-Fetch-Site") not in OTHERS:
        return None
    # Never as it came: browsers read « /<tab>/elsewhere » as another site.
    return redirect_to_page(request.path) if _has_something_to_hide() else None


def _has_something_to_hide():
    view = current_app.view_functions.get(request.endpoint)
    return current_user.is_authenticated and not getattr(view, "public", False)
