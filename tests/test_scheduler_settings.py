"""settings.toml: strict, and every setting explained."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.rules import rule
from scheduler.clock import Clock, parse_moment
from scheduler.model import SchedulerError
from scheduler.settings import Settings, default_text, described, load


def test_a_home_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()


def test_the_printed_defaults_are_a_settings_file_that_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(default_text(), encoding="utf-8")
    assert load(tmp_path) == Settings()
    path.write_text(re.sub(r"^# (\w+ = )", r"\1", default_text(), flags=re.M), encoding="utf-8")
    assert load(tmp_path) == Settings()


def test_every_setting_says_its_unit_and_reason() -> None:
    assert len(list(described())) > 25
    assert all(item.unit and item.reason for item in described())


def test_what_is_set_is_taken_and_the_rest_stays(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[crawl]\ndelay_seconds = 5\n[judging]\ngrace_days = 14\n")
    settings = load(tmp_path)
    assert (settings.crawl.delay_seconds, settings.judging.grace_days) == (5.0, 14)
    assert isinstance(settings.crawl.delay_seconds, float)
    assert settings.crawl.hour == Settings().crawl.hour


@pytest.mark.parametrize("jump", ['"plausibility.jump"', "plausibility.jump"])
def test_rules_are_switched_by_their_ids(tmp_path: Path, jump: str) -> None:
    (tmp_path / "settings.toml").write_text(f'[rules]\n{jump} = "on"\ncopied_text = "on"\n')
    assert load(tmp_path).rules.states == {"plausibility.jump": "on", "copied_text": "on"}


@pytest.mark.parametrize(("version", "state"), [(1, "on"), (2, "shadow")])
def test_a_rule_switched_on_at_one_version_is_in_shadow_at_another(tmp_path: Path, version: int, state: str) -> None:
    assert rule("copied_text").version == 1
    (tmp_path / "settings.toml").write_text(f"[rules]\ncopied_text = {version}\n")
    assert load(tmp_path).rules.states == {"copied_text": state}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[crawl]\n\ndelay = 3\n", ":3: delay: no such setting; there are contact"),
        ("[craw]\nx = 1\n", ":1: craw: no such section; there are watch"),
        ("hour = 3\n", ":1: hour: no such section"),
        ("crawl = 3\n", ":1: crawl: expected a section [crawl]"),
        ("[site]\nport = 80\n[crawl]\nhour = 24\n", ":4: hour: expected 0 to 23"),
        ("[crawl]\nhour = true\n", ":2: hour: expected a whole number"),
        ("[crawl]\nhour = 2.5\n", ":2: hour: expected a whole number"),
        ("[crawl]\ndelay_seconds = nan\n", ":2: delay_seconds: expected 0 to 600"),
        ("[crawl]\ncontact = 7\n", ":2: contact: expected text in quotes"),
        ("[crawl]\nallow_private = 1\n", ":2: allow_private: expected true or false"),
        ("[judging]\nabsent_looks = 0\n", ":2: absent_looks: expected 1 to"),
        ("[crawl\n", ": not valid TOML"),
        ('[rules]\n"no_such" = "on"\n', ":2: no_such: no such rule to switch"),
        ('[rules]\n"missing" = "shadow"\n', ":2: missing: no such rule to switch"),
        ('[rules]\ncopied_text = true\n', ':2: copied_text: expected "on", "shadow" or the version switched on,'),
        ("[crawl]\nhour = 2\nhour = 3\n", ": not valid TOML"),
    ],
)
def test_a_fault_names_file_line_and_setting(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    with pytest.raises(SchedulerError) as caught:
        load(tmp_path)
    assert f"{tmp_path}/settings.toml{said}" in str(caught.value)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes("[crawl]\ncontact = '联系'\n".encode("gb18030"))
    with pytest.raises(SchedulerError, match="expected UTF-8"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-04-01", datetime(2026, 3, 31, 16, tzinfo=UTC)),
        ("2026-04-01T09:00", datetime(2026, 4, 1, 1, tzinfo=UTC)),
        ("2026-04-01 09:00:30", datetime(2026, 4, 1, 1, 0, 30, tzinfo=UTC)),
        ("2026-04-01T09:00Z", datetime(2026, 4, 1, 9, tzinfo=UTC)),
        ("2026-04-01T09:00+02:00", datetime(2026, 4, 1, 7, tzinfo=UTC)),
    ],
)
def test_a_moment_without_an_offset_is_of_shanghai(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "0001-01-01"])
def test_a_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SchedulerError, match="--as-of"):
        parse_moment(text)


def test_a_clock_that_was_set_goes_on_from_there() -> None:
    start = datetime(2026, 4, 1, tzinfo=UTC)
    clock = Clock(start, began=0.0)
    assert clock.now() > start
    assert clock.now().microsecond == 0
