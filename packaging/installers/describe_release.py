"""What needs the finished packages, their sizes and SHA-256: what programs look at for updates
(release.json), the notes of the release's page, and descriptions for winget and Homebrew.

A package is known by its name's ending: `Chaski-1.2.3-windows-x86_64.exe`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from program import LANGUAGES, Program
from releases import Release
from sums import digest

LOCALES = {"en": "en-US", "fr": "fr-FR", "ja": "ja-JP"}
WINGET_SCHEMA = "1.9.0"


@dataclass(frozen=True)
class Form:
    """A way to get the program. `system`, `machine`: as Python names them (sys.platform,
    platform.machine() in small letters)."""

    system: str
    machine: str
    form: str
    ending: str


FORMS = (
    Form("win32", "x86_64", "installer", "-windows-x86_64.exe"),
    Form("win32", "x86_64", "portable", "-windows-x86_64-portable.zip"),
    Form("darwin", "arm64", "dmg", "-macos-arm64.dmg"),
    Form("linux", "x86_64", "deb", "_amd64.deb"),
    Form("linux", "x86_64", "run", "-linux-x86_64.run"),
)


def packages(folder: Path) -> list[tuple[Form, Path]]:
    """What of the known forms lies there. Raises ValueError where two have one, or none has."""
    found = []
    for form in FORMS:
        fitting = sorted(path for path in folder.iterdir() if path.name.endswith(form.ending))
        if len(fitting) > 1:
            raise ValueError(f"{folder} has more than one package *{form.ending}")
        found += [(form, path) for path in fitting]
    if not found:
        raise ValueError(f"{folder} has no package")
    return found


def write(program: Program, release: Release, folder: Path, out: Path) -> None:
    """Raises ValueError where something that must be released is missing."""
    found = packages(folder)
    out.mkdir(parents=True, exist_ok=True)
    _put(out / "release.json", release_json(program, release, found))
    _put(out / "notes.md", notes(release))
    for form, path in found:
        if form.form == "installer":
            for name, text in winget(program, release, path).items():
                _put(out / "winget" / name, text)
        elif form.form == "dmg":
            _put(out / "homebrew" / f"{program.package}.rb", cask(program, path))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def address(program: Program, path: Path) -> str:
    page = program.page_of(program.version).replace("/tag/", "/download/")
    return f"{page}/{path.name}"


def release_json(program: Program, release: Release, found: list[tuple[Form, Path]]) -> str:
    """The form that engine/hub/updates.py reads."""
    told = {
        "version": release.version,
        "date": release.date,
        "page": program.page_of(release.version),
        "notes": release.notes,
        "files": [
            {
                "system": form.system,
                "machine": form.machine,
                "form": form.form,
                "url": address(program, path),
                "size": path.stat().st_size,
                "sha256": digest(path),
            }
            for form, path in found
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def notes(release: Release) -> str:
    """Markdown for the release's page: what is new, in each language."""
    names = {"en": "", "fr": "### Français\n\n", "ja": "### 日本語\n\n"}
    parts = (
        names[language] + "".join(f"- {point}\n" for point in release.notes[language])
        for language in LANGUAGES
    )
    return "\n".join(parts)


# winget: three kinds of YAML, whose texts are written as JSON's, which YAML reads


def winget(program: Program, release: Release, installer: Path) -> dict[str, str]:
    """The files of a folder manifests/c/…/VERSION of winget-pkgs, by name."""
    name = f"{program.publisher.title().replace(' ', '')}.{program.name}"
    head = {"PackageIdentifier": name, "PackageVersion": program.version}
    kind = program.file_types[0]
    files = {
        f"{name}.yaml": _manifest("version", {**head, "DefaultLocale": LOCALES["en"]}),
        f"{name}.installer.yaml": _manifest(
            "installer",
            {
                **head,
                "Platform": ["Windows.Desktop"],
                "MinimumOSVersion": "10.0.17763.0",
                "InstallerType": "nullsoft",
                "Scope": "user",
                "UpgradeBehavior": "install",
                "Commands": [program.console],
                "Protocols": [program.scheme],
                "FileExtensions": [kind.extension],
                "ProductCode": program.name,
                "ReleaseDate": release.date,
                "Installers": [
                    {
                        "Architecture": "x64",
                        "InstallerUrl": address(program, installer),
                        "InstallerSha256": digest(installer).upper(),
                    }
                ],
            },
        ),
    }
    for language, locale in LOCALES.items():
        sort = "defaultLocale" if language == "en" else "locale"
        files[f"{name}.locale.{locale}.yaml"] = _manifest(
            sort,
            {
                **head,
                "PackageLocale": locale,
                "Publisher": program.publisher,
                "PublisherUrl": program.repository,
                "PublisherSupportUrl": f"{program.repository}/issues",
                "PackageName": program.name,
                "PackageUrl": program.repository,
                "License": program.licence,
                "LicenseUrl": f"{program.repository}/blob/v{program.version}/LICENSE",
                "Copyright": program.copyright,
                "ShortDescription": program.summary[language],
                "Description": "\n\n".join(program.description[language]),
                "Tags": [word.lower().replace(" ", "-") for word in program.keywords[language]],
                "ReleaseNotes": "\n".join(f"- {point}" for point in release.notes[language]),
                "ReleaseNotesUrl": program.page_of(program.version),
            },
        )
    return files


def _manifest(sort: str, told: dict[str, object]) -> str:
    schema = f"https://aka.ms/winget-manifest.{sort}.{WINGET_SCHEMA}.schema.json"
    whole = {**told, "ManifestType": sort, "ManifestVersion": WINGET_SCHEMA}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in whole.items()]
    return "\n".join([f"# yaml-language-server: $schema={schema}", *lines]) + "\n"


# Homebrew


def cask(program: Program, image: Path) -> str:
    """The cask. `zap`, asked for by its user, leaves the models."""
    from describe_macos import bundle_id

    url = address(program, image).replace(program.version, "#{version}")
    support = f"~/Library/Application Support/{program.name}"
    gone = [
        f"{support}/*.json",
        f"{support}/*.sqlite3*",
        f"~/Library/Caches/{program.name}",
        f"~/Library/Saved Application State/{bundle_id(program)}.savedState",
    ]
    listed = ",\n".join(f"    {_ruby(path)}" for path in gone)
    return f"""\
cask {_ruby(program.package)} do
  version {_ruby(program.version)}
  sha256 {_ruby(digest(image))}

  url "{url}"
  name {_ruby(program.name)}
  desc {_ruby(program.summary["en"])}
  homepage {_ruby(program.repository)}

  depends_on arch: :arm64
  depends_on macos: ">= :ventura"

  app {_ruby(f"{program.name}.app")}
  binary "#{{appdir}}/{program.name}.app/Contents/MacOS/{program.console}"

  zap trash: [
{listed},
  ]
end
"""


def _ruby(text: str) -> str:
    """A text in quotes, with nothing in it that Ruby would run."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("#{", "\\#{")
    return f'"{plain}"'
