"""The settings, typed and described; this module alone reads the environment."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.bundled_files import bundled
from qa.errors import SettingsError

Refusal = Literal["careful", "balanced", "eager"]


class Settings(BaseSettings):
    """Everything that can be set, from arguments or from `QA_…` environment variables (arguments win).

    Raises:
        pydantic.ValidationError: A value is out of its range; `load_settings` says it in one line.
    """

    model_config = SettingsConfigDict(env_prefix="QA_", env_ignore_empty=True, extra="forbid", frozen=True)

    corpus_dir: Path = Field(
        default_factory=lambda: bundled("seeds"), description="Folder of the documents to answer from."
    )
    data_dir: Path | None = Field(
        default=None,
        description="Folder of the library and the index; by default one per corpus in your data folder.",
    )
    passage_tokens: int = Field(
        default=256, ge=32, le=2048, description="Largest passage, in tokens of the embedder's tokenizer."
    )
    overlap_tokens: int = Field(
        default=48,
        ge=0,
        description="Tokens that a passage may repeat of the one before; whole sentences only.",
    )
    candidates: int = Field(
        default=50,
        ge=1,
        le=1000,
        description="Passages taken from each of the two rankings before they are fused.",
    )
    passages_read: int = Field(
        default=5, ge=1, le=100, description="Fused passages that the answerer reads, best first."
    )
    lexical_weight: float = Field(
        default=2.0,
        ge=0,
        allow_inf_nan=False,
        description="Weight of the lexical ranking in the fusion; the dense one has weight 1.",
    )
    fusion_k: float = Field(
        default=5.0,
        gt=0,
        allow_inf_nan=False,
        description="Constant k of reciprocal rank fusion: weight / (k + rank).",
    )
    refusal: Refusal = Field(
        default="balanced",
        description='How readily to say "not in the documents": careful refuses most often.',
    )
    max_question_chars: int = Field(default=4000, ge=1, description="Longest question, in characters.")
    max_file_bytes: int = Field(
        default=20_000_000,
        ge=1,
        description="Largest file that is indexed; larger ones are reported as failed.",
    )
    max_statements: int = Field(default=5, ge=1, le=50, description="Most statements in one extractive answer.")
    threads: int = Field(default=0, ge=0, le=64, description="Threads of the embedder; 0 means one per core.")
    auto_sync: bool = Field(default=True, description="Look for changed documents when a chatbot is first asked.")

    @field_validator("corpus_dir", "data_dir")
    @classmethod
    def _home_is_known(cls, path: Path | None) -> Path | None:
        if path is not None and os.path.expanduser(path).startswith("~"):
            raise ValueError(f"there is no home folder {path.parts[0]}")
        return path

    @model_validator(mode="after")
    def _overlap_leaves_room(self) -> Settings:
        if self.overlap_tokens * 2 > self.passage_tokens:
            raise ValueError("overlap_tokens must be at most half of passage_tokens")
        return self

    def resolved_data_dir(self) -> Path:
        """Give the data folder: the one set, else one of this corpus alone, so that corpora never mix."""
        if self.data_dir is not None:
            return self.data_dir.expanduser().absolute()
        # Not Path.resolve, which raises RuntimeError for a link to itself before Python 3.13.
        corpus = Path(os.path.realpath(self.corpus_dir.expanduser()))
        key = hashlib.sha256(os.fsencode(corpus)).hexdigest()[:12]
        name = corpus.name.encode("utf-8", "ignore").decode() or "corpus"
        return platformdirs.user_data_path("qa", appauthor=False) / f"{name}-{key}"


def load_settings(**values: Any) -> Settings:
    """Build `Settings` from `values` that are not None and the environment.

    Raises:
        SettingsError: A value is unknown or out of its range; the message names it.
    """
    try:
        return Settings(**{name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(_problem(detail) for detail in error.errors())
        raise SettingsError(f"A setting cannot be used: {problems}.") from error


def _problem(detail: Any) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"{name} (QA_{name.upper()}): {message[0].lower()}{message[1:]}" if name else message
