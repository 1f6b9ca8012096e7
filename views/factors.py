"""« Ma connexion »: what confirms that it is me, my recovery codes, and the devices that are
known."""

from flask import Blueprint, abort, request, url_for
from flask_login import current_user

from models import clock, factor, recovery_code
from models import device as devices
from models.refusal import Refusal

from . import keys
from .addresses import safe_path
from .door import sure, sure_to_act
from .forms import Form
from .page import page, redirect_to_page, say, warn

views = Blueprint("factors", __name__)

PATH = "/compte/connexion"


@views.get(PATH)
def index():
    mine = current_user.account
    return page(
        "factors/index.html",
        factors=factor.of(mine),
        strong=factor.must_be_strong(mine),
        left=recovery_code.left(mine),
        few=recovery_code.FEW,
        devices=devices.of(mine),
        here=current_user.session.device_id,
        keys_serve=keys.site() is not None,
    )


@views.route(PATH + "/<uid:factor_uid>/retrait", methods=["GET", "POST"])
@sure
def remove(factor_uid):
    mine = factor.of(current_user.account)
    one = next((each for each in mine if each.uid == factor_uid), None) or abort(404)
    if not Form().is_submitted():
        last = len(mine) == 1
        kept = last and factor.must_be_strong(current_user.account)
        return page("factors/remove.html", one=one, last=last, kept=kept)
    try:
        factor.remove(current_user.account, factor_uid)
        say(f"« {one.name} » ne confirme plus vos connexions.")
    except Refusal as refusal:
        warn(refusal.sentence)
    return redirect_to_page(url_for(".index"))


@views.route(PATH + "/codes-de-secours", methods=["GET", "POST"])
@sure_to_act
def codes():
    suite, mine = safe_path(request.args.get("suite")), current_user.account
    if not Form().is_submitted():
        return page("factors/codes.html", left=recovery_code.left(mine), suite=suite)
    try:
        made = recovery_code.make(mine)
    except Refusal as refusal:
        warn(refusal.sentence)
        return redirect_to_page(url_for(".index"))
    # Shown once, and in this answer alone: nothing keeps them.
    return page("factors/printed.html", made=made, now=clock.now(), suite=suite)


@views.post(PATH + "/appareils/<uid:device>/oubli")
def forget_device(device):
    forgotten = devices.forget(current_user.account, device)
    if forgotten:
        say(f"L'appareil « {forgotten.name} » est oublié. Il est déconnecté.")
    return redirect_to_page(url_for(".index"))


def after_a_new_one():
    """Once she has a strong one, codes in its place: a telephone is lost one day."""
    without = not recovery_code.left(current_user.account)
    return redirect_to_page(url_for("factors.codes" if without else "factors.index"))
