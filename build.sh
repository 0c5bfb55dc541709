#!/usr/bin/env bash
# Builds what is delivered.
#
#   ./build.sh            dist/cache-backup: the whole tool as one native binary for Linux on x64; needs no .NET where it runs
#   ./build.sh lambda     dist/lambda/bootstrap: every Lambda function as one native binary for provided.al2023 on x86-64
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

usage() {
  sed -n '2,5s/^# \{0,1\}//p' "$0"
  exit "$1"
}

# The commit stands in the version that the tool prints; a tree without git has none to tell.
commit() {
  git rev-parse --short=12 HEAD 2>/dev/null || true
}

build_tool() {
  local staging compiler
  compiler=$(linker)
  staging=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$staging'" EXIT
  # Native as well: its commands last seconds, of which compiling while they run would take a part, and as much memory as the data itself.
  dotnet publish src/Local/Local.csproj --configuration Release --runtime linux-x64 --nologo --verbosity quiet --output "$staging" \
    -p:PublishAot=true -p:CppCompilerAndLinker="$compiler" -p:RunAnalyzers=false -p:DebugType=none -p:PublishDocumentationFiles=false \
    -p:PublishReferencesDocumentationFiles=false -p:SourceRevisionId="$(commit)"
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

# The newest version of the C library that Amazon Linux 2023 has. Debian 12's own is 2.36: a binary that is linked on something newer
# might ask for more than Lambda has, and would not start there.
readonly newest_glibc=2.34

# Native AOT links with a C compiler. Debian's clang brings all that it needs.
linker() {
  if command -v clang >/dev/null; then
    echo clang
  elif command -v gcc >/dev/null; then
    echo gcc
  else
    scripts/install-servers.sh clang >&2
    echo clang
  fi
}

# Versions of the C library that a binary asks for, the newest last.
glibc_versions() {
  grep -a -o 'GLIBC_[0-9][0-9.]*' "$1" | sed 's/^GLIBC_//' | sort -uV
}

build_lambda() {
  local staging compiler
  compiler=$(linker)
  staging=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder of now
  trap "rm -rf '$staging'" EXIT
  # What trimming and AOT have to say, the compiler says here itself, and each of its warnings is an error; style is looked at by test.sh.
  dotnet publish src/Bootstrap/Bootstrap.csproj --configuration Release --runtime linux-x64 --nologo --verbosity quiet \
    --output "$staging/publish" -p:CppCompilerAndLinker="$compiler" -p:RunAnalyzers=false
  install -m 755 "$staging/publish/CacheBackup.Bootstrap" "$staging/bootstrap"

  local newest
  newest=$(glibc_versions "$staging/bootstrap" | tail -n 1)
  if [ "$(printf '%s\n' "$newest" "$newest_glibc" | sort -V | tail -n 1)" != "$newest_glibc" ]; then
    printf 'The binary asks for GLIBC_%s, and Lambda has %s. Build it on Debian 12, or in a container of it.\n' "$newest" "$newest_glibc" >&2
    exit 1
  fi

  # Lambda starts the file by this name, and only if it may be run.
  mkdir -p dist/lambda
  mv "$staging/bootstrap" dist/lambda/.bootstrap.new
  mv dist/lambda/.bootstrap.new dist/lambda/bootstrap
  printf 'dist/lambda/bootstrap: %s, %s MB, %s MB zipped, GLIBC_%s\n' "$(commit)" "$(megabytes dist/lambda/bootstrap)" "$(zipped dist/lambda/bootstrap)" "$newest"
}

megabytes() { awk -v bytes="$(stat -c %s "$1")" 'BEGIN { printf "%.1f", bytes / 1000000 }'; }

# What CDK uploads: deflated, as in a zip file, which adds some hundred bytes to it.
zipped() { gzip -9 -c "$1" | wc -c | awk '{ printf "%.1f", $1 / 1000000 }'; }

case "${1:-}" in
  "") build_tool ;;
  lambda) build_lambda ;;
  -h | --help) usage 0 ;;
  *) usage 2 >&2 ;;
esac
