#!/bin/sh
# Chaski @version@: sh this-file installs it for you alone, without an administrator.
#
#   --to DIR        into this folder (usually ~/.local/lib/chaski)
#   --extract DIR   only unpack
set -eu
to="${HOME:?}/.local/lib/chaski" only=""
while [ $# -gt 0 ]; do
    case "$1" in
    --to) to=${2:?} && shift 2 ;;
    --extract) only=${2:?} && shift 2 ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" && exit 0 ;;
    esac
done
if ! command -v xz >/dev/null 2>&1; then
    echo "xz is needed to unpack this; install it (on Debian and Ubuntu: sudo apt install xz-utils)" >&2
    exit 1
fi
machine=$(uname -m)
if [ "$machine" != "@machine@" ]; then
    echo "this is for @machine@ computers, and this one is $machine" >&2
    exit 1
fi
packed() { tail -n +@lines@ "$0"; }
if command -v sha256sum >/dev/null 2>&1; then
    if [ "$(packed | sha256sum | cut -d' ' -f1)" != "@sum@" ]; then
        echo "this file is damaged; download it again" >&2
        exit 1
    fi
fi
case "$to" in /*) ;; *) to="$PWD/$to" ;; esac
mkdir -p "$(dirname "$to")"
new="$only"
if [ -z "$new" ]; then
    new=$(mktemp -d "$to.XXXXXX")
    trap 'rm -rf "$new"' EXIT
fi
mkdir -p "$new"
chmod 755 "$new"
packed | xz -dc | tar -x -f - -C "$new"
if [ -z "$only" ]; then "$new/install.sh" "$to"; fi
exit 0
