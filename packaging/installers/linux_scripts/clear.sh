clear_away() { # DIR: what an installation has put there, and the folder if nothing else is in it
    for name in _internal share @programs@ install.sh uninstall.sh; do rm -rf "${1:?}/$name"; done
    rmdir "$1" 2>/dev/null || true
}
