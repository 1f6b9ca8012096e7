"""Letters on their way to the mail server: encrypted, to a server whose certificate is checked, or
not sent. Real servers, with certificates made here."""

import ipaddress
import smtplib
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models import notice
from models.notice import Notice

from .test_notice import Mailbox, write

# This machine under an address that is not its loopback: a server elsewhere, for Carnet.
ELSEWHERE, HERE = "0.0.0.0", "127.0.0.1"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A certificate for each address, its own authority; the one to trust is a choice of tests."""
    folder = tmp_path_factory.mktemp("certificates")
    return {address: made(folder, address) for address in (ELSEWHERE, HERE, "192.0.2.1")}


def made(folder, address):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Serveur fictif")])
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    now, authority = datetime.now(UTC), x509.BasicConstraints(ca=True, path_length=0)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(addresses, False).add_extension(authority, True)
    file = folder / f"{address}.pem"
    kept = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(*kept, serialization.NoEncryption())
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    file.write_bytes(secret + certificate)
    return file


def speaking(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


class Server(Mailbox):
    def __init__(self, settings, scheme="smtp", address=ELSEWHERE, sign_in="", **options):
        super().__init__(settings, **options)
        port = self.server.port
        self.settings = replace(self.settings, mail=f"{scheme}://{sign_in}{address}:{port}")
        self.encrypted = []

    async def handle_DATA(self, server, session, envelope):
        self.encrypted.append(session.ssl is not None)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def trust(monkeypatch):
    """OpenSSL reads there what authorities it believes."""
    return lambda file: monkeypatch.setenv("SSL_CERT_FILE", str(file))


def sent(server):
    with server:
        write()
        return notice.send_due(server.settings)


def test_a_server_elsewhere_that_does_not_encrypt_is_given_nothing(world, settings):
    given = []

    def asked(server, session, envelope, mechanism, data):
        given.append(data)
        return AuthResult(success=True)

    options = {"auth_require_tls": False, "authenticator": asked}
    server = Server(settings, sign_in="carnet:secret@", **options)
    assert sent(server) == (0, 1)
    assert not server.received and not given
    assert "rien ne lui est envoyé en clair" in Notice.get().fault and not Notice.get().sent_at


def test_one_whose_certificate_is_its_own_is_sent_to_encrypted(
    world, settings, certificates, trust
):
    trust(certificates[ELSEWHERE])
    server = Server(settings, tls_context=speaking(certificates[ELSEWHERE]))
    assert sent(server) == (1, 0)
    assert server.encrypted == [True]


@pytest.mark.parametrize("shown, believed", [(ELSEWHERE, HERE), ("192.0.2.1", "192.0.2.1")])
def test_one_whose_certificate_nobody_vouches_for_or_is_another_s_is_given_nothing(
    world, settings, certificates, trust, shown, believed
):
    trust(certificates[believed])
    server = Server(settings, tls_context=speaking(certificates[shown]))
    assert sent(server) == (0, 1)
    assert not server.received and "CERTIFICATE_VERIFY_FAILED" in Notice.get().fault


def test_a_line_encrypted_from_its_first_byte(world, settings, certificates, trust):
    trust(certificates[HERE])
    encrypted = speaking(certificates[HERE])
    server = Server(settings, "smtps", HERE, ssl_context=encrypted)
    assert sent(server) == (1, 0) and len(server.received) == 1


def test_the_same_to_one_that_nobody_vouches_for(world, settings, certificates, trust):
    trust(certificates[ELSEWHERE])
    server = Server(settings, "smtps", HERE, ssl_context=speaking(certificates[HERE]))
    assert sent(server) == (0, 1)
    assert not server.received and "CERTIFICATE_VERIFY_FAILED" in Notice.get().fault


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_a_server_of_an_old_protocol_is_given_nothing(world, settings, certificates, trust):
    """Before TLS 1.2; whoever takes anything would be served by it."""
    trust(certificates[ELSEWHERE])
    old, lenient = speaking(certificates[ELSEWHERE]), ssl.create_default_context()
    for context in (old, lenient):
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    server = Server(settings, tls_context=old)
    with server:
        with smtplib.SMTP(ELSEWHERE, server.server.port) as line:
            line.starttls(context=lenient)
        write()
        assert notice.send_due(server.settings) == (0, 1)
    assert not server.received and "SSL" in Notice.get().fault
