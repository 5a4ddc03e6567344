# An index: every target calls a script, and the script says more.
.DEFAULT_GOAL := help
.PHONY: help up down logs ps jobs workers events dead retry alerts log-level cert cert-dry-run release deploy update rollback backup restore redis redis-repair top build test test-stack test-testssl test-chaos test-hostile test-monitoring test-server corpus key bench lint audit sbom env-example clean

help: ## Show this list
	@scripts/help.sh

up: ## Start everything: in containers where Docker answers, else as processes of this host
	@scripts/up.sh

down: ## Stop what `make up` started; data stays
	@scripts/down.sh

logs: ## Show the logs (SERVICE=api for one, JOB=its id for all lines about a job; follows on a terminal)
	@scripts/logs.sh $(SERVICE)

ps: ## Show what runs
	@scripts/ps.sh

jobs: ## List jobs (STATUS=queued|active|succeeded|failed|cancelled, LIMIT=50, JSON=1)
	@scripts/operator.sh jobs

workers: ## List workers with their jobs, children and memory (JSON=1)
	@scripts/operator.sh workers

events: ## Show every change of every job as it happens, until Ctrl-C (JSON=1)
	@scripts/operator.sh events

dead: ## List jobs that were given up, with the reason (LIMIT=50, JSON=1)
	@scripts/operator.sh dead

retry: ## Put a dead job back into the queue (ID=the first digits of its id)
	@scripts/operator.sh retry

log-level: ## Log more or less for an hour (LEVEL=debug|info|warn|error|configured, SERVICE=api for one)
	@scripts/operator.sh log-level

alerts: ## List the alerts that fire or soon will (with MONITORING=on)
	@scripts/alerts.sh

cert: ## The certificate of a server (DOMAIN=, EMAIL=, STAGING=1 to try it), renewed from then on
	@scripts/cert.sh

cert-dry-run: ## Try a renewal without consequences
	@scripts/cert-dry-run.sh

release: ## Write what a server needs to .run/release: images, compose files, scripts, checksums (VERSION=)
	@scripts/release.sh

deploy: ## Bring a release to a server over ssh, install it there or update (HOST=root@server, the first time SERVER_NAME=)
	@scripts/deploy.sh

update: ## On a server: put a release in the place of the one that runs, or take over changed settings (RELEASE=file)
	@scripts/update.sh

rollback: ## On a server: go back to the release before
	@scripts/rollback.sh

backup: ## On a server: write an encrypted backup to /var/backups/pdf-tools (WITH_FILES=1, BACKUP_KEEP=7)
	@scripts/backup.sh

restore: ## On a server: put a backup in the place of what is there (FILE=, PASSPHRASE_FILE=)
	@scripts/restore.sh

redis: ## Ask Redis as its operator (CMD="info memory")
	@scripts/redis.sh

redis-repair: ## Cut a damaged append-only file of Redis off at the damage, so that it starts again; keeps a copy (YES=1)
	@scripts/redis-repair.sh

top: ## Processor and memory of each container, disk and load of the host
	@scripts/top.sh

build: ## Install dependencies and compile
	@scripts/build.sh

test: ## Unit and integration tests (installs what they need)
	@scripts/test.sh

test-stack: ## Tests of the real containers, through nginx
	@scripts/test-stack.sh

test-testssl: ## testssl.sh in full against the production stack
	@TESTSSL=full scripts/test-tls.sh --testPathPatterns testssl

test-chaos: ## The real containers while they are killed, paused and cut off (CHAOS_SECONDS, CHAOS_SEED)
	@scripts/test-chaos.sh

test-hostile: ## The real containers under hostile files and requests, floods and slow clients
	@scripts/test-hostile.sh

test-monitoring: ## The real containers with Prometheus: its alerts, targets, and every query of the dashboard
	@scripts/test-monitoring.sh

test-server: ## Two disposable Debian servers: install, certificate, update under load, rollback, reboot, power cut, backup, restore
	@scripts/test-server.sh

corpus: ## Merge and compress real files, judged by qpdf, poppler and mutool (ONLY=merge, compress or fuzz; CORPUS=folder FILES=list LIMIT= PAGES= JOBS=)
	@scripts/corpus.sh

key: ## Make an API key (NAME=who [RATE=calls in 2 s] [UPLOAD=bytes]); shown once, its hash is kept
	@scripts/key.sh "$(NAME)"

bench: ## Measure queue overhead and fairness (ONLY=overhead, fairness, memory: 10,000 jobs, or merge, compress: beside their peers)
	@scripts/bench.sh

lint: ## ESLint, Prettier, the compiler, ShellCheck
	@scripts/lint.sh

audit: ## Known vulnerabilities of the production dependencies (AUDIT=required fails where the registry does not answer)
	@scripts/audit.sh

sbom: ## Write bills of materials in CycloneDX to .run/sbom: npm, and the Debian packages of the images built here
	@scripts/sbom.sh

env-example: build ## Write .env.example anew from the services' configuration
	@node scripts/env-example.mjs

clean: ## Remove containers, volumes, data and build output (asks first)
	@scripts/clean.sh
