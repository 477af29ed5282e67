"""The pages and addresses of accounts: log in and out, passwords, the list of people who may log in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app, flash, make_response, redirect, request, session
from flask_appbuilder import expose
from flask_appbuilder.fieldwidgets import BS3PasswordFieldWidget
from flask_appbuilder.security import api, forms, views
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.schemas import login_post
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext, lazy_gettext
from flask_jwt_extended import create_access_token, create_refresh_token, get_jwt, get_jwt_identity, jwt_required
from flask_login import current_user, login_user, logout_user
from marshmallow import ValidationError
from sqlalchemy import func, inspect, select
from wtforms import PasswordField
from wtforms.validators import DataRequired, EqualTo
from wtforms.validators import ValidationError as WrongField

from app.errors import Complaint, NotAllowed, NotFound, TooMany
from app.extensions import db
from app.law import N_
from app.law.plain_text import is_mail_address
from app.law.roles import Role
from app.web import changes, sessions
from app.web.api_base import body
from app.web.crud import GeneratedView
from app.web.errors import SpokenErrors, answer, complaints_of
from app.web.listing import save
from app.web.passwords import SHORTEST, GoodPassword, hash_password
from app.web.role_choice import LawfulRoles
from app.web.role_editor import role_words
from app.web.work_impact import at_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Response
    from werkzeug.wrappers import Response as AnyResponse
    from wtforms import Form

KEY = "login_key"
"""Under this name cookie and token carry the key of their login."""


def safe_next(target: str | None) -> str:
    """The page to go on to: a path of this site, or the first page; never another host."""
    is_path = target and target[0] == "/" and target[1:2] not in {"/", "\\"} and target.isprintable()
    return target if target and is_path else current_app.appbuilder.get_url_for_index


def path_of(url: str) -> str:
    """The path and query of an address of ours, without the host that the browser claimed."""
    parts = urlsplit(url)
    return parts._replace(scheme="", netloc="", fragment="").geturl()


class AuthDBView(views.AuthDBView):
    """Log in and out with a cookie."""

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self) -> AnyResponse:
        """Ask for name and password; open a login; go on to where the person wanted to go."""
        target = safe_next(request.args.get("next"))
        if current_user.is_authenticated:
            return redirect(target)
        form = forms.LoginForm_db()
        if not form.validate_on_submit():
            return self._page(form, 200)
        try:
            user = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
        except TooMany as refusal:
            flash(gettext(refusal.sentence, **refusal.params), "warning")
            response = self._page(form, refusal.status)
            response.headers["Retry-After"] = str(refusal.retry_after)
            return response
        if user is None:
            flash(gettext("The user name or the password is wrong."), "warning")
            return self._page(form, 401)
        _sign_in(user)
        return redirect(target)

    @expose("/logout/")
    def logout(self) -> AnyResponse:
        """End this login and forget the cookie."""
        sessions.end_this_session()
        logout_user()
        _forget()
        return redirect(self.appbuilder.get_url_for_login)

    def _page(self, form: Form, status: int) -> Response:
        page = self.render_template(
            self.login_template, title=self.title, form=form, appbuilder=self.appbuilder,
            pages=current_app.view_functions,
        )  # fmt: skip
        return make_response(page, status)


class SecurityApi(SpokenErrors, api.SecurityApi):
    """Log in and out with a token."""

    @expose("/login", methods=["POST"])
    def login(self) -> Response:
        try:
            given = login_post.load(body())
        except ValidationError as error:
            return answer(400, complaints=complaints_of(error.messages))
        user = self.appbuilder.sm.auth_user_db(given["username"], given["password"])
        if user is None:
            return answer(401, N_("The user name or the password is wrong."))
        claims = {KEY: sessions.open_session(user, "token")}
        tokens = {"access_token": create_access_token(str(user.id), fresh=True, additional_claims=claims)}
        if given.get("refresh"):
            tokens["refresh_token"] = create_refresh_token(str(user.id), additional_claims=claims)
        return self.response(200, **tokens)

    @expose("/refresh", methods=["POST"])
    @jwt_required(refresh=True)
    def refresh(self) -> Response:
        claims = {KEY: get_jwt()[KEY]}
        return self.response(200, access_token=create_access_token(get_jwt_identity(), additional_claims=claims))

    @expose("/logout", methods=["POST"])
    @jwt_required()
    def logout(self) -> Response:
        """End the login of this token.
        ---
        post:
          description: >-
            End the login of this token; its refresh token ends with it
          responses:
            200:
              description: The login has ended
            401:
              $ref: '#/components/responses/401'
          security:
            - jwt: []
        """
        sessions.end_this_session()
        return self.response(200)

    login.__doc__ = api.SecurityApi.login.__doc__
    refresh.__doc__ = api.SecurityApi.refresh.__doc__


def _account_named() -> User:
    """The account that `pk` in the address names."""
    pk = request.args.get("pk", "")
    user = current_app.appbuilder.sm.get_user_by_id(int(pk)) if pk.isascii() and pk.isdecimal() else None
    if user is None:
        raise NotFound
    if user.id == current_user.id:
        raise NotAllowed(N_("The own password is changed on the own page, by whoever knows the present one."))
    return user


def _give_password(password: str) -> None:
    """Keep the password of the account named, and who gave it."""
    account = _account_named()
    account.password = hash_password(password)
    changes.record("changed", account, ["password"])


def _new_password(username_of: Any) -> PasswordField:
    return PasswordField(
        lazy_gettext("New password"),
        description=lazy_gettext(
            "At least %(least)s characters; not the user name, nothing that is easily guessed.", least=SHORTEST
        ),
        validators=[DataRequired(), GoodPassword(username_of)],
        widget=BS3PasswordFieldWidget(),
    )


def _confirmation() -> PasswordField:
    return PasswordField(
        lazy_gettext("New password, once more"),
        validators=[EqualTo("password", message=lazy_gettext("The two passwords differ."))],
        widget=BS3PasswordFieldWidget(),
    )


def _is_present_password(_form: Form, field: PasswordField) -> None:
    """Whoever finds a screen unlocked must not be able to keep the account; tries count as those of a login."""
    if current_app.appbuilder.sm.auth_user_db(current_user.username, field.data or "") is None:
        raise WrongField(gettext("This is not your present password."))


class OwnPasswordForm(forms.DynamicForm):
    """A new password of one's own, for whoever knows the present one."""

    present = PasswordField(
        lazy_gettext("Present password"),
        validators=[DataRequired(), _is_present_password],
        widget=BS3PasswordFieldWidget(),
    )
    password = _new_password(lambda _form: current_user.username)
    conf_password = _confirmation()


