"""The demo's people: accounts with random passwords, staff and their postings, and the list of who logs in how."""

import csv
import os
import secrets
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.configuration.seed_files import Row, absent, ids, read, stamp
from app.errors import NotNow
from app.law import N_
from app.models.organisation import Centre, IndustryDepartment, Office, Posting, Staff, Window
from app.web.passwords import hash_password

ACCOUNTS = "accounts.csv"
COLUMNS = ("username", "password", "role", "unit", "name")
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are mistaken for each other."""
LENGTH = 14
SINCE = date(2023, 5, 9)
"""The day the county's rule took effect: nobody was posted under it before."""


class Accounts:
    """Who logs in how: `accounts.csv` in the data folder, which only its owner reads.

    It is written before the accounts are made, so that a start that was cut short leaves no password unknown.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / ACCOUNTS
        self._passwords: dict[str, str] = {}
        if self._path.exists():
            with self._path.open(encoding="utf-8", newline="") as file:
                self._passwords = {row["username"]: row["password"] for row in csv.DictReader(file)}

    def password(self, username: str) -> str:
        """The password of this installation for the person."""
        return self._passwords.setdefault(username, "".join(secrets.choice(LETTERS) for _ in range(LENGTH)))

    def write(self, people: Iterable[Row]) -> None:
        """One line for each person whose password is known and each of the person's roles."""
        units = _unit_names()
        part = self._path.with_suffix(".part")
        part.unlink(missing_ok=True)
        mine_alone = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(mine_alone, "w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(COLUMNS)
            for person in people:
                name = person["username"]
                if name in self._passwords:
                    told = [(name, self._passwords[name], role, units[person["unit"]], person["name"])
                            for role in person["roles"]]  # fmt: skip
                    lines.writerows(told)
        part.replace(self._path)


def newcomers(session: Session) -> list[Row]:
    """The people of the file who have no account yet."""
    return absent(session, User.username, read("demo/staff.json"), "username")


def with_hashes(people: list[Row], data_dir: Path) -> list[Row]:
    """The people with the hash of their passwords, which are written down first."""
    if not people:
        return []
    accounts = Accounts(data_dir)
    hashes = [accounts.password(person["username"]) for person in people]
    accounts.write(read("demo/staff.json"))
    # Hashing lets go of the interpreter: every core takes its share.
    with ThreadPoolExecutor(os.cpu_count()) as cores:
        hashes = list(cores.map(hash_password, hashes))
    return [{**person, "hash": hashed} for person, hashed in zip(people, hashes, strict=True)]


def load(session: Session, people: list[Row]) -> None:
    """Make the accounts, staff and postings of these people; their roles come from `sync-roles`."""
    roles = {role.name: role for role in session.scalars(select(RoleRow))}
    units = _Units(session)
    for person in people:
        missing = [role for role in person["roles"] if role not in roles]
        if missing:
            raise NotNow(N_("The role %(role)s is missing; run sync-roles first."), role=missing[0])
        user = User(
            username=person["username"], last_name=person["name"][0], first_name=person["name"][1:], active=True,
            email=f"{person['username']}@example.invalid", password=person["hash"],
            roles=[roles[role] for role in person["roles"]],
        )
        session.add(user)
        session.flush()
        staff = Staff(
            user_id=user.id, name=person["name"], phone=person["phone"], employer=person["employer_org"],
            manager=person["managing_org"], department_id=units.departments.get(person["unit"]), **stamp(),
        )
        staff.postings = units.postings(person)
        session.add(staff)
    session.flush()


class _Units:
    """Row ids of the places people are posted to, by code."""

    def __init__(self, session: Session) -> None:
        self.centres = ids(session, Centre.code, Centre.id)
        self.offices = ids(session, Office.code, Office.id)
        self.departments = ids(session, IndustryDepartment.code, IndustryDepartment.id)
        rows = session.execute(select(Window.centre_id, Window.code, Window.id))
        self.windows = {(centre, code): row_id for centre, code, row_id in rows}

    def postings(self, person: Row) -> list[Posting]:
        """The person's post; none for the bureau and for the departments."""
        centre_id, office_id = self.centres.get(person["unit"]), self.offices.get(person["unit"])
        if centre_id is None and office_id is None:
            return []
        window_id = self.windows[centre_id, person["window"]] if person["window"] else None
        return [Posting(centre_id=centre_id, office_id=office_id, window_id=window_id, since=SINCE, **stamp())]


def _unit_names() -> dict[str, str]:
    organisation = read("demo/organisation.json")
    rows = [
        organisation["bureau"], *read("places.json")["centres"], *organisation["offices"],
        *organisation["industry_departments"],
    ]
    return {row["code"]: row["name"] for row in rows}
