#!/bin/sh
# Puts the unpacked program into its place and tells the desktop. An older version is replaced only
# once the new one has started.
set -eu
@caches@
@clear@
new=$(cd "$(dirname "$0")" && pwd)
to=${1:-"${HOME:?}/.local/lib/chaski"}
bin="$HOME/.local/bin"
share="${XDG_DATA_HOME:-$HOME/.local/share}"
if ! "$new/chaski" --version >/dev/null; then
    echo "Chaski does not start on this system; nothing was changed" >&2
    exit 1
fi
if [ "$new" != "$to" ]; then
    if [ -e "$to" ] && [ ! -e "$to/uninstall.sh" ] && ! rmdir "$to" 2>/dev/null; then
        echo "something else is in $to; name another folder with --to" >&2
        exit 1
    fi
    if [ -e "$to" ]; then mv "$to" "$new.old"; fi
    mv "$new" "$to"
    if [ -e "$new.old" ]; then clear_away "$new.old"; fi
fi
mkdir -p "$bin" "$share"
for name in @programs@; do ln -sfn "$to/$name" "$bin/$name"; done
(cd "$to/share" && find . -type f) | while read -r file; do
    mkdir -p "$share/$(dirname "$file")"
    cp "$to/share/$file" "$share/$file"
done
sed -e "s|^Exec=@window@|Exec=\"$to/@window@\"|" -e "s|^TryExec=.*|TryExec=$to/@window@|" \
    "$to/share/applications/@id@.desktop" >"$share/applications/@id@.desktop"
refresh "$share"
echo "Chaski @version@ is in $to. It stands in the menu; in a terminal: chaski"
case ":$PATH:" in
*":$bin:"*) ;;
*) echo "($bin is not on your PATH yet: log in anew, or start $bin/chaski)" ;;
esac
echo "To remove it: $to/uninstall.sh"
