"""What every command that works on an instance begins with."""

import sys
from functools import wraps

from flask import current_app


def opened(command):
    """The command needs an instance."""

    @wraps(command)
    def checked(**words):
        if current_app.config["INSTANCE"] is None:
            folder = current_app.config["SETTINGS"].instance
            sys.exit(f"Il n'y a pas encore d'instance dans {folder} : lancez « flask init ».")
        return command(**words)

    return checked
