"""Software deposits while the server is killed: nothing that was acknowledged is lost, nothing is
there twice, nothing is half written."""

import os
import signal
import time
from contextlib import contextmanager

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

from models import source
from models.database import database
from models.document import Document
from models.instance import open_instance
from models.source import Told
from models.stray import Stray

from ..depositors import Depositor, compared, people, registered
from ..exchange import CAROLE, document_reference, other, transaction
from .test_server import serving

SOURCES, BEFORE, AFTER = 4, 6, 4


@contextmanager
def working(settings, sources, them):
    """Those that deposit, at the server that is given to them."""
    depositors = [Depositor(n, 0, token, them) for n, (_, token) in enumerate(sources)]
    with serving(settings) as (server, address):
        for one in depositors:
            one.port = int(address.rpartition(":")[2])
            one.start()
        yield depositors, server
    for one in depositors:
        one.join(1)


def acknowledged(depositors):
    return sum(bool(one.locations) for each in depositors for one in each.sent)


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing comes"
        time.sleep(0.05)


def test_a_kill_in_the_middle_loses_nothing(settings, opened, world):
    sources, them = registered(world.office, SOURCES), people(2)
    database.close_all()
    with working(settings, sources, them) as (depositors, server):
        until(lambda: acknowledged(depositors) >= BEFORE)
        os.killpg(server.pid, signal.SIGKILL)
        with serving(settings) as (_, address):
            for one in depositors:
                one.port = int(address.rpartition(":")[2])
            enough = acknowledged(depositors) + AFTER
            until(lambda: acknowledged(depositors) >= enough)
            for one in depositors:
                one.stopping = True
            for one in depositors:
                one.join(60)
    assert not any(one.is_alive() for one in depositors)
    assert [one.unexpected for one in depositors] == [[]] * SOURCES
    assert all(one.sent[-1].locations for one in depositors if one.sent)
    open_instance(settings)
    found = compared(depositors)
    assert (found.lost, found.twice, found.damaged, found.unknown) == ([], [], [], [])


def test_a_client_that_nobody_here_wrote_deposits(settings, opened, world):
    """fhirpy: it reads what may be done, and deposits both ways."""
    _, token = source.register(world.office, Told("Logiciel Fictif", "laboratory"))
    database.close_all()
    with serving(settings) as (_, address):
        client = SyncFHIRClient(f"{address}/fhir", authorization=f"Bearer {token}")
        told = client.execute("metadata", method="GET")
        assert told["resourceType"] == "CapabilityStatement"
        one = client.resource(**_typed(document_reference(b"Une lettre.", "text/plain")))
        one.save()
        sent = transaction(b"Une autre.", media_type="text/plain", who=CAROLE)
        response = client.execute("", method="POST", data=sent)
        assert response["type"] == "transaction-response"
        with pytest.raises(OperationOutcome, match="hash"):
            wrong = document_reference(b"Autre.", "text/plain", hash="A/hMRrv6Y15BjSM8kMLidrz+mHc=")
            client.resource(**_typed(wrong)).save()
        with pytest.raises(ResourceNotFound, match="deposits only"):
            client.resources("Patient").fetch()
        unsure = other(birth_name="Inconnue", ins="")
        waiting = document_reference(b"De qui ?", "text/plain", unsure, identifier="1.2.9")
        client.execute("DocumentReference", method="POST", data=waiting)
    open_instance(settings)
    kept = list(Document.select().order_by(Document.id))
    assert [b"".join(document.content_chunks()) for document in kept] == [
        b"Une lettre.",
        b"Une autre.",
    ]
    assert one.id == kept[0].uid.replace("_", ".")
    assert Stray.select().count() == 1


def _typed(resource):
    resource = dict(resource)
    return {"resource_type": resource.pop("resourceType"), **resource}
