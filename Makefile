# Every target calls a script. The script's first lines describe it in full.
.DEFAULT_GOAL := help
.PHONY: help up down logs health ps jobs workers events dead-letters dead retry alerts log-level cert cert-dry-run release deploy update rollback backup restore redis redis-repair top swarm-stack swarm-scale build test test-web test-stack test-storage test-testssl test-chaos test-hostile test-monitoring test-server test-scale test-kubernetes corpus key keys key-revoke bench lint lint-openapi audit sbom env-example clean

help: ## List the targets
	@scripts/help.sh

up: ## Start PDF Tools: in containers if a Docker engine answers, otherwise as processes of this host
	@scripts/up.sh

down: ## Stop what `make up` started; the data stay
	@scripts/down.sh

logs: ## Show the logs (SERVICE=api, JOB=ID); follows them on a terminal
	@scripts/logs.sh $(SERVICE)

health: ## Check that PDF Tools answers, with Redis, disk and a worker
	@scripts/health.sh

ps: ## Show the state of the services
	@scripts/ps.sh

jobs: ## List jobs (STATUS=queued|active|succeeded|failed|cancelled, LIMIT=50, JSON=1)
	@scripts/operator.sh jobs

workers: ## List workers with their jobs, child processes and memory (JSON=1)
	@scripts/operator.sh workers

events: ## Print each change of a job as it happens, until Ctrl-C (JSON=1)
	@scripts/operator.sh events

dead-letters: ## List jobs that failed permanently, with the reason (LIMIT=50, JSON=1)
	@scripts/operator.sh dead-letters

# The former name of dead-letters.
dead: dead-letters

retry: ## Requeue a dead-lettered job (ID=the first digits of its ID)
	@scripts/operator.sh retry

log-level: ## Change the log level for an hour (LEVEL=debug|info|warn|error|configured, SERVICE=api)
	@scripts/operator.sh log-level

alerts: ## List alerts that fire or are pending (needs MONITORING=on)
	@scripts/alerts.sh

cert: ## Get the certificate of a server, renewed automatically (DOMAIN=, EMAIL=, STAGING=1 for a trial)
	@scripts/cert.sh

cert-dry-run: ## Test the renewal of the certificate
	@scripts/cert-dry-run.sh

release: ## Write a release for servers to .run/release: images, Compose files, scripts, checksums (VERSION=)
	@scripts/release.sh

deploy: ## Install or update a server over ssh (HOST=root@server, SERVER_NAME= for the first installation)
	@scripts/deploy.sh

update: ## On a server: install a release, or apply changed settings (RELEASE=file)
	@scripts/update.sh

rollback: ## On a server: return to the previous release
	@scripts/rollback.sh

backup: ## On a server: write an encrypted backup to /var/backups/pdf-tools (WITH_FILES=1, BACKUP_KEEP=7)
	@scripts/backup.sh

restore: ## On a server: replace all data by a backup (FILE=, PASSPHRASE_FILE=)
	@scripts/restore.sh

redis: ## Send a command to Redis as the operator (CMD="info memory")
	@scripts/redis.sh

redis-repair: ## Cut damaged data off Redis's append-only file, and keep a copy (YES=1)
	@scripts/redis-repair.sh

top: ## Show CPU and memory of the containers, disk and load of the host
	@scripts/top.sh

swarm-stack: ## Write a stack file for Docker Swarm to .run/swarm/stack.yml (REGISTRY=, FILES="compose/…yml")
	@mkdir -p .run/swarm && node scripts/swarm-stack.mjs $(FILES) >.run/swarm/stack.yml && echo .run/swarm/stack.yml

swarm-scale: ## On a manager of a swarm: scale the workers to the number wanted (STACK=, MIN=, MAX=, HOLD_SECONDS=)
	@scripts/swarm-scale.sh

build: ## Install dependencies and compile
	@scripts/build.sh

test: ## Run the unit and integration tests (installs what they need)
	@scripts/test.sh

test-web: ## Test the page in Chromium: journeys, accessibility, budgets
	@scripts/test-web.sh

test-stack: ## Test the real containers through nginx
	@scripts/test-stack.sh

test-storage: ## Test files in an S3-compatible object storage, a Ceph gateway in a container
	@scripts/test-storage.sh

test-testssl: ## Run all of testssl.sh against the production stack
	@TESTSSL=full scripts/test-tls.sh --testPathPatterns testssl

test-chaos: ## Test the containers while they are killed, paused and disconnected (CHAOS_SECONDS, CHAOS_SEED)
	@scripts/test-chaos.sh

test-hostile: ## Test the containers with hostile files, floods and slow clients
	@scripts/test-hostile.sh

test-monitoring: ## Test Prometheus, its alerts and every query of the dashboard
	@scripts/test-monitoring.sh

test-server: ## Test installation, update, rollback, reboot, power cut and backup on two disposable servers
	@scripts/test-server.sh

test-scale: ## Measure a swarm on three disposable servers: throughput, scaling, update and loss of a node
	@scripts/test-scale.sh

test-kubernetes: ## Render and validate compose/kubernetes, and compare it with the Compose files
	@scripts/test-kubernetes.sh

corpus: ## Merge and compress real files, checked by qpdf, poppler and mutool (ONLY=merge|compress|table|fonts|image|fuzz, CORPUS= FILES= LIMIT= PAGES= JOBS=)
	@scripts/corpus.sh

key: ## Make an API key and print it once (NAME=, RATE=calls in 2 s, UPLOAD=bytes)
	@scripts/key.sh "$(NAME)"

keys: ## List the API keys by name, with their limits
	@scripts/keys.sh

key-revoke: ## Revoke the API keys of a name, or one key (NAME= or ID= from make keys)
	@scripts/key-revoke.sh

bench: ## Measure queue overhead and fairness (ONLY=overhead|fairness|memory|storage|small|merge|compress|bilevel|image|page)
	@scripts/bench.sh

lint: ## Run ESLint, Prettier, the compiler and ShellCheck
	@scripts/lint.sh

lint-openapi: ## Lint the OpenAPI document, and compile a client from it
	@scripts/lint-openapi.sh

audit: ## List known vulnerabilities of the production dependencies (AUDIT=required fails without an answer)
	@scripts/audit.sh

sbom: ## Write bills of materials (CycloneDX) to .run/sbom
	@scripts/sbom.sh

env-example: build ## Generate .env.example from the configuration of the services
	@node scripts/env-example.mjs

clean: ## Remove all containers, volumes, data and build output of this clone (asks first)
	@scripts/clean.sh
