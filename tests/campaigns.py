"""Members that nobody has told yet, and a campaign that writes to them."""

import itertools
from datetime import date

from models import campaign, job, member, notice
from models.database import transaction
from models.record import Record
from models.telling import Telling

from .world import SENDER

HOME = "1 rue Imaginaire\n35000 Rennes"
numbers = itertools.count(1)


def untold(**changes) -> Record:
    """A member whom an e-mail reaches."""
    number = next(numbers)
    told = {
        "member_number": f"C-{number}",
        "birth_name": f"Fictive {number}",
        "birth_given_names": "Nadia",
        "birth_date": date(1960, 1, 31),
        "sex": "F",
        "birthplace_code": "75056",
        "email": f"membre-{number}@exemple.invalid",
        "postal_address": HOME,
    }
    with transaction():
        return member.keep(Record(**told | changes))


def campaigned(world, run=True):
    """Written to all who have an e-mail address, and not sent."""
    made = campaign.begin(world.office, SENDER)
    if run:
        job.run_due(SENDER)
    return made


def told(settings, world) -> Telling:
    """The letter of a new member, gone."""
    one = untold()
    campaigned(world)
    notice.send_due(settings)
    return Telling.get(Telling.record == one)


def again(record: Record) -> Record:
    return Record.get_by_id(record.id)
