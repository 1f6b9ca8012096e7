"""French typography: no line begins with a « ? » or ends with a « « »."""

import re

from jinja2.ext import Extension

NARROW = re.compile(r"(?<=«) | (?=»)| (?=[?;:](?:\W|$))| (?=!(?!=))")


def french(text: str) -> str:
    """Unbreakable spaces where French wants them."""
    return NARROW.sub("\u00a0", str(text))


class Typography(Extension):
    """The templates are written with plain spaces, and read with unbreakable ones."""

    def preprocess(self, source, name, filename=None):
        return french(source)
