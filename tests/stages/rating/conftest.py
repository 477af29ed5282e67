"""People who log in."""

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import update

from app.web.passwords import hash_password
from tests.factories import County
from tests.web.logins import PASSWORD

_KEPT = hash_password(PASSWORD)


@pytest.fixture
def passwords(county: County) -> None:
    """Everybody of the county has PASSWORD."""
    county.session.execute(update(User).values(password=_KEPT))
    county.session.commit()
