"""The instance on which processes are killed: made once, copied for each run of kills. All in it is
fictional: Alice and Carole hold a record, others have one to activate, and work waits."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from app import create_app
from models import bin, campaign, clock, folder, instance, job, moving, roll, roll_reading, session
from models.account import Account, make_office
from models.database import database
from models.document import Document
from models.job import Job
from models.record import Record
from models.settings import Settings

from .. import earlier
from ..campaigns import untold
from ..moved import bring, carnet
from ..world import LIMITS, PASSWORD, SENDER, World, enrolled, make_holder

HOLDERS = ("alice", "carole")
TO_ACTIVATE, TO_OPEN, TO_WRITE, TO_MAKE, TO_EMPTY, TO_TAKE = 12, 12, 12, 12, 4, 8
BORN = date(1960, 1, 31)


@dataclass
class Ground:
    """`codes`: member number → activation code. `after`: number of migrations → what they leave."""

    settings: Settings
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    after: dict[int, tuple] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.settings.instance.name

    def copied(self, to: Path) -> "Ground":
        shutil.copytree(self.settings.instance, to)
        return replace(self, settings=Settings(instance=to))

    def environment(self) -> dict[str, str]:
        return {"CARNET_INSTANCE": str(self.settings.instance), "CARNET_IDLE_MINUTES": "1440"}


def made(where: Path) -> Ground:
    """Where people act: folders to move to, members to activate."""
    settings = Settings(instance=where)
    instance.create(settings)
    instance.open_instance(settings)
    app = create_app(settings)
    for name in HOLDERS:
        make_holder(name)
    make_office("diane@exemple.invalid", "Diane Modèle", PASSWORD)
    ground, world = Ground(settings), World()
    for name in HOLDERS:
        for number in range(3):
            folder.make(world.access(name), f"Dossier {number}")
            world.paper(f"Papier {secrets.token_hex(4)}", f"De {name}, le {number}e.", of=name)
        ground.cookies[name] = signed_in(app, name)
    for number in range(TO_ACTIVATE):
        one = enrolled(f"m{number}", member_number=f"M-{number}", birth_date=BORN.isoformat())
        ground.codes[one.record.member_number] = one.code
    database.close_all()
    return ground


def with_work(ground: Ground, where: Path) -> Ground:
    """The same, where all that `flask work` does waits for it."""
    ground = ground.copied(where)
    instance.open_instance(ground.settings)
    world = World()
    alice = world.access("alice")
    papers = [world.paper(f"À effacer {n}", f"Effacé, le {n}e.") for n in range(TO_EMPTY)]
    bin.discard(alice, papers)
    long_ago = clock.now() - timedelta(days=31)
    Document.update(binned_at=long_ago).where(Document.binned_at.is_null(False)).execute()
    for number in range(TO_OPEN):
        enrolled(f"o{number}", member_number=f"O-{number}")
    Record.update(opens_at=clock.now() - timedelta(hours=1)).where(
        Record.member_number.startswith("O-")
    ).execute()
    for _number in range(TO_WRITE):
        untold()
    campaign.begin(world.office, SENDER)
    _list(world)
    _archive(alice)
    database.close_all()
    return ground


def earlier_ones(folder: Path) -> Iterator[Ground]:
    """One of each earlier schema, with rows, the latest first."""
    for name in reversed(earlier.EARLIER):
        settings = Settings(instance=folder / name)
        earlier.made(settings, name)
        database.close_all()
        shutil.copytree(settings.instance, folder / f"{name}-migrated")
        after = earlier.stages(Settings(instance=folder / f"{name}-migrated"))
        yield Ground(settings, after=after)


def release() -> None:
    """The leases of the dead run out."""
    Job.update(leased_until=clock.now() - job.LEASE).execute()


def signed_in(app, name: str) -> tuple[str, str]:
    """As Carnet gives it to whoever signs in: the name of her cookie, and what it holds."""
    token = session.start(Account.named(f"{name}@exemple.invalid"), "Appareil d'essai")
    signing = app.session_interface.get_signing_serializer(app)
    held = signing.dumps({"_user_id": token, "_fresh": True})
    return app.session_interface.get_cookie_name(app), held


@contextmanager
def _others_wait():
    """What waits to be worked goes on waiting: only what is begun inside is run."""
    waiting = [one.id for one in Job.select().where(Job.finished_at.is_null())]
    these = Job.update(leased_until=clock.now() + job.LEASE).where(Job.id.in_(waiting))
    these.execute()
    yield
    Job.update(leased_until=None).where(Job.id.in_(waiting)).execute()


def _list(world):
    """People of a list, whose records are about to be made."""
    letters = str.maketrans("0123456789", "abcdefghij")
    people = (f"Fictif{str(n).translate(letters)};Zoé;06/05/2010;F" for n in range(TO_MAKE))
    content = "\n".join(("Nom;Prénoms;Date de naissance;Sexe", *people))
    one = roll_reading.read([content.encode()], "liste.csv", world.office)
    with _others_wait():
        roll.choose(one, one.chosen, world.office)
        job.run_due(SENDER)
    roll.make(roll.find(one.uid), world.office)


def _archive(alice):
    """An archive that Alice brought, about to be taken in."""
    files = {f"Documents/Apport {n}.txt": f"Apporté, le {n}e.".encode() for n in range(TO_TAKE)}
    with _others_wait():
        one = bring(alice, carnet(files))
    moving.take(alice, one, LIMITS)
