#!/usr/bin/env bash
# Shows the main path on this machine: a running cache is filled, backed up, restored into a new one, and every key of the two is compared.
#
#   ./demo.sh                                with Redis OSS, and with Valkey where it can be had
#   ./demo.sh --engine valkey --keys 1000000
#   ./demo.sh --store s3://my-bucket/demo    keeps the backup there meanwhile
#   ./demo.sh --help
#
# Needs Debian and the .NET 10 SDK; installs servers that are missing, and starts no service. Exit status 0 only if every key is equal.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

if ! command -v dotnet >/dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
  echo "demo.sh: needs the .NET 10 SDK, which is not on the PATH." >&2
  exit 1
fi

scripts/install-servers.sh redis-server --optional valkey-server

echo "demo.sh: building" >&2
dotnet build src/Local/Local.csproj --configuration Release --verbosity quiet -p:RunAnalyzers=false
tool=src/Local/bin/Release/net10.0/CacheBackup.Local

for argument in "$@"; do
  case "$argument" in
    --engine | --engine=* | --engine:* | --help | -h | '-?') exec "$tool" demo "$@" ;;
  esac
done

engines=(redis)
if command -v valkey-server >/dev/null; then
  engines+=(valkey)
fi

for engine in "${engines[@]}"; do
  "$tool" demo --engine "$engine" "$@"
done
