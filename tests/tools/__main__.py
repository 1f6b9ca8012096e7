"""`python -m tests.tools`: everything is there, or one sentence says what is not."""

import sys

from . import Missing, chromium, nu, provider

try:
    chromium.find()
    nu.find()
    provider.find()
except Missing as missing:
    sys.exit(str(missing))
