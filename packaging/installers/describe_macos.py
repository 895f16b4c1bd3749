"""What macOS is told: Info.plist, and the names of file types in each language."""

import plistlib
from pathlib import Path
from typing import Any

from program import LANGUAGES, Program

OLDEST = "13.0"  # that Qt's libraries run on


def bundle_id(program: Program) -> str:
    """The same id in the letters that a bundle's may have."""
    return program.id.replace("_", "-")


def info_plist(program: Program) -> dict[str, Any]:
    return {
        "CFBundleName": program.name,
        "CFBundleDisplayName": program.name,
        "CFBundleIdentifier": bundle_id(program),
        "CFBundleShortVersionString": program.plain_version.removesuffix(".0"),
        "CFBundleVersion": program.plain_version,
        "CFBundlePackageType": "APPL",
        "CFBundleExecutable": program.window,
        "CFBundleIconFile": f"{program.package}.icns",
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": list(LANGUAGES),
        "CFBundleURLTypes": [
            {
                "CFBundleURLName": bundle_id(program),
                "CFBundleURLSchemes": [program.scheme],
                "CFBundleTypeRole": "Viewer",
            }
        ],
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": kind.name["en"],
                "CFBundleTypeRole": "Viewer",
                "LSItemContentTypes": [kind.uti],
                "LSHandlerRank": "Alternate",
            }
            for kind in program.file_types
        ],
        "UTImportedTypeDeclarations": [
            {
                "UTTypeIdentifier": kind.uti,
                "UTTypeDescription": kind.name["en"],
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": [kind.extension],
                    "public.mime-type": [kind.mime],
                },
            }
            for kind in program.file_types
        ],
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSMinimumSystemVersion": OLDEST,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": program.copyright,
        "NSSupportsAutomaticGraphicsSwitching": True,
    }


def strings(program: Program, language: str) -> str:
    """InfoPlist.strings: what Finder calls the file types."""
    pairs = [(kind.name["en"], kind.name[language]) for kind in program.file_types]
    return "".join(f'"{_escaped(name)}" = "{_escaped(told)}";\n' for name, told in pairs)


def write(program: Program, out: Path) -> None:
    """Info.plist, and the folders that belong into a bundle's Resources."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "Info.plist").write_bytes(plistlib.dumps(info_plist(program)))
    write_strings(program, out)


def write_strings(program: Program, resources: Path) -> None:
    for language in LANGUAGES:
        folder = resources / f"{language}.lproj"
        folder.mkdir(parents=True, exist_ok=True)
        text = strings(program, language)
        (folder / "InfoPlist.strings").write_text(text, encoding="utf-8", newline="\n")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
