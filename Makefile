# Everything a fresh machine needs: Python >= 3.11 and make.
#   make decks   every deck with sound, offline        make check   ruff, mypy, import-linter
#   make test    check, then the test suite            make bench   the benchmarks
#   make docs    what pages are written from code        make fuzz    ten minutes for each reader
#   make docs-site   docs/ as pages for a browser, in build/docs
#   make coverage what no test reaches; 'make test' takes half as long
#   make mutants whether a test notices small changes of the code, some minutes
#   make release everything checked, and laid out in build/release
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# Each process tests a piece from beginning to end, so that fixtures are made once, and then helps.
PYTEST_ARGS ?= -n auto --dist worksteal

.PHONY: decks test course coverage check bench docs docs-site fuzz mutants release clean
.DEFAULT_GOAL := decks

decks: $(VENV)/.installed
	$(BIN)/ankigen build

test: check
	$(BIN)/pytest $(PYTEST_ARGS)

# All clips and phrases of the course, heard, measured and read; 'make test' takes a part of them.
course: $(VENV)/.installed-dev
	$(BIN)/pytest $(PYTEST_ARGS) --whole-course tests/functional/test_course.py \
	  tests/functional/test_voice.py tests/functional/test_import.py \
	  tests/functional/test_import_own_packages.py tests/functional/test_packages.py \
	  tests/functional/test_site_course.py tests/functional/test_pronunciation.py \
	  tests/unit/test_transcription.py tests/unit/speech/test_joe.py

# Which lines and branches no test reaches, in processes that tests start as well.
coverage: $(VENV)/.installed-dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PYTEST_ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/ankigen check --strict

bench: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/run.py

fuzz: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	for reader in yaml csv xlsx ods export crowdanki apkg; do \
	  $(BIN)/python tests/fuzz/readers.py $$reader build/fuzz/$$reader -max_total_time=600 || exit 1; \
	done

mutants: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[mutants]'
	rm -rf mutants
	$(BIN)/python tools/mutants.py

docs: $(VENV)/.installed
	$(BIN)/python docs/make_rules.py
	$(BIN)/python docs/make_course.py
	$(BIN)/python docs/make_commands.py
	$(BIN)/python docs/make_layers.py

docs-site: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --nitpicky --fresh-env docs build/docs

# Of a commit that is tagged as its version; CONTRIBUTING.md says how one gets there.
release: $(VENV)/.installed-dev
	$(BIN)/python tools/release.py check
	$(MAKE) test
	$(MAKE) course
	$(BIN)/ankigen build --locked
	rm -rf build/python
	$(BIN)/python -m build --no-isolation --outdir build/python
	$(BIN)/python tools/release.py collect

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ankigen needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf dist mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
