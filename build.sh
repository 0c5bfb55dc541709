#!/usr/bin/env bash
# Builds what is delivered.
#
#   ./build.sh            dist/cache-backup: the whole tool as one file for Linux on x64; needs no .NET where it runs
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

usage() {
  sed -n '2,4s/^# \{0,1\}//p' "$0"
  exit "$1"
}

# The commit stands in the version that the tool prints; a tree without git has none to tell.
commit() {
  git rev-parse --short=12 HEAD 2>/dev/null || true
}

build_tool() {
  local staging
  staging=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$staging'" EXIT
  dotnet publish src/Local/Local.csproj --configuration Release --runtime linux-x64 --self-contained --nologo --verbosity quiet \
    --output "$staging" -p:PublishSingleFile=true -p:DebugType=none -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false -p:SourceRevisionId="$(commit)"
  local files
  files=$(find "$staging" -type f | wc -l)
  [ "$files" -eq 1 ] || { printf 'The tool is not one file but %d:\n%s\n' "$files" "$(ls "$staging")" >&2; exit 1; }
  mkdir -p dist
  # Renamed into its place: a running copy keeps its own file.
  install -m 755 "$staging/CacheBackup.Local" dist/.cache-backup.new
  mv dist/.cache-backup.new dist/cache-backup
  local version
  version=$(dist/cache-backup --version)
  case "$version" in
    *"$(commit)"*) printf 'dist/cache-backup: %s, %d MB\n' "$version" $(($(stat -c %s dist/cache-backup) / 1000000)) ;;
    *) printf 'The tool says it is "%s", which does not name the commit %s.\n' "$version" "$(commit)" >&2; exit 1 ;;
  esac
}

case "${1:-}" in
  "") build_tool ;;
  -h | --help) usage 0 ;;
  *) usage 2 >&2 ;;
esac
