# The two commands of the README are `make play` and `make test`; the rest helps developers.
#
#   make play                        the app in the browser
#   make play ARGS="--no-browser"    without opening one
#   make test                        everything; BROWSER=skip leaves the browser tests out
#   make test TESTS=tests/world      a part of it; ARGS is handed to pytest
#   make test WORKERS=0              in one process, for a debugger
#   make check                       ruff and mypy
#   make clean                       takes .venv and caches away
#
# PYTHON names another interpreter (3.11 or later), VENV another folder.

PYTHON ?= python3
VENV   ?= .venv
ARGS   ?=
TESTS  ?= tests
BROWSER ?=
# Files go to two processes in their order: the heavy ones come early, so neither waits at the end.
WORKERS ?= 2

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Debian calls it chromium, others chromium-browser or google-chrome; CHROMIUM may name one. Over
# Debian's chromium-headless-shell, which has no window, the browser tests take a third less time.
CHROMIUM ?=
BROWSERS := $(if $(CHROMIUM),$(shell command -v "$(CHROMIUM)"),$(shell command -v chromium \
	|| command -v chromium-browser || command -v google-chrome))
SHELLS := $(if $(CHROMIUM),$(CHROMIUM),$(shell command -v chromium-headless-shell))
INSTALL := apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq

.PHONY: play test check chromium clean venv

play: $(VENV)/.web-stamp
	@$(BIN)/entrepot play $(ARGS)

test: $(VENV)/.test-stamp chromium
	@CHROMIUM="$(CHROMIUM)" BROWSER="$(BROWSER)" \
		$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS) $(ARGS)

check: $(VENV)/.test-stamp
	$(BIN)/ruff check .
	$(BIN)/mypy world agents runs entrepot

venv: $(VENV)/.test-stamp

# The stamps are what makes a second call start in seconds: pip runs again only when
# what it would install has changed.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Entrepot needs Python 3.11 or later; name one with PYTHON=python3.12." >&2; exit 1; }
	@echo "making $(VENV) (once, two or three minutes)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.web-stamp: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) -c constraints.txt --editable ".[web]"
	@touch $@

$(VENV)/.test-stamp: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) -c constraints.txt --editable ".[web,test]"
	@touch $@ $(VENV)/.web-stamp

# The browser tests want a real Chromium. Who may install system packages gets it installed;
# who may not is told what cannot be run, rather than shown a green that skipped it.
chromium:
ifneq ($(BROWSER),skip)
ifeq ($(BROWSERS),)
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "installing Chromium for the browser tests"; \
		$(INSTALL) chromium >/dev/null; \
	else \
		echo "No Chromium here, and no right to install one, so these cannot be run:" >&2; \
		grep -rl 'mark\.browser' tests --include='test_*.py' | xargs grep -h -o '^def test_[a-z0-9_]*' \
			| sed 's/^def /  /' >&2; \
		echo "Install Chromium, or leave them out with: make test BROWSER=skip" >&2; \
		exit 1; \
	fi
endif
ifeq ($(SHELLS),)
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		($(INSTALL) chromium-headless-shell) >/dev/null 2>&1 || true; \
	fi
endif
endif
	@:

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
