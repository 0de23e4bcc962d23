# Everything here is an npm script too: see "scripts" in package.json.
.PHONY: run dev test generate validate-modules test-modules graph lint format types docs bench clean help

help: ## show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-18s %s\n", $$1, $$2 }'

run: node_modules/.installed ## run the helpdesk platform on its embedded defaults
	@node_modules/.bin/node node_modules/.bin/platformctl generate --check examples/helpdesk
	@echo 'starting the helpdesk; end it with Ctrl-C'
	@cd examples/helpdesk && exec ../../node_modules/.bin/node --conditions=plinth-source src/main.ts

dev: node_modules/.installed ## run the helpdesk, and reload the modules that are edited
	@cd examples/helpdesk && exec ../../node_modules/.bin/node ../../node_modules/.bin/platformctl dev

test: node_modules/.installed ## run all tests
	npm test

generate: node_modules/.installed ## bring generated files up to date
	npm run generate

validate-modules: node_modules/.installed ## check the helpdesk's modules without running anything
	npm run validate-modules

test-modules: node_modules/.installed ## start and stop each of the helpdesk's modules by itself
	npm run test-modules

graph: node_modules/.installed ## show which of the helpdesk's modules depends on which
	@npm run --silent graph

lint: node_modules/.installed ## lint, format check, import rules, unused code
	npm run lint

format: node_modules/.installed ## format and fix what can be fixed
	npm run format

types: node_modules/.installed ## check the types of everything
	npm run types

bench: node_modules/.installed ## measure beside peers; writes docs/performance.md
	npm run bench

clean: ## remove everything that was built or installed
	rm -rf node_modules packages/*/dist packages/*/*.tsbuildinfo examples/helpdesk/.data

node_modules/.installed: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@
