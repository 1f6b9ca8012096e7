"""Chores: what `flask work` does each time. It sends what waits and applies the deadlines; one that
fails is told, and holds no other up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import (
    admission,
    announcement,
    archive,
    attempt,
    bin,
    bounce,
    challenge,
    clock,
    closing,
    deposit,
    device,
    directive,
    draft,
    email_change,
    factor,
    figures,
    instance,
    letters,
    log,
    mail_code,
    majority,
    moving,
    notice,
    opening,
    rescue_doing,
    reset,
    roll,
    search,
    session,
    share,
    statement,
    storage,
    stray,
    vault,
)
from .database import transaction
from .instance import Mark
from .keeping import kept as keeping
from .sender import Sender
from .settings import Settings

# What keeps nothing for ever.
FORGETFUL = (
    *(share, moving, session, figures, reset, roll, mail_code, device, challenge, draft, attempt),
    email_change,
)
# Seconds given to the mail server before the deadlines are looked at again.
SENDING = 60
SWEPT = "vault-swept"


@dataclass
class Round:
    """What was done, by the names of `chores`; `faults`: what could not be; `stop`: why nothing can
    be written, where that is so."""

    answers: dict = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    stop: storage.Stop | None = None

    def number(self, name: str) -> int:
        return self.answers.get(name) or 0

    @property
    def sent(self) -> int:
        return self._post[0]

    @property
    def unsent(self) -> int:
        return self._post[1]

    @property
    def told(self) -> bool:
        """Whether there is something to say of it."""
        names = ("opened", "emptied", "swept")
        return any(self._post) or any(map(self.number, names))

    @property
    def _post(self):
        return self.answers.get("post") or (0, 0)


def run(settings: Settings, sender: Sender, kept: bool) -> Round:
    """`kept`: letters stay once sent (a demonstration)."""
    done = Round()
    for name, chore in chores(settings, sender, kept):
        try:
            done.answers[name] = chore()
        except Exception as error:
            log.failed(f"flask work, {name}", error)
            done.faults.append(name)
            done.stop = done.stop or storage.why(error)
    return done


def chores(settings: Settings, sender: Sender, kept: bool) -> Iterator[tuple[str, object]]:
    """In their order: coming of age comes before what merely expires, since it ends more, and says
    so."""
    limits = deposit.Limits(settings.max_document, settings.max_record)
    yield "reminders", directive.remind
    yield "majority-warnings", majority.warn
    yield "majority", lambda: majority.come_of_age(sender.activation, sender.code_days)
    yield "expired", admission.expire_due
    yield "warnings", admission.warn
    yield "closing-warnings", closing.warn
    yield "closed", closing.close_due
    yield "archives", archive.expire_due
    yield "given-back", lambda: rescue_doing.give_back_due(sender)
    yield "announcements", announcement.work
    yield "statements", lambda: statement.file_due(limits)
    yield "opened", opening.open_due
    if settings.bounces:
        yield "bounces", lambda: bounce.take_new(Path(settings.bounces))
    yield "post", lambda: notice.send_due(settings, keep=kept, seconds=SENDING)
    yield "emptied", bin.empty_old
    yield "forgotten", lambda: _forget_old(kept)
    yield "strays", stray.expire_due
    yield "ins", instance.forget_ins
    yield "letters", lambda: letters.erase_old(sender.code_days)
    yield "swept", _sweep
    yield "search", search.sweep


def _sweep():
    """All the vault once a day, for every name is asked of the rows; what is on its way each
    time."""
    today = clock.today().isoformat()
    if Mark.select().where((Mark.name == SWEPT) & (Mark.value == today)).exists():
        return vault.sweep_incoming()
    swept = vault.sweep(keeping.known)
    Mark.insert(name=SWEPT, value=today).on_conflict_replace().execute()
    return swept


def _forget_old(kept):
    with transaction():
        for one in FORGETFUL:
            one.forget_old()
        factor.forget_unproved()
        if not kept:
            notice.forget_old()
            notice.forget_last()
