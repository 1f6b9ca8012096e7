"""What browsers and passkeys say to each other (WebAuthn, level 3), through py_webauthn. It is
imported where it serves: 125 ms, for those who have keys."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from models.refusal import Refusal
from models.settings import Settings

# In letters: an answer is a thousand or two.
LONGEST = 20_000
UNREAD = "Cette clé d'accès n'a pas répondu comme il faut. Recommencez."


@dataclass(frozen=True)
class Site:
    """What keys are tied to: they answer to no other site, however alike its pages."""

    name: str
    host: str
    origin: str

    @classmethod
    def of(cls, settings: Settings) -> "Site | None":
        """None where browsers allow none: at an address by numbers, or without TLS elsewhere than
        on localhost."""
        parts = urlsplit(settings.address)
        host = _ascii(parts.hostname or "")
        if not host or (parts.scheme != "https" and host != "localhost"):
            return None
        usual = {"https": 443, "http": 80}[parts.scheme]
        port = f":{parts.port}" if parts.port not in (None, usual) else ""
        return cls(settings.site_name, host, f"{parts.scheme}://{host}{port}")


@dataclass(frozen=True)
class Owner:
    """`handle`: what the key keeps of the account, and gives back."""

    handle: bytes
    email: str
    name: str


@dataclass(frozen=True)
class Key:
    """As text: its name for browsers, and its public half."""

    credential: str
    public: str
    counter: int


@dataclass(frozen=True)
class Answer:
    text: str
    credential: str
    challenge: bytes
    handle: bytes | None


def to_make(site: Site, challenge: bytes, owner: Owner, known: Iterable[str], lasts: timedelta):
    """What a browser is told to have a new key made, which none of those `known` keeps."""
    import webauthn
    from webauthn.helpers import options_to_json_dict, structs

    whose = structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.REQUIRED,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    told = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=owner.handle,
        user_name=owner.email,
        user_display_name=owner.name,
        challenge=challenge,
        timeout=_milliseconds(lasts),
        authenticator_selection=whose,
        exclude_credentials=_named(known),
    )
    return options_to_json_dict(told)


def to_answer(site: Site, challenge: bytes, known: Iterable[str], lasts: timedelta) -> dict:
    """What a browser is told to have one of those `known` answer; or any, where there is none."""
    import webauthn
    from webauthn.helpers import options_to_json_dict, structs

    told = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=_milliseconds(lasts),
        allow_credentials=_named(known),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(told)


def read(text: str) -> Answer:
    """What it says of itself, not judged yet. Raises Refusal."""
    if len(text) > LONGEST:
        raise Refusal(UNREAD)
    from webauthn import base64url_to_bytes

    # What a stranger sends breaks in many ways, in three libraries: none is an error of ours.
    try:
        told = json.loads(text)
        said = json.loads(base64url_to_bytes(told["response"]["clientDataJSON"]))
        handle = told["response"].get("userHandle")
        if not isinstance(told["id"], str) or said.get("crossOrigin"):
            raise ValueError
        return Answer(
            text,
            told["id"],
            base64url_to_bytes(said["challenge"]),
            base64url_to_bytes(handle) if handle else None,
        )
    except Exception as error:
        raise Refusal(UNREAD) from error


def made(answer: Answer, site: Site) -> Key:
    """The new key: made for this site, by someone whom it recognised. Raises Refusal."""
    import webauthn

    judged = _judged(webauthn.verify_registration_response, answer, site)
    credential, public = _text(judged.credential_id), _text(judged.credential_public_key)
    return Key(credential, public, judged.sign_count)


def judge(answer: Answer, site: Site, public: str) -> int:
    """The counter of this key, which has signed the answer. Raises Refusal."""
    import webauthn

    told = {
        "credential_public_key": webauthn.base64url_to_bytes(public),
        # Compared by who knows the last one, once it is sure who answers.
        "credential_current_sign_count": 0,
    }
    return _judged(webauthn.verify_authentication_response, answer, site, **told).new_sign_count


def _judged(verify, answer, site, **told):
    try:
        return verify(
            credential=answer.text,
            expected_challenge=answer.challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
            **told,
        )
    except Exception as error:  # as in `read`
        raise Refusal(UNREAD) from error


def _named(known):
    from webauthn import base64url_to_bytes
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known]


def _text(content):
    from webauthn.helpers import bytes_to_base64url

    return bytes_to_base64url(content)


def _milliseconds(lasts):
    return int(lasts.total_seconds() * 1000)


def _ascii(host):
    """As browsers write it; nothing for an address by numbers."""
    try:
        ip_address(host)
    except ValueError:
        try:
            return host.encode("idna").decode()
        except UnicodeError:
            return ""
    return ""
