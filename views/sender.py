"""In whose name members are written to: the settings, and the addresses of the pages."""

from flask import current_app, url_for

from models.sender import Sender


def sender() -> Sender:
    settings = current_app.config["SETTINGS"]
    return Sender(
        site=settings.site_name,
        publisher=settings.publisher,
        contact=settings.contact,
        address=settings.address,
        activation=settings.address + url_for("activation.begin"),
        objection=settings.address + "/opposition",
        code_days=settings.code_days,
        objection_days=settings.objection_days,
    )
