# Two commands are all a newcomer needs:
#   make run    install what is missing, start everything: the page, the bots with a token, a worker
#   make test   install what is missing, run every check

# The first Python here that is new enough and can make virtual environments; PYTHON=… names another.
FITS := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3 python; do \
	"$$python" -c '$(FITS)' 2>/dev/null && echo "$$python" && break; done)
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check

# What computes captions: torch for a GPU; on a CPU OpenVINO, faster and a fraction of torch's 5 GB.
MODEL := $(if $(filter torch,$(CAPTIONBOT_ENGINE))$(shell command -v nvidia-smi),worker,openvino)

.DEFAULT_GOAL := help
.PHONY: help run test check lint types contracts pytest chaos fuzz bench bench-check bench-pages format lock platforms licences audit check-dockerfile clean

help:  ## What there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: .venv/installed-run  ## Install what is missing and start everything; PORT=8090 for another port than 8080
	@$(if $(PORT),CAPTIONBOT_WEB_PORT=$(PORT)) $(BIN)/captionbot run

test: .venv/installed-dev .venv/installed-system  ## Install what is missing and run every check
	$(MAKE) --no-print-directory check

check: lint types contracts pytest  ## Every check, without installing anything

lint:  ## ruff: lint and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:  ## mypy --strict
	$(BIN)/mypy

contracts:  ## Who may import whom
	$(BIN)/lint-imports

# One process more than there are cores, because many tests wait: for processes, servers and clocks.
# They keep the tests as pytest compiles them, which takes each of them ten seconds.
TESTERS ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 3 ? cores + 1 : 4)))

pytest:  ## The tests alone, on several processes; TESTERS=… for how many
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $(TESTERS) --dist worksteal

chaos: .venv/installed-dev .venv/installed-system  ## 1,000 photos while everything fails; SEED=… PHOTOS=…
	$(BIN)/python -m tests.system.chaos $(if $(SEED),--seed $(SEED)) $(if $(PHOTOS),--photos $(PHOTOS)) $(ARGS)

fuzz: .venv/installed-dev  ## 25,000 broken files and messages through every door; SEED=… INPUTS=…
	$(BIN)/python -m tests.fuzz $(if $(SEED),--seed $(SEED)) $(if $(INPUTS),--inputs $(INPUTS)) $(ARGS)

bench: .venv/installed-bench .venv/installed-system  ## Measure what it costs, and write the pages; ONLY=… EFFORT=…
	$(BIN)/python -m benchmarks run $(ONLY) $(if $(EFFORT),--effort $(EFFORT)) $(ARGS); \
	status=$$?; $(BIN)/python -m benchmarks render && exit $$status

bench-check: .venv/installed-bench .venv/installed-system  ## Whether the ratios and counts still meet their bars
	$(BIN)/python -m benchmarks check $(ARGS)

bench-pages:  ## Write docs/benchmarks.md and docs/capacity.md anew from what was measured
	$(BIN)/python -m benchmarks render

format:  ## Let ruff put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/installed-bench  ## Write constraints.txt anew from what is installed
	$(PIP) freeze --exclude-editable > constraints.txt

platforms: .venv/installed-dev  ## Write what other files say of the chat platforms, from their registry
	$(BIN)/python deploy/platforms.py

licences: .venv/installed-dev  ## Write THIRD_PARTY.md anew from what is installed
	$(BIN)/python deploy/licences.py

audit: .venv/bin/python  ## Look for known weaknesses of what constraints.txt pins
	$(BIN)/python -m venv build/audit
	build/audit/bin/pip --disable-pip-version-check install --quiet pip-audit
	build/audit/bin/pip-audit --requirement constraints.txt --disable-pip --no-deps

check-dockerfile:  ## Build and run an image without Docker, in minutes; TARGET=bot, as root
	deploy/check-dockerfile.sh $(or $(TARGET),bot)

clean:  ## Remove what make has made, runs of training excepted
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "CaptionBot needs Python 3.11 or newer with its venv module." \
		"On Debian or Ubuntu: sudo apt install python3-venv. Elsewhere: make $(MAKECMDGOALS) PYTHON=…" >&2; exit 1; }
	@echo "== A virtual environment in .venv, with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv .venv

# The stamps say what is installed; they are older than the files that decide it when those change.
.venv/installed-run: .venv/bin/python pyproject.toml constraints.txt
	@echo "== Installing the packages of the bots and the model: $(if $(filter worker,$(MODEL)),5 GB with torch,550 MB); this takes a few minutes"
	$(PIP) install --constraint constraints.txt --editable '.[bot,$(MODEL)]'
	@touch $@

.venv/installed-dev: .venv/bin/python pyproject.toml constraints.txt
	@echo "== Installing the packages of all roles and of the tests: 7 GB with torch; this takes several minutes"
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@ .venv/installed-run

.venv/installed-bench: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --editable '.[bench]'
	@touch $@ .venv/installed-dev .venv/installed-run

# Redis and Chromium for the tests, from Debian's packages.
.venv/installed-system: .venv/bin/python
	deploy/install-test-packages.sh
	@touch $@
