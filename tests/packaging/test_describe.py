"""What stores, systems and package managers are told is made of one source, and well formed."""

import dataclasses
import json
import plistlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import describe
import describe_linux
import describe_macos
import describe_release
import describe_windows
import pytest
import yaml
from helpers.data import ROOT
from program import LANGUAGES, Program, facts, version
from releases import newest, releases

from engine.base import links
from engine.base.version import installed_version
from gui import APP_ID, PROGRAM


@pytest.fixture(scope="module")
def program() -> Program:
    return facts()


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder in which one of each form lies."""
    folder = tmp_path / "packages"
    folder.mkdir()
    for form in describe_release.FORMS:
        (folder / f"Chaski-0{form.ending}").write_bytes(form.ending.encode())
    return folder


def test_the_facts_are_those_of_the_program(program: Program) -> None:
    assert program.version == version() == installed_version()
    assert program.scheme == links.SCHEME
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'\n{program.console} = "engine.cli:main"\n' in project
    assert f'\n{program.window} = "gui.start:main"\n' in project
    assert (program.id, program.name) == (APP_ID, PROGRAM)
    window = (ROOT / "gui" / "app.py").read_text("utf-8")
    assert f'setApplicationName("{program.package}")' in window  # by which X knows its windows
    assert program.icon.large.is_file()
    assert program.icon.small.is_file()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ('name = "Chaski"', "name is missing"),
        ("[summary]\n", "nobody reads subtitle"),
        ('fr = "Des modèles de langage', "summary must be told in en, fr, ja"),
    ],
)
def test_a_fact_that_lacks_or_that_nobody_reads_is_named(
    tmp_path: Path, change: str, complaint: str
) -> None:
    root = tmp_path / "root"
    for name in ("packaging/program.toml", "engine/base/version.py", "LICENSE"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, root / name)
    file = root / "packaging" / "program.toml"
    text = file.read_text("utf-8")
    assert text.count(change) == 1
    other = {"[summary]\n": "[subtitle]\nx = 1\n[summary]\n"}.get(change, f"#{change}")
    file.write_text(text.replace(change, other), "utf-8")
    with pytest.raises(ValueError, match=complaint):
        facts(root)


def test_the_version_that_is_built_has_notes_in_every_language(program: Program) -> None:
    notes = newest(program.version).notes
    assert sorted(notes) == sorted(LANGUAGES)
    with pytest.raises(ValueError, match=r"tells nothing of 99.0.0"):
        newest("99.0.0")


def test_linux(program: Program, tmp_path: Path) -> None:
    describe_linux.write(program, releases(), tmp_path)
    entry = (tmp_path / "applications" / f"{program.id}.desktop").read_text("utf-8")
    assert "\nExec=chaski-gui %u\n" in entry
    assert "\nMimeType=application/x-gguf;x-scheme-handler/chaski;\n" in entry
    assert all(f"\nComment[{lang}]=" in entry for lang in LANGUAGES if lang != "en")
    mime = ET.parse(tmp_path / "mime" / "packages" / f"{program.id}.xml")
    assert [each.get("pattern") for each in mime.iter() if each.tag.endswith("glob")] == ["*.gguf"]
    meta = ET.parse(tmp_path / "metainfo" / f"{program.id}.metainfo.xml").getroot()
    assert meta.findtext("id") == program.id
    assert [r.get("version") for r in meta.iter("release")][0] == program.version
    for tool, file in (
        (["desktop-file-validate"], f"applications/{program.id}.desktop"),
        (["appstreamcli", "validate", "--no-net"], f"metainfo/{program.id}.metainfo.xml"),
    ):
        if shutil.which(tool[0]):
            done = subprocess.run([*tool, str(tmp_path / file)], capture_output=True, text=True)
            assert (done.returncode, done.stdout.count("error")) == (0, 0), done.stdout


def test_a_command_with_a_space_stands_in_quotes(program: Program) -> None:
    entry = describe_linux.desktop(program, "/opt/My $programs/chaski-gui")
    assert '\nExec="/opt/My \\\\$programs/chaski-gui" %u\n' in entry


def test_macos(program: Program, tmp_path: Path) -> None:
    describe_macos.write(program, tmp_path)
    told = plistlib.loads((tmp_path / "Info.plist").read_bytes())
    assert re.fullmatch(r"[A-Za-z0-9.-]+", told["CFBundleIdentifier"])
    assert told["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["chaski"]
    (kind,) = told["UTImportedTypeDeclarations"]
    assert told["CFBundleDocumentTypes"][0]["LSItemContentTypes"] == [kind["UTTypeIdentifier"]]
    names = (tmp_path / "ja.lproj" / "InfoPlist.strings").read_text("utf-8")
    assert names == '"GGUF model" = "GGUF モデル";\n'


def test_windows_deletes_every_file_of_ours_and_no_model(program: Program) -> None:
    text = describe_windows.facts_nsh(program)
    deleted = re.findall(r'Delete "\$LOCALAPPDATA\\Chaski\\(.+)"', text)
    assert {"chats*.sqlite3*", "window*.json*", "hub-tokens*.json*"} <= set(deleted)
    assert all(re.fullmatch(r"[a-z-]+\*\.(json|sqlite3)\*", name) for name in deleted)
    folders = re.findall(r'RMDir /r "(.+)"', text)
    caches = [f"$LOCALAPPDATA\\Chaski\\Cache\\{n}" for n in ("kernels", "predictions")]
    assert folders == [*caches, "$LOCALAPPDATA\\Chaski\\shown"]
    chats = text[text.index("DELETE_CHATS_AND_SETTINGS") :]
    assert "shown" in chats, "what a kill left of an answer goes with the chats alone"
    assert "Cache" not in chats


def test_what_a_script_would_run_stays_text(program: Program) -> None:
    odd = dataclasses.replace(program, publisher='A "B" $TEMP')
    assert '!define PUBLISHER "A $\\"B$\\" $$TEMP"' in describe_windows.facts_nsh(odd)
    with pytest.raises(ValueError, match="cannot stand in an installer's script"):
        describe_windows.facts_nsh(dataclasses.replace(program, publisher="A\nB"))


def test_what_is_told_of_a_release(program: Program, packages: Path, tmp_path: Path) -> None:
    describe_release.write(program, newest(program.version), packages, tmp_path)
    told = json.loads((tmp_path / "release.json").read_text("utf-8"))
    assert told["version"] == program.version
    assert len(told["files"]) == len(describe_release.FORMS)
    assert all(file["url"].startswith(program.repository) for file in told["files"])
    installer = next(file for file in told["files"] if file["form"] == "installer")
    cask = (tmp_path / "homebrew" / "chaski.rb").read_text("utf-8")
    image = next(file for file in told["files"] if file["form"] == "dmg")
    assert f'sha256 "{image["sha256"]}"' in cask
    manifests = [yaml.safe_load(f.read_text("utf-8")) for f in (tmp_path / "winget").iterdir()]
    assert {m["ManifestType"] for m in manifests} == {
        *("version", "installer", "defaultLocale", "locale")
    }
    assert {m["PackageLocale"] for m in manifests if "PackageLocale" in m} == {
        *("en-US", "fr-FR", "ja-JP")
    }
    (found,) = (m["Installers"][0] for m in manifests if m["ManifestType"] == "installer")
    assert found["InstallerSha256"] == installer["sha256"].upper()
    assert found["InstallerUrl"] == installer["url"]


def test_a_folder_with_two_of_a_form_is_refused(packages: Path) -> None:
    (packages / "Chaski-1-macos-arm64.dmg").write_bytes(b"")
    with pytest.raises(ValueError, match="more than one package"):
        describe_release.packages(packages)


def test_a_release_is_made_of_its_tag_in_its_own_place_alone(program: Program) -> None:
    describe.check(program, f"v{program.version}", program.owner)
    with pytest.raises(SystemExit, match=r"the tag is v99.0.0, but"):
        describe.check(program, "v99.0.0", program.owner)
    with pytest.raises(SystemExit, match="where installed programs look for updates"):
        describe.check(program, f"v{program.version}", "somebody/fork")
