"""The settings of an instance: the environment, with the prefix CARNET_."""

import os
import re
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

MOST = {
    "workers": 64,
    "max_document_mb": 2_000,
    "max_record_mb": 1_000_000,
    "objection_days": 365,
    "code_days": 365,
    "idle_minutes": 24 * 60,
}

DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


class WrongSetting(Exception):
    """One sentence that says what to write."""


@dataclass(frozen=True)
class Settings:
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    instance: Path = Path("instance")
    key: str = ""
    database: str = ""
    site_name: str = "Carnet"
    publisher: str = ""
    contact: str = ""
    hosting: str = ""
    base_url: str = ""
    proxies: int = 0
    mail: str = "file:"
    mail_from: str = ""
    mail_domain: str = ""
    bounces: str = ""
    max_document_mb: int = 25
    max_record_mb: int = 1000
    objection_days: int = 42
    code_days: int = 42
    idle_minutes: int = 30
    ins: bool = False
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = "mon fournisseur d'identité"
    oidc_scope: str = "openid"
    oidc_acr: str = ""

    @classmethod
    def from_environment(cls, environment=os.environ) -> "Settings":
        """Raises WrongSetting for the first one that cannot be understood."""
        return cls(
            **{
                field.name: _understood(f"CARNET_{field.name.upper()}", field.type, text)
                for field in fields(cls)
                if (text := environment.get(f"CARNET_{field.name.upper()}", "").strip())
            }
        ).checked()

    def checked(self) -> "Settings":
        for wrong, sentence in self._faults():
            if wrong:
                raise WrongSetting(sentence)
        return self

    @property
    def address(self) -> str:
        """Where people reach the site, without a final slash."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def mailboxes(self) -> str:
        """What follows the @ of the addresses that software writes to."""
        return self.mail_domain or urlsplit(self.address).hostname or self.host

    @property
    def identity_provider(self) -> str:
        """The name of who else says who signs in, or nothing (OpenID Connect)."""
        return self.oidc_name if self.oidc_issuer else ""

    @property
    def secure(self) -> bool:
        return self.address.startswith("https://")

    @property
    def hosts(self) -> list[str] | None:
        """The names under which it may be asked for: its own, and those that this machine has for
        itself. None, any, where no address was told."""
        if not self.base_url:
            return None
        return [urlsplit(self.address).hostname, self.host, "localhost", "127.0.0.1"]

    @property
    def reply_to(self) -> str:
        """The e-mail address of `contact`, if it has one: an answer to a notice goes there."""
        found = ADDRESS.search(self.contact)
        return found[0] if found else ""

    @property
    def max_document(self) -> int:
        """In bytes."""
        return self.max_document_mb * 1_000_000

    @property
    def max_record(self) -> int:
        """In bytes."""
        return self.max_record_mb * 1_000_000

    def _faults(self):
        for name, most in MOST.items():
            yield (
                not 1 <= getattr(self, name) <= most,
                f"CARNET_{name.upper()} doit être un nombre entier, de 1 à {most}.",
            )
        yield not 0 < self.port < 65536, "CARNET_PORT doit être un nombre entre 1 et 65535."
        yield self.proxies < 0, "CARNET_PROXIES doit être un nombre entier, 0 ou plus."
        yield (
            self.base_url and not _is_address(self.base_url, "http", "https"),
            "CARNET_BASE_URL doit être une adresse qui commence par https:// (ou http://).",
        )
        yield (
            self.mail != "file:" and not _is_address(self.mail, "smtp", "smtps"),
            "CARNET_MAIL doit être file: ou smtp://serveur:25 (ou smtps://nom:secret@serveur).",
        )
        yield (
            self.bounces and not Path(self.bounces).is_dir(),
            "CARNET_BOUNCES doit être un dossier qui existe : une boîte Maildir, ou des fichiers "
            ".eml.",
        )
        yield (
            self.key and not is_key(self.key),
            "CARNET_KEY doit être une clé de 64 chiffres hexadécimaux (openssl rand -hex 32).",
        )
        yield (
            self.database,
            "CARNET_DATABASE ne se règle pas encore : laissez-la vide, la base est dans le "
            "dossier de l'instance.",
        )
        yield (
            self.oidc_issuer and not _is_safe(self.oidc_issuer),
            "CARNET_OIDC_ISSUER doit être l'adresse du fournisseur d'identité, en https://.",
        )
        yield (
            bool(self.oidc_issuer) != bool(self.oidc_client_id and self.oidc_client_secret),
            "CARNET_OIDC_ISSUER, CARNET_OIDC_CLIENT_ID et CARNET_OIDC_CLIENT_SECRET se règlent "
            "ensemble, ou pas du tout.",
        )
        yield (
            "openid" not in self.oidc_scope.split(),
            "CARNET_OIDC_SCOPE doit contenir « openid ».",
        )
        yield (
            self.mail_domain and not DOMAIN.fullmatch(self.mail_domain),
            "CARNET_MAIL_DOMAIN doit être un nom de domaine : depots.exemple.fr.",
        )


def _understood(name, kind, text):
    if kind is bool:
        if text.lower() not in ("on", "off"):
            raise WrongSetting(f"{name} doit être « on » ou « off ».")
        return text.lower() == "on"
    if kind is int:
        if not text.isdecimal():
            raise WrongSetting(f"{name} doit être un nombre entier.")
        return int(text)
    return kind(text)


def _is_address(text, *schemes):
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _is_safe(text):
    """Nobody between reads or changes what is said: by TLS, or on this very machine."""
    local = _is_address(text, "http") and urlsplit(text).hostname in ("localhost", "127.0.0.1")
    return local or _is_address(text, "https")


def is_key(text: str) -> bool:
    try:
        return len(bytes.fromhex(text)) == 32
    except ValueError:
        return False
