"""What every command that works on an instance begins with."""

import sys
from functools import wraps

from flask import current_app

from models import instance


def opened(command):
    """The command needs an instance."""

    @wraps(command)
    def checked(**words):
        if current_app.config["INSTANCE"] is None:
            sys.exit(instance.closed(current_app.config["SETTINGS"]))
        return command(**words)

    return checked
