# `make demo` shows what the model does; `make test` says whether to trust it.
# Needs make and a Python from 3.11 on; everything else goes into .venv, nothing into the system.

PYTHON ?= python3
VENV ?= .venv
STUDY ?= configs/studies/demo.yaml
OUT ?= results/demo
HEADLINE := three_regimes three_regimes_pro_national three_regimes_pro_local what_it_hangs_on sweep_binding

PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
HASH := $(shell (sha256sum requirements.lock || shasum -a 256 requirements.lock) 2>/dev/null | cut -c 1-64)
CORE := $(VENV)/.core-$(HASH)
DEV := $(VENV)/.dev-$(HASH)
SIM := $(VENV)/.sim
WARM := $(VENV)/.warm
RULES := $(shell find sim -name '*.py')
DEVELOPMENT := \# --- development ---

ifneq ($(origin PYTHON),file)
ifneq ($(wildcard $(PY)),)
ifneq ($(shell $(PYTHON) -V),$(shell $(PY) -V))
$(warning $(VENV) holds $(shell $(PY) -V); `make clean` first, to change to $(PYTHON))
endif
endif
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-slow check published benchmark bench lock clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

demo: $(SIM) $(WARM) ## Run the main job: England under four regimes and a benchmark (STUDY=..., OUT=...)
	$(PY) -m sim run $(STUDY) --out $(OUT)

test: check $(WARM) ## Check style and types, then run the fast tests
	$(PY) -m pytest -q -m 'not slow' -n 2

test-slow: $(DEV) $(SIM) $(WARM) ## Run the slow tests: a second Python, a fresh clone, drills, long statistics
	$(PY) -m pytest -q -m slow

check: $(DEV) $(SIM) ## Check format, lint and types
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy --strict --explicit-package-bases benchmarks experiments sim

published: $(SIM) $(WARM) ## Renew the figures and tables that the README shows (about twenty minutes)
	for study in $(HEADLINE); do $(PY) -m sim run $$study --out results/$$study || exit 1; done
	rm -rf results/published && mkdir -p results/published
	for figure in F1 F3 F4 F12; do \
	  for form in png svg alt.txt; do cp results/three_regimes/figures/$$figure.$$form results/published/; done; done
	for form in png svg alt.txt; do cp results/sweep_binding/figures/F11.$$form results/published/; done
	cp results/three_regimes/comparison.txt results/published/three_regimes.txt
	cp results/sweep_binding/sweep.txt results/published/sweep_binding.txt
	$(PY) -m experiments.headline results > results/published/headline.md

benchmark: $(SIM) $(WARM) ## Time England at full size
	$(PY) -m benchmarks.england

bench: $(SIM) $(WARM) ## Measure all that has a target, and write it into docs/performance.md (twenty minutes)
	$(PY) -m benchmarks.targets --run --record

clean: ## Remove the environment and what the tools left behind; results stay
	rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find benchmarks experiments sim tests -name __pycache__ -prune -exec rm -rf {} +

# --- the environment ---------------------------------------------------------------------------------
# The stamps carry the lock's hash, so another lock installs again and the same one never does.

$(PY):
	@advice=; \
	if ! $(PYTHON) -c '' 2>/dev/null; then \
	  advice="$(PYTHON) does not run: install Python 3.11 or newer, or name one: make PYTHON=python3.12"; \
	elif ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	  advice="$(PYTHON) is older than Python 3.11: install a newer one, or name one: make PYTHON=python3.12"; \
	elif ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
	  version=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	  advice="$(PYTHON) lacks the venv module, on Debian and Ubuntu: sudo apt-get install python$$version-venv"; \
	fi; \
	if [ -z "$$advice" ]; then $(PYTHON) -m venv --clear $(VENV); \
	elif command -v uv >/dev/null; then UV_VENV_CLEAR=1 uv venv --quiet --seed --python '>=3.11' $(VENV); \
	else echo "$$advice" >&2; exit 1; fi

$(CORE): | $(PY)
	@ls $(VENV)/.core-* >/dev/null 2>&1 || echo "installing ≈ 1.0 GB into $(VENV) (to download: ≈ 0.3 GB); one to three minutes"
	@sed '/^$(DEVELOPMENT)$$/,$$d' requirements.lock > $(VENV)/core.txt
	@$(PIP) install --require-hashes -r $(VENV)/core.txt
	@rm -f $(VENV)/.core-* && touch $@

$(DEV): $(CORE)
	@echo "installing ≈ 0.1 GB more: what the tests need"
	@$(PIP) install --require-hashes -r requirements.lock
	@rm -f $(VENV)/.dev-* && touch $@

$(SIM): pyproject.toml $(CORE)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(WARM): $(RULES) $(CORE)
	@echo "compiling once, ≈ 40 s"
	@$(PY) -m sim.model.warm
	@touch $@

# --- the lock ----------------------------------------------------------------------------------------
# One file for every platform and Python from 3.11 on: what the simulator needs first, then what its
# developers need besides. The public package index is asked, whatever wheels this machine keeps;
# one version of each package serves all Pythons where one exists, so that their numbers agree.

RESOLVE = env -u PIP_FIND_LINKS -u UV_FIND_LINKS $(PY) -m uv pip compile --quiet --no-config --universal \
	--python-version 3.11 --fork-strategy fewest --generate-hashes --annotation-style line \
	--no-header --no-emit-index-url --no-emit-find-links --upgrade pyproject.toml --extra build

lock: $(PY) ## Resolve requirements.lock again from pyproject.toml, to the newest versions it allows
	@$(PIP) install 'uv>=0.8'
	$(RESOLVE) --output-file $(VENV)/core.txt
	$(RESOLVE) --extra dev --constraint $(VENV)/core.txt --output-file $(VENV)/all.txt
	@{ echo '# Made by `make lock` from pyproject.toml; do not edit.'; cat $(VENV)/core.txt; \
	   echo '$(DEVELOPMENT)'; \
	   awk 'NR == FNR {core[$$0]; next} /^[a-z0-9]/ {more = !($$0 in core)} more' \
	     $(VENV)/core.txt $(VENV)/all.txt | sed 's|-c $(VENV)/core.txt, ||; s|, -c $(VENV)/core.txt||'; \
	 } > requirements.lock
