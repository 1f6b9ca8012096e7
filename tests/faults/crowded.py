"""Carnet with little room, and a page that does not answer before its door is open: it is a file of
the instance. `tests.faults.crowded:create_app` is what the server starts."""

import os
import time
from pathlib import Path

import app
from views.crowd import Room
from views.door import public

ROOM = Room(at_work=4, inside=4, slow=2, of_one=2, patience=60, heard=0)
DOOR = "door"


def create_app():
    made = app.create_app(room=ROOM)
    made.add_url_rule("/attente", "waits", public(waits))
    return made


def waits():
    while not (Path(os.environ["CARNET_INSTANCE"]) / DOOR).exists():
        time.sleep(0.01)
    return "open"
