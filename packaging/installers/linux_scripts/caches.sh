refresh() { # DIR: the share folder; what a desktop keeps of it is made anew, where it keeps any
    if command -v update-desktop-database >/dev/null 2>&1; then
        update-desktop-database -q "$1/applications" || true
    fi
    if command -v update-mime-database >/dev/null 2>&1 && [ -d "$1/mime/packages" ]; then
        update-mime-database "$1/mime" >/dev/null 2>&1 || true
    fi
    if command -v gtk-update-icon-cache >/dev/null 2>&1 && [ -e "$1/icons/hicolor/index.theme" ]; then
        gtk-update-icon-cache -q -t -f "$1/icons/hicolor" || true
    fi
}
