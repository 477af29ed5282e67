# ruff: noqa: INP001 - a script, no package
"""Make seed/calendar.csv: 2020 to 2026 as published by the State Council, 2027 to 2035 estimated.

The estimate knows the statutory days off of 放假办法 (2024) and the days off in lieu where one falls on a weekend
(article 6), but neither bridge days nor make-up working days. Run once by a developer: python tools/make_calendar.py
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays

PUBLISHED = range(2020, 2027)
ESTIMATED = range(2027, 2036)
SATURDAY = 5
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


def rows() -> Iterator[tuple[date, bool, str, bool]]:
    """Every day of the calendar: day, is_workday, name, published."""
    estimate = holidays.country_holidays("CN", years=ESTIMATED, language="zh_CN")
    day = date(PUBLISHED[0], 1, 1)
    while day.year <= ESTIMATED[-1]:
        if day.year in PUBLISHED:
            off, name = chinese_calendar.get_holiday_detail(day)
            yield day, not off, NAMES[name] if name else "", True
        else:
            name = estimate.get(day, "").replace("; ", "、").replace("农历除夕", "春节").removesuffix("（补假）")
            yield day, not (name or day.weekday() >= SATURDAY), name, False
        day += timedelta(days=1)


def main() -> None:
    """Write the calendar beside the other seed files."""
    with (Path(__file__).parent.parent / "seed" / "calendar.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["day", "is_workday", "name", "published"])
        writer.writerows((day.isoformat(), int(work), name, int(published)) for day, work, name, published in rows())


if __name__ == "__main__":
    main()
