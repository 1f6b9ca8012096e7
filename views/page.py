"""Answers: a page, or the one part of it that htmx will replace (D3)."""

from urllib.parse import quote

from flask import (
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup

from models import access
from models.words import uid

from . import drafts
from .addresses import form_page


def page(template: str, status: int = 200, **context):
    """A part is a block that bears the id of its element: each template is written once."""
    context["restored"] = drafts.restore(context)
    if context.get("access"):
        context["others"] = access.others(context["access"])
    part = request.htmx and request.htmx.target
    if not part:
        response = make_response(render_template(template, **context), status)
    elif _has(template, part):
        response = make_response(_render_part(template, part, context), status)
    else:
        # This page has no such part: htmx opens the page itself, or the one that a form was on.
        posted = request.method == "POST"
        response = _open(posted and form_page() or request.full_path.rstrip("?"))
    return response


def redirect_to_page(address: str):
    """To a page that replaces this one, however it was asked for."""
    return _open(address) if request.htmx else redirect(_in_header(address), 303)


def done(endpoint: str, **names):
    """After an act: to a page, at an address not shown yet, since Links draws the page it kept."""
    return redirect(url_for(endpoint, fait=uid()[:4], **names), 303)


def say(text: str, undo: str | None = None) -> None:
    """A notice on the next page; `undo` is the address that a button « Annuler » posts to."""
    flash({"text": text, "undo": undo}, "done")


def warn(text: str) -> None:
    flash({"text": text, "undo": None}, "warning")


def _has(template, part):
    """Its blocks, but those that the frame of every page is made of: they are drawn with it."""
    env = current_app.jinja_env
    frame = env.get_template("layout.html").blocks | env.get_template("record.html").blocks
    return part in env.get_template(template).blocks and part not in frame


def _open(address):
    """Tell htmx to open the page itself."""
    return make_response("", 204, {"HX-Redirect": _in_header(address)})


def _in_header(address):
    """A header holds neither line breaks nor letters beyond ASCII."""
    return quote(address, safe="/?&=%:;,+@~!$'()*#")


def _render_part(name, part, context):
    template = current_app.jinja_env.get_template(name)
    current_app.update_template_context(context)
    context["swap"] = True  # the notices are replaced too, out of band
    whole = template.new_context(context)
    title = Markup("".join(template.blocks["title"](whole)).strip())
    shown = (context.get("form"), context["site"], context.get("access"))
    head = context["ui"].part_title(title, *shown)
    body = "".join(template.blocks[part](whole))
    return "".join((head, body, render_template("notices.html", **context)))
