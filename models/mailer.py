"""The way out of letters: a mail server, one connection for many of them, or a folder."""

import ipaddress
import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .settings import Settings

PATIENCE = 30
CLOSING = 421
# The server refuses whoever sends, for every letter; not this recipient for his own sake.
POLICY = re.compile(r"\b5\.7\.\d|relay", re.IGNORECASE)
IN_CLEAR = "le serveur de courrier ne chiffre pas (STARTTLS) : rien ne lui est envoyé en clair"


class Down(Exception):
    """The server takes no letter at all for now: `error` says why."""

    def __init__(self, error: Exception):
        super().__init__(str(error))
        self.error = error


class Undeliverable(Exception):
    """The server will never take it for this recipient: in its words."""


class Folder:
    """Each letter is a file there."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __enter__(self):
        return self

    def __exit__(self, *_fault):
        pass

    def send(self, message: EmailMessage) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        name = make_msgid().strip("<>").split("@")[0]
        (self.folder / f"{name}.eml").write_bytes(message.as_bytes())


class Server:
    """It is called at the first letter, and again whenever it hangs up."""

    def __init__(self, address: str):
        self.url, self._line, self._taken = urlsplit(address), None, 0

    def __enter__(self):
        return self

    def __exit__(self, *_fault):
        self._hang_up()

    def send(self, message: EmailMessage) -> None:
        """Raises Down, Undeliverable; anything else is a reason to try later."""
        while True:
            old = self._taken
            try:
                return self._deliver(message)
            except OSError as error:  # all that smtplib raises
                if _is_refused(error):
                    raise
                self._call_again(error)
                # On an old line it may be tired, and is asked again at once; on a new one, it is
                # this letter that it does not bear.
                if not old:
                    raise

    def _deliver(self, message):
        if self._line is None:
            self._call()
        try:
            self._line.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, said),) = error.recipients.values()
            words = f"{code} {said.decode(errors='replace')}"
            if code >= 500 and not POLICY.search(words):
                raise Undeliverable(words) from error
            raise
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code == CLOSING and self._taken:
                raise
            raise Down(error) from error
        self._taken += 1

    def _call_again(self, error):
        """It hung up, or went silent; perhaps after it took the letter."""
        self._hang_up()
        if isinstance(error.__context__, TimeoutError):
            raise Down(error) from error
        self._call()

    def _call(self):
        try:
            self._line, self._taken = self._answered(), 0
        except OSError as error:
            raise Down(error) from error

    def _answered(self):
        line = self._line_to(self.url.hostname)
        try:
            line.ehlo()
            if self.url.scheme == "smtp" and not _is_here(self.url.hostname):
                _encrypt(line)
            if self.url.username:
                line.login(unquote(self.url.username), unquote(self.url.password or ""))
        except OSError:
            line.close()
            raise
        return line

    def _line_to(self, host):
        """smtplib checks the certificate only if it is given a context that does."""
        if self.url.scheme == "smtp":
            return smtplib.SMTP(host, self.url.port or 25, timeout=PATIENCE)
        checked = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, self.url.port or 465, timeout=PATIENCE, context=checked)

    def _hang_up(self):
        line, self._line = self._line, None
        if line:
            try:
                line.quit()
            except OSError:
                line.close()


def opened(settings: Settings) -> Folder | Server:
    if settings.mail == "file:":
        return Folder(settings.instance / "mail")
    return Server(settings.mail)


def _is_here(host):
    """What is sent to this very machine crosses no network; and its certificate is of no name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _encrypt(line):
    """Raises OSError where it cannot be: whoever is between may have hidden that it could."""
    if not line.has_extn("starttls"):
        raise smtplib.SMTPNotSupportedError(IN_CLEAR)
    line.starttls(context=ssl.create_default_context())


def _is_refused(error):
    """An answer to this letter, the line being held."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code != CLOSING for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code != CLOSING
    lost = not isinstance(error, smtplib.SMTPException)
    return not (lost or isinstance(error, smtplib.SMTPServerDisconnected))
