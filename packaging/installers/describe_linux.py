"""What Linux desktops and software centres are told: desktop entry, file types, AppStream."""

import xml.etree.ElementTree as ET
from pathlib import Path

from program import LANGUAGES, Program, Spoken
from releases import Release

MENU = "Science;ArtificialIntelligence;"  # categories of the menu specification
SCREENSHOT = "window.png"  # that each release brings along


def write(program: Program, releases: list[Release], out: Path) -> None:
    """The folders of a `share`: applications, mime/packages, metainfo."""
    for place, text in (
        (f"applications/{program.id}.desktop", desktop(program)),
        (f"mime/packages/{program.id}.xml", mime(program)),
        (f"metainfo/{program.id}.metainfo.xml", metainfo(program, releases)),
    ):
        path = out / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def desktop(program: Program, command: str = "") -> str:
    """The entry in menus. `command`: the program, where it is found elsewhere than on the path."""
    kinds = [each.mime for each in program.file_types] + [f"x-scheme-handler/{program.scheme}"]
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.1",
        f"Name={program.name}",
        *_told("GenericName", program.generic),
        *_told("Comment", program.summary),
        *_told("Keywords", {lang: ";".join(program.keywords[lang]) + ";" for lang in LANGUAGES}),
        f"Exec={_argument(command or program.window)} %u",
        f"TryExec={command or program.window}",
        f"Icon={program.id}",
        f"Categories={MENU}",
        f"MimeType={';'.join(kinds)};",
        "Terminal=false",
        "StartupNotify=true",
        f"StartupWMClass={program.package}",  # the application's name, as gui/app.py sets it
    ]
    return "\n".join(lines) + "\n"


def _told(key: str, words: Spoken) -> list[str]:
    """A line for each language; English is what all others get."""
    return [f"{key}{'' if lang == 'en' else f'[{lang}]'}={text}" for lang, text in words.items()]


def _argument(command: str) -> str:
    """As desktop entries want it: in quotes where there is more than a word."""
    if all(c.isalnum() or c in "/._-+" for c in command):
        return command
    for letter in ("\\", '"', "`", "$"):
        command = command.replace(letter, "\\" + letter)
    return '"' + command.replace("\\", "\\\\").replace("%", "%%") + '"'


def mime(program: Program) -> str:
    """The file types, by ending and by first letters."""
    root = ET.Element("mime-info", xmlns="http://www.freedesktop.org/standards/shared-mime-info")
    for each in program.file_types:
        kind = ET.SubElement(root, "mime-type", type=each.mime)
        _said(kind, "comment", each.name)
        ET.SubElement(kind, "generic-icon", name="application-octet-stream")
        magic = ET.SubElement(kind, "magic", priority="60")
        ET.SubElement(magic, "match", type="string", value=each.magic, offset="0")
        ET.SubElement(kind, "glob", pattern=f"*.{each.extension}")
    return _text(root)


def metainfo(program: Program, releases: list[Release]) -> str:
    """What Flathub and software centres show."""
    root = ET.Element("component", type="desktop-application")
    for name, text in (
        ("id", program.id),
        ("name", program.name),
        ("metadata_license", "CC0-1.0"),
        ("project_license", program.licence),
    ):
        ET.SubElement(root, name).text = text
    _said(root, "summary", program.summary)
    developer = ET.SubElement(root, "developer", id=program.id.rpartition(".")[0])
    ET.SubElement(developer, "name").text = program.publisher
    description = ET.SubElement(root, "description")
    for n in range(len(program.description["en"])):
        _said(description, "p", {lang: program.description[lang][n] for lang in LANGUAGES})
    ET.SubElement(root, "launchable", type="desktop-id").text = f"{program.id}.desktop"
    for kind, page in (("homepage", ""), ("bugtracker", "/issues"), ("vcs-browser", "")):
        ET.SubElement(root, "url", type=kind).text = program.repository + page
    _screenshot(root, program)
    provides = ET.SubElement(root, "provides")
    for name, text in (
        *(("binary", name) for name in (program.window, program.console)),
        *(("mediatype", each.mime) for each in program.file_types),
        ("mediatype", f"x-scheme-handler/{program.scheme}"),
    ):
        ET.SubElement(provides, name).text = text
    branding = ET.SubElement(root, "branding")
    for scheme, colour in (
        ("light", program.icon.colour),
        ("dark", program.icon.colour_dark),
    ):
        ET.SubElement(branding, "color", type="primary", scheme_preference=scheme).text = colour
    ET.SubElement(root, "content_rating", type="oars-1.1")
    _releases(root, program, releases)
    return _text(root)


def _screenshot(root: ET.Element, program: Program) -> None:
    shots = ET.SubElement(root, "screenshots")
    shot = ET.SubElement(shots, "screenshot", type="default")
    address = f"{program.page_of(program.version)}/{SCREENSHOT}"
    ET.SubElement(shot, "image").text = address.replace("/tag/", "/download/")


def _releases(root: ET.Element, program: Program, releases: list[Release]) -> None:
    parts = ET.SubElement(root, "releases")
    for release in releases:
        part = ET.SubElement(parts, "release", version=release.version, date=release.date)
        ET.SubElement(part, "url", type="details").text = program.page_of(release.version)
        points = ET.SubElement(ET.SubElement(part, "description"), "ul")
        for n in range(len(release.notes["en"])):
            _said(points, "li", {lang: release.notes[lang][n] for lang in LANGUAGES})


def _said(parent: ET.Element, name: str, words: Spoken) -> None:
    """An element for each language, English first and without a mark."""
    for lang in LANGUAGES:
        marks = {} if lang == "en" else {"xml:lang": lang}
        ET.SubElement(parent, name, marks).text = words[lang]


def _text(root: ET.Element) -> str:
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"
