"""`python -m scheduler` is `ogiwatch`."""

from scheduler.cli import main

main(prog_name="ogiwatch")
