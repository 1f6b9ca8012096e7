"""`python -m tests.journeys.unsure EMAIL`: the sessions of this account gave their second factor
too long ago for what matters most."""

import sys

from app import create_app
from models.account import Account
from models.session import Session

if __name__ == "__main__":
    create_app()
    account = Account.named(sys.argv[1])
    Session.update(factor_at=None).where(Session.account == account).execute()
