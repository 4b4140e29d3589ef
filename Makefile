# Everything one does with meshviz, one word each. `make` alone lists the words.
# Paths are relative on purpose: the project's own folder may have spaces in its name.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
export PYTHON ?= python3

# make demo PORT=8080 SERVICES=200 SCENARIO=canary SEED=7, or any option by ARGS="--port 8080 ..."
DEMO_OPTIONS := $(if $(PORT),--port $(PORT)) $(if $(SERVICES),--services $(SERVICES)) \
  $(if $(SCENARIO),--scenario $(SCENARIO)) $(if $(SEED),--seed $(SEED)) $(ARGS)

.NOTPARALLEL:
.PHONY: help setup dev demo demo-scaled run test test-fast lint fix types wire golden e2e bench mutation pictures audit check manifest lock \
  kubernetes-tools

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2}' Makefile

setup: ## Install all that meshviz needs into .venv, .cache and frontend/
	@scripts/setup run

demo: setup ## Show a living demo mesh on 127.0.0.1:8000 (ARGS="--port 8080 --services 200 ...")
	@scripts/get-prometheus
	@exec $(PY) manage.py demo $(DEMO_OPTIONS)

demo-scaled: setup ## The same by many processes: Redis, beat, two workers, two servers (8000 and 8001)
	@scripts/get-prometheus
	@scripts/get-redis
	@exec $(PY) manage.py demo --scaled $(DEMO_OPTIONS)

run: setup ## Serve the mesh behind MESHVIZ_PROMETHEUS_URL
	@exec $(PY) manage.py serve $(ARGS)

dev: ## Like demo, and rebuild the front end whenever a source changes
	@scripts/dev $(DEMO_OPTIONS)

test: ## Run every test; gets Prometheus and Chromium if they are missing
	@scripts/test all $(ARGS)

test-fast: ## Run the tests that need no Prometheus, server or browser
	@scripts/test fast $(ARGS)

e2e: ## Run the browser tests alone
	@scripts/test e2e $(ARGS)

lint: ## Check style, layers, front end and that generated files are fresh
	@scripts/lint

types: ## Check Python's types
	@scripts/types

fix: ## Repair what a tool can repair: formatting, import order
	@scripts/fix

wire: ## Write the browser's types anew from graph/core/wire.py
	@scripts/wire

manifest: ## Write deploy/meshviz.yaml anew from the Helm chart; needs helm
	@scripts/manifest

lock: ## Write the image's locks anew from requirements.txt
	@scripts/lock

kubernetes-tools: ## Build helm, kubeconform and kube-apiserver for the chart's tests; needs Go
	@scripts/get-kubernetes-tools

golden: ## Write the golden files anew; read the diff before committing it
	@scripts/test golden $(ARGS)

bench: setup ## Measure the budgets and print them as ratios
	@case "$(ARGS)" in *--help*) ;; *) scripts/get-prometheus ;; esac
	@exec $(PY) -m bench $(ARGS)

mutation: ## Change the core in small ways and list what no test notices; takes long
	@scripts/mutation $(ARGS)

pictures: ## Take the pictures of docs/ anew (ARGS="scenes/kiosk tour/canary"); look at them before committing
	@scripts/pictures $(ARGS)

audit: setup ## Look for known holes in what meshviz is built of, as far as the network permits
	@scripts/audit

check: lint types test ## What CI runs: lint, types, every test
