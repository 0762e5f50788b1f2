# Two commands: `make app` opens the atlas, `make test` checks everything.
PYTHON ?= python3
PORT ?= 8501
BIN = .venv/bin
# one more than there are cores, as tests wait for pages and servers; four at most
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(4, 1 + (os.cpu_count() or 1)))')
# where tests write for a moment: in memory where there is enough, as a disk would be waited for;
# gone with them, and open to the account of the database server, which is not root
SCRATCH = $(shell $(PYTHON) -c 'from os import path; from shutil import disk_usage; \
	print("-p /dev/shm" if path.isdir("/dev/shm") and disk_usage("/dev/shm").free > 4 << 30 else "")')
INSTALL = $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt
# what packages run, not their tests: quicker than pip, and needed where Python keeps nothing
# it compiles (PYTHONDONTWRITEBYTECODE), or each start would take three times as long
COMPILE = $(BIN)/python -m compileall -q -j 0 -x '/tests?/' .venv/lib

# or each program that a test starts would compile it anew
COMPILE_OURS = $(BIN)/python -m compileall -q villeactive

.PHONY: app test lint check bench lock clean

app: .venv/app
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
		{ echo "Port $(PORT) : déjà pris, ou refusé. Choisissez-en un autre : make app PORT=8600" >&2; exit 2; }
	@echo "Ville active : http://127.0.0.1:$(PORT)  (Ctrl+C pour arrêter)"
	$(BIN)/streamlit run app.py --server.port $(PORT)

# the tests themselves are kept as they are compiled: they are read in half the time
test: .venv/dev lint
	sh tests/system_packages.sh
	@$(COMPILE_OURS) || true
	@folder=$$(mktemp -d $(SCRATCH)) && trap 'rm -rf "$$folder"' EXIT && chmod 711 "$$folder" && \
		PYTHONDONTWRITEBYTECODE= TMPDIR="$$folder" \
		$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check: .venv/app
	$(BIN)/python -m villeactive check

bench: .venv/dev
	$(BIN)/python -m benchmarks

# what an install brings, byte for byte: pip install --require-hashes -r requirements.lock
lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet pip-tools==7.6.2
	build/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
		--no-config --no-annotate --no-header --no-emit-options --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host \
		--constraint constraints.txt --output-file requirements.lock requirements.txt

clean:
	rm -rf .venv build .pytest_cache .ruff_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 ou plus récent est nécessaire : make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Installez d'abord le paquet python3-venv."; exit 1; }

.venv/app: .venv/bin/python requirements.txt constraints.txt
	$(INSTALL) -r requirements.txt
	@$(COMPILE) || true
	@touch $@

EXTRAS = requirements-dask.txt requirements-postgresql.txt requirements-signin.txt

.venv/dev: .venv/app requirements-dev.txt $(EXTRAS)
	$(INSTALL) -r requirements-dev.txt $(EXTRAS:%=-r %)
	@$(COMPILE) || true
	@touch $@
