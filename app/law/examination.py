"""The words of an examination (第十五条（五）): special procedures and their results, verifications."""

from app.law import N_

SPECIAL_PROCEDURES = {
    "site_survey": N_("Site survey"),
    "expert_review": N_("Expert review"),
    "hearing": N_("Hearing"),
    "bidding": N_("Bidding"),
    "auction": N_("Auction"),
    "inspection": N_("Inspection"),
    "testing": N_("Testing"),
    "quarantine": N_("Quarantine"),
    "appraisal": N_("Appraisal"),
}
"""Why an application is suspended: the site survey of the rule and the eight procedures of 行政许可法45."""

SURVEYORS = 2
"""How many people survey a site, or verify the substance, together (行政许可法34)."""

PROCEDURE_RESULTS = {"passed": N_("Passed"), "failed": N_("Not passed"), "other": N_("Other result")}

VERIFICATION_METHODS = {
    "document": N_("From documents"),
    "online": N_("Online"),
    "onsite": N_("On the spot"),
}

VERIFICATION_CONCLUSIONS = {
    "conform": N_("Conforms"),
    "not_conform": N_("Does not conform"),
    "unclear": N_("Unclear"),
}
