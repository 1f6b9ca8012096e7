"""What the trusted person reads and answers, by the link of her letter, without an account."""

from flask import Blueprint

from models import designation
from models.attempt import TooMany
from models.refusal import Refusal

from .door import public
from .forms import Form, yes_or_no
from .page import done, page, say, warn

views = Blueprint("trust", __name__)

SAID = {
    True: "Merci. Votre accord est transmis.",
    False: "C'est noté : vous ne souhaitez pas ce rôle. La personne en est informée.",
}


@views.route("/personne-de-confiance/<token>", methods=["GET", "POST"])
@public
def answer(token):
    form = Form()
    try:
        one = designation.asked(token)
        if form.validate_on_submit():
            accepted = yes_or_no("accord")
            designation.answer(token, accepted)
            say(SAID[accepted])
            return done(".answer", token=token)
    except TooMany as refusal:
        warn(refusal.sentence)
        return done(".answer", token=token)
    except Refusal as refusal:
        return page("trust/over.html", 410, why=refusal.sentence)
    return page("trust/answer.html", one=one, form=form)
