# One word per thing a person does here; `make` alone lists them.
VENV    := .venv
PYTHON  := $(VENV)/bin/python
MANAGE  := $(PYTHON) manage.py
UV      ?= $(shell uv --version >/dev/null 2>&1 && command -v uv)
ARGS    ?=
TEST    := OMNI_TEST=1 OMNI_PROCESS=test OMNI_VAR=$(or $(OMNI_VAR),$(CURDIR)/var)/test
LOCK    := uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
           --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# Every process would compile every module anew where the shell forbids to keep what was compiled.
export PYTHONDONTWRITEBYTECODE :=

# The environment's packages belong to one Python and one set of locked files.
INSTALLED     := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
KERNEL        := $(VENV)/.routing-kernel
TESTS_READY   := $(or $(OMNI_VAR),$(CURDIR)/var)/test/.ready

.DEFAULT_GOAL := help
.PHONY: help run test fmt lint types migrations messages lock bench bench-routing audit seed shell browser-test guide campaign clean
MAKEFLAGS += --no-print-directory

help: ## list what there is
	@echo "omni: store operations. Needs Python 3.11-3.13, make and git; nothing else."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22
	@echo
	@echo "  PORT=8001 make run            another web port"
	@echo "  ARGS='-k hand_over' make test only some tests, after all checks"

run: $(INSTALLED) $(KERNEL) ## start everything on this machine; Ctrl-C stops it, the data stays in var/
	@exec $(MANAGE) up --stop-with-parent $(ARGS)

test: $(INSTALLED_DEV) ## everything that must hold: style, types, import rules, all tests
	@$(MAKE) --jobs=2 --output-sync $(KERNEL) $(TESTS_READY) types lint
	@echo "== tests, those of migrations and of a deployment's settings among them"
	@$(PYTHON) -m pytest -n 3 --dist worksteal $(ARGS)

lint: $(INSTALLED_DEV) ## style and import rules
	@echo "== ruff: mistakes"
	@$(VENV)/bin/ruff check .
	@echo "== ruff: format"
	@$(VENV)/bin/ruff format --check .
	@echo "== djade: templates"
	@find templates -name '*.html' -exec $(VENV)/bin/djade --target-version 5.2 --check {} +
	@echo "== import rules"
	@$(VENV)/bin/lint-imports --no-cache

