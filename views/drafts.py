"""What was typed when the session had ended: kept, then shown again in its form."""

from datetime import timedelta

from flask import current_app, g, request, session
from flask_login import current_user
from itsdangerous import BadData
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from models import draft, log
from models import session as sessions
from models.account import Account

from .addresses import form_page, has_page, here, without_draft
from .forms import Form
from .tokens import Sealed

# A form lies open for days in a phone; past this, it is more likely to be a thief's.
OPEN = timedelta(days=30)
ENDED = "Votre session est terminée. Reconnectez-vous : "
BACK = "vous reviendrez où vous étiez."
KEPT = "ce que vous avez écrit est gardé."
ALL_BUT_FILES = " Seul le fichier sera à choisir de nouveau."
RESTORED = "Ce que vous aviez écrit est toujours là. Relisez, puis envoyez."
FILES_AGAIN = " Seul le fichier est à choisir de nouveau."


def mark_forms(row: sessions.Session) -> None:
    """Their token, which only we can seal, says from now on for whose session they are drawn."""
    if "csrf_token" not in session:
        session["csrf_token"] = row.uid


def remember_someone_left() -> None:
    """Her old tabs may still send a form: it is worth reading."""
    session["left"] = True


def keep() -> Account | None:
    """Keep what this form brings for the account it was drawn for, which is returned."""
    if not _is_worth_reading():
        return None
    try:
        return keep_words(request.form)
    except HTTPException:  # too heavy, or no form
        return None


def keep_words(form: MultiDict) -> Account | None:
    """The same of a form that was read apart: what came of one that was cut off (uploads.py)."""
    page = form_page()
    owner = _owner(form.get("csrf_token", "")) if page else None
    typed = {name: form.getlist(name) for name in form if name}
    return owner if owner and draft.keep(owner, page, here(), typed) else None


def ended(kept: Account | None) -> str:
    """Why one must sign in; it promises only what will be shown again for sure."""
    if not kept or not has_page():
        return ENDED + BACK
    files = any(file.filename for _, file in request.files.items(multi=True))
    return ENDED + KEPT + (ALL_BUT_FILES if files else "")


def restore(context: dict) -> dict | None:
    """Put back what was kept in the forms of the page that is about to be drawn, over all that
    its view put there; what to say of it, if there was any."""
    forms = [one for one in context.values() if isinstance(one, Form) and not one.is_submitted()]
    if not forms or not current_user.is_authenticated or "brouillon" in request.args:
        return None
    typed = MultiDict(draft.typed(current_user.account, here()))
    restored = [form for form in forms if form.restore(typed)]
    if not restored:
        return None
    files = any(form.takes_files for form in restored)
    return {"words": RESTORED + (FILES_AGAIN if files else ""), "without": without_draft()}


def forget_received(response):
    """After each answer: what was received is no draft any more."""
    received = g.get("csrf_valid") and response.status_code < 400
    if received and current_user.is_authenticated:
        try:
            draft.forget(current_user.account, here())
        except Exception as error:
            # The act is done, and must be said so: at worst, what was typed is shown again.
            log.failed("a draft stays", error)
    return response


def _is_worth_reading():
    """Not what anyone may send, nor secrets, nor the heavy files of a stranger."""
    view = current_app.view_functions.get(request.endpoint)
    if view is None or getattr(view, "public", False) or request.blueprint == "account":
        return False
    been_here = "_user_id" in session or "left" in session
    return been_here or not getattr(view, "takes_files", False)


def _owner(token):
    """The account that the form was drawn for, whoever sends it, if the token is one of ours."""
    try:
        mark = Sealed(current_app.secret_key).loads(token, max_age=OPEN.total_seconds())
    except BadData:
        return None
    row = sessions.known(mark)
    return row and row.account
