"""The text of sections with the passages of findings marked. Offsets are code points in the text of a section."""


def _place(passage, sections):
    """(position, start, end) of a passage, or None: its offsets if the text stands there, else where it is found."""
    text = str(passage.get("text") or "")
    wanted = passage.get("section")
    fitting = [s for s in sections if s["number"] == wanted] if wanted is not None else []
    start, end = passage.get("start"), passage.get("end")
    if isinstance(start, int) and isinstance(end, int) and 0 <= start < end:
        for section in fitting:
            if section["text"][start:end] == text or (not text and end <= len(section["text"])):
                return section["position"], start, end
    if not text:
        return None
    for section in [*fitting, *sections]:
        at = section["text"].find(text)
        if at >= 0:
            return section["position"], at, at + len(text)
    return None


def span_of(sections, passages):
    """Where the first of some passages stands, as an address says it: section (0: the preamble), start and end."""
    place = next((found for passage in passages if (found := _place(passage, sections))), None)
    return f"{place[0] + 1}-{place[1]}-{place[2]}" if place else ""


def marked(sections, passages):
    """Sections with paragraphs of segments.

    `sections`: dicts with position, number, heading, text. `passages`: (number of the finding, severity, passage dict).
    Each paragraph is a list of (text, [(finding number, severity)]). Also returns the finding numbers whose passage
    could not be placed.
    """
    spans, lost = {}, []
    for number, severity, passage in passages:
        place = _place(passage, sections)
        if place is None:
            lost.append(number)
        else:
            spans.setdefault(place[0], []).append((place[1], place[2], number, severity))
    for section in sections:
        section["paragraphs"] = _paragraphs(section["text"], spans.get(section["position"], []))
    return sections, lost


def _paragraphs(text, spans):
    cuts = {0, len(text)}
    for start, end, _, _ in spans:
        cuts.update((start, end))
    paragraph_start = 0
    found = []
    for line in text.split("\n"):
        start, end = paragraph_start, paragraph_start + len(line)
        paragraph_start = end + 1
        if not line.strip():
            continue
        points = sorted({start, end} | {c for c in cuts if start < c < end})
        segments = []
        for left, right in zip(points, points[1:], strict=False):
            over = [(n, s) for a, b, n, s in spans if a < right and b > left]
            segments.append((text[left:right], over))
        found.append(segments)
    return found
