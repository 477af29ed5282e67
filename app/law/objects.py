"""Small life cycles: what moves beside the application, one object a block, one move a line.

`act: from → to [roles]`; `—` is birth and a state with a full stop is terminal. Moves whose roles include `public` or
`kiosk` are made without login. The application's own acts make most of these moves; the others are acts on the object.
Objects that hang on no application (a ticket, a consultation) are born and moved by acts of their own alone.
"""

import re
from dataclasses import dataclass

WHO_SERVES = (
    "guide, window_clerk, town_clerk, window_manager, cert_clerk, "
    "approver, approval_assistant, office_head, bureau_leader"
)
"""In the table, `who_serves`: everybody who may meet an own relative among the applicants."""

_TABLE = """
correction_notice 补正告知
    request_correction: — → open [approver, office_head]
    part: open → open [window_clerk, town_clerk]
    overdue: open → overdue [system]
    answer: open → met. [window_clerk, town_clerk]
    answer_late: overdue → met. [window_clerk, town_clerk]
    end: overdue → ended. [office_head]
    cease: open → ceased. [window_clerk, town_clerk]
    cease_late: overdue → ceased. [window_clerk, town_clerk]
owed_material 容缺
    receive: — → open [window_clerk, town_clerk]
    overdue: open → overdue [system]
    collect: open → collected. [window_clerk, town_clerk, cert_clerk]
    collect_late: overdue → collected. [window_clerk, town_clerk, cert_clerk]
    cease: open → ceased. [system]
    cease_late: overdue → ceased. [system]
suspension 挂起
    request: — → requested [approver]
    return: requested → returned. [office_head]
    suspend: requested → running [office_head]
    resume: running → ended. [approver]
    cease: requested → ceased. [system]
    cease_running: running → ceased. [system]
slip 交接单/材料移交单
    make: — → issued [window_clerk, town_clerk, approver, office_head, cert_clerk]
    accept: issued → accepted. [approver, office_head, window_clerk, town_clerk, cert_clerk]
    return: issued → returned. [approver, office_head, window_clerk, town_clerk, cert_clerk]
ticket 排队号
    take: — → waiting [kiosk, guide]
    walk_in: — → serving [window_clerk, town_clerk, window_manager]
    adopt: — → serving [system]
    adopt: — → finished. [system]
    call: waiting → called [window_clerk, town_clerk]
    call_again: called → called [window_clerk, town_clerk]
    serve: called → serving [window_clerk, town_clerk]
    no_show: called → missed [window_clerk, town_clerk]
    requeue: missed → waiting [guide, window_clerk, town_clerk]
    redirect: serving → waiting [window_clerk, town_clerk]
    finish: serving → finished. [window_clerk, town_clerk, window_manager]
    expire: waiting → expired. [system]
    expire_missed: missed → expired. [system]
    end: called → expired. [system]
    end: serving → finished. [system]
consultation 咨询
    open: — → tier1 [guide]
    open_at_window: — → tier2 [window_clerk, town_clerk]
    to_window: tier1 → tier2 [window_clerk, town_clerk]
    to_window: answered → tier2 [window_clerk, town_clerk]
    hand_out: tier2 → tier2 [window_clerk, town_clerk]
    ask_manager: tier2 → tier3 [window_clerk, town_clerk]
    ask_manager: answered → tier3 [window_clerk, town_clerk]
    pass_to_office: tier3 → tier4 [window_clerk, town_clerk]
    pass_to_office: answered → tier4 [window_clerk, town_clerk]
    up: tier4 → tier4 [approver, office_head]
    answer1: tier1 → answered [guide]
    answer2: tier2 → answered [window_clerk, town_clerk]
    answer3: tier3 → answered [window_manager]
    answer4: tier4 → answered [approver, office_head, bureau_leader]
    close: answered → closed. [window_clerk, town_clerk, guide]
fee 收费/押金
    due: — → due [system]
    notify: due → notified [window_clerk, town_clerk, cert_clerk]
    notify_again: notified → notified [window_clerk, town_clerk, cert_clerk]
    pay: notified → paid. [window_clerk, town_clerk, cert_clerk, system]
    waive: due → waived. [office_head]
    waive_notified: notified → waived. [office_head]
    cease: due → ceased. [system]
    cease_notified: notified → ceased. [system]
    deposit_pay: notified → held [window_clerk, town_clerk, cert_clerk, system]
    refund: held → refunded. [office_head]
rating 评价 + work order 差评整改
    invite: — → invited [system]
    rate: invited → rated. [public]
    expire: invited → unrated. [system]
    bad: invited → contact [public]
    contact: contact → rectify [window_manager, office_head]
    reply: rectify → replied [window_manager, office_head]
    close: replied → closed. [supervisor]
    redo: replied → rectify [supervisor]
    appeal: contact → appealed [window_manager, office_head]
    void: appealed → voided. [supervisor]
    deny: appealed → contact [supervisor]
    extend: rectify → rectify [bureau_leader]
complaint 投诉
    file: — → contact [public, supervisor]
    contact: contact → rectify [window_manager, office_head]
    reply: rectify → replied [window_manager, office_head]
    close: replied → closed. [supervisor]
    redo: replied → rectify [supervisor]
    appeal: contact → appealed [window_manager, office_head]
    void: appealed → voided. [supervisor]
    deny: appealed → contact [supervisor]
    extend: rectify → rectify [bureau_leader]
export_request 导出审批
    request: — → requested [window_manager, approver, approval_assistant, office_head, archivist, supervisor]
    approve: requested → approved [supervisor, archivist, bureau_leader]
    refuse: requested → refused. [supervisor, archivist, bureau_leader]
    use: approved → used. [window_manager, approver, approval_assistant, office_head, archivist, supervisor]
    expire: approved → expired. [system]
escalation 上报
    raise: — → open [window_clerk, town_clerk, window_manager, approver, office_head, system]
    answer: open → answered [window_manager, office_head, bureau_leader]
    back: open → returned [window_manager, office_head]
    again: returned → open [window_clerk, town_clerk, approver]
    up: open → open [window_manager, office_head, system]
    close: answered → closed. [window_clerk, town_clerk, window_manager, approver, office_head, system]
archive_file 案卷
    open: — → open [system]
    list: open → listed [window_clerk, town_clerk]
    return: listed → open [approval_assistant]
    confirm: listed → filed [approval_assistant]
    supplement: filed → listed [window_clerk, town_clerk]
ledger_batch 周台账
    build: — → built [system]
    send: built → sent [system]
    fail: built → failed [system]
    retry: failed → sent [system]
    acknowledge: sent → acknowledged. [industry_dept, public]
substitute_period 代岗
    plan: — → planned [window_manager, office_head, bureau_leader]
    start: planned → active [system]
    end: active → ended. [system, window_manager, office_head, bureau_leader]
    cancel: planned → cancelled. [window_manager, office_head, bureau_leader]
whereabouts 去向留言
    leave: — → away [guide, window_clerk, town_clerk, window_manager, cert_clerk]
    back: away → returned. [guide, window_clerk, town_clerk, window_manager, cert_clerk]
    end: away → returned. [system]
meeting 工作例会
    hold: — → held. [window_manager, office_head]
training 培训
    train: — → held. [approver, office_head]
study 业务学习
    record: — → recorded. [window_manager, office_head]
relative 应回避的近亲属
    declare: — → declared [who_serves]
    end: declared → ended. [who_serves]
help_service 帮办
    help: — → given. [guide, window_clerk, town_clerk]
opinion 部门意见
    ask: — → asked [approver, office_head, system]
    give: asked → given. [approver, office_head]
    cease: asked → ceased. [system]
hearing 听证
    offer: — → offered [approver, office_head]
    request: offered → requested [window_clerk, town_clerk]
    set: requested → set [approver, office_head]
    set: set → set [approver, office_head]
    hold: set → held. [approver, office_head]
    waive: offered → waived. [window_clerk, town_clerk]
    waive: requested → waived. [window_clerk, town_clerk]
    waive: set → waived. [window_clerk, town_clerk]
    cease: offered → ceased. [system]
    cease: requested → ceased. [system]
    cease: set → ceased. [system]
ems_dispatch 邮寄
    send: — → sent [cert_clerk]
    deliver: sent → delivered. [cert_clerk]
    return: sent → returned. [cert_clerk]
accountability_record 责任追究
    open: — → open [supervisor, bureau_leader]
    hear: open → heard [supervisor]
    decide: heard → decided [bureau_leader]
    correct: decided → corrected. [supervisor]
    drop: heard → dropped. [bureau_leader]
"""


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a small object; `source` None is its birth."""

    act: str
    source: str | None
    to: str
    terminal: bool
    roles: tuple[str, ...]


_MOVE = re.compile(r"(\w+): (—|\w+) → (\w+)(\.?) \[([\w, ]+)\]")


def _read(table: str) -> dict[str, tuple[Move, ...]]:
    objects: dict[str, list[Move]] = {}
    current: list[Move] = []
    for line in table.strip().splitlines():
        if not line.startswith(" "):
            current = objects.setdefault(line.split()[0], [])
            continue
        found = _MOVE.fullmatch(line.strip())
        if found is None:
            raise ValueError(line)
        act, source, to, stop, roles = found.groups()
        named = tuple(roles.replace("who_serves", WHO_SERVES).split(", "))
        current.append(Move(act, None if source == "—" else source, to, bool(stop), named))
    return {name: tuple(moves) for name, moves in objects.items()}


OBJECTS: dict[str, tuple[Move, ...]] = _read(_TABLE)


def move(kind: str, act: str, source: str | None) -> Move:
    """The move `act` of an object of `kind` standing at `source`; KeyError where the table has none."""
    for candidate in OBJECTS[kind]:
        if candidate.act == act and candidate.source == source:
            return candidate
    raise KeyError(f"{kind}.{act} from {source}")
