"""Acts on the small objects: an opinion is given, an escalation answered, a ticket called, an export approved.

Each is a move of `objects.py` with its label, clause and guards. Whoever may make the move there may be granted the
act, and nobody else, whatever the role editor says. Objects of an application answer to its guards too; the others, in
the `Sphere`s, stand on their own and may be born by an act.
"""

from dataclasses import dataclass
from functools import cache

from app.law import N_
from app.law import delivery_guards as d
from app.law import guards as g
from app.law import placed_guards as p
from app.law.guards import Guard
from app.law.lifecycle import TRANSITIONS, Transition
from app.law.objects import OBJECTS, Move
from app.law.roles import BACK_CLASSES, ActClass, Role, Sphere, may_ever


@dataclass(frozen=True, slots=True)
class ObjectTransition:
    """One act on one kind of object; `name` is its permission, `move` its address."""

    name: str
    kind: str
    move: str
    label: str
    act_class: ActClass | Sphere
    clause: str
    guards: tuple[Guard, ...]

    @property
    def subject_kind(self) -> str:
        """What it is an act on."""
        return self.kind

    @property
    def address(self) -> str:
        """What it is called where its subject is named already."""
        return self.move

    @property
    def birth(self) -> bool:
        """Whether the act brings the object into being."""
        return all(move.source is None for move in self.moves)

    @property
    def moves(self) -> tuple[Move, ...]:
        """Its lines in the table of small life cycles."""
        return tuple(move for move in OBJECTS[self.kind] if move.act == self.move)

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who starts with it, and who alone may ever hold it."""
        return tuple(dict.fromkeys(Role(role) for move in self.moves for role in move.roles))


def _row(
    name: str, kind: str, move: str, label: str, act_class: ActClass, clause: str, *guards: Guard
) -> ObjectTransition:
    """An act on what hangs on an application."""
    separation = g.BACK if act_class in BACK_CLASSES else ()
    return ObjectTransition(name, kind, move, label, act_class, clause, (g.not_party, *separation, *guards))


def _placed(
    name: str, kind: str, move: str, label: str, sphere: Sphere, clause: str, *guards: Guard
) -> ObjectTransition:
    """An act on what hangs on no application."""
    return ObjectTransition(name, kind, move, label, sphere, clause, guards)


A, S = ActClass, Sphere
ADDRESSED = (d.addressed_unit, d.not_rated_person)
# fmt: off
_ROWS = (
    # on what hangs on an application: 五, 第十四条
    _row("give_opinion", "opinion", "give", N_("Give opinion"), A.BACK, "五"),
    _row("answer_escalation", "escalation", "answer", N_("Answer escalation"), A.CARE, "第十四条", d.addressed_level),
    _row("return_escalation", "escalation", "back", N_("Send escalation back"), A.CARE, "第十四条", d.addressed_level),
    _row("raise_again", "escalation", "again", N_("Raise again"), A.CARE, "第十四条"),
    _row("pass_up", "escalation", "up", N_("Pass escalation up"), A.CARE, "第十四条", d.addressed_level),
    _row("close_escalation", "escalation", "close", N_("Close escalation"), A.CARE, "第十四条"),

    # of a hearing: 行政许可法46-48
    _row("request_hearing", "hearing", "request", N_("Request the hearing"), A.CARE, "行政许可法47"),
    _row("set_hearing", "hearing", "set", N_("Announce the hearing"), A.BACK, "行政许可法48(1)"),
    _row("hold_hearing", "hearing", "hold", N_("Record the hearing"), A.BACK, "行政许可法48(3)-(5)"),
    _row("waive_hearing", "hearing", "waive", N_("Do without the hearing"), A.CARE, "行政许可法47"),

    # of the fee: chapter 七
    _row("waive_fee", "fee", "waive", N_("Waive the fee"), A.DECIDE, "七"),
    _row("waive_notified_fee", "fee", "waive_notified", N_("Waive the fee after the notice"), A.DECIDE, "七"),
    _row("refund_deposit", "fee", "refund", N_("Refund the deposit"), A.DECIDE, "七"),

    # ratings of an application: 八
    _row("rate", "rating", "rate", N_("Rate"), A.CARE, "八"),
    _row("rate_badly", "rating", "bad", N_("Rate badly"), A.CARE, "八"),
    _row("expire_rating", "rating", "expire", N_("Rating not given"), A.CARE, "八"),
    _row("contact_rater", "rating", "contact", N_("Contacted"), A.CARE, "八", *ADDRESSED),
    _row("reply_to_rating", "rating", "reply", N_("Report the rectification"), A.CARE, "八", *ADDRESSED),
    _row("extend_rating", "rating", "extend", N_("Extend the time to reply"), A.CARE, "八"),
    _row("close_rating", "rating", "close", N_("Close the work order"), A.CARE, "八"),
    _row("redo_rating", "rating", "redo", N_("Send back to rectify"), A.CARE, "八"),
    _row("appeal_rating", "rating", "appeal", N_("Appeal against the rating"), A.CARE, "八", *ADDRESSED),
    _row("void_rating", "rating", "void", N_("Void the rating"), A.CARE, "八"),
    _row("deny_rating_appeal", "rating", "deny", N_("Deny the appeal"), A.CARE, "八"),

    # complaints that may concern no application: 八
    _placed("file_complaint", "complaint", "file", N_("Complain"), S.VOICE, "八"),
    _placed("contact_complainant", "complaint", "contact", N_("Contacted"), S.VOICE, "八", p.not_meant),
    _placed("reply_to_complaint", "complaint", "reply", N_("Report the rectification"), S.VOICE, "八", p.not_meant),
    _placed("extend_complaint", "complaint", "extend", N_("Extend the time to reply"), S.VOICE, "八"),
    _placed("close_complaint", "complaint", "close", N_("Close the work order"), S.VOICE, "八"),
    _placed("redo_complaint", "complaint", "redo", N_("Send back to rectify"), S.VOICE, "八"),
    _placed("appeal_complaint", "complaint", "appeal", N_("Appeal against the complaint"), S.VOICE, "八", p.not_meant),
    _placed("void_complaint", "complaint", "void", N_("Void the complaint"), S.VOICE, "八"),
    _placed("deny_complaint_appeal", "complaint", "deny", N_("Deny the appeal"), S.VOICE, "八"),

    # of a ticket: chapter 二
    _placed("take_ticket", "ticket", "take", N_("Take a ticket"), S.QUEUE, "二"),
    _placed("walk_in_ticket", "ticket", "walk_in", N_("Serve without a number"), S.QUEUE, "二", p.posted, p.present,
            p.free),
    _placed("adopt_ticket", "ticket", "adopt", N_("Ticket from before tickets had a history"), S.QUEUE, "二"),
    _placed("call_ticket", "ticket", "call", N_("Call"), S.QUEUE, "二", p.posted, p.of_own_area, p.of_today, p.present,
            p.free),
    _placed("call_ticket_again", "ticket", "call_again", N_("Call again"), S.QUEUE, "二", p.at_own_window),
    _placed("serve_ticket", "ticket", "serve", N_("Begin to serve"), S.QUEUE, "二", p.at_own_window),
    _placed("miss_ticket", "ticket", "no_show", N_("Nobody came"), S.QUEUE, "二", p.at_own_window),
    _placed("requeue_ticket", "ticket", "requeue", N_("Put back in the queue"), S.QUEUE, "二", p.of_today,
            p.not_put_back_yet),
    _placed("redirect_ticket", "ticket", "redirect", N_("Send to another area"), S.QUEUE, "二", p.at_own_window,
            p.of_today),
    _placed("finish_ticket", "ticket", "finish", N_("Finish serving"), S.QUEUE, "二", p.at_own_window),
    _placed("expire_ticket", "ticket", "expire", N_("Ticket expires"), S.QUEUE, "二"),
    _placed("expire_missed_ticket", "ticket", "expire_missed", N_("Missed ticket expires"), S.QUEUE, "二"),
    _placed("end_ticket", "ticket", "end", N_("Ticket of an earlier day ends"), S.QUEUE, "二", p.of_an_earlier_day),

    # of a consultation: chapter 一
    _placed("open_consultation", "consultation", "open", N_("Note a question at the guide desk"), S.ADVICE, "一（1）"),
    _placed("open_consultation_at_window", "consultation",
            "open_at_window", N_("Note a question at the window"), S.ADVICE,
            "一（2）"),
    _placed("answer_guided", "consultation", "answer1", N_("Answer"), S.ADVICE, "一（1）"),
    _placed("answer_standard", "consultation", "answer2", N_("Answer"), S.ADVICE, "一（2）"),
    _placed("answer_backup", "consultation", "answer3", N_("Answer"), S.ADVICE, "一（3）"),
    _placed("answer_precise", "consultation", "answer4", N_("Answer"), S.ADVICE, "一（4）",
            p.lies_with_own_level),
    _placed("close_consultation", "consultation", "close", N_("Close: the asker was told"), S.ADVICE, "第七条"),
    _placed("lead_to_window", "consultation", "to_window", N_("Take over at the window"), S.ADVICE, "一（2）",
            p.with_the_guide),
    _placed("hand_out", "consultation", "hand_out", N_("Hand out form, sample or notice"), S.ADVICE, "一（2）"),
    _placed("ask_manager", "consultation", "ask_manager", N_("Call the window manager"), S.ADVICE, "一（3）",
            p.with_the_window),
    _placed("pass_to_office", "consultation", "pass_to_office", N_("Pass to the office"), S.ADVICE, "一（4）",
            p.with_the_manager),
    _placed("pass_question_up", "consultation", "up", N_("Pass one level up"), S.ADVICE, "一（4）",
            p.lies_with_own_level),
    _placed("give_help", "help_service", "help", N_("Note a help given"), S.ADVICE, "一"),

    # staffing: 第三条, 第四条, 第八条, 第十二条, 第十三条
    _placed("leave_window", "whereabouts", "leave", N_("Leave the window"), S.STAFFING, "第八条"),
    _placed("return_to_window", "whereabouts", "back", N_("Back at the window"), S.STAFFING, "第八条", p.own_absence),
    _placed("end_absence", "whereabouts", "end", N_("Absence ends with the day"), S.STAFFING, "第八条"),
    _placed("plan_substitute", "substitute_period", "plan", N_("Plan a substitute"), S.STAFFING, "第八条"),
    _placed("start_substitute", "substitute_period", "start", N_("Substitute begins"), S.STAFFING, "第八条"),
    _placed("end_substitute", "substitute_period", "end", N_("End the substitution"), S.STAFFING, "第八条"),
    _placed("cancel_substitute", "substitute_period", "cancel", N_("Cancel the substitution"), S.STAFFING, "第八条"),
    _placed("hold_meeting", "meeting", "hold", N_("Record a work meeting"), S.STAFFING, "第三条"),
    _placed("train", "training", "train", N_("Record a training"), S.STAFFING, "第四条"),
    _placed("record_study", "study", "record", N_("Record study or exam"), S.STAFFING, "第十二条"),
    _placed("declare_relative", "relative", "declare", N_("Declare a relative"), S.STAFFING, "第十三条"),
    _placed("end_relative", "relative", "end", N_("End the declaration"), S.STAFFING, "第十三条"),

    # oversight: 第五条, 第十条
    _placed("request_export", "export_request", "request", N_("Request an export"), S.OVERSIGHT, "第五条"),
    _placed("approve_export", "export_request", "approve", N_("Approve the export"), S.OVERSIGHT, "第五条",
            p.not_export_requester),
    _placed("refuse_export", "export_request", "refuse", N_("Refuse the export"), S.OVERSIGHT, "第五条",
            p.not_export_requester),
    _placed("use_export", "export_request", "use", N_("Make the file, once"), S.OVERSIGHT, "第五条", p.export_requester,
            p.export_approved, p.export_usable),
    _placed("expire_export", "export_request", "expire", N_("Export not used in time"), S.OVERSIGHT, "第五条",
            p.export_over),
    _placed("open_accountability", "accountability_record", "open", N_("Open an accountability record"), S.OVERSIGHT,
            "第十条"),
    _placed("hear_respondent", "accountability_record", "hear", N_("Note the respondent's statement"), S.OVERSIGHT,
            "第十条", p.not_respondent),
    _placed("decide_accountability", "accountability_record", "decide", N_("Decide"), S.OVERSIGHT, "第十条",
            p.not_respondent, p.not_accountability_opener),
    _placed("correct_accountability", "accountability_record", "correct", N_("Note the correction"), S.OVERSIGHT,
            "第十条", p.not_respondent),
    _placed("drop_accountability", "accountability_record", "drop", N_("Drop"), S.OVERSIGHT, "第十条",
            p.not_respondent, p.not_accountability_opener),

    # the weekly ledger: 十
    _placed("build_ledger", "ledger_batch", "build", N_("Build the weekly ledger"), S.LEDGER, "十"),
    _placed("send_ledger", "ledger_batch", "send", N_("Send the weekly ledger"), S.LEDGER, "十"),
    _placed("fail_ledger", "ledger_batch", "fail", N_("Sending failed"), S.LEDGER, "十"),
    _placed("retry_ledger", "ledger_batch", "retry", N_("Send the weekly ledger again"), S.LEDGER, "十"),
    _placed("acknowledge_ledger", "ledger_batch", "acknowledge", N_("Acknowledge the ledger"), S.LEDGER, "十"),
)
# fmt: on

OBJECT_ACTS: dict[str, ObjectTransition] = {row.name: row for row in _ROWS}
"""Every act on a small object, by name."""

EVERY_ACT: dict[str, Transition | ObjectTransition] = {**TRANSITIONS, **OBJECT_ACTS}
"""Every act there is, by the name its permission has."""


@cache
def may_hold(role: Role, act: str) -> bool:
    """Whether the bounds leave the act open to the role, whatever the county grants; False for no act at all."""
    if act in OBJECT_ACTS:
        return role in OBJECT_ACTS[act].roles
    return act in TRANSITIONS and may_ever(role, act, TRANSITIONS[act].act_class)
