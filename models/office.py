"""The association's office: what each of its accounts may do. None of them ever reads health data,
nor opens anyone's record."""

from enum import StrEnum

from .access import Actor
from .account import Account

ROLE = "office"


class Duty(StrEnum):
    OFFICE = "office"
    SUPPORT = "support"
    FIGURES = "figures"


class Task(StrEnum):
    MEMBERS = "members"
    TELL = "tell"
    HELP = "help"
    PROFESSIONALS = "professionals"
    SOURCES = "sources"
    ATTACH = "attach"
    CONFIDE = "confide"
    REPORTS = "reports"
    FIGURES = "figures"
    COLLEAGUES = "colleagues"
    LEDGER = "ledger"


LABELS = {
    Duty.OFFICE: "Bureau",
    Duty.SUPPORT: "Aide aux adhérents",
    Duty.FIGURES: "Chiffres seulement",
}
SENTENCES = {
    Task.MEMBERS: "tenir la liste des adhérents",
    Task.TELL: "écrire aux adhérents",
    Task.HELP: "aider quelqu'un à activer son espace",
    Task.PROFESSIONALS: "tenir la liste des professionnels",
    Task.SOURCES: "tenir la liste des logiciels qui déposent",
    Task.ATTACH: "dire de qui est un document reçu d'un logiciel",
    Task.CONFIDE: "confier un espace, noter une décision de justice",
    Task.REPORTS: "répondre aux signalements",
    Task.FIGURES: "lire les chiffres",
    Task.COLLEAGUES: "tenir la liste des comptes de l'association",
    Task.LEDGER: "lire le registre de l'association",
}
# The table of duties: duty → its tasks. To say whose a document is, one looks among all members:
# that is not for whoever helps one at a time.
TASKS = {
    Duty.OFFICE: frozenset(Task),
    Duty.SUPPORT: frozenset({Task.HELP}),
    Duty.FIGURES: frozenset({Task.FIGURES}),
}


class Beyond(Exception):
    """The account is of the association, and this is no task of its duty."""

    def __init__(self, duty: Duty, task: Task):
        super().__init__(duty, task)
        self.duty, self.task = duty, task

    @property
    def sentence(self) -> str:
        return (
            f"Votre compte, « {LABELS[self.duty]} », ne permet pas de {SENTENCES[self.task]}. "
            f"Demandez à un compte « {LABELS[Duty.OFFICE]} »."
        )


def may(account: Account, task: Task) -> bool:
    return bool(account.duty) and task in TASKS[Duty(account.duty)]


def require(account: Account, task: Task | None) -> bool:
    """False for who is not of the association; None is any task. Raises Beyond."""
    if account.office and task and not may(account, task):
        raise Beyond(Duty(account.duty), task)
    return account.office


def actor(account: Account) -> Actor:
    """Who acts, as the journals keep it."""
    return Actor(account.id, account.name, ROLE)
