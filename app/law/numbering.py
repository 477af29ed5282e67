"""Numbers: how each is built from its serial, which counter gives the serial, and what a well-formed one looks like.

A serial is taken from a counter row inside the act; serials are never reused and voided numbers stay.
"""

import re
from datetime import date, datetime

OFFICE_SHORT_NAME = "屯审"
DIVISION = "469022"
"""屯昌县."""

DOCUMENT_KINDS: dict[str, str] = {
    "queue_slip": "排",
    "one_time_notice": "告",
    "receipt_voucher": "收",
    "shortage_commitment": "容",
    "transfer_slip": "移",
    "acceptance_notice": "受",
    "correction_notice": "补",
    "correction_receipt": "补收",
    "negative_filing_form": "否",
    "non_acceptance": "不受",
    "suspension_notice": "挂",
    "extension_notice": "延",
    "hearing_notice": "听",
    "grant_decision": "准",
    "refusal_decision": "不准",
    "handover_slip": "交",
    "service_receipt": "达",
    "fee_notice": "缴",
    "ems_list": "邮",
    "withdrawal": "撤",
    "termination": "终",
    "file_catalogue": "卷",
    "weekly_ledger": "台",
}
"""The kinds of numbered documents and the word (文种) each carries in its number."""

_PATTERNS: dict[str, str] = {
    "application": r"[0-9A-Z]{31}(?P<day>[0-9]{8})(?!0000)[0-9]{4}",
    "short": r"TC-(?P<day>[0-9]{8})-(?!0000)[0-9]{4}",
    "pickup": r"[0-9]{6}",
    "ticket": r"[A-Z](?!000)[0-9]{3}",
    "slip": r"JJ-(?P<day>[0-9]{8})-(?!0000)[0-9]{4}",
    "consultation": r"ZX-(?P<day>[0-9]{8})-(?!0000)[0-9]{4}",
    "work_order": r"GD-(?P<day>[0-9]{8})-(?!0000)[0-9]{4}",
    "payment": rf"{DIVISION}(?P<day>[0-9]{{8}})(?!000000)[0-9]{{6}}",
    "archive": r"DA-[0-9]{4}-(?!000000)[0-9]{6}",
    "export_request": r"DC-[0-9]{4}-(?!0000)[0-9]{4}",
    "accountability_record": r"ZZ-[0-9]{4}-(?!0000)[0-9]{4}",
} | {kind: rf"{OFFICE_SHORT_NAME}\({word}\)〔[0-9]{{4}}〕[1-9][0-9]*号" for kind, word in DOCUMENT_KINDS.items()}
_WELL_FORMED = {kind: re.compile(pattern) for kind, pattern in _PATTERNS.items()}


class SerialOutOfRange(ValueError):  # noqa: N818 - what the house calls it
    """The day's or year's serials do not fit the number's width."""


def application_no(impl_code: str, day: date, serial: int) -> str:
    """办件编号: the item's 实施编码 (31), the day (8) and the item's serial of that day (4), 43 characters."""
    return _checked("application", f"{impl_code}{day:%Y%m%d}{_padded(serial, 4)}")


def short_no(day: date, serial: int) -> str:
    """The application's number for people, counted over the county each day, such as TC-20261123-0001."""
    return f"TC-{day:%Y%m%d}-{_padded(serial, 4)}"


def pickup_code(number: int) -> str:
    """取件码: six digits of a number below a million drawn at random."""
    return _padded(number, 6, least=0)


def document_no(kind: str, year: int, serial: int) -> str:
    """文书编号, such as 屯审(受)〔2026〕12号: counted per kind and year, without leading zeros."""
    return _checked(kind, f"{OFFICE_SHORT_NAME}({DOCUMENT_KINDS[kind]})〔{year:04d}〕{serial}号")


def ticket_no(area: str, serial: int) -> str:
    """排队号: the letter of the business area and the day's serial, such as A007."""
    return _checked("ticket", f"{area}{_padded(serial, 3)}")


def slip_no(day: date, serial: int) -> str:
    """The number under which a slip's pieces travel, counted over the county each day."""
    return f"JJ-{day:%Y%m%d}-{_padded(serial, 4)}"


def consultation_no(day: date, serial: int) -> str:
    """The number of a question that was asked, counted over the county each day."""
    return f"ZX-{day:%Y%m%d}-{_padded(serial, 4)}"


