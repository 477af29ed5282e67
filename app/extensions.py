"""What every part of the web shares with Flask; bound to an application by `create_app`."""

from flask_appbuilder import Model
from flask_appbuilder.models.sqla.base import SQLA
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

# Flask-AppBuilder's own Model: with another base db.metadata stays empty, and a migration would drop every table.
db = SQLA(model_class=Model)
migrate = Migrate()
csrf = CSRFProtect()
compress = Compress()
