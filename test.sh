#!/usr/bin/env bash
# Checks the whole repository: format, build, every test. The last line is "N passed, N failed, N skipped".
#
#   ./test.sh             everything; installs the servers and tools that are missing
#   ./test.sh fast        only what needs no server, no network and no patience
#   ./test.sh Core Aws    only these test projects (also after fast)
#
# Exit status 0 only if nothing failed and every project ran a test. With CI=1 (or true) a skipped test is a failure, except for want of the
# shared fixtures folder.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly configuration=Release
readonly results=TestResults
# A run in which no test starts or ends for so long has hung.
readonly hang_seconds=300
readonly longest=(Local Caches Core Faults EndToEnd Infra)
readonly on_lambda=(Bootstrap Infra)
# SharedFixtures.AbsentReason begins like this.
readonly fixtures_absent="shared fixtures folder is absent"

# One compiler server for all projects, ended with the run: starting a compiler for each of them takes longer than compiling.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=true

passed=0 failed=0 skipped=0
problems=()
fast="" some=""
projects=()
# The shells that run projects, by the project's name; the processes beside them, by what they do.
declare -A running=() beside=()

say() { printf '\n== %s\n' "$*"; }

problem() {
  problems+=("$*")
  printf '!! %s\n' "$*"
}

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "$0"
  exit 2
}

