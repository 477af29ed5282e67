"""Each refused act stands under its line of the do-not list (第五条至第十三条, 第十五条（七）)."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.law import do_not
from app.law import guards as g
from app.law.do_not import DoNot, category

ROOT = Path(__file__).parents[2]
NO_ROLE = "Your role does not include «%(act)s»."
ELSEWHERE = "This belongs to another place than yours."


@pytest.mark.parametrize(
    ("act", "code", "sentence", "state", "fields", "line"),
    [
        ("use_export", "not_allowed", "…", "", (), DoNot.LEAK),
        ("approve_export", "not_found", "…", "", (), DoNot.LEAK),
        ("notify", "not_allowed", do_not.LIST_ONLY, "", (), DoNot.HARASS),
        ("receive", "incomplete", "…", "", ("received_at",), DoNot.BACKFILL),
        ("register", "incomplete", "…", "", ("created_at", "role"), DoNot.BACKFILL),
        ("accept", "incomplete", "…", "", ("closed_at",), DoNot.FALSE_CLOSING),
        ("accept", "incomplete", "…", "", ("state",), DoNot.FALSE_CLOSING),
        ("make_certificate", "not_now", "…", "accepted", (), DoNot.FALSE_CLOSING),
        ("issue", "not_now", "…", "draft", (), DoNot.FALSE_CLOSING),
        ("amend", "not_now", "…", "delivered", (), DoNot.ALTER_RESULT),
        ("refuse", "not_now", "…", "approved", (), DoNot.ALTER_RESULT),
        ("write", "not_allowed", "…", "certified", ("state",), DoNot.ALTER_RESULT),
        ("write", "not_allowed", "…", "", (), DoNot.ALTER_RESULT),
        ("write", "not_allowed", "…", "accepted", ("state",), DoNot.FALSE_CLOSING),
        ("accept", "not_allowed", g.not_party.sentence, "", (), DoNot.FAVOUR),
        ("accept", "not_allowed", g.not_receiver.sentence, "", (), DoNot.IRREGULAR),
        ("accept", "not_now", "…", "draft", (), DoNot.IRREGULAR),
        ("answer_escalation", "not_now", "…", "", (), DoNot.IRREGULAR),
        ("register", "not_allowed", g.fronted_if_town.sentence, "", (), DoNot.BEYOND_AUTHORITY),
        ("accept", "not_allowed", NO_ROLE, "", (), DoNot.BEYOND_AUTHORITY),
        ("hold_meeting", "not_allowed", ELSEWHERE, "", (), DoNot.BEYOND_AUTHORITY),
        ("confirm_payment", "incomplete", "…", "", ("payee",), DoNot.PRIVATE_ACCOUNT),
        ("register", "incomplete", "…", "", ("amount_due", "state"), DoNot.PRIVATE_ACCOUNT),
    ],
)
def test_a_refused_act_stands_under_its_line(
    act: str, code: str, sentence: str, state: str, fields: tuple[str, ...], line: DoNot
) -> None:
    assert category(act, code, sentence, state, fields) is line


def test_what_is_tried_out_of_reach_is_beyond_authority_unless_it_would_give_something_out() -> None:
    assert category("accept", "not_found", "…", out_of_reach=True) is DoNot.BEYOND_AUTHORITY
    assert category("use_export", "not_found", "…", out_of_reach=True) is DoNot.LEAK


def test_every_line_has_its_words_and_its_clause() -> None:
    assert set(do_not.LABELS) == set(do_not.CLAUSES) == set(DoNot)


def test_the_sentences_that_lead_to_a_line_are_said_somewhere() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py") if path.name != "do_not.py")
    assert [each for each in do_not._BY_SENTENCE if each not in said] == []
