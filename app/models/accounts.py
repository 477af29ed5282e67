"""Accounts, roles and permissions: Flask-AppBuilder's own tables, under the names of this house."""

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    User,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)

__all__ = ["Permission", "PermissionView", "Role", "User", "ViewMenu", "assoc_permissionview_role", "assoc_user_role"]
