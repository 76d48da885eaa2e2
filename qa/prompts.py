"""The prompts, read from files that a user can see, change, and trace by hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from qa.bundled_files import bundled
from qa.errors import PromptError

_VARIABLES: dict[str, frozenset[str]] = {
    "answer": frozenset({"nonce", "most"}),
    "question": frozenset({"passages", "question"}),
    "repair": frozenset({"problem"}),
    "condense": frozenset(),
    "conversation": frozenset({"nonce", "turns", "question"}),
    "judge_correctness": frozenset({"nonce"}),
    "judge_faithfulness": frozenset({"nonce"}),
    "draft_case": frozenset({"nonce"}),
}
ANSWERING = ("answer", "question", "repair", "condense", "conversation")
"""What a chatbot with a chat model sends; the others belong to the eval suite."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The text of each prompt, by name; the names are those of the files in `prompts/`."""

    texts: dict[str, str]

    def fill(self, name: str, **values: object) -> str:
        """Give a prompt with its variables filled in; `$` in a value stays as it is."""
        return Template(self.texts[name]).substitute({key: str(value) for key, value in values.items()})

    @property
    def hashes(self) -> dict[str, str]:
        """The first 12 hexadecimal digits of each prompt's SHA-256, by name."""
        return {name: hashlib.sha256(text.encode()).hexdigest()[:12] for name, text in self.texts.items()}


def load_prompts(folder: Path | None = None, names: Sequence[str] = ANSWERING) -> Prompts:
    """Read the prompts that came with the package; those that `folder` holds take their place.

    Args:
        folder: None takes all from the package.
        names: Which ones; a part that sends others neither waits for them nor has them among its hashes.

    Raises:
        PromptError: The folder or a file cannot be read, or a prompt's variables are not those it must have.
    """
    if folder is not None and not folder.is_dir():
        raise PromptError(f"The prompts folder {folder} is not a folder; set QA_PROMPTS_DIR to one, or to nothing.")
    return Prompts({name: _checked(name, _path(name, folder)) for name in names})


def _path(name: str, folder: Path | None) -> Path:
    own = folder / f"{name}.md" if folder is not None else None
    return own if own is not None and own.exists() else bundled("prompts") / f"{name}.md"


def _checked(name: str, path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"The prompt {path} cannot be read ({error}); mend it, or take it away.") from error
    template = Template(text)
    if not template.is_valid():
        raise PromptError(f"The prompt {path} has a $ that begins no variable; write $$ for a dollar sign.")
    found, needed = frozenset(template.get_identifiers()), _VARIABLES[name]
    for names, problem in ((needed - found, "lacks"), (found - needed, "has the unknown variable")):
        if names:
            listed = ", ".join(f"${each}" for each in sorted(names))
            raise PromptError(f"The prompt {path} {problem} {listed}; prompts/README.md lists what each must have.")
    return text
