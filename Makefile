# Everything a contributor runs. `make` alone lists the targets.
#
#   PYTHON=python3.12      the interpreter the environment is made from
#   VENV=/some/dir         where the environment is
#   PYTEST_ARGS="-k route" what pytest is given
#   MUTANTS='*.ga3*'       which mutants `make mutants` tries (default: all)
#   FUZZ_TREES=100         how many cases `make fuzz` tries; also FUZZ_FILES, FUZZ_UWSGI, FUZZ_SEED

PYTHON ?= python3
VENV ?= .venv
PYTEST_ARGS ?= -q
FUZZ_SEED ?= 2
FUZZ_FILES ?= 20000
FUZZ_TREES ?= 2000
FUZZ_UWSGI ?= 5000

BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
INSTALL = $(PIP) install --quiet -c tools/constraints.txt
# mypy and import-linter read directories: this one shows them rules/ as glance_audit.rules.
WHOLE = build/whole
FIRST_PARTY = tests tools
# mutmut works on a copy: tools/mutation.py.
MUTATION = build/mutation
MUTANTS ?=

SAMPLE = samples/shared-vhost

.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: audit
audit: $(VENV)/.installed ## Build the environment and audit a sample deployment
	@$(BIN)/glance-audit $(SAMPLE); status=$$?; \
	if [ $$status -gt 1 ]; then echo "glance-audit failed with status $$status" >&2; exit 1; fi

.PHONY: test
test: $(VENV)/.installed-test servers ## Run the tests; as root on Debian, install the real servers first
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

.PHONY: fuzz
fuzz: export FUZZ_SEED := $(FUZZ_SEED)
fuzz: export FUZZ_FILES := $(FUZZ_FILES)
fuzz: export FUZZ_TREES := $(FUZZ_TREES)
fuzz: export FUZZ_UWSGI := $(FUZZ_UWSGI)
fuzz: $(VENV)/.installed-test servers ## Compare the readers with the real servers on many made-up files
	@$(BIN)/python -m tests.oracle.fuzz

# The laboratory needs Debian's servers, and root for its machines; it builds a Glance of each release.
LAB = $(BIN)/python -m tests.lab
LAB_JOBS ?= 2

.PHONY: lab
lab: $(VENV)/.installed-test servers ## Try on real servers what the rules say, and write docs/evidence.json
	@tools/install-servers.sh qemu-utils
	@$(LAB) --jobs $(LAB_JOBS) --write

.PHONY: lab-smoke
lab-smoke: $(VENV)/.installed-test servers ## Try the six decisive experiments
	@$(LAB) --jobs $(LAB_JOBS) --smoke

.PHONY: mutants
mutants: $(VENV)/.installed-mutants ## Change the rules and the model in every small way and see which tests notice
	@$(BIN)/python tools/mutation.py $(MUTATION)
	cd $(MUTATION) && $(abspath $(BIN))/mutmut run $(MUTANTS) >mutmut.log 2>&1 || tail -n 30 mutmut.log
	@cd $(MUTATION) && $(abspath $(BIN))/mutmut results --all true | sed -n 's/.*: //p' | sort | uniq -c

.PHONY: servers
servers: $(VENV)/.installed ## Install Apache and uWSGI for the oracle tests (root on a Debian-family system)
	@tools/install-servers.sh
	@tools/build-pypi-uwsgi.sh $(VENV)

.PHONY: lint
lint: $(VENV)/.installed-lint ## Check style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(BIN)/python tools/whole_package.py $(WHOLE)
	MYPYPATH=$(WHOLE) $(BIN)/mypy -p glance_audit
	MYPYPATH=$(WHOLE) $(BIN)/mypy $(FIRST_PARTY)
	cd $(WHOLE) && $(abspath $(BIN))/lint-imports --config $(CURDIR)/pyproject.toml --no-cache

.PHONY: format
format: $(VENV)/.installed-lint ## Format the code and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: generated
generated: $(VENV)/.installed ## Write what is generated: rule pages, blocks of the mode pages and of README.md
	$(BIN)/python -m tools.generate

.PHONY: generated-check
generated-check: $(VENV)/.installed ## Fail when something generated is out of date
	$(BIN)/python -m tools.generate --check

.PHONY: docs
docs: $(VENV)/.installed-docs ## Build the site into build/site; a link that leads nowhere is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

.PHONY: lock
lock: $(VENV)/.installed-docs $(VENV)/.installed-mutants ## Pin the versions installed now
	$(BIN)/python tools/lock.py tools/constraints.txt

.PHONY: clean
clean: ## Remove the environment and everything built
	rm -rf $(VENV) build dist *.egg-info
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: an environment is brought up to date when what it is made from changes.
$(VENV)/.installed: pyproject.toml tools/constraints.txt
	@tools/make-venv.sh $(VENV) $(PYTHON)
	$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(INSTALL) --editable '.[test]'
	@touch $@

# The types of the tests need what the tests import.
$(VENV)/.installed-lint: $(VENV)/.installed-test
	$(INSTALL) --editable '.[lint]'
	@touch $@

$(VENV)/.installed-mutants: $(VENV)/.installed-test
	$(INSTALL) --editable '.[mutants]'
	@touch $@

$(VENV)/.installed-docs: $(VENV)/.installed-lint
	$(INSTALL) --editable '.[docs]'
	@touch $@
