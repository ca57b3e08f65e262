# Everything a person does with this repository; `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
YANKU_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/yanku
export YANKU_CACHE

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: .venv/.ready ## Make .venv in the clone, with the yanku command
.venv/.ready: scripts/setup requirements/dev.txt pyproject.toml
	scripts/setup

demo: setup ## Do the main job on sample documents, with the laptop model
	scripts/demo

serve: setup ## Start API, console and worker
	.venv/bin/yanku serve

check: setup ## ruff, mypy, import-linter, deptry
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/deptry .

test: check ## Everything that must be green, in under 25 minutes
	scripts/system-packages
	.venv/bin/pytest -m "not slow"

test-all: check ## The slower suites too
	scripts/system-packages
	.venv/bin/pytest

test-vllm: setup ## The engine of the cluster, on a processor (installs vLLM into the cache, 5 GB)
	scripts/vllm-venv "$(YANKU_CACHE)/vllm"
	YANKU_VLLM="$(YANKU_CACHE)/vllm" .venv/bin/pytest -m vllm tests/vllm

lock: ## Remake requirements/*.txt (needs uv)
	scripts/lock

clean: ## Remove what setup made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help setup demo serve check test test-all test-vllm lock clean
