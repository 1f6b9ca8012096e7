"""Where whoever finds a hole tells those who run the site (RFC 9116): what CARNET_CONTACT says."""

from datetime import datetime, timedelta

from . import clock, phone
from .settings import Settings

# « Less than a year »: it is made anew at each asking.
GOOD_FOR = timedelta(days=180)


def contact(settings: Settings) -> str:
    """An address that software opens: of its e-mail, else of its telephone; nothing without."""
    if settings.reply_to:
        return f"mailto:{settings.reply_to}"
    number = phone.first_in(settings.contact)
    return phone.dialled(number) if number else ""


def expires() -> datetime:
    return (clock.now() + GOOD_FOR).replace(microsecond=0)
