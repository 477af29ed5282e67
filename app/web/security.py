"""Who is asking, and what the role editor grants: Flask-AppBuilder's security manager as this house needs it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, g, redirect, request, session
from flask_appbuilder.security import decorators
from flask_appbuilder.security.sqla import manager
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    User,
    ViewMenu,
    assoc_permissionview_role,
)
from flask_babel import gettext, lazy_gettext
from flask_jwt_extended import JWTManager, get_current_user, verify_jwt_in_request
from flask_login import LoginManager, current_user
from sqlalchemy import bindparam, or_, select

from app.extensions import db
from app.web import sessions
from app.web.accounts import (
    KEY,
    AuthDBView,
    ResetMyPasswordView,
    ResetPasswordView,
    SecurityApi,
    UserDBModelView,
    path_of,
)
from app.web.errors import answer, is_api
from app.web.login_limits import LoginLimits
from app.web.passwords import hash_password, is_password
from app.web.role_editor import RoleView
from app.web.roles_sync import OWN_ACCOUNT

if TYPE_CHECKING:
    from flask import Flask, Request
    from flask.typing import ResponseReturnValue

    from app.engine.actors import Actor

LOGIN = f"{AuthDBView.__name__}.login"
# It is said on the way to the login, and so to whoever is not logged in; whoever is gets a 403.
decorators.FLAMSG_ERR_SEC_ACCESS_DENIED = lazy_gettext("Please log in.")


def init_security(app: Flask) -> None:
    """Set what Flask-AppBuilder reads while it is built; called before it is, and after the database is bound."""
    app.config.update(
        FAB_SECURITY_MANAGER_CLASS="app.web.security.SecurityManager",
        FAB_OPENAPI_SERVERS=[{"url": "/"}],
        JWT_ACCESS_TOKEN_EXPIRES=sessions.LIFETIME,
        JWT_REFRESH_TOKEN_EXPIRES=sessions.LIFETIME,
        # A form lasts as long as its login: nobody loses an hour of typing.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.url_defaults(_keep_host_out)
    app.before_request(load_actor)


def load_actor() -> None:
    """Know who is asking before anything else is read."""
    current_user.is_authenticated  # noqa: B018  (asks the loaders below, once)


class SecurityManager(manager.SecurityManager):
    """Logins that end, argon2, one query for the permissions of a request; no registration, no statistics."""

    authdbview = AuthDBView
    userdbmodelview = UserDBModelView
    rolemodelview = RoleView
    resetmypasswordview = ResetMyPasswordView
    resetpasswordview = ResetPasswordView
    security_api = SecurityApi
    userstatschartview = None

    def __init__(self, appbuilder: Any) -> None:
        super().__init__(appbuilder)
        self.login_limits = LoginLimits(db.engine)

    def register_views(self) -> None:
        """Open only the pages this house uses."""
        builder = self.appbuilder
        builder.add_api(self.security_api)
        builder.add_view_no_menu(self.resetpasswordview)
        builder.add_view_no_menu(self.resetmypasswordview)
        self.auth_view = builder.add_view_no_menu(self.authdbview)
        self.user_view = builder.add_view(
            self.userdbmodelview, "List Users", icon="fa-user", label=lazy_gettext("Accounts"),
            category="Security", category_icon="fa-cogs", category_label=lazy_gettext("Accounts and roles"),
        )
        builder.add_view(
            self.rolemodelview, "List Roles", icon="fa-users", label=lazy_gettext("Roles"), category="Security"
        )

    # -- who is asking -------------------------------------------------------------------------------------------

    def create_login_manager(self, app: Flask) -> LoginManager:
        """Find the person by cookie, or else by bearer token."""
        login_manager = super().create_login_manager(app)
        login_manager.login_view = LOGIN
        login_manager.request_loader(self._load_bearer)
        login_manager.unauthorized_handler(_ask_to_log_in)
        return login_manager

    def create_jwt_manager(self, app: Flask) -> JWTManager:
        """Answer every unusable token alike."""
        jwt_manager = super().create_jwt_manager(app)
        for loader in (
            jwt_manager.unauthorized_loader, jwt_manager.invalid_token_loader, jwt_manager.expired_token_loader,
            jwt_manager.revoked_token_loader, jwt_manager.needs_fresh_token_loader,
            jwt_manager.user_lookup_error_loader, jwt_manager.token_verification_failed_loader,
        ):
            loader(lambda *_: answer(401))
        return jwt_manager

    def load_user(self, pk: str) -> User | None:
        """The person behind the cookie; the API never looks at a cookie, so that no page can use it unasked."""
        if is_api() or KEY not in session:
            return None
        user = sessions.user_of(session[KEY])
        return user if user and str(user.id) == pk else None

    def load_user_jwt(self, _header: dict[str, Any], claims: dict[str, Any]) -> User | None:
        """The person behind the token."""
        user = sessions.user_of(claims[KEY]) if KEY in claims else None
        return user if user and str(user.id) == claims["sub"] else None

    def _load_bearer(self, _request: Request) -> User | None:
        # Those addresses say themselves which kind of token they want.
        if request.blueprint == SecurityApi.__name__:
            return None
        # Nothing is verified where there is no token, and none is looked for when a browser asks for OPTIONS.
        return get_current_user() if verify_jwt_in_request(optional=True) else None

    @property
    def current_user(self) -> User | None:
        return current_user._get_current_object() if current_user.is_authenticated else None

    # -- passwords -----------------------------------------------------------------------------------------------

    def auth_user_db(self, username: str, password: str) -> User | None:
        """The active account of this name, if the password is its own; raises TooMany."""
        address = request.remote_addr or ""
        self.login_limits.take(username, address)
        user = self.find_user(username=username)
        kept = user.password if user and user.is_active else None
        if not is_password(password, kept):
            return None
        self.login_limits.give_back(username, address)
        return user

    def reset_password(self, userid: int, password: str) -> None:
        """Keep a new password; the logins made by the old one end."""
        user = self.get_user_by_id(userid)
        user.password = hash_password(password)
        self.update_user(user)

    def add_user(
        self, username: str, first_name: str, last_name: str, email: str, role: Any = None, password: str = "",
        hashed_password: str = "", groups: Any = None, commit: bool = True,
    ) -> Any:
        """Make an account; without a password, one that nobody knows."""
        kept = hashed_password or hash_password(password or secrets.token_urlsafe(32))
        return super().add_user(username, first_name, last_name, email, role, "", kept, groups, commit)

    # -- permissions ---------------------------------------------------------------------------------------------

    def add_permissions_view(self, base_permissions: list[str], view_menu: str) -> None:
        """Nothing: permissions come from `sync-roles` alone; this one would give the administrator every act."""

    def add_permissions_menu(self, view_menu_name: str) -> None:
        """Nothing, as above."""

    def security_cleanup(self, baseviews: Any, menus: Any) -> None:
        """Nothing: this one would take every act from every role."""

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the roles of whoever is asking were granted this."""
        if not current_user.is_authenticated:
            return False
        return (permission_name, view_name) in OWN_ACCOUNT | self._granted()

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is opened to the public by the role editor: public pages are written as such."""
        return False

    def get_user_roles(self, user: Any) -> list[Any]:
        """The roles of the account itself; groups are not used."""
        return list(user.roles) if user.is_authenticated else []

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """The menu entries that were granted."""
        if not current_user.is_authenticated:
            return set()
        return {view for permission, view in self._granted() if permission == "menu_access"}

    def _granted(self) -> frozenset[tuple[str, str]]:
        """All (permission, view) of the person's roles, those lent for some days included, in one query a request."""
        roles = tuple(sorted(role.id for role in current_user.roles))
        actor: Actor | None = g.get("actor")
        lent = sorted({each.role for each in actor.grants if each.for_id is not None}) if actor is not None else []
        known = g.get("granted")
        if known is None or known[0] != (roles, lent):
            # as rows of a table, not as columns of objects: it is asked by every request and takes half the time
            rows = self.session.connection().execute(_GRANTED, {"roles": roles, "lent": lent})
            known = g.granted = ((roles, lent), frozenset(map(tuple, rows)))
        return known[1]


