"""Obligations, findings and events as rows and back again, no SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from db.instants import day_of, day_text, instant, instant_or_none, moment, moment_or_none
from db.report_values import clean
from monitor.model import (
    CellRef,
    Event,
    Finding,
    Obligation,
    Observation,
    Outcome,
    Passage,
    Severity,
    Sight,
    Status,
)

Row = dict[str, Any]


def obligation_row(obligation: Obligation) -> Row:
    """The row of an obligation, without `since` (see store_judgements) and `judged_at`."""
    return {
        "body_id": obligation.body,
        "report_year": obligation.report_year,
        "status": str(obligation.status),
        "clause": obligation.clause,
        "due_on": day_text(obligation.due_on),
        "days_late": obligation.days_late,
        "basis": obligation.basis,
        "published_on": day_text(obligation.published_on),
        "published_after": instant_or_none(obligation.published_after),
        "published_by": instant_or_none(obligation.published_by),
        "duty_id": obligation.duty,
        "certain": int(obligation.certain),
        "looks": json.dumps(list(obligation.looks)),
        "observations": _observations_json(obligation.observations),
        "explanation_zh": obligation.explanation_zh,
        "explanation_en": obligation.explanation_en,
        "stated_on": day_text(obligation.stated_on),
        "contradicted_by": _observations_json(obligation.contradicted_by),
    }


def obligation_from(row: Mapping[str, Any]) -> Obligation:
    """The obligation of a row."""
    return Obligation(
        body=row["body_id"],
        report_year=row["report_year"],
        status=Status(row["status"]),
        due_on=day_of(row["due_on"]),
        clause=row["clause"],
        days_late=row["days_late"],
        basis=row["basis"],
        published_on=day_of(row["published_on"]),
        published_after=moment_or_none(row["published_after"]),
        published_by=moment_or_none(row["published_by"]),
        duty=row["duty_id"],
        certain=bool(row["certain"]),
        looks=tuple(json.loads(row["looks"])),
        observations=_observations(row["observations"]),
        explanation_zh=row["explanation_zh"],
        explanation_en=row["explanation_en"],
        stated_on=day_of(row["stated_on"]),
        contradicted_by=_observations(row["contradicted_by"]),
        since=moment(row["since"]),
    )


def finding_row(finding: Finding) -> Row:
    """The row of a finding, without `report_id`, `opened_at` and `closed_at`."""
    cells = [
        {
            "table": cell.table,
            "row": cell.row,
            "column": cell.column,
            "raw": clean(cell.raw),
            # a decimal stays exact as text
            "value": cell.value if cell.value is None or isinstance(cell.value, int) else str(cell.value),
            "report_year": cell.report_year,
            "file": cell.file,
        }
        for cell in finding.cells
    ]
    passages = [{"section": p.section, "start": p.start, "end": p.end, "text": clean(p.text)} for p in finding.passages]
    return {
        "id": finding.id,
        "rule": finding.rule,
        "rule_version": finding.rule_version,
        "family": finding.family,
        "severity": str(finding.severity),
        "outcome": str(finding.outcome),
        "body_id": finding.body,
        "report_year": finding.report_year,
        "document": finding.document,
        "message_zh": clean(finding.message_zh),
        "message_en": clean(finding.message_en),
        "formula": finding.formula,
        "reason": finding.reason,
        "responsibility": str(finding.responsibility),
        "cells": json.dumps(cells, ensure_ascii=False),
        "passages": json.dumps(passages, ensure_ascii=False),
        "input_hash": finding.input_hash,
    }


def finding_from(row: Mapping[str, Any]) -> Finding:
    """The finding of a row."""
    return Finding(
        id=row["id"],
        rule=row["rule"],
        rule_version=row["rule_version"],
        family=row["family"],
        severity=Severity(row["severity"]),
        outcome=Outcome(row["outcome"]),
        message_zh=row["message_zh"],
        message_en=row["message_en"],
        body=row["body_id"],
        report_year=row["report_year"],
        cells=tuple(
            CellRef(
                c["table"],
                c["row"],
                c["column"],
                c["raw"],
                Decimal(c["value"]) if isinstance(c["value"], str) else c["value"],
                c["report_year"],
                c["file"],
            )
            for c in json.loads(row["cells"])
        ),
        passages=tuple(Passage(p["section"], p["start"], p["end"], p["text"]) for p in json.loads(row["passages"])),
        formula=row["formula"],
        reason=row["reason"],
        responsibility=row["responsibility"],
        document=row["document"],
        input_hash=row["input_hash"],
    )


def event_row(event: Event, family: str) -> Row:
    """The row of an event; `family`: that of its finding, or the new status."""
    return {
        "key": event.key,
        "kind": event.kind,
        "body_id": event.body,
        "report_year": event.report_year,
        "finding_id": event.finding,
        "old": event.old,
        "new": event.new,
        "effective_at": instant(event.effective_at),
        "detected_at": instant(event.detected_at),
        "severity": str(event.severity),
        "alert": int(event.alert),
        "message_zh": clean(event.message_zh),
        "message_en": clean(event.message_en),
        "family": family,
        "evidence": json.dumps(event.evidence, ensure_ascii=False, sort_keys=True),
    }


def event_from(row: Mapping[str, Any]) -> Event:
    """The event of a row."""
    return Event(
        key=row["key"],
        kind=row["kind"],
        body=row["body_id"],
        report_year=row["report_year"],
        old=row["old"],
        new=row["new"],
        effective_at=moment(row["effective_at"]),
        detected_at=moment(row["detected_at"]),
        severity=Severity(row["severity"]),
        alert=bool(row["alert"]),
        message_zh=row["message_zh"],
        message_en=row["message_en"],
        finding=row["finding_id"],
        evidence=json.loads(row["evidence"]),
    )


def _observations_json(observations: Sequence[Observation]) -> str:
    return json.dumps(
        [
            {
                "look": o.look,
                "column": o.column,
                "at": instant(o.at),
                "sight": str(o.sight),
                "reason": o.reason,
                "control": o.control,
            }
            for o in observations
        ],
        ensure_ascii=False,
    )


def _observations(stored: str) -> tuple[Observation, ...]:
    return tuple(
        Observation(o["look"], o["column"], moment(o["at"]), Sight(o["sight"]), o["reason"], o["control"])
        for o in json.loads(stored)
    )
