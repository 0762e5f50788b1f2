# Two commands: `make app` opens the atlas, `make test` checks everything.
PYTHON ?= python3
PORT ?= 8501
BIN = .venv/bin

.PHONY: app test lint check bench clean

app: .venv/app
	@echo "Ville active : http://127.0.0.1:$(PORT)  (Ctrl+C pour arrêter)"
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: .venv/dev lint
	sh tests/system_packages.sh
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

check: .venv/app
	$(BIN)/python -m villeactive check

bench: .venv/dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv build .pytest_cache .ruff_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 ou plus récent est nécessaire : make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Installez d'abord le paquet python3-venv."; exit 1; }

.venv/app: .venv/bin/python requirements.txt constraints.txt
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r requirements.txt -c constraints.txt
	@touch $@

.venv/dev: .venv/app requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	@touch $@
