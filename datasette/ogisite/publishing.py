"""Which findings (`findings f`) are published, and which of these are counted."""

SWITCHED_ON = "f.rule NOT IN (SELECT id FROM rules WHERE state <> 'on')"
# what our reader was not sure of is shown to operators only
PUBLIC = f"{SWITCHED_ON} AND f.reason NOT LIKE 'uncertain%'"
# what a person dismissed is listed with that word, and neither counted nor marked in the tables
STANDING = "NOT EXISTS (SELECT 1 FROM dismissed_findings d WHERE d.finding_id = f.id)"
