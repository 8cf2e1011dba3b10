"""The wide tables of figures: which code names a row and which codes are columns."""

from __future__ import annotations

from typing import Final

# table -> (its row column in SQL, the codes that are columns of a row), in the form's order (domain section 3)
FIGURE_TABLES: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "proactive": (
        "row",
        (
            "made",
            "newly_disclosed",
            "total_disclosed",
            "issued",
            "repealed",
            "in_force",
            "items_last_year",
            "change",
            "decisions",
            "projects",
            "amount_10k_yuan",
        ),
    ),
    "requests": (
        "row",
        (
            "natural_person",
            "enterprise",
            "research_institution",
            "public_interest_organization",
            "legal_service",
            "other_organization",
            "total",
        ),
    ),
    "disputes": ("proceeding", ("upheld", "corrected", "other", "pending", "total")),
    "indicators": ("code", ("value",)),
}
