"""What people said of findings: the word that counts on each, and how often a rule was right."""

from ogisite.reading import rows

ENOUGH = 5  # verdicts that confirm or dismiss, before a share of them says anything
# the word that counts: the newest on a finding, as long as the values are those it was given for
NEWEST_VERDICT = "(SELECT id FROM verdicts x WHERE x.finding_id = v.finding_id ORDER BY x.at DESC, x.id DESC LIMIT 1)"


def with_people(conn, found):
    """The findings, each with `person`: the newest verdict if it stands, `reopened` if the values changed, or ''; and
    `word`: the reason given with that verdict.
    """
    said = {}
    marks = ",".join("?" * len(found))
    for r in rows(
        conn,
        f"""SELECT v.finding_id, v.verdict, v.reason,
                   v.input_hash = f.input_hash AS stands
            FROM verdicts v JOIN findings f ON f.id = v.finding_id
            WHERE v.finding_id IN ({marks}) AND v.id = {NEWEST_VERDICT}""",
        [f["id"] for f in found],
    ):
        said[r["finding_id"]] = (r["verdict"] if r["stands"] else "reopened", r["reason"])
    for finding in found:
        finding["person"], finding["word"] = said.get(finding["id"], ("", ""))
    return found


def precision(conn):
    """People's verdicts by rule: counts of each, and the precision.

    Only the newest verdict on a finding counts, and only verdicts on the rule's present version: what it said before
    was another rule. `percent`: confirmed of those confirmed or dismissed, None below ENOUGH.
    """
    found = {}
    for r in rows(
        conn,
        f"""SELECT f.rule, v.verdict, count(*) AS n FROM verdicts v JOIN findings f ON f.id = v.finding_id
            JOIN rules u ON u.id = f.rule AND u.version = v.rule_version
            WHERE v.id = {NEWEST_VERDICT} GROUP BY 1, 2""",
    ):
        found.setdefault(r["rule"], {"confirm": 0, "dismiss": 0, "dispute": 0})[r["verdict"]] = r["n"]
    for said in found.values():
        said["of"] = said["confirm"] + said["dismiss"]
        said["percent"] = round(100 * said["confirm"] / said["of"]) if said["of"] >= ENOUGH else None
    return found
