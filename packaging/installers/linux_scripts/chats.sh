said() { printf '%s\n' "$*"; }

about_chats() { # FOLDER: one user's data. Models always stay; chats go if whoever is asked says so.
    [ -d "$1" ] || return 0
    said "Your chats and models stay in $1 ($(du -sh "$1" 2>/dev/null | cut -f1))."
    [ -e "$1/chats.sqlite3" ] || return 0
    answer=n
    if [ "${2:-}" = ask ] && [ -t 0 ]; then
        printf 'Delete the chats now? They cannot be brought back; models stay. [y/N] '
        read -r answer || answer=n
    fi
    case "$answer" in
    [yY]*)
        rm -f -- "$1/chats.sqlite3" "$1/chats.sqlite3-wal" "$1/chats.sqlite3-shm"
        rm -rf -- "$1/shown" # answers that a kill cut
        said "The chats are deleted."
        ;;
    *) said "To remove them later, delete that folder." ;;
    esac
}
