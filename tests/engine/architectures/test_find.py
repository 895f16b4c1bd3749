"""A family is found by its file's name; every file is one, with a row of test data."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.data import ROOT
from helpers.tiny_checkpoints import CONFIGS, ROWS, kind_of, shapes_of
from helpers.tiny_models import write_tiny_llama

from engine.architectures import build_graph, known_architectures
from engine.architectures.shared import find
from engine.architectures.shared.family import Family
from engine.architectures.shared.find import class_kinds, family_of, sources
from engine.base.errors import UnsupportedError
from engine.weights.formats.gguf import open_gguf
from engine.workshop.convert.senses import TEXT


def test_every_file_is_a_family() -> None:
    files = {path.stem for path in (ROOT / "engine" / "architectures").glob("*.py")}
    assert len(known_architectures()) == len(files - {"__init__"}) + len(find.ALIASES)
    assert all(isinstance(family_of(name), Family) for name in known_architectures())


def test_every_family_has_a_row_of_test_data() -> None:
    families = {name for name in known_architectures() if name not in find.ALIASES}
    assert ROWS.keys() == families
    for name, row in ROWS.items():
        tried = {kind_of(CONFIGS[checkpoint]) for checkpoint in row["checkpoints"]}
        assert tried == {kind for kind, (owner, _) in sources().items() if owner == name}


def test_the_table_of_families_names_all() -> None:
    """One row for each file, with its aliases, as tests/families/table.py writes it."""
    paper = ROOT / "engine" / "architectures" / "README.md"
    rows = [row for row in paper.read_text(encoding="utf-8").splitlines() if row.startswith("| `")]
    named = {row.split("`")[1]: row.split("|")[1] for row in rows}
    assert len(named) == len(rows)
    assert named.keys() == ROWS.keys()
    for name in named:
        others = {alias for alias, family in find.ALIASES.items() if family == name}
        assert set(re.findall("`(.*?)`", named[name])) == {name, *others}
    assert all(cell.strip() for row in rows for cell in row.split("|")[1:-2])


def test_rules_have_a_place_for_every_tensor_that_was_recorded() -> None:
    for name, config in CONFIGS.items():
        _, source = sources()[kind_of(config)]
        known = {rule.source for rule in source.rules}
        whole = "text_config" in config
        for tensor in shapes_of(name):
            if whole and "language_model." not in tensor and tensor != "lm_head.weight":
                continue  # what sees or hears
            own = TEXT.sub("", tensor).removeprefix(source.prefix)
            for old, new in source.renamed:
                own = re.sub(old, new, own)
            bare = re.sub(r"\.\d+\.", ".{i}.", own, count=1)
            bare = re.sub(r"(experts|norms|shares)\.\d+(\.|$)", r"\1.{e}\2", bare)
            stack = bare.replace("{i}", "{e}")  # of matrices that no layer has
            unused = re.search(source.ignored, bare)
            # What only the first layer has is named with its number.
            assert {bare, stack, own} & known or unused, f"{name}: {tensor}"


@pytest.mark.parametrize("name", ["", ".", "shared", "__init__", "os", "shared.find", "gpt_2"])
def test_other_names_are_no_family(name: str) -> None:
    assert family_of(name) is None


def test_hyphens_and_underscores_are_told_apart() -> None:
    assert find._architecture("gpt_oss") == "gpt-oss"
    assert find._architecture("granite__swa") == "granite_swa"


def test_an_alias_is_the_same_graph_with_keys_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_tiny_llama(tmp_path / "m.gguf", architecture="xverse")
    with pytest.raises(UnsupportedError, match="xverse"):
        build_graph(open_gguf(path))
    monkeypatch.setitem(find.ALIASES, "xverse", "llama")
    common, graph = build_graph(open_gguf(path))
    llama = build_graph(open_gguf(write_tiny_llama(tmp_path / "l.gguf")))[1]
    assert common.architecture == "xverse"
    assert graph.ops == llama.ops


def test_classes_and_bare_models() -> None:
    assert class_kinds()["YiForCausalLM"] == "llama"
    bare = {kind: source.bare for kind, (_, source) in sources().items()}
    assert (bare["gpt2"], bare["mistral"]) == ("GPT2Model", "MistralModel")


def test_names_cost_nothing() -> None:
    code = (
        "import sys; from engine.architectures import known_architectures as known; known();"
        "print([m for m in ('numpy', 'engine.architectures.llama') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