$(KERNEL): $(INSTALLED) $(wildcard orders/routing/*.py)
	@echo "== compiling the routing kernel (once, about a minute and a half)"
	@OMNI_ROUTING_KERNEL=compiled $(PYTHON) -m orders.routing.warm
	@touch $@

# Else each worker would compile every test, and all but the first would wait for the database.
$(TESTS_READY): $(INSTALLED_DEV) $(wildcard tests/*.py tests/*/*.py */migrations/*.py omni/core/migrations/*.py)
	@echo "== compiling the tests and making their database (until they change)"
	@$(PYTHON) -m pytest -n 0 -q -k test_they_make_what_the_models_say
	@touch $@

types: $(INSTALLED_DEV) ## mypy with Django's types
	@echo "== mypy"
	@$(TEST) $(PYTHON) -m mypy

fmt: $(INSTALLED_DEV) ## put code and templates in their usual form
	@$(VENV)/bin/ruff check --fix --exit-zero --quiet .
	@$(VENV)/bin/ruff format .
	@find templates -name '*.html' -exec $(VENV)/bin/djade --target-version 5.2 {} + || true

browser-test: $(INSTALLED_DEV) ## only the tests that drive a browser
	@$(PYTHON) -m pytest -m browser $(ARGS)

guide: $(INSTALLED_DEV) ## take the guide's pictures anew
	@GUIDE=1 $(PYTHON) -m pytest tests/browser/test_guide.py $(ARGS)

campaign: $(INSTALLED_DEV) ## long hunts: every process killed under load, thousands of random shop days, every page in every look
	@AXE_FORGETS=1 $(PYTHON) -m pytest -m campaign -s tests $(ARGS)
	@AXE_FORGETS=1 $(PYTHON) -m pytest tests/browser $(ARGS)
	@HYPOTHESIS_PROFILE=campaign $(PYTHON) -m pytest tests/properties $(ARGS)

seed: $(INSTALLED) ## make the demo chain in the database
	@$(MANAGE) seed_demo $(ARGS)

bench-routing: $(INSTALLED_DEV) ## plan the routing benchmark's days at once, as they come and where shelves fail, beside certified bounds; DAYS="20000 normal" for one
	@$(PYTHON) -m tests.bench.routing $(if $(DAYS),"$(DAYS)")
	@$(PYTHON) -m tests.bench.routing_online $(if $(DAYS),"$(DAYS)")
	@$(PYTHON) -m tests.bench.routing_reliability $(if $(DAYS),"$(DAYS)")
	@$(PYTHON) -m tests.bench.routing_snapshot

audit: $(INSTALLED) ## look for anything that does not add up in the database
	@$(MANAGE) audit $(ARGS)

bench: $(INSTALLED) ## measure, and say what was measured
	@$(MANAGE) bench $(ARGS)

shell: $(INSTALLED) ## Python with the models at hand
	@$(MANAGE) shell $(ARGS)

# Until a release is tagged there is one clean set; what is written by hand (sequences, triggers, partitions) stays.
BY_HAND := omni/core/migrations/0002_insert_only omni/core/migrations/0003_event_months inventory/migrations/0003_ledger \
	customers/migrations/0003_ledger orders/migrations/0003_rules_hold_still orders/migrations/0004_written_once
migrations: $(INSTALLED) ## make the tables' migrations anew from the models (only until the first release)
	@for later in $(BY_HAND); do mv $$later.py $$later.kept; done
	@rm -f omni/core/migrations/0001_initial.py */migrations/0002_tables.py returns/migrations/0001_tables.py
	@$(TEST) $(MANAGE) makemigrations --no-header -n initial core && \
	$(TEST) $(MANAGE) makemigrations --no-header -n tables inventory customers orders returns; made=$$?; \
	for later in $(BY_HAND); do mv $$later.kept $$later.py; done; \
	$(VENV)/bin/ruff check --fix --exit-zero --quiet */migrations omni/core/migrations; \
	$(VENV)/bin/ruff format --quiet */migrations omni/core/migrations; exit $$made

# The screens of the shop are translated; HQ, the API's details and what only developers read stay English.
UNTRANSLATED := $(VENV) var tests omni/bench omni/demo omni/imports omni/replay omni/embedded omni/launcher \
	omni/management omni/core/admin omni/core/hq omni/core/rest templates/admin */admin */admin.py */api \
	*/csv_rows */audits.py */audits/* */preferences.py orders/rule_words.py orders/rule_presets.py orders/tariff_file.py

messages: $(INSTALLED) ## collect the texts to translate and compile the catalogs (needs GNU gettext)
	@command -v msgfmt >/dev/null || { echo "make messages needs GNU gettext"; exit 1; }
	@$(TEST) $(MANAGE) makemessages -v 0 -l es --add-location file --no-wrap $(UNTRANSLATED:%=-i '%')
	@$(TEST) $(MANAGE) compilemessages -v 0 -i '$(VENV)' -i var

lock: ## compile requirements*.in to locked files with hashes (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv"; exit 1; }
	$(LOCK) requirements.in -o requirements.txt
	$(LOCK) requirements-dev.in -o requirements-dev.txt

clean: ## delete the environment, caches and test servers; the shop's data in var/ stays
	@echo "Deleting $(VENV), var/test*, tool caches and __pycache__. Kept: the shop's data in var/."
	@rm -rf $(VENV) var/test var/test-* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PYTHON):
	@rm -rf $(VENV)
	@python=$$(sh .ci/find-python "$(UV)") && echo "Creating $(VENV) with $$python ..." && \
	if [ -n "$(UV)" ]; then "$(UV)" venv --quiet --python "$$python" $(VENV); \
	else "$$python" -m venv $(VENV); fi

$(INSTALLED): requirements.txt | $(PYTHON)
	@echo "Installing requirements.txt ..."
	@$(call install,requirements.txt)
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt | $(PYTHON)
	@echo "Installing requirements-dev.txt ..."
	@$(call install,requirements-dev.txt)
	@touch $(INSTALLED) $@

# The checkout is on the path of its own environment, also for tools that do not look into the current folder.
define install
if [ -n "$(UV)" ]; then "$(UV)" pip install --quiet --compile-bytecode --python $(PYTHON) --require-hashes -r $(1); \
else $(PYTHON) -m ensurepip >/dev/null && \
$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r $(1); fi && \
echo "$(CURDIR)" > "$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/omni-checkout.pth"
endef
