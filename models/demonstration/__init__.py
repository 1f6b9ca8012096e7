"""The demonstration: a fictional association in an empty instance. Everyone says that they are
fictional; everything was made by Carnet."""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from .. import (
    access,
    activation,
    activation_code,
    clock,
    deposit,
    document,
    enrolment,
    factor,
    filing,
    folder,
    instance,
    masking,
    totp,
)
from ..access import Actor
from ..account import Account, make_office
from ..database import transaction
from ..origin import Origin
from ..record import Record
from ..refusal import Refusal
from ..sender import Sender
from ..vault import Spool
from . import papers, people, software, visitors, wishes
from .entries import ORIGINS

UNLIMITED = deposit.Limits(document=10**9, record=10**12)
# Long enough for Carnet's own rule, and easy to type on a phone.
PASSWORDS = {
    "holder": "soleil-banjo-tricot-62",
    "member": "cerise-phare-moulin-47",
    "carer": "lavande-tiroir-comete-35",
    "doctor": "boussole-radis-velours-91",
    "pharmacist": "guitare-nuage-persil-74",
    "emergency": "falaise-bouton-cannelle-58",
}
OFFICE_PASSWORD = "horloge-sapin-verveine-83"
TOGETHER = 500


@dataclass(frozen=True)
class SignIn:
    """`totp`: the secret of the application that makes its codes, for those who must have one."""

    role: str
    email: str
    password: str
    name: str
    totp: str = ""


@dataclass(frozen=True)
class Summary:
    """Who can sign in, and a code that was not used yet."""

    accounts: list[SignIn]
    activation: dict[str, str]

    def as_dict(self) -> dict:
        return {"accounts": [asdict(one) for one in self.accounts], "activation": self.activation}


def fill(sender: Sender, documents: int | None = None) -> Summary:
    """Fill an empty instance; `documents` more or fewer for the holder. Raises Refusal."""
    if Record.select().exists() or Account.select().exists():
        raise Refusal(
            "Cette instance contient déjà des comptes ou des espaces : la démonstration ne "
            "s'installe que dans une instance vide."
        )
    instance.mark_as_demonstration()
    enrolled, refused = enrolment.enrol(map(_row, people.MEMBERS), sender)
    assert not refused, refused
    codes = {one.record.member_number: one for one in enrolled}
    holder = _activate(codes[people.HOLDER.member_number], PASSWORDS["holder"])
    stranger = _activate(codes[people.STRANGER.member_number], PASSWORDS["member"])
    office = make_office(people.OFFICE["email"], people.OFFICE["name"], OFFICE_PASSWORD)
    _fill_record(holder, documents)
    if documents is None:
        software.fill(holder, office, UNLIMITED)
    wishes.fill(holder, UNLIMITED)
    entered = visitors.fill(holder, office, PASSWORDS)
    _activate_for_child(codes[people.CHILD.member_number], entered["carer"])
    newcomer = codes[people.NEWCOMER.member_number]
    known = {"holder": holder.account, "member": stranger.account, "office": office, **entered}
    secrets = PASSWORDS | {"office": OFFICE_PASSWORD}
    return Summary(
        accounts=[
            SignIn(role, one.email, secrets[role], one.name, _application(one))
            for role, one in known.items()
        ],
        activation={
            "member": newcomer.record.name,
            "birth_date": newcomer.record.birth_date.isoformat(),
            "code": activation_code.spaced(newcomer.code),
        },
    )


def _application(account):
    """Its secret: set up beforehand, or whoever tries Carnet would need a telephone."""
    return totp.install(account).secret if factor.must_be_strong(account) else ""


def _row(member):
    return {name: value or "" for name, value in asdict(member).items()}


def _activate(enrolled, secret):
    """The way a member does it, one answer after the other."""
    answers = activation.begin(enrolled.code, enrolled.record.birth_date, "demonstration")
    answers.confirm()
    answers.choose_credentials(enrolled.record.email, secret)
    answers.accept_terms()
    answers.choose_visibility(masked=False)
    account = answers.choose_emergency(allowed=True)
    return access.find(account, enrolled.record.uid)


def _activate_for_child(enrolled, parent):
    """By a parent who helps someone else too: she passes from one record to the other."""
    answers = activation.begin(enrolled.code, enrolled.record.birth_date, "demonstration")
    answers.confirm()
    answers.choose_account(parent)
    answers.accept_terms()
    answers.choose_visibility(masked=False)
    answers.choose_emergency(allowed=True)


def _fill_record(holder, documents):
    wanted = list(papers.papers(clock.today()))[:documents]
    folders = {
        name: folder.make(holder, name)
        for name in dict.fromkeys(paper.folder for paper in wanted if paper.folder)
    }
    for paper in wanted:
        _deposit(holder, paper, folders)
    more = (documents or 0) - len(wanted)
    for start in range(0, max(0, more), TOGETHER):
        # One commit for many: a hundred thousand of them would wait an hour for the disk.
        with transaction():
            for number in range(start, min(start + TOGETHER, more)):
                _deposit(holder, papers.note(number, clock.today()), folders)


def _deposit(holder, paper, folders):
    spool = Spool(UNLIMITED.document)
    spool.write(paper.content)
    spool.finish()
    told = deposit.Description(
        category=paper.category,
        dated=paper.dated,
        title=paper.title,
        author=paper.author,
        folder=folders.get(paper.folder),
    )
    actor = holder.actor if paper.from_holder else Actor(None, paper.author, "source")
    if not paper.from_holder:
        told = replace(told, origin=ORIGINS.get(paper.author, Origin.PROFESSIONAL))
    made = deposit.put(holder.record, actor, spool, paper.filename, told, UNLIMITED)
    if paper.masked:
        masking.choose(holder, document.loaded(holder, [made]), masked=True)
    if paper.pinned:
        filing.pin(holder, made, pinned=True)
    if paper.from_holder or paper.dated < clock.today() - timedelta(days=60):
        document.mark_seen(holder, made)