_GRANTED = (
    select(Permission.name, ViewMenu.name)
    .select_from(PermissionView)
    .join(Permission, PermissionView.permission_id == Permission.id)
    .join(ViewMenu, PermissionView.view_menu_id == ViewMenu.id)
    .join(assoc_permissionview_role, assoc_permissionview_role.c.permission_view_id == PermissionView.id)
    .join(Role, Role.id == assoc_permissionview_role.c.role_id)
    .where(or_(Role.id.in_(bindparam("roles", expanding=True)), Role.name.in_(bindparam("lent", expanding=True))))
)
"""What roles were granted, some of them known by their id and some by name."""


def _ask_to_log_in() -> ResponseReturnValue:
    if is_api():
        return answer(401)
    if request.method == "POST":
        flash(gettext("Your login has ended, so nothing was done. Please log in and do it again."), "warning")
    is_page = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    page = request.full_path if is_page else current_app.appbuilder.get_url_for_index
    return redirect(current_app.appbuilder.get_url_for_login_with(page))


def _keep_host_out(endpoint: str, values: dict[str, Any]) -> None:
    """Flask-AppBuilder puts the whole address into `next`, and with it whatever Host the browser claimed."""
    if endpoint == LOGIN and values.get("next"):
        values["next"] = path_of(values["next"])
