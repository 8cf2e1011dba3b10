# Two commands matter: `make demo` shows the whole service at work, `make test` runs all tests.
# Each does its own set-up on a fresh machine (Python 3.11 or newer and make are enough).
.PHONY: demo run test lint campaigns lock clean

demo:
	@scripts/setup.sh requirements.lock
	@.venv/bin/ogiwatch demo

run:
	@scripts/setup.sh requirements.lock
	@.venv/bin/ogiwatch run

test: lint
	@.venv/bin/python -m pytest -m "not campaign" --numprocesses 2 --dist loadfile

lint:
	@scripts/setup.sh requirements-dev.lock
	@.venv/bin/ruff check .
	@.venv/bin/mypy

campaigns:
	@scripts/setup.sh requirements-dev.lock
	@.venv/bin/python -m pytest -m campaign

# Renews the lock files from pyproject.toml; needs the uv tool.
lock:
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.lock
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate pyproject.toml --extra dev -o requirements-dev.lock
	printf 'editables\nhatchling\n' | uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate - -o requirements-build.lock

clean:
	rm -rf .venv demo-data .pytest_cache .mypy_cache .ruff_cache
