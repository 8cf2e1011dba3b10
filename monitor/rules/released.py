"""Which rules are published: the version of each that people have looked at and switched on.

A rule that is not here, or whose version is another, is in shadow: computed, shown to operators, neither published nor
alerted. So a new rule starts there, and a changed one returns to it until its new version is written here. A home may
decide otherwise in its settings.
"""

from __future__ import annotations

from collections.abc import Mapping

# Not here: plausibility.jump and copied_text, until people have looked at enough of what they find in real reports; the
# boiler-plate of a whole county is known only then.
RELEASED: Mapping[str, int] = {
    "request_balance": 1,
    "request_parts": 1,
    "request_row_total": 1,
    "dispute_total": 1,
    "indicator_sum.received": 1,
    "indicator_sum.completed": 1,
    "indicator_sum.replied": 1,
    "indicator_sum.refused": 1,
    "indicator_sum.reconsideration": 1,
    "indicator_sum.litigation": 1,
    "indicator_sum.staff": 1,
    "indicator_sum.limit.disclosed.normative_documents": 1,
    "indicator_sum.limit.response.press_conferences_by_head": 1,
    "indicator_sum.limit.response.online_interviews_by_head": 1,
    "proactive_logic.disclosed": 1,
    "proactive_logic.items": 1,
    "proactive_logic.decisions": 1,
    "proactive_logic.negative": 1,
    "narrative_table": 1,
    "narrative_arithmetic.share": 1,
    "narrative_arithmetic.parts": 1,
    "form_generation": 1,
    "form_section": 1,
    "form_section.instruction": 1,
    "form_content.assessment": 1,
    "form_content.review": 1,
    "form_content.accountability": 1,
    "form_content.fees": 1,
    "form_blank": 1,
    "form_year.title": 1,
    "form_year.text": 1,
    "form_year.period": 1,
    "form_unit": 1,
    "plausibility.rule_making": 1,
    "plausibility.zero_year": 1,
    "carry_over": 1,
    "in_force": 1,
    "in_force.items_last_year": 1,
    "restated": 1,
    "restated.sources": 1,
    "late": 1,
    "missing": 1,
    "withdrawn": 1,
    "back_dated": 1,
    "undated": 1,
}
