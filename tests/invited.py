"""Invitations of the tests: made, sent, answered."""

from dataclasses import dataclass
from datetime import timedelta

from models import clock, invitation
from models.access import READY, Access
from models.invitation import Invitation, Terms

SITE = "Carnet"


@dataclass(frozen=True)
class Sent:
    """What left for the person invited, and what her inviter reads to her."""

    one: Invitation
    token: str
    code: str

    @property
    def path(self) -> str:
        return f"/invitation/{self.token}"

    def now(self) -> Invitation:
        return Invitation.get_by_id(self.one.id)


def terms(name="Bruno Fictif", **told) -> Terms:
    asked = {
        "link": "mon voisin",
        "email": "voisin@exemple.invalid",
        "phone": "",
        "given": READY["ajouter"],
        "until": clock.today() + timedelta(days=180),
    }
    return Terms(name=name, **asked | told)


def invited(world, of="alice", by=None, **told) -> Sent:
    """By the holder, or by `by`, another access that decides."""
    return sent(lambda link: invitation.invite(by or world.access(of), terms(**told), SITE, link))


def sent(verb) -> Sent:
    """What a verb that sends has sent, told by the link that it is given."""
    tokens = []

    def link(token):
        tokens.append(token)
        return f"http://localhost/invitation/{token}"

    one = verb(link)
    now = Invitation.get_by_id(one.id)
    return Sent(now, tokens[-1] if tokens else now.token, now.code)


def again(world, one, of="alice") -> Sent:
    def verb(link):
        invitation.send_again(world.access(of), one, SITE, link)
        return one

    return sent(verb)


def opened(one: Sent, address="192.0.2.1") -> Invitation:
    return invitation.open_with(one.token, one.code, address)


def carer(world, name="bruno", of="alice", **told) -> Access:
    """Let in by an invitation, as carers are."""
    made = invitation.accept(opened(invited(world, of, **told)), world.account(name))
    return world.access(name, of) or made
