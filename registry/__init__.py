"""The bottom of the house: who owes a report, where it is published, by when. Imports nothing of ours."""
