#!/usr/bin/env bash
# The whole life of a backup, by curl: register a cache, have it backed up in its window, back it up by hand, copy, tag, export, describe,
# restore, take a final backup, delete, purge. Starts a redis-server and the service for itself, on free ports, and removes both again.
#
#   docs/walk.sh [cache-backup]        the program; dist/cache-backup where it is left out
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

read -r -a program <<<"${1:-dist/cache-backup}"
work=$(mktemp -d)
serve=""

stop() {
  [ -z "$serve" ] || { kill -TERM "$serve" 2>/dev/null && wait "$serve" 2>/dev/null; } || true
  local pid pidfile
  for pidfile in "$work"/*.pid; do
    [ -s "$pidfile" ] || continue
    pid=$(cat "$pidfile")
    # A server that still writes its log keeps its directory from being removed.
    for _ in $(seq 50); do kill "$pid" 2>/dev/null || break; sleep 0.1; done
  done
  rm -rf "$work"
}
trap stop EXIT

step() { printf '\n== %s\n' "$*"; }
fail() { printf '!! %s\n' "$*" >&2; exit 1; }

# Asks the service: method, path, and a JSON body where there is one. A refusal ends the walk with what the service said.
call() {
  local answer
  answer=$(curl -sS -w '\n%{http_code}' -X "$1" "$url$2" -H "Authorization: Bearer $token" ${3:+-H 'Content-Type: application/json' -d "$3"})
  [ "${answer##*$'\n'}" -lt 400 ] || fail "$1 $2: ${answer%$'\n'*}"
  printf '%s\n' "${answer%$'\n'*}"
}

# The first member of that name in the JSON on standard input.
field() { grep -o "\"$1\":\(\"[^\"]*\"\|[0-9]*\)" | head -n 1 | cut -d: -f2- | tr -d '"'; }

# Waits until a command prints something that contains a text.
until_says() {
  local expected=$1 said=""
  shift
  for _ in $(seq 600); do
    said=$("$@" 2>&1) || true
    [[ "$said" != *"$expected"* ]] || return 0
    [[ "$said" != *'"status":"failed"'* && "$said" != *'-failed"'* ]] || fail "$* says: $said"
    sleep 0.25
  done
  fail "$* never said $expected: $said"
}

status_of() { curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" "$url$1"; }

# Starts a redis-server on a free port: name, directory and the remaining options.
redis() {
  local name=$1 directory=$2
  shift 2
  mkdir -p "$directory"
  for _ in $(seq 20); do
    redis_port=$((20000 + RANDOM % 20000))
    redis-server --bind 127.0.0.1 --port "$redis_port" --dir "$directory" --save '' --repl-diskless-sync-delay 0 --daemonize yes \
      --pidfile "$work/$name.pid" --logfile "$work/$name.log" "$@" >/dev/null
    for _ in $(seq 100); do
      [ "$(redis-cli -h 127.0.0.1 -p "$redis_port" PING 2>/dev/null)" != PONG ] || return 0
      sleep 0.1
    done
  done
  fail "redis-server does not start: $(cat "$work/$name.log")"
}

keys_in() { redis-cli -h 127.0.0.1 -p "$1" DBSIZE | tr -dc 0-9; }

step "A cache with 1,000 keys, and the service"
redis shop "$work/shop"
shop_port=$redis_port
seq 1000 | sed 's/.*/SET order:& paid-&/' | redis-cli -h 127.0.0.1 -p "$shop_port" >/dev/null
mkdir "$work/exports"
"${program[@]}" serve --data "$work/data" --urls http://127.0.0.1:0 --export-to "$work/exports" --tick 5 >"$work/serve.out" 2>"$work/serve.log" &
serve=$!
until_says serves cat "$work/serve.out"
url=$(grep -o 'http://[0-9.:]*' "$work/serve.out" | head -n 1)
token=$(cat "$work/data/token")

step "Register it: a daily backup in a window that is open now, kept for 7 days"
window="$(date -u +%H:%M)-$(date -u -d '+90 minutes' +%H:%M)"
call POST /caches '{"name": "shop", "host": "127.0.0.1", "port": '"$shop_port"', "tags": [{"key": "environment", "value": "prod"}],
  "automaticBackups": {"retentionDays": 7, "window": "'"$window"'"}}' >/dev/null
until_says '"status":"available"' call GET /caches/shop

step "The automatic backup in its window"
until_says '"status":"available"' call GET '/backups?cache=shop&kind=automatic'
automatic=$(call GET '/backups?cache=shop&kind=automatic' | field name)
echo "$automatic"

step "A manual backup, as soon as the cache is free again"
until_says '"status":"available"' call GET /caches/shop
call POST /backups '{"name": "before-migration", "cache": "shop"}' >/dev/null
until_says '"status":"available"' call GET /backups/before-migration

step "A copy of it, with a tag of its own, found by that tag"
call POST /backups/before-migration/copy '{"name": "for-the-auditors"}' >/dev/null
until_says '"status":"available"' call GET /backups/for-the-auditors
call POST /backups/for-the-auditors/tags '{"tags": [{"key": "owner", "value": "audit"}]}'
[ "$(call GET '/backups?tag=owner&tagValue=audit' | field name)" = for-the-auditors ] || fail "the copy is not found by its tag"
call GET '/costs?tag=environment'

step "An export, which redis-server loads as it is"
until_says '"status":"available"' call GET /backups/before-migration
export=$(call POST /backups/before-migration/export '{"location": "'"$work/exports"'", "name": "shop-export"}' | field execution)
until_says '"status":"succeeded"' call GET "/executions/${export//:/%3A}"
redis loaded "$work/loaded-directory" --dbfilename none.rdb
kill "$(cat "$work/loaded.pid")" && sleep 0.5
cp "$work/exports/shop-export-0001.rdb" "$work/loaded-directory/dump.rdb"
redis loaded "$work/loaded-directory" --dbfilename dump.rdb
[ "$(keys_in "$redis_port")" = 1000 ] || fail "the exported file has $(keys_in "$redis_port") keys"

step "What it is"
call GET /backups/before-migration

step "A restore into a new cache: every key is compared before it is available"
until_says '"status":"available"' call GET /backups/before-migration
call POST /backups/before-migration/restore '{"cache": "shop-copy"}' >/dev/null
until_says '"status":"available"' call GET /caches/shop-copy
[ "$(call GET /caches/shop-copy | field compared)" = 1000 ] || fail "not every key was compared"

step "A final backup; the cache is forgotten once it was read back"
until_says '"status":"available"' call GET /caches/shop
call DELETE '/caches/shop?finalBackup=last-of-shop' >/dev/null
until_says 404 status_of /caches/shop
call GET /backups/last-of-shop | field status

step "Deleting a backup"
until_says '"status":"available"' call GET /backups/before-migration
call DELETE /backups/before-migration >/dev/null
until_says 404 status_of /backups/before-migration

step "The purge: the automatic backup goes with its cache, all others stay"
until_says 404 status_of "/backups/$automatic"
for kept in for-the-auditors last-of-shop; do
  [ "$(call GET "/backups/$kept" | field status)" = available ] || fail "$kept is gone"
done

step "All of it, told"
call GET '/events?limit=100' | grep -o '"message":"[^"]*"' | cut -d'"' -f4 | tac
call DELETE /caches/shop-copy >/dev/null
until_says 404 status_of /caches/shop-copy
printf '\nThe walk is over: everything went as it should.\n'
