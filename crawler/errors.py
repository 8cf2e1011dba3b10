"""The exceptions of this room."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from registry.model import LookResult


class CrawlerError(RuntimeError):
    """The crawl cannot be done as asked; one line that says what was expected and where."""


class Withheld(IgnoreRequest):  # type: ignore[misc]  # Scrapy is untyped
    """A request that we ourselves did not send (or whose answer we did not take), with the result it gives a look."""

    def __init__(self, result: LookResult, sentence: str) -> None:
        super().__init__(sentence)
        self.result = result
        self.sentence = sentence


class OutOfBudget(Exception):
    """The requests or the time of this run are used up: what is under way is broken off as `interrupted`."""
