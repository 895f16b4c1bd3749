#!/bin/sh
# Removes what install.sh has put in place. Models stay; about chats it asks.
set -eu
@caches@
@chats@
@clear@
to=$(cd "$(dirname "$0")" && pwd)
bin="${HOME:?}/.local/bin"
share="${XDG_DATA_HOME:-$HOME/.local/share}"
for name in @programs@; do
    if [ "$(readlink "$bin/$name" 2>/dev/null || true)" = "$to/$name" ]; then rm -f "$bin/$name"; fi
done
(cd "$to/share" && find . -type f) | while read -r file; do rm -f "$share/$file"; done
rm -rf "${XDG_CACHE_HOME:-$HOME/.cache}/Chaski/kernels"
refresh "$share"
cd /
clear_away "$to"
said "Chaski is removed."
about_chats "$share/Chaski" ask