class AnotherPasswordForm(forms.DynamicForm):
    """A new password for the account named in the address."""

    password = _new_password(lambda _form: _account_named().username)
    conf_password = _confirmation()


class ResetMyPasswordView(views.ResetMyPasswordView):
    """Change one's own password; all other logins of the person end."""

    form = OwnPasswordForm

    def form_post(self, form: Form) -> None:
        # Flask-AppBuilder's own way says «changed» even where the database refused.
        own, password = current_user.id, form.password.data
        save(lambda: setattr(db.session.get_one(User, own), "password", hash_password(password)))
        flash(str(self.message), "info")


class ResetPasswordView(views.ResetPasswordView):
    """Give somebody a new password; all logins of that person end."""

    form = AnotherPasswordForm

    def form_get(self, form: Form) -> None:
        """Show the form for an account that exists."""
        _account_named()

    def form_post(self, form: Form) -> None:
        save(lambda: _give_password(form.password.data))
        flash(str(self.message), "info")


class UserDBModelView(GeneratedView, views.UserDBModelView):
    """The accounts; nobody is deleted, since history names them, but anybody can be made inactive."""

    _about = ("username", "first_name", "last_name", "email", "active", "roles")
    list_title, new_title = lazy_gettext("Accounts"), lazy_gettext("New account")
    readers = editors = frozenset({Role.COUNTY_ADMIN})
    include_route_methods = {"list", "show", "add", "edit", "userinfo", "action"}
    spoken = {"roles": role_words}
    description_columns = {
        "active": lazy_gettext("Whoever is inactive cannot log in; their history stays."),
        "roles": lazy_gettext("What a role may do stands in the role editor."),
    }
    formatters_columns = {"roles": lambda roles: ", ".join(map(role_words, roles))}
    list_columns = ["username", "first_name", "last_name", "active", "roles", "last_login"]
    order_columns = ["username", "first_name", "last_name", "active", "last_login"]
    search_columns = ["username", "first_name", "last_name", "active", "roles"]
    add_columns = [*_about, "password", "conf_password"]
    edit_columns = list(_about)
    show_fieldsets = [(lazy_gettext("Account"), {"fields": [*_about, "last_login", "created_on", "changed_on"]})]
    user_show_fieldsets = [(lazy_gettext("Account"), {"fields": [*_about, "last_login"]})]
    validators_columns = {"roles": [DataRequired(), LawfulRoles()]}
    add_form_extra_fields = {
        "password": _new_password(lambda form: form["username"].data or ""),
        "conf_password": _confirmation(),
    }

    def complaints(self, row: User) -> Iterator[Complaint]:
        """A user name of one's own, for which capital letters make no difference at the login, and a mail address."""
        same = select(User.id).where(func.lower(User.username) == row.username.lower(), User.id != row.id)
        if db.session.scalar(same) is not None:
            yield Complaint("username", N_("Somebody has this user name already; capital letters make no difference."))
        if not is_mail_address(row.email):
            yield Complaint("email", N_("This is no mail address."))

    def impact(self, row: User) -> list[str]:
        """Who would see and do more or less by these roles; a new account takes nothing from anybody."""
        return [] if inspect(row).pending else at_work()

    def name_of(self, row: User) -> str:
        """Family name first."""
        return f"{row.last_name}{row.first_name} ({row.username})"

    def pre_add(self, item: User) -> None:
        item.password = hash_password(item.password)

    def _get_show_widget(
        self, pk: Any, item: User, widgets: Any = None, actions: Any = None, show_fieldsets: Any = None
    ) -> dict[str, Any]:
        """Somebody else's page offers what is done to others; one's own page names its actions itself."""
        actions = actions or {"resetpasswords": self.actions["resetpasswords"]}
        return super()._get_show_widget(pk, item, widgets, actions, show_fieldsets)


def _sign_in(user: User) -> None:
    key = sessions.open_session(user, "cookie")
    _forget()
    login_user(user)
    session[KEY] = key


def _forget() -> None:
    """Start the cookie anew, so that nothing from before the login is carried over but the language."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale

