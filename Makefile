# Two commands matter: `make demo` shows the whole service at work, `make test` runs all tests.
# Each does its own set-up on a fresh machine (Python 3.11 or newer and make are enough).
.PHONY: demo run extras test lint campaigns lock clean

demo:
	@scripts/setup.sh requirements.lock
	@.venv/bin/ogiwatch demo

run:
	@scripts/setup.sh requirements.lock
	@.venv/bin/ogiwatch run

# Pictures and scans (OCR), DOC and WPS files (LibreOffice), pages that need JavaScript (Chromium): some 900 MB more.
extras:
	@scripts/setup.sh requirements-extras.lock
	@scripts/packages.sh

test: lint
	@.venv/bin/python -m pytest -m "not campaign" --numprocesses 2 --dist loadfile

lint:
	@scripts/setup.sh requirements-dev.lock
	@scripts/packages.sh
	@.venv/bin/ruff check .
	@.venv/bin/mypy

campaigns:
	@scripts/setup.sh requirements-dev.lock
	@scripts/packages.sh
	@.venv/bin/python -m pytest -m campaign

# Renews the lock files from pyproject.toml; needs the uv tool.
COMPILE = uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate
lock:
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --extra ocr --extra browser -o requirements-extras.lock
	$(COMPILE) pyproject.toml --extra ocr --extra browser --extra dev -o requirements-dev.lock
	printf 'editables\nhatchling\n' | $(COMPILE) - -o requirements-build.lock

clean:
	rm -rf .venv demo-data .pytest_cache .mypy_cache .ruff_cache
