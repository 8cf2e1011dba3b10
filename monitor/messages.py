"""What a subscriber is told of an event: subject, plain text and a payload, in Chinese or English, with the evidence.

Wording: what was seen or not found, where and when; never a verdict on anybody's intentions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from monitor.days import day_of
from monitor.events import CLOSED, OPENED, instant
from monitor.model import Event, MonitorError

LANGUAGES = ("en", "zh")

_STATUS: Mapping[str, tuple[str, str]] = {
    "not_due": ("未到应公布日", "not due"),
    "awaiting": ("宽限期内", "awaited"),
    "on_time": ("按时公布", "published on time"),
    "late": ("晚于应公布日", "published late"),
    "undated": ("公布日期不明", "publication day unknown"),
    "missing": ("未找到", "not found"),
    "unverified": ("未核实", "not verified"),
    "withdrawn": ("已撤下", "withdrawn"),
    "exempt": ("豁免", "exempt"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message, the same at every attempt: subject on one line, plain text body, and what a webhook is given."""

    subject: str
    body: str
    payload: Mapping[str, str]


def status_name(status: str, language: str) -> str:
    """A status in words of the language; a code that is none stays as it is."""
    zh, en = _STATUS.get(status, (status, status))
    return zh if language == "zh" else en


def compose(event: Event, *, name: str, base_url: str, language: str = "en") -> Message:
    """The message of an event. `name`: the body's full name; `base_url`: the site's public address, links start there.

    Raises MonitorError for a language that is neither `en` nor `zh`.
    """
    if language not in LANGUAGES:
        raise MonitorError(f"language: expected en or zh, got {language!r}")
    zh = language == "zh"
    link = f"{base_url.rstrip('/')}/body/{quote(event.body, safe='')}/{event.report_year}"
    if event.finding:
        link = f"{base_url.rstrip('/')}/finding/{quote(event.finding, safe=':')}"
    happened, known = day_of(event.effective_at), day_of(event.detected_at)
    lines = [event.message_zh if zh else event.message_en, ""]
    if event.kind in (OPENED, CLOSED):
        rule = event.evidence.get("rule", "")
        what = ("发现问题", "finding") if event.kind == OPENED else ("问题已消除", "finding closed")
        subject = f"{name}：{event.report_year}年度报告{what[0]}" if zh else f"{name}, {event.report_year}: {what[1]}"
        lines += [f"规则：{rule}" if zh else f"Rule: {rule}"]
        if formula := event.evidence.get("formula"):
            lines += [f"算式：{formula}" if zh else f"Formula: {formula}"]
    else:
        new, old = status_name(event.new, language), status_name(event.old, language)
        subject = f"{name}：{event.report_year}年度报告{new}" if zh else f"{name}, {event.report_year}: {new}"
        if event.old:
            lines += [f"此前：{old}" if zh else f"Before: {old}"]
        lines += [f"自：{happened}；查知：{known}" if zh else f"Since {happened}, known since {known}"]
        if looks := event.evidence.get("looks"):
            lines += [f"查看记录编号：{looks}" if zh else f"Looks: {looks}"]
    lines += [("详情与证据：" if zh else "Details and evidence: ") + link]
    payload = {
        "event": event.key,
        "kind": event.kind,
        "body": event.body,
        "name": name,
        "report_year": str(event.report_year),
        "old": event.old,
        "new": event.new,
        "severity": event.severity.value,
        "effective_at": instant(event.effective_at),
        "detected_at": instant(event.detected_at),
        "finding": event.finding,
        "message_zh": event.message_zh,
        "message_en": event.message_en,
        "url": link,
    }
    return Message(" ".join(subject.split()), "\n".join(lines), payload)
