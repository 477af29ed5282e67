"""Who somebody is on paper: identity documents and codes, how each is checked, and how each is masked.

Every check answers the sentence to show, or None where the value is right. A check does not tell whether the number
was ever given out. Values are cleaned first (`clean`): surrounding blanks away, letters in upper case.
"""

import re
from datetime import date
from enum import StrEnum

from app.law import N_


class IdType(StrEnum):
    """The kinds of identity documents the office takes."""

    RESIDENT_ID = "resident_id"
    USCC = "uscc"
    PASSPORT = "passport"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    MILITARY_ID = "military_id"
    OTHER = "other"


ID_TYPES: dict[IdType, str] = {
    IdType.RESIDENT_ID: N_("Resident identity card"),
    IdType.USCC: N_("Unified social credit code"),
    IdType.PASSPORT: N_("Passport"),
    IdType.HK_MACAO_PERMIT: N_("Travel permit for Hong Kong and Macao residents"),
    IdType.TAIWAN_PERMIT: N_("Travel permit for Taiwan residents"),
    IdType.MILITARY_ID: N_("Military identity card"),
    IdType.OTHER: N_("Other document"),
}

_PROVINCES = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)))
) | {"71", "81", "82", "83", "91"}
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_FORM = re.compile(r"[1-9ANY][0-9A-HJ-NP-RTUW-Y][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

WRONG_MOBILE = N_("A mobile number has 11 digits and begins with 13 to 19.")
WRONG_EMS_NO = N_("An EMS number has 13 digits, or two letters, nine digits and CN.")

_TOWN = re.compile(r".*?(?:镇|乡|街道|农场)")
_COUNTY = re.compile(r".*?[县区]|.*?市")
_WHOLE_ID = 12


def clean(value: str) -> str:
    """The value as it is checked and kept: without surrounding blanks, letters in upper case."""
    return value.strip().upper()


def check_id(id_type: str, value: str, today: date) -> str | None:
    """Check the number of an identity document; `today` bounds the date of birth."""
    if id_type not in ID_TYPES:
        return N_("This kind of identity document is unknown.")
    number = clean(value)
    if id_type == IdType.RESIDENT_ID:
        return check_resident_id(number, today)
    if id_type == IdType.USCC:
        return check_uscc(number)
    form, sentence = _OTHER_DOCUMENTS[IdType(id_type)]
    return None if form.fullmatch(number) else sentence


def check_resident_id(value: str, today: date) -> str | None:
    """Check a 公民身份号码 (GB 11643-1999): form, province, date of birth, check character.

    The county's code is not compared with today's list: a number keeps the code of the day it was given.
    """
    number = clean(value)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return N_("A resident identity number has 17 digits and a last digit or X.")
    if number[:2] not in _PROVINCES:
        return N_("The first two digits of the identity number name no province.")
    born = birth_date(number)
    if born is None:
        return N_("The identity number's date of birth does not exist.")
    if born > today:
        return N_("The identity number's date of birth lies in the future.")
    total = sum(int(digit) * weight for digit, weight in zip(number, _RESIDENT_WEIGHTS, strict=False))
    if _RESIDENT_CHECKS[total % 11] != number[17]:
        return N_("The identity number's last character does not fit the rest; please compare it with the card.")
    return None


def birth_date(resident_id: str) -> date | None:
    """The date of birth a resident identity number carries, or None where there is no such day."""
    try:
        return date(int(resident_id[6:10]), int(resident_id[10:12]), int(resident_id[12:14]))
    except ValueError:
        return None


def is_male(resident_id: str) -> bool:
    """Tell whether a resident identity number is a man's: the 17th digit is odd."""
    return int(resident_id[16]) % 2 == 1


def check_uscc(value: str) -> str | None:
    """Check a 统一社会信用代码 (GB 32100-2015) and the organisation code (GB 11714) within it."""
    code = clean(value)
    if not _USCC_FORM.fullmatch(code):
        return N_("A unified social credit code has 18 digits and capital letters other than I, O, S, V and Z.")
    total = sum(_USCC_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    if _USCC_ALPHABET[-total % 31] != code[17]:
        return N_("The credit code's last character does not fit the rest; please compare it with the licence.")
    inner = sum(
        _ORGANISATION_ALPHABET.index(char) * weight
        for char, weight in zip(code[8:16], _ORGANISATION_WEIGHTS, strict=True)
    )
    if "0X987654321"[inner % 11] != code[16]:
        return N_("The organisation code inside the credit code is wrong; please compare it with the licence.")
    return None


def check_mobile(value: str) -> str | None:
    """Check a mobile telephone number of the mainland."""
    return _matching(r"1[3-9][0-9]{9}", value, WRONG_MOBILE)


def check_landline(value: str) -> str | None:
    """Check a landline of Hainan, with its area code."""
    return _matching(r"0898-?[0-9]{8}", value, N_("A landline is 0898 and eight digits."))


def check_ems_no(value: str) -> str | None:
    """Check the number of an EMS item."""
    return _matching(r"[0-9]{13}|[A-Z]{2}[0-9]{9}CN", value, WRONG_EMS_NO)


def _matching(form: str, value: str, sentence: str) -> str | None:
    return None if re.fullmatch(form, clean(value)) else sentence


_OTHER_DOCUMENTS: dict[IdType, tuple[re.Pattern[str], str]] = {
    IdType.PASSPORT: (re.compile(r"[A-Z0-9]{5,20}"), N_("A passport number has 5 to 20 letters and digits.")),
    IdType.HK_MACAO_PERMIT: (
        re.compile(r"[HM][0-9]{8}([0-9]{2})?"),
        N_("A Hong Kong and Macao travel permit has the letter H or M and 8 or 10 digits."),
    ),
    IdType.TAIWAN_PERMIT: (
        re.compile(r"[0-9]{8}([0-9]{2})?"),
        N_("A Taiwan travel permit has 8 or 10 digits."),
    ),
    IdType.MILITARY_ID: (re.compile(r"\S{4,30}"), N_("A military identity number has 4 to 30 characters.")),
    IdType.OTHER: (re.compile(r"\S(.{1,28}\S)"), N_("The number of the document has 3 to 30 characters.")),
}


def mask_name(name: str) -> str:
    """Keep a person's first character, and the last where there are three or more: 张*, 张*三."""
    hidden = max(len(name) - 2, 1)
    return name[:1] + "*" * hidden + (name[-1] if len(name) > 2 else "")  # noqa: PLR2004 - a name of two


def mask_id(id_type: str, number: str) -> str:
    """Keep the first three and last four characters, less of a short number; a credit code is public."""
    if id_type == IdType.USCC:
        return number
    if len(number) < _WHOLE_ID:
        return _between(number, 1, 2)
    return _between(number, 3, 4)


def mask_phone(number: str) -> str:
    """Keep a telephone number's first three and last four digits: 138****1234."""
    return _between(number, 3, 4)


def mask_address(address: str) -> str:
    """Keep an address down to its town; where it names none, down to the county or city."""
    kept = _TOWN.match(address) or _COUNTY.match(address)
    return (kept.group() if kept else "") + "***"


def mask_ems_no(number: str) -> str:
    """Keep the last four characters of an EMS number."""
    return _between(number, 0, 4)


def last_four(number: str) -> str:
    """The last four characters, by which a person is recognised at the window and on the progress page."""
    return number[-4:]


def _between(value: str, head: int, tail: int) -> str:
    """Hide everything but a head and a tail; all of a value too short to have anything between."""
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[len(value) - tail :]
