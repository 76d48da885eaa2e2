"""The settings, typed and described; this module alone reads the environment."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.bundled_files import bundled
from qa.errors import SettingsError

Refusal = Literal["careful", "balanced", "eager"]


class Settings(BaseSettings):
    """Everything that can be set, from arguments or from `QA_…` environment variables (arguments win).

    Raises:
        pydantic.ValidationError: A value is out of its range; `load_settings` says it in one line.
    """

    model_config = SettingsConfigDict(env_prefix="QA_", extra="forbid", frozen=True)

    corpus_dir: Path = Field(
        default_factory=lambda: bundled("seeds"), description="Folder of the documents to answer from."
    )
    data_dir: Path | None = Field(
        default=None,
        description="Folder of the library and the index; by default one per corpus in the user's data folder.",
    )
    passage_tokens: int = Field(
        default=256, ge=32, le=2048, description="Largest passage, in tokens of the embedder's tokenizer."
    )
    overlap_tokens: int = Field(
        default=48, ge=0, description="Tokens that a passage may repeat of the one before; whole sentences only."
    )
    candidates: int = Field(
        default=50, ge=1, le=1000, description="Passages taken from each of the two rankings before they are fused."
    )
    passages_read: int = Field(
        default=8, ge=1, le=100, description="Fused passages that the answerer reads, best first."
    )
    lexical_weight: float = Field(
        default=2.0, ge=0, description="Weight of the lexical ranking in the fusion; the dense one has weight 1."
    )
    fusion_k: float = Field(
        default=5.0, gt=0, description="Constant k of reciprocal rank fusion: weight / (k + rank)."
    )
    refusal: Refusal = Field(
        default="balanced", description='How readily to say "not in the documents": careful refuses most often.'
    )
    max_question_chars: int = Field(default=4000, ge=1, description="Longest question, in characters.")
    max_file_bytes: int = Field(
        default=20_000_000, ge=1, description="Largest file that is indexed; larger ones are reported as failed."
    )
    max_statements: int = Field(default=5, ge=1, le=50, description="Most statements in one extractive answer.")
    threads: int = Field(default=0, ge=0, description="Threads of the embedder; 0 means one per core.")
    auto_sync: bool = Field(
        default=True, description="Look for changed documents when a chatbot is first asked."
    )

    @model_validator(mode="after")
    def _overlap_leaves_room(self) -> Settings:
        if self.overlap_tokens * 2 > self.passage_tokens:
            raise ValueError("overlap_tokens must be at most half of passage_tokens")
        return self

    def resolved_data_dir(self) -> Path:
        """Give the data folder: the one set, else one of its own for this corpus, so that corpora never mix."""
        if self.data_dir is not None:
            return self.data_dir.expanduser().absolute()
        corpus = self.corpus_dir.expanduser().resolve()
        key = hashlib.sha256(str(corpus).encode("utf-8", "surrogateescape")).hexdigest()[:12]
        return platformdirs.user_data_path("qa", appauthor=False) / f"{corpus.name or 'corpus'}-{key}"


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
