"""The people at the generated pages."""

from tests.generated import admin, clerk, house  # noqa: F401
