"""The facts the guards ask, answered from the database: each list is read once, and only when somebody asks."""

from collections.abc import Collection
from datetime import datetime

from app.engine.clocks import deemed_accepted_at, within_correction_by_law
from app.engine.custody_facts import CustodyFacts
from app.engine.dossier import Dossier
from app.engine.lamps import lamp_at, thresholds
from app.law.clock import ZONE, Clock, Lamp, is_late
from app.law.object_acts import EVERY_ACT
from app.law.roles import BACK_CLASSES, COUNTER_CLASSES, FRONT_ACTS, Role
from app.law.states import DeliveryMode, State
from app.models.calendar import ClockRun

BACK_ACTS = frozenset(name for name, row in EVERY_ACT.items() if row.act_class in BACK_CLASSES)
COUNTER_ACTS = frozenset(name for name, row in EVERY_ACT.items() if row.act_class in COUNTER_CLASSES)
EXPLAINED = frozenset({Clock.CORRECTION, Clock.PROMISED, Clock.STATUTORY, Clock.HANDOVER, Clock.DELIVERY})
"""The applicant is owed the reason when one of these was missed (优化营商环境条例36)."""
NOT_ACCEPTED_YET = frozenset({State.DRAFT, State.RECEIVED, State.CORRECTING, State.REJECTION_FILING})
"""Its opinions are not even asked for."""
EPOCH = datetime.min.replace(tzinfo=ZONE)


