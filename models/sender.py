"""In whose name members are written to, and where what they read sends them."""

from dataclasses import dataclass

from .refusal import Refusal

NO_CONTACT = "Écrivez d'abord comment joindre l'association : réglage CARNET_CONTACT."


@dataclass(frozen=True)
class Sender:
    """`publisher` is the association as the law names it, `contact` how to reach it; `address`,
    `activation` and `objection` are addresses of the site; `code_days` the life of a code,
    `objection_days` the time to object before a record opens by itself (R1111-28)."""

    site: str
    publisher: str
    contact: str
    address: str
    activation: str
    objection: str
    code_days: int
    objection_days: int
    # Where a password is chosen: a token follows.
    passwords: str = ""

    def password(self, token: str) -> str:
        return f"{self.passwords}/{token}"

    def check(self) -> None:
        """Whoever is told of her record must know whom to say no to. Raises Refusal."""
        if not self.contact:
            raise Refusal(NO_CONTACT)
