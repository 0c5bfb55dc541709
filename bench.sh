#!/usr/bin/env bash
# Measures the published tool side by side with the engines' own programs: ./bench.sh --help
# Builds the tool (build.sh) and the bench first. Everything else on the machine should be quiet; only ratios of one run count.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
./build.sh >&2
dotnet build tests/Bench/Bench.csproj --configuration Release --nologo --verbosity quiet -p:UseSharedCompilation=false >&2
exec dotnet tests/Bench/bin/Release/net10.0/CacheBackup.Bench.dll "$@"
