"""Those whom the holder keeps out of her record: blocked in one click, unblocked likewise."""

from flask import Blueprint, url_for

from models import block
from models.access import Right
from models.refusal import Refusal

from .accesses import PATH
from .door import needs, needs_one
from .page import done, page, say, warn
from .professionals import find

views = Blueprint("blocks", __name__)


@views.get(PATH + "/blocages")
@needs(Right.GRANT)
def index(access):
    return page("blocks/index.html", access=access, blocks=block.all_in(access.record))


@views.post(PATH + "/professionnels/<uid:one>/blocage")
@needs_one(find, Right.GRANT)
def create(access, one):
    try:
        ended = block.block(access, one.account)
    except Refusal as refusal:
        warn(refusal.sentence)
        return done("professionals.show", record=access.record.uid, one=one.uid)
    _tell(access, one, ended)
    return done(".index", record=access.record.uid)


@views.post(PATH + "/blocages/<uid:one>/levee")
@needs_one(find, Right.GRANT)
def lift(access, one):
    try:
        block.lift(access, one.account)
    except Refusal as refusal:
        warn(refusal.sentence)
    else:
        say(f"{one.name} n'est plus bloqué. Rien ne lui est ouvert tant que vous ne le voulez pas.")
    return done(".index", record=access.record.uid)


def _tell(access, one, ended):
    """An access that was ended does not come back: there is then nothing to undo."""
    words = f"C'est fait : {one.name} ne peut plus ouvrir cet espace, même en urgence."
    if ended:
        say(f"{words} Son accès a pris fin.")
    else:
        say(words, undo=url_for(".lift", record=access.record.uid, one=one.uid))
