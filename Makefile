# make advise   check the example case      make test   every check
# make serve    the web application         make lint   style and types only
# make docs     bring the generated parts of README.md and docs/ up to date
# make benchmark   measure beside other engines (QUICK=1 for a look)
# make frontend    compile the style sheet anew (needs npm); nobody else needs to
# make clean    remove what these made
.PHONY: advise serve test lint docs benchmark frontend clean python
.NOTPARALLEL:

CASE ?= scenarios/reviews/jack/2017-05-facial-mark.yaml
BIN := .venv/bin

advise: .venv/.run
	@$(BIN)/advisor check $(CASE)

serve: .venv/.run
	@$(BIN)/advisor serve

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/advisor rules lint
	$(BIN)/advisor rules test
	$(BIN)/pytest -q -n auto --dist loadfile

docs: .venv/.dev
	$(BIN)/python -m docs.generate

benchmark: .venv/.bench
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

# The style sheet is made from one published version, so that everybody has the same bytes.
FRONTEND := advisor/web/static/govuk
frontend:
	rm -rf build/frontend && mkdir -p build/frontend
	npm install --silent --no-audit --no-fund --prefix build/frontend govuk-frontend@6.3.0 sass@1.108.2
	build/frontend/node_modules/.bin/sass --load-path=build/frontend/node_modules \
		--style=compressed --no-source-map --no-charset $(FRONTEND)/build.scss \
		$(FRONTEND)/govuk-frontend.css
	sed '/^..# sourceMappingURL=/d; s|//# sourceMappingURL=.*||' \
		build/frontend/node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js \
		> $(FRONTEND)/govuk-frontend.min.js

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find advisor tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# The first Python that can run durable-rules (3.11 or 3.12, with C headers), else a later one. Each is
# tried by running it: a name on the path may be a shim with nothing behind it. PYTHON=... overrides.
PYTHON ?=
CANDIDATES = $(or $(PYTHON),python3 python3.12 python3.11 /usr/bin/python3 \
	$(wildcard $(HOME)/.pyenv/versions/3.1[12]*/bin/python3) \
	/usr/local/bin/python3 python3.13 python3.14 python)

define PROBE
import importlib.util, os, sys, sysconfig
have, version = importlib.util.find_spec, sys.version_info[:2]
headers = os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))
ready = have("venv") and (have("ensurepip") or have("pip"))
suits = headers and (3, 11) <= version < (3, 13) if sys.argv[1] == "engine" else version >= (3, 13)
sys.exit(not (ready and suits))
endef
export PROBE

FIND = python=; \
	for kind in engine later; do for name in $(CANDIDATES); do \
		if [ -z "$$python" ] && $$name -c "$$PROBE" $$kind >/dev/null 2>&1; then python=$$name; fi; \
	done; done; \
	if [ -z "$$python" ]; then \
		echo "No usable Python found. Install Python 3.11 or 3.12 with venv and its C headers" >&2; \
		echo "(on Debian or Ubuntu: apt-get install python3-venv python3-dev gcc) and try again." >&2; \
		exit 1; \
	fi

# Prints the Python that the others would use.
python:
	@$(FIND); echo "$$python"

# Debian's Python may have pip but not ensurepip: then pip is put in from outside.
define SET_UP
	@echo "Setting up, about half a minute, once only" >&2
	@if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		$(FIND); \
		$$python -m venv --clear .venv >/dev/null 2>&1 || { \
			$$python -m venv --clear --without-pip .venv && \
			$$python -m pip --python $(BIN)/python install -qq pip; } || exit 1; \
	fi
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '$(1)' || { \
		echo "Setting up failed, see above. It needs a C compiler (on Debian or Ubuntu: apt-get" >&2; \
		echo "install gcc python3-dev) and a way to the Python package index." >&2; exit 1; }
endef

.venv/.run: pyproject.toml
	$(call SET_UP,.)
	@touch $@

.venv/.dev: pyproject.toml
	$(call SET_UP,.[dev])
	@touch .venv/.run $@

.venv/.bench: pyproject.toml
	$(call SET_UP,.[benchmarks])
	@touch .venv/.run $@
