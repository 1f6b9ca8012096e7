"""Alerts: what an account is told of its own sign-in, at once, and how to answer it."""

from datetime import datetime

import pytest

from models import alert, clock
from models.notice import Notice

ALERTS = {
    "a new device": (alert.new_device, "Firefox sur Windows"),
    "another password": (alert.changed_password,),
    "a factor added": (alert.added_factor, "Téléphone fictif"),
    "a factor removed": (alert.removed_factor, "Téléphone fictif"),
    "a passkey refused": (alert.refused_passkey, "Téléphone fictif"),
    "recovery codes made": (alert.made_recovery_codes,),
    "a recovery code used": (alert.used_recovery_code, 7),
    "an identity linked": (alert.linked, "Fournisseur Fictif"),
    "an identity unlinked": (alert.unlinked, "Fournisseur Fictif"),
}


@pytest.mark.parametrize(("tell", *"x"), [(one[0], one[1:]) for one in ALERTS.values()], ids=ALERTS)
def test_each_says_what_when_and_what_to_do(world, tell, x):
    """Ten past eight in the evening, in France."""
    alice = world.account("alice")
    moment = datetime(2031, 1, 1, 20, 10, tzinfo=clock.PARIS)
    with clock.moved(moment - clock.now()):
        tell(alice, *x)
    letter = Notice.select().order_by(Notice.id.desc()).get()
    assert letter.recipient == "alice@exemple.invalid"
    assert "C'était le 1er janvier 2031 à 20 h 10." in letter.body
    assert "Ce n'est pas vous ?" in letter.body
    for named in x:
        assert str(named) in letter.body


def test_no_alert_is_left_out_here():
    """One that is added to models/alert.py must be tried here too."""
    made = {
        name
        for name, one in vars(alert).items()
        if callable(one) and one.__module__ == alert.__name__
    }
    tried = {one[0].__name__ for one in ALERTS.values()}
    assert {name for name in made if not name.startswith("_")} == tried