parse_arguments() {
  local argument
  for argument in "$@"; do
    case "$argument" in
      fast) fast=yes ;;
      -h | --help) usage ;;
      *)
        [ -f "tests/$argument/$argument.Tests.csproj" ] || { printf 'No test project tests/%s.\n\n' "$argument" >&2; usage >&2; }
        projects+=("$argument")
        some=yes
        ;;
    esac
  done
  if [ ${#projects[@]} -eq 0 ]; then
    # Those that take longest begin first, so that none of them is left over alone.
    projects=("${longest[@]}")
    for argument in tests/*/*.Tests.csproj; do
      argument=$(basename "$(dirname "$argument")")
      [[ " ${longest[*]} " == *" $argument "* ]] || projects+=("$argument")
    done
  fi
}

install_missing() {
  say "Servers and tools"
  local tools=()
  command -v openssl >/dev/null || tools+=(openssl)
  command -v node >/dev/null || tools+=(nodejs)
  command -v npm >/dev/null || tools+=(npm)
  scripts/install-servers.sh redis-server memcached "${tools[@]}" --optional valkey-server || problem "what the tests need could not be installed"
  install_moto
  install_cfn_lint
}

# An S3 that is not ours. It is a Python program, which Debian does not package; it lives in an environment of its own.
install_moto() {
  local folder="${XDG_CACHE_HOME:-$HOME/.cache}/cache-backup/moto"
  PATH="$PATH:$folder/bin"
  command -v moto_server >/dev/null && return
  if python3 -m venv "$folder" >/dev/null 2>&1 && "$folder/bin/pip" install --quiet "moto[server]==5.2.1"; then
    return
  fi
  echo "moto_server is missing and pip does not work here: the tests that need it are skipped (with CI=1: fail)."
}

# Reads the synthesised templates as CloudFormation would.
install_cfn_lint() {
  local folder="${XDG_CACHE_HOME:-$HOME/.cache}/cache-backup/cfn-lint"
  PATH="$PATH:$folder/bin"
  command -v cfn-lint >/dev/null && return
  if python3 -m venv "$folder" >/dev/null 2>&1 && "$folder/bin/pip" install --quiet cfn-lint; then
    return
  fi
  echo "cfn-lint is missing and pip does not work here: the test that needs it is skipped (with CI=1: fails)."
}

build() {
  say "Build"
  dotnet restore Serverless.sln --verbosity quiet
  dotnet build Serverless.sln --configuration "$configuration" --no-restore --nologo --verbosity quiet
  dotnet build-server shutdown --vbcscompiler >/dev/null
}

# What keeps a processor busy and nobody waits for runs beside the tests, which mostly wait, and gives way to them.
begin_beside() {
  [ -z "$fast" ] || return 0
  if some_need_lambda; then
    setsid nice -n 19 ./build.sh lambda >"$results/lambda.log" 2>&1 &
    beside[lambda]=$!
  fi
  # Its other parts would run all analyzers again, which the build has run; the order of usings is looked at by tests/Architecture.
  setsid nice -n 19 dotnet format whitespace Serverless.sln --no-restore --verify-no-changes >"$results/format.log" 2>&1 &
  beside[format]=$!
}

# The binary that Lambda starts: these start it too, or look at the template that carries it.
some_need_lambda() {
  local name
  for name in "${on_lambda[@]}"; do
    [[ " ${projects[*]} " != *" $name "* ]] || return 0
  done
  return 1
}

# Waits for what runs beside the tests; what it printed is shown.
end_beside() {
  local what=$1 complaint=$2 status=0
  [ -n "${beside[$what]:-}" ] || return 0
  wait "${beside[$what]}" || status=$?
  unset "beside[$what]"
  cat "$results/$what.log"
  [ "$status" -eq 0 ] || problem "$complaint"
}

# An attribute of the one assembly element of an xunit result file.
attribute() { grep -o '<assembly [^>]*>' "$2" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]\+'; }

# The reasons of the skipped tests of a result file, one a line.
skip_reasons() { grep -o '<reason><!\[CDATA\[[^]]*' "$1" | sed 's/^<reason><!\[CDATA\[//' || true; }

# Starts a test program in a process group of its own, so that its servers go with it, and waits; false if it had to be killed. The shell
# lets what it starts in the background ignore Ctrl-C; tests that send it need it heard.
run_watched() {
  local log=$1 program
  shift
  setsid env --default-signal=INT,QUIT "$@" >"$log" 2>&1 &
  program=$!
  # shellcheck disable=SC2064 # the program of now
  trap "kill -KILL -- -$program 2>/dev/null" EXIT
  trap 'exit 143' TERM
  while kill -0 "$program" 2>/dev/null; do
    sleep 0.5
    if [ $(($(date +%s) - $(stat -c %Y "$log"))) -gt "$hang_seconds" ]; then
      kill -KILL -- "-$program" 2>/dev/null || true
      wait "$program" 2>/dev/null || true
      return 1
    fi
  done
  wait "$program" 2>/dev/null || true
}

# Tests of a verbose log that started and did not finish.
unfinished() {
  sed -n 's/^ *\(.*\) \[STARTING\]$/\1/p' "$1" | sort >"$1.started"
  sed -n 's/^ *\(.*\) \[FINISHED\].*$/\1/p' "$1" | sort >"$1.finished"
  comm -23 "$1.started" "$1.finished"
}

# Runs a project's tests; what came of it stands in files of its name. For a shell of its own: several run at once.
run_project() {
  local name=$1
  local filter=()
  [ -z "$fast" ] || filter=(-trait- Category=Server -trait- Category=Slow)

  local begun=$SECONDS outcome=ended
  run_watched "$results/$name.log" dotnet "tests/$name/bin/$configuration/net10.0/CacheBackup.$name.Tests.dll" \
    -noColor -noLogo -noAutoReporters -reporter verbose -xml "$results/$name.xml" "${filter[@]}" || outcome=hung
  printf '%s %d\n' "$outcome" $((SECONDS - begun)) >"$results/$name.outcome"
}

report() {
  local name=$1 outcome seconds
  local log="$results/$name.log" xml="$results/$name.xml"
  read -r outcome seconds <"$results/$name.outcome"
  # What is left of the log are the failures, with their messages and output.
  grep -v -e ' \[STARTING\]$' -e ' \[FINISHED\] Time: ' "$log" | grep -v -E '^ +(Discovering|Discovered|Starting|Finished): |^=== TEST EXECUTION|^ +CacheBackup\.[A-Za-z.]+ +Total: ' || true

  if [ "$outcome" = hung ] || [ ! -s "$xml" ]; then
    failed=$((failed + 1))
    if [ "$outcome" = hung ]; then
      problem "$name: no test started or ended for $hang_seconds s; killed"
    else
      problem "$name: the test program ended without results"
    fi
    printf 'Under way at that time:\n%s\n' "$(unfinished "$log" | sed 's/^/  /')"
    return
  fi
  count "$name" "$xml" "$seconds"
}

# The names of the projects that have ended since they were last asked for.
ended() {
  local name
  for name in "${!running[@]}"; do
    kill -0 "${running[$name]}" 2>/dev/null || printf '%s\n' "$name"
  done
}

# Most tests wait for servers and clocks, not for a processor: as many projects at once as there are processors, two at most.
run_all() {
  local at_once=$(($(nproc) < 2 ? 1 : 2)) left=("${projects[@]}") name
  while [ ${#left[@]} -gt 0 ] || [ ${#running[@]} -gt 0 ]; do
    while [ ${#left[@]} -gt 0 ] && [ ${#running[@]} -lt "$at_once" ]; do
      [[ " ${on_lambda[*]} " != *" ${left[0]} "* ]] || end_beside lambda "./build.sh lambda failed"
      run_project "${left[0]}" &
      running[${left[0]}]=$!
      left=("${left[@]:1}")
    done
    sleep 0.5
    for name in $(ended); do
      wait "${running[$name]}" || true
      unset "running[$name]"
      report "$name"
    done
  done
}

count() {
  local name=$1 xml=$2 seconds=$3
  local good bad left forbidden=0
  good=$(attribute passed "$xml")
  bad=$(($(attribute failed "$xml") + $(attribute errors "$xml")))
  left=$(attribute skipped "$xml")
  case "${CI:-}" in
    1 | true)
      forbidden=$(skip_reasons "$xml" | grep -c -v "^$fixtures_absent") || true
      [ "$forbidden" -eq 0 ] || problem "$name: $forbidden skipped, and with CI set none may be: $(skip_reasons "$xml" | grep -v "^$fixtures_absent" | sort -u | head -n 3 | tr '\n' ';')"
      ;;
  esac
  if [ $((good + bad + left)) -eq 0 ] && [ -z "$fast" ]; then
    problem "$name: no test ran"
    bad=1
  fi
  [ "$bad" -eq 0 ] || problem "$name: $bad failed"
  printf '%-14s %6d passed %4d failed %4d skipped %5d s\n' "$name" "$good" "$bad" "$left" "$seconds"
  passed=$((passed + good))
  failed=$((failed + bad + forbidden))
  skipped=$((skipped + left - forbidden))
}

# docs/coverage.md says which test holds which promise: each of them ran here, and passed every time.
check_coverage() {
  local named="$results/coverage.named" ran="$results/coverage.passed" missing
  grep -o '`[A-Za-z]*Tests\.[A-Za-z0-9_]*`' docs/coverage.md | tr -d '`' | sort -u >"$named"
  grep -h -o ' result="[A-Za-z]*" [^<]* type="[^"]*" method="[^"]*"' "$results"/*.xml |
    sed 's/^ result="\([A-Za-z]*\)".* type="[^"]*\.\([A-Za-z0-9_]*\)" method="\([^"]*\)"$/\1 \2.\3/' | sort -u |
    awk '$1 != "Pass" { bad[$2] = 1 } { seen[$2] = 1 } END { for (test in seen) if (!(test in bad)) print test }' | sort >"$ran"
  missing=$(comm -23 "$named" "$ran")
  if [ -n "$missing" ]; then
    failed=$((failed + 1))
    problem "docs/coverage.md names tests that did not run and pass here: $(tr '\n' ' ' <<<"$missing")"
  else
    printf '%-14s %6d promises held by tests that passed in this run\n' Coverage "$(wc -l <"$named")"
  fi
}

stop_running() {
  local name
  for name in "${!running[@]}"; do
    kill -TERM "${running[$name]}" 2>/dev/null || true
  done
  for name in "${!beside[@]}"; do
    kill -TERM -- "-${beside[$name]}" 2>/dev/null || true
  done
}
trap stop_running EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

parse_arguments "$@"
[ -n "$fast" ] || install_missing
build
say "Tests"
rm -rf "$results"
mkdir -p "$results"
begin_beside
run_all
end_beside format "dotnet format would change files"
[ -n "$fast" ] || [ -n "$some" ] || check_coverage

if [ ${#problems[@]} -gt 0 ]; then
  say "Not good"
  printf '%s\n' "${problems[@]}"
fi
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ ${#problems[@]} -eq 0 ]
