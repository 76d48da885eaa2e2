"""Prompts are files that a user can change; a wrong one is an error before anything is sent."""

from pathlib import Path

import pytest

from qa.bundled_files import bundled
from qa.errors import PromptError
from qa.prompts import load_prompts


def test_every_prompt_of_the_folder_loads_and_has_a_hash() -> None:
    names = [path.stem for path in bundled("prompts").glob("*.md") if path.stem != "README"]
    prompts = load_prompts(names=names)
    assert set(prompts.hashes) == set(names) >= {"answer", "judge_correctness"}
    assert all(len(digest) == 12 for digest in prompts.hashes.values())


def test_a_chatbot_reads_only_the_prompts_that_it_sends() -> None:
    assert set(load_prompts().hashes) == {"answer", "question", "repair", "condense", "conversation"}


def test_every_prompt_is_described_beside_its_file() -> None:
    described = (bundled("prompts") / "README.md").read_text(encoding="utf-8")
    assert [path.stem for path in bundled("prompts").glob("*.md") if f"| `{path.stem}` |" not in described] == [
        "README"
    ]


def test_dollar_signs_in_values_stay_as_they_are() -> None:
    filled = load_prompts().fill("question", passages="It cost $question.", question="How much is $1?")
    assert filled.startswith("It cost $question.") and filled.endswith("How much is $1?")


def test_a_users_prompt_takes_the_place_of_one_and_leaves_the_others(tmp_path: Path) -> None:
    (tmp_path / "condense.md").write_text("Rewrite it.")
    own, shipped = load_prompts(tmp_path), load_prompts()
    changed = {name for name in own.hashes if own.hashes[name] != shipped.hashes[name]}
    assert (own.texts["condense"], changed) == ("Rewrite it.", {"condense"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("$question", r"lacks \$passages"),
        ("$passages $question $extra", r"has the unknown variable \$extra"),
        ("$passages $question costs $5", r"write \$\$ for a dollar sign"),
    ],
)
def test_wrong_variables_are_named(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "question.md").write_text(text)
    with pytest.raises(PromptError, match=problem):
        load_prompts(tmp_path)


def test_a_missing_folder_and_an_unreadable_file_say_so(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="is not a folder; set QA_PROMPTS_DIR"):
        load_prompts(tmp_path / "missing")
    (tmp_path / "answer.md").write_bytes(b"\xff")
    with pytest.raises(PromptError, match="cannot be read"):
        load_prompts(tmp_path)