def work_order_no(day: date, serial: int) -> str:
    """工单号: of a bad rating or a complaint, counted over the county each day, such as GD-20261123-0001."""
    return f"GD-{day:%Y%m%d}-{_padded(serial, 4)}"


def payment_code(day: date, serial: int) -> str:
    """缴款码: by which a payment is known to the public channel and to us; division, day and the day's serial."""
    return _checked("payment", f"{DIVISION}{day:%Y%m%d}{_padded(serial, 6)}")


def archive_no(year: int, serial: int) -> str:
    """档号: counted per year; the retention period is not part of it, since the archivist may revise that."""
    return f"DA-{year:04d}-{_padded(serial, 6)}"


def oversight_no(kind: str, year: int, serial: int) -> str:
    """The number of an export request (导出) or of an accountability record (追责), counted per kind and year."""
    letters = {"export_request": "DC", "accountability_record": "ZZ"}[kind]
    return f"{letters}-{year:04d}-{_padded(serial, 4)}"


def counter_for_oversight(kind: str, year: int) -> str:
    """Name the counter of the export requests or accountability records of one year."""
    return f"{kind}:{year:04d}"


def counter_for_application(impl_code: str, day: date) -> str:
    """Name the counter of an item's applications on one day."""
    return f"application:{impl_code}:{day:%Y%m%d}"


def counter_for_short_no(day: date) -> str:
    """Name the counter of the county's applications on one day."""
    return f"short:{day:%Y%m%d}"


def counter_for_document(kind: str, year: int) -> str:
    """Name the counter of one kind of document in one year."""
    return f"document:{kind}:{year:04d}"


def counter_for_ticket(centre_id: int, area: str, day: date) -> str:
    """Name the counter of one hall's business area on one day."""
    return f"ticket:{centre_id}:{area}:{day:%Y%m%d}"


def counter_for_queue(centre_id: int, area: str, day: date) -> str:
    """Name the counter of the places in the queue for one hall's business area on one day."""
    return f"queue:{centre_id}:{area}:{day:%Y%m%d}"


def counter_for_slip(day: date) -> str:
    """Name the counter of the county's slips on one day."""
    return f"slip:{day:%Y%m%d}"


def counter_for_consultation(day: date) -> str:
    """Name the counter of the county's questions on one day."""
    return f"consultation:{day:%Y%m%d}"


def counter_for_work_order(day: date) -> str:
    """Name the counter of the county's work orders on one day."""
    return f"work_order:{day:%Y%m%d}"


def counter_for_payment(day: date) -> str:
    """Name the counter of the county's payment codes of one day."""
    return f"payment:{day:%Y%m%d}"


def counter_for_hearing(year: int) -> str:
    """Name the counter of the hearings of one year."""
    return f"hearing:{year:04d}"


def hearing_no(year: int, serial: int) -> str:
    """Make the number of a hearing and of its record, e.g. 听证〔2026〕3号."""
    return f"听证〔{year:04d}〕{serial}号"


def counter_for_archive(year: int) -> str:
    """Name the counter of the files archived in one year."""
    return f"archive:{year:04d}"


def well_formed(kind: str, number: str) -> bool:
    """Tell whether a number could have been given to this kind of thing or document; KeyError for an unknown kind."""
    match = _WELL_FORMED[kind].fullmatch(number)
    if match is None:
        return False
    day = match.groupdict().get("day")
    return day is None or _is_day(day)


def is_own_paper(number: str) -> bool:
    """Whether the number has the form of the house's own papers, so that one of them carries it or will."""
    return any(well_formed(kind, number) for kind in DOCUMENT_KINDS)


def is_impl_code(code: str) -> bool:
    """Whether an item's 实施编码 can begin the numbers of its applications."""
    return well_formed("application", f"{code}202601010001")


def is_area(letter: str) -> bool:
    """Whether a business area's letter can begin its ticket numbers."""
    return well_formed("ticket", f"{letter}001")


def _is_day(digits: str) -> bool:
    try:
        datetime.strptime(digits, "%Y%m%d")  # noqa: DTZ007 - a day, no moment
    except ValueError:
        return False
    return True


def _padded(serial: int, width: int, least: int = 1) -> str:
    if not least <= serial < 10**width:
        raise SerialOutOfRange(f"{serial} does not fit {width} digits")
    return f"{serial:0{width}d}"


def _checked(kind: str, number: str) -> str:
    if not well_formed(kind, number):
        raise ValueError(f"{number} is no number of the kind {kind}")
    return number
