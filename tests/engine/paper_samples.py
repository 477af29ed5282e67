"""Facts of each paper as a county would write them; the people are fictional."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

_COMMON: dict[str, Any] = {
    "organisation": "屯昌县行政审批服务局",
    "centre": {"name": "枫木镇便民服务中心", "address": "屯昌县枫木镇人民路1号", "phone": "0898-67800003"},
    "office": {"name": "市场准入审批室"},
    "actor_name": "示例乙",
    "application": {
        "number": "11469022MB0A12342B4000131001004202609240001",
        "short_no": "TC-20260924-0001",
        "item_name": "食品经营许可（新办）",
        "item_code": "11469022MB0A12342B4000131001004",
        "licence": True,
        "applicant_name": "示例甲",
        "applicant_name_masked": "示**",
        "id_type": "居民身份证",
        "id_no_masked": "469***********1239",
        "agent_name": "示例丁",
    },
}
_LIMITS = {
    "statutory_limit": {"amount": 20, "unit": "working_day"},
    "promised_limit": {"amount": 5, "unit": "working_day"},
}
_OWED = [
    {
        "name": "经营场所平面图",
        "requirement": "按1∶100比例绘制，标明各功能间名称、面积和食品加工流向，由申请人签名",
        "how": "window",
        "due": {"date": "2026-10-09", "provisional": False},
    }
]
_RESULTS = [
    {"name": "食品经营许可证（正本）", "number": "JY24690220000011", "copies": 1},
    {"name": "食品经营许可证（副本）", "number": "JY24690220000011", "copies": 1},
    {"name": "准予行政许可决定书", "number": "屯审(准)〔2026〕31号", "copies": 1},
]
_MATERIALS = [
    ("食品经营许可申请表", "original", 1),
    ("营业执照", "copy", 1),
    ("经营者身份证明", "copy", 1),
    ("食品安全管理制度文本", "electronic", 1),
    ("从业人员健康证明", "copy", 3),
]
_FACTS_OF_THE_CASE = (
    "2026年9月28日收到申请后，经核对经营场所房屋租赁合同和不动产登记资料，申请人填报的经营场所"
    "（屯昌县枫木镇示例路8号）登记用途为住宅，申请人未能提供有利害关系业主同意的书面材料。"
)

_OWN: dict[str, dict[str, Any]] = {
    "one_time_notice": {
        "window": "T01综合窗口",
        "round": 1,
        "basis": "《中华人民共和国食品安全法》第三十五条；《食品经营许可和备案管理办法》第四条",
        "conditions": "1．具有与经营的食品品种、数量相适应的场所；2．具有相应的经营设备或者设施；"
        "3．有食品安全管理人员和保证食品安全的规章制度；4．具有合理的设备布局和工艺流程。",
        "procedure": "收件→受理→审查（必要时现场核查）→决定→制证→出件",
        **_LIMITS,
        "fee": "不收费",
        "online": "海南省政务服务网（屯昌县）→“食品经营许可（新办）”→在线办理",
        "lines": [
            {"name": "食品经营许可申请表", "required": "required", "originals": 1, "copies": 0, "electronic": True,
             "status": "defective", "requirement": "第2页“主体业态”未勾选，请补填并由经营者签名"},
            {"name": "营业执照", "required": "required", "originals": 0, "copies": 1, "electronic": False,
             "issuer": "市场监督管理部门", "status": "copy_differs", "requirement": "与原件不符，请重新复印"},
            {"name": "经营者身份证明", "required": "required", "originals": 1, "copies": 1, "electronic": False,
             "issuer": "公安机关", "status": "in_order"},
            {"name": "从业人员健康证明", "required": "required", "originals": 0, "copies": 3, "electronic": False,
             "issuer": "医疗卫生机构", "status": "missing", "requirement": "提交全部3名从业人员的有效健康证明复印件"},
            {"name": "授权委托书", "required": "conditional", "originals": 1, "copies": 0, "electronic": False,
             "status": "in_order"},
        ],
        "acknowledged_by": "示例丁",
        "supervision_phone": "0898-67812345",
    },
    "receipt_voucher": {
        "pickup_code": "482913",
        "window": "T01综合窗口",
        "identity_checked": "reader",
        "materials": [
            *(
                {"name": name, "status": "taken", "form": form, "pieces": pieces, "copy_verified": form == "copy"}
                for name, form, pieces in _MATERIALS
            ),
            {"name": "经营场所平面图", "status": "tolerated", "pieces": 0, "copy_verified": False},
            {"name": "不动产权属证明", "status": "shared", "pieces": 0, "copy_verified": False},
        ],
        "owed": _OWED,
        "delivery_mode": "window",
        "answer_due": {"date": "2026-10-09", "provisional": False},
    },
    "transfer_slip": {
        "occasion": "receive",
        "lines": [{"name": name, "form": form, "pieces": pieces} for name, form, pieces in _MATERIALS],
    },
    "acceptance_notice": {
        "received_on": "2026-09-24",
        "deemed": False,
        "clock_from": "2026-09-28",
        **_LIMITS,
        "statutory_due": {"date": "2026-10-30", "provisional": False},
        "promised_due": {"date": "2026-10-10", "provisional": False},
        "fee": "不收费",
        "delivery_mode": "window",
        "owed": _OWED,
        "supervision_phone": "0898-67812345",
    },
    "negative_filing_form": {
        "direction": "non_acceptance",
        "applicant_phone": "19900000001",
        "applicant_address": "屯昌县枫木镇示例路8号",
        "received_on": "2026-09-24",
        "content": "申请办理食品经营许可（新办），主体业态为餐饮服务经营者，经营项目为热食类食品制售。",
        "reason_code": "conditions_not_met",
        "facts": _FACTS_OF_THE_CASE,
        "reasons": "将住宅改变为经营性用房，未经有利害关系的业主一致同意，不具备受理条件。",
        "legal_basis": "《中华人民共和国民法典》第二百七十九条；《食品经营许可和备案管理办法》第十二条",
        "handler": "示例乙",
    },
    "non_acceptance": {
        "received_on": "2026-09-24",
        "reason_code": "conditions_not_met",
        "facts": _FACTS_OF_THE_CASE,
        "reasons": "将住宅改变为经营性用房，未经有利害关系的业主一致同意，不具备受理条件。",
        "legal_basis": "《中华人民共和国民法典》第二百七十九条、《食品经营许可和备案管理办法》第十二条。",
        "returned": [{"name": name, "form": form, "pieces": pieces} for name, form, pieces in _MATERIALS],
    },
    "grant_decision": {
        "received_on": "2026-09-24",
        "accepted_on": "2026-09-28",
        "address": "屯昌县枫木镇示例路8号",
        "content": "准予从事餐饮服务（热食类食品制售）。经营场所：屯昌县枫木镇示例路8号。",
        "basis": "《中华人民共和国食品安全法》第三十五条",
        "valid_from": "2026-09-30",
        "valid_to": "2031-09-29",
    },
    "handover_slip": {
        "from_unit": "制证中心",
        "to_desk": "枫木镇便民服务中心综合窗口",
        "promised_due": {"date": "2026-10-10", "provisional": False},
        "delivery_mode": "window",
        "documents": _RESULTS,
        "collect": [{"name": line["name"], "requirement": line["requirement"]} for line in _OWED],
    },
    "ems_list": {
        "ems_no": "1234567890123",
        "recipient_masked": "示**",
        "recipient_phone_masked": "199****0001",
        "address": "海南省屯昌县枫木镇示例路8号",
        "sending_unit": "县政务服务大厅制证中心",
        "pieces": 3,
        "documents": _RESULTS,
    },
    "service_receipt": {
        "mode": "window",
        "place": "枫木镇便民服务中心综合窗口",
        "documents": _RESULTS,
        "collected": [{"name": line["name"], "requirement": line["requirement"]} for line in _OWED],
        "signer": "示例丁",
        "relation": "agent",
        "id_last4": "004X",
        "proxy_reason": "受申请人书面委托代为领取",
    },
    "file_catalogue": {
        "archive_no": "DA-2026-000012",
        "title": "示例甲食品经营许可（新办）",
        "retention": "30年",
        "secrecy": "无",
        "medium": "both",
        "location": "县档案室2排3架",
        "closed_on": "2026-10-09",
        "entries": [
            {"responsible": "县行政审批服务局", "number": "屯审(准)〔2026〕31号", "title": "准予行政许可决定书",
             "date": "2026-09-30", "first_page": 1, "pages": 2},
            {"responsible": "县行政审批服务局", "number": "JY24690220000011", "title": "食品经营许可证",
             "date": "2026-10-08", "first_page": 3, "pages": 2, "remark": "复印件"},
            {"responsible": "示例甲", "title": "食品经营许可申请表", "date": "2026-09-24", "first_page": 5, "pages": 4},
            {"responsible": "示例甲", "title": "营业执照、身份证明、健康证明等申请材料",
             "date": "2026-09-24", "first_page": 9, "pages": 6},
            {"responsible": "县行政审批服务局", "number": "屯审(受)〔2026〕87号", "title": "受理通知书",
             "date": "2026-09-28", "first_page": 15, "pages": 1},
            {"responsible": "市场准入审批室", "title": "审查意见", "date": "2026-09-29", "first_page": 16, "pages": 1},
            {"responsible": "枫木镇便民服务中心", "number": "屯审(达)〔2026〕66号", "title": "送达回证",
             "date": "2026-10-09", "first_page": 17, "pages": 1},
        ],
        "lister": {"name": "示例乙", "at": "2026-09-28T09:05:00+08:00"},
        "note": "容缺材料“经营场所平面图”已于2026年10月9日补齐。",
    },
    "suspension_notice": {
        "kind": "site_survey",
        "basis": "《食品经营许可和备案管理办法》第二十一条",
        "reason": "需要核实经营场所与申报的布局、设施是否一致",
        "from_day": "2026-09-30",
        "planned_days": 5,
        "plan_due": {"date": "2026-10-13", "provisional": False},
        "pauses": ["promised"],
    },
    "extension_notice": {
        "days": 5,
        "reason": "经营场所正在按核查意见整改，需要复核后作出决定",
        "promised_before": {"date": "2026-10-10", "provisional": False},
        "promised_after": {"date": "2026-10-16", "provisional": False},
        "statutory_before": {"date": "2026-10-30", "provisional": False},
        "statutory_after": {"date": "2026-11-06", "provisional": False},
    },
    "refusal_decision": {
        "received_on": "2026-09-24",
        "accepted_on": "2026-09-28",
        "facts": "经2026年10月8日现场核查，经营场所没有与经营品种相适应的洗消、更衣设施。",
        "reasons": "不具备与生产经营的食品品种、数量相适应的卫生设施，不符合许可条件。",
        "legal_basis": "《食品安全法》第三十三条第一款第二项",
        "statement": "2026年10月9日已听取申请人陈述，申请人对核查事实没有异议。",
    },
    "shortage_commitment": {"window": "T01综合窗口", "owed": _OWED},
    "correction_receipt": {
        "occasion": "supplement",
        "window": "枫木镇便民服务中心T01综合窗口",
        "notice_no": "屯审(容)〔2026〕7号",
        "materials": [
            {"name": "经营场所平面图", "status": "taken", "form": "original", "pieces": 1, "copy_verified": False},
        ],
        "open": ["从业人员健康证明"],
    },
    "withdrawal": {
        "window": "T01综合窗口",
        "reason": "经营场所变更，另行申请",
        "returned": [{"name": "营业执照", "form": "copy", "pieces": 1}],
        "outstanding": [{"name": "食品经营许可申请表", "form": "original", "pieces": 1}],
    },
    "correction_notice": {
        "received_on": "2026-09-24",
        "round": 2,
        "leader_reason": "补正后的申请表仍缺少经营者签名",
        "lines": [
            {"name": "食品经营许可申请表", "problem": "第2页“主体业态”未勾选，经营者未签名",
             "requirement": "补填“主体业态”，由经营者本人签名", "basis": "《食品经营许可和备案管理办法》第十二条"},
            {"name": "从业人员健康证明", "problem": "示例戊的健康证明已过有效期",
             "requirement": "提交在有效期内的健康证明复印件，交验原件", "basis": "《食品安全法》第四十五条"},
        ],
        "owed": _OWED,
        "reply_due": {"date": "2026-10-20", "provisional": False},
    },
    "termination": {
        "received_on": "2026-09-24",
        "cause": "correction",
        "notice_no": "屯审(补)〔2026〕15号",
        "missed": ["食品经营许可申请表", "从业人员健康证明"],
        "missed_due": {"date": "2026-10-20", "provisional": False},
        "reason": "申请人在补正期限内未提交补正材料，经2026年10月19日电话提醒后仍未提交。",
        "legal_basis": "《屯昌县行政审批工作规范》和补正告知书载明的逾期后果。",
        "returned": [{"name": name, "form": form, "pieces": pieces} for name, form, pieces in _MATERIALS],
    },
}  # fmt: skip


def sample(kind: str, **changes: Any) -> dict[str, Any]:
    """The facts of one paper, fresh, with the changes asked for."""
    facts = deepcopy({**_COMMON, **_OWN[kind]})
    if kind in {"negative_filing_form", "grant_decision", "refusal_decision", "service_receipt"}:
        facts["application"]["id_no"] = "469099198506151239"
    return facts | changes
