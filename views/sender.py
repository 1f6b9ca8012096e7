"""In whose name members are written to: the settings, and the addresses of the pages."""

from flask import current_app, url_for

from models.sender import Sender

# A demonstration writes letters too, and nobody has set it up.
FICTIONAL = ("Association Imaginaire Diabète (fictive)", "01 99 00 00 00, du lundi au vendredi")


def sender(demonstration: bool = False) -> Sender:
    """`demonstration`: of one that is being made."""
    settings, made = current_app.config["SETTINGS"], current_app.config["INSTANCE"]
    fictional = demonstration or (made and made.demonstration)
    publisher, contact = FICTIONAL if fictional else ("", "")
    return Sender(
        site=settings.site_name,
        publisher=settings.publisher or publisher,
        contact=settings.contact or contact,
        address=settings.address,
        activation=settings.address + url_for("activation.begin"),
        objection=settings.address + url_for("objection.begin"),
        code_days=settings.code_days,
        objection_days=settings.objection_days,
        passwords=settings.address + url_for("passwords.forgotten"),
    )
