#!/bin/sh
# Installs cache servers that are missing here, as programs only: no service is started, none is enabled.
#
#   scripts/install-servers.sh redis-server memcached --optional valkey-server
#
# Packages before --optional must be there in the end (else exit status 1); of those behind it, the ones that this release of Debian or
# Ubuntu offers, its backports included. The machine's own package sources are used and left as they are.
set -eu

say() { printf '%s\n' "install-servers: $*" >&2; }

required=""
optional=""
list=required
for argument in "$@"; do
  case "$argument" in
    --optional) list=optional ;;
    -* | *[!a-z0-9-]*) say "'$argument' is not a package name. Usage: $0 PACKAGE… [--optional PACKAGE…]"; exit 2 ;;
    *) if [ "$list" = required ]; then required="$required $argument"; else optional="$optional $argument"; fi ;;
  esac
done

# Each of these packages is named for the program that it brings.
missing() {
  for package in "$@"; do
    command -v "$package" >/dev/null 2>&1 || printf '%s ' "$package"
  done
}

# shellcheck disable=SC2086 # lists of names: split on purpose, here and below
missing_required=$(missing $required)
# shellcheck disable=SC2086
missing_optional=$(missing $optional)
[ -n "$missing_required$missing_optional" ] || exit 0

give_up() {
  if [ -n "$missing_required" ]; then
    say "$1 Install by hand: $missing_required"
    exit 1
  fi
  say "$1 Going on without: $missing_optional"
  exit 0
}

command -v apt-get >/dev/null 2>&1 || give_up "This machine has no apt-get."
if [ "$(id -u)" -eq 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
  as_root="sudo"
else
  give_up "Packages can be installed by root only, and there is no sudo that works here."
fi

scratch=$(mktemp -d)
policy=/usr/sbin/policy-rc.d
made_policy=""
clean_up() {
  [ -z "$made_policy" ] || $as_root rm -f "$policy"
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

apt() {
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 $sources "$@"
}

# What the archive offers; an unknown package has no candidate.
is_offered() {
  # shellcheck disable=SC2086
  LC_ALL=C apt-cache $sources policy "$1" 2>/dev/null | grep -q '^ *Candidate: [0-9]'
}

# The backports of this release, from the mirror that the machine's own entry for the release names. They stand in a copy of the list of
# sources that only this script uses.
add_backports() {
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  [ -n "$codename" ] || return 1
  # shellcheck disable=SC2016 # apt's own variables
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $codename" 'Origin: Debian' 'Component: main' | head -n 1)
  [ -n "$mirror" ] || return 1
  eval "$(apt-config shell parts Dir::Etc::sourceparts/d)"
  mkdir "$scratch/sources"
  [ ! -d "$parts" ] || find "$parts" -maxdepth 1 -type f \( -name '*.list' -o -name '*.sources' \) -exec cp {} "$scratch/sources/" \;
  {
    printf 'Types: deb\nURIs: %s\nSuites: %s-backports\nComponents: main\n' "$mirror" "$codename"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ ! -f "$keyring" ] || printf 'Signed-By: %s\n' "$keyring"
  } > "$scratch/sources/cache-backup-backports.sources"
  chmod 755 "$scratch" "$scratch/sources"
  sources="-o Dir::Etc::sourceparts=$scratch/sources"
  apt update
}

sources=""
apt update || say "The lists of packages could not all be renewed; going on with what is here."

offered=""
backports=unasked
for package in $missing_required $missing_optional; do
  if ! is_offered "$package" && [ "$backports" = unasked ]; then
    backports=asked
    add_backports || { sources=""; say "This release's backports could not be read."; }
  fi
  if is_offered "$package"; then
    offered="$offered $package"
  else
    say "$package is not offered to this machine."
  fi
done

# Debian starts a service when its package is set up, unless this file says no.
if [ -n "$offered" ] && [ ! -e "$policy" ]; then
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
  $as_root chmod 755 "$policy"
fi

for package in $offered; do
  say "installing $package"
  if apt install --yes --no-install-recommends "$package" >"$scratch/log" 2>&1; then
    $as_root update-rc.d "$package" disable >/dev/null 2>&1 || true
  else
    tail -n 5 "$scratch/log" >&2
    say "$package could not be installed."
  fi
done

# shellcheck disable=SC2086
still_missing=$(missing $required)
[ -z "$still_missing" ] || { say "Still missing: $still_missing"; exit 1; }
