"""Which changes become events, which of them are alerted, and that judging again makes none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from monitor_cases import LATE_LOOKS, OTHERS, PROOF, YEAR, at, look, mine, status

from monitor.events import CLOSED, OPENED, finding_events, news_since, status_event
from monitor.messages import compose
from monitor.model import Finding, MonitorError, Obligation, Outcome, Severity, Status

NOW = at("02-08 13:00")
MISSING = status()
WAITING = status(now="02-05")
LATE = status(looks=LATE_LOOKS, held=mine("02-20"), now="02-20 13:00")


def told(old: Obligation | None, new: Obligation, now=NOW, watch_from: int | None = YEAR):
    return status_event(old, new, now, watch_from=watch_from)


@pytest.mark.parametrize(
    ("old", "new", "alert"),
    [
        (WAITING, MISSING, True),
        (MISSING, LATE, True),
        (WAITING, LATE, True),
        (WAITING, replace(LATE, certain=False), False),  # local practice
        (WAITING, replace(LATE, status=Status.UNDATED), False),
        (MISSING, replace(MISSING, status=Status.UNVERIFIED, clause="stale"), False),
        (WAITING, replace(MISSING, status=Status.UNVERIFIED), False),
        (WAITING, replace(LATE, status=Status.ON_TIME), False),
        (replace(LATE, status=Status.ON_TIME), replace(LATE, status=Status.WITHDRAWN), True),
        (replace(LATE, certain=False), replace(LATE, status=Status.WITHDRAWN, certain=False), True),
    ],
)
def test_flips(old, new, alert) -> None:
    event = told(old, new)
    assert event is not None
    assert (event.old, event.new, event.alert) == (old.status, new.status, alert)
    assert event.message_en == new.explanation_en


def test_judging_again_tells_nothing() -> None:
    assert told(MISSING, MISSING) is None
    assert told(MISSING, status(now="02-09", previous=MISSING, looks=[*PROOF, look("02-09", OTHERS)])) is None


def test_the_key_rests_on_the_evidence() -> None:
    again = status(now="02-09 13:00", looks=[*PROOF, look("02-09", OTHERS)])
    assert told(WAITING, MISSING).key == told(WAITING, again, at("02-09 13:00")).key == told(None, MISSING).key
    assert told(WAITING, MISSING).effective_at == at("02-08 00:00")
    assert told(WAITING, LATE).key != told(WAITING, MISSING).key


def test_a_pause_of_ours_is_not_news() -> None:
    stale = status(now="02-22 13:00", previous=MISSING)
    back = status(now="02-23 13:00", previous=stale, looks=[*PROOF, look("02-23", OTHERS)])
    fallen, given = told(MISSING, stale, at("02-22 13:00")), told(stale, back, at("02-23 13:00"))
    assert not fallen.alert
    assert not given.alert
    assert len({told(WAITING, MISSING).key, fallen.key, given.key}) == 3


def test_a_proof_that_was_not_fresh_at_first_is_news_once_it_is() -> None:
    tired = status(now="02-10 13:00")
    assert tired.clause == "not_fresh"
    fresh = status(now="02-11 13:00", previous=tired, looks=[*PROOF, look("02-11", OTHERS)])
    assert told(tired, fresh, at("02-11 13:00")).alert


def test_a_first_judgement_is_no_change_unless_it_accuses_on_our_watch() -> None:
    assert told(None, replace(LATE, status=Status.ON_TIME)) is None
    assert told(None, replace(LATE, status=Status.UNVERIFIED)) is None
    assert told(None, LATE, watch_from=YEAR + 1) is None
    assert told(None, LATE, watch_from=None) is None
    assert told(None, MISSING).alert


def test_an_old_report_found_late_is_history() -> None:
    before = replace(LATE, status=Status.UNVERIFIED, clause="before_our_watch")
    event = told(before, LATE, watch_from=YEAR + 1)
    assert event is not None
    assert not event.alert


def finding(**more) -> Finding:
    values = {"id": "rule:fin:2025:received", "rule": "rule", "rule_version": 1, "family": "request_balance",
              "severity": Severity.ERROR, "outcome": Outcome.FAIL, "message_zh": "不相等", "message_en": "not equal",
              "body": "fin", "report_year": 2025, "input_hash": "h1", "formula": "1 + 1 = 3"}  # fmt: skip
    return Finding(**{**values, **more})


def test_findings() -> None:
    def of(old, new, news=True):
        return [(e.kind, e.alert) for e in finding_events(old, new, NOW, is_news=lambda f: news)]

    one = finding()
    assert of([], [one]) == [(OPENED, True)]
    assert of([], [one], news=False) == [(OPENED, False)]
    assert of([one], [one]) == []
    assert of([one], [finding(input_hash="h2")]) == []
    assert of([one], [finding(outcome=Outcome.PASS)]) == [(CLOSED, False)]
    assert of([one], []) == [(CLOSED, False)]
    assert of([], [finding(severity=Severity.NOTICE)]) == [(OPENED, False)]
    assert of([], [finding(outcome=Outcome.PENDING)]) == []
    assert of([], [finding(family="late"), finding(id="x", family="undated")]) == []  # the status tells it
    with pytest.raises(MonitorError, match="needs a body"):
        of([], [finding(body=None)])


def test_what_is_news() -> None:
    since = at("01-10")
    assert news_since(at("02-05"), since, NOW)
    assert not news_since(since + timedelta(hours=3), since, NOW)  # the backlog of the first look
    assert not news_since(at("01-12"), since, at("03-20"))  # a new rule over the archive
    assert not news_since(None, since, NOW)
    assert not news_since(at("02-05"), None, NOW)


def test_messages() -> None:
    event = told(WAITING, MISSING)
    english = compose(event, name="北京市西城区财政局", base_url="https://ogi.example.org/", language="en")
    assert english.subject == "北京市西城区财政局, 2025: not found"
    assert "not found in columns" in english.body
    assert "https://ogi.example.org/body/fin/2025" in english.body
    assert "did not publish" not in english.body
    assert english.payload["new"] == "missing"
    chinese = compose(event, name="北京市西城区财政局", base_url="https://ogi.example.org", language="zh")
    assert chinese.subject == "北京市西城区财政局：2025年度报告未找到"
    assert "查看日期" in chinese.body
    opened = finding_events([], [finding()], NOW, is_news=lambda f: True)[0]
    text = compose(opened, name="财政局\n", base_url="https://x.org")
    assert "\n" not in text.subject
    assert "1 + 1 = 3" in text.body
    assert "https://x.org/finding/rule:fin:2025:received" in text.body
    with pytest.raises(MonitorError, match="expected en or zh"):
        compose(event, name="", base_url="", language="fr")