class Facts(CustodyFacts):
    """A dossier seen by one person in one role at one moment: what the guards ask."""

    # the person

    @property
    def actor_id(self) -> int | None:
        return self.actor.user_id

    @property
    def role(self) -> Role:
        return self.grant.role

    def _did(self, acts: Collection[str]) -> bool:
        mine = self.actor.user_id
        return mine is not None and any(e.actor_id == mine and e.act in acts for e in self.dossier.all_events)

    @property
    def did_front_act(self) -> bool:
        return self._did(FRONT_ACTS)

    @property
    def did_back_act(self) -> bool:
        return self._did(BACK_ACTS)

    @property
    def did_counter_act(self) -> bool:
        return self._did(COUNTER_ACTS)

    @property
    def is_party(self) -> bool:
        a = self.dossier.application
        return self.actor.is_party(a.id_no_index, a.agent_id_index)

    # the application

    @property
    def delivery_mode(self) -> DeliveryMode | None:
        mode = self.dossier.application.delivery_mode
        return DeliveryMode(mode) if mode else None

    @property
    def closed(self) -> bool:
        return self.dossier.application.closed_at is not None

    @property
    def original_effective(self) -> bool:
        return True  # judged once, when the application is registered

    @property
    def within_correction_days(self) -> bool:
        return within_correction_by_law(self.dossier.clocks, self.now)

    @property
    def any_clock_breached(self) -> bool:
        return any(
            is_late(r.stopped_at or self.now, r.due_at)
            for r in self.dossier.clocks.runs
            if r.clock in (Clock.PROMISED, Clock.STATUTORY)
        )

    @property
    def within_promised_limit(self) -> bool:
        promised = self.dossier.clocks.latest(Clock.PROMISED)
        return promised is not None and self.now.date() <= promised.due_on

    # examination

    @property
    def review_says(self) -> str | None:
        return self.dossier.reviews[-1].conclusion if self.dossier.reviews else None

    @property
    def review_is_last(self) -> bool:
        """Whether nothing came in since: no file, resumed procedure, opinion, conclusion or supplement."""
        if not self.dossier.reviews:
            return False
        since = [
            *(s.settled_at for s in self.file_slips[-1:]),
            *(s.ended_at for s in self.dossier.suspensions),
            *(o.given_at for o in self.dossier.opinions),
            *(j.concluded_at for j in self.dossier.joint_reviews),
            *(h.held_at for h in self.dossier.hearings),
            *(v.recorded_at for v in self.dossier.verifications),
            *(o.settled_at for o in self.dossier.owed),
        ]
        return self.dossier.reviews[-1].reviewed_at >= max((at for at in since if at), default=EPOCH)

    @property
    def reviewer_id(self) -> int | None:
        return self.dossier.reviews[-1].reviewer_id if self.dossier.reviews else None

    @property
    def proposer_id(self) -> int | None:
        filing = self.dossier.open_filing
        return filing.proposer_id if filing else None

    # what is open: with the applicant, with another office, with a higher level

    @property
    def owed_open(self) -> int:
        return len(self.dossier.owed_open)

    @property
    def owed_names(self) -> tuple[str, ...]:
        return tuple(owed.material.name for owed in self.dossier.owed_open)

    @property
    def correction_rounds(self) -> int:
        return len(self.dossier.corrections)

    @property
    def deemed(self) -> bool:
        at = deemed_accepted_at(self.dossier.clocks)
        return at is not None and self.now > at

    @property
    def draft_expired(self) -> bool:
        run = self.dossier.clocks.running(Clock.DRAFT_KEEP)
        return run is not None and is_late(self.now, run.due_at)

    @property
    def something_awaited(self) -> bool:
        return self.state is State.CORRECTING or self.owed_open > 0

    @property
    def may_terminate(self) -> bool:
        """The applicant's time is over, and somebody reminded the applicant once the lamp was yellow."""
        clock = Clock.REPLY if self.state is State.CORRECTING else Clock.OWED
        return any(
            run.stopped_at is None and is_late(self.now, run.due_at) and self._was_reminded(run)
            for run in self.dossier.clocks.runs
            if run.clock == clock
        )

    def _was_reminded(self, run: ClockRun) -> bool:
        given = thresholds(self.dossier.session, self.dossier.settings)
        return any(
            event.act == "remind_applicant"
            and event.at >= run.started_at
            and lamp_at(run, event.at, self.dossier.calendar, given) is not Lamp.GREEN
            for event in self.dossier.events
        )

    @property
    def suspension_requested(self) -> bool:
        return self.dossier.open_suspension is not None

    @property
    def suspension_requester_id(self) -> int | None:
        suspension = self.dossier.open_suspension
        return suspension.requester_id if suspension else None

    @property
    def joint_review_open(self) -> bool:
        return self.dossier.open_joint_review is not None

    @property
    def opinions_open(self) -> bool:
        return any(o.state == "asked" for o in self.dossier.opinions_of_group)

    @property
    def hearing_awaited(self) -> bool:
        return any(
            h.state in ("requested", "set") or (h.state == "offered" and self.now <= h.due_at)
            for h in self.dossier.hearings
        )

    @property
    def presided(self) -> bool:
        mine = self.actor.user_id
        return mine is not None and any(h.presider_id == mine for h in self.dossier.hearings)

    @property
    def group_waits(self) -> tuple[str, ...]:
        return tuple(
            f"{each.short_no} {each.item_version.snapshot['name']}"
            for each in self.dossier.group
            if each.state in NOT_ACCEPTED_YET
        )

    @property
    def extended(self) -> bool:
        return any(run.extension for run in self.dossier.clocks.runs)

    @property
    def verified(self) -> bool:
        return bool(self.dossier.verifications)

    @property
    def unexplained_breach(self) -> bool:
        return bool(unexplained(self.dossier, self.now))

    @property
    def escalation_open(self) -> bool:
        return self.dossier.open_escalation is not None

    @property
    def escalation_level(self) -> str | None:
        return self.dossier.escalations[-1].level if self.dossier.escalations else None

    @property
    def rating_reminded(self) -> bool:
        return self.dossier.happened("remind_rating")

    @property
    def rating_concerns(self) -> str | None:
        return self.dossier.rating.concerns if self.dossier.rating else None


def unexplained(dossier: Dossier, now: datetime) -> list[ClockRun]:
    """The limits of the whole matter, and its delivery, that were missed and whose reason nobody has given yet."""
    told = {run_id for e in dossier.events if e.act == "explain_overdue" for run_id in e.payload["clock_runs"]}
    return [
        run
        for run in dossier.clocks.runs
        if run.clock in EXPLAINED and run.id not in told and is_late(run.stopped_at or now, run.due_at)
    ]
