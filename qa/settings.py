"""The settings, typed and described; this module alone reads the environment."""

from __future__ import annotations

import hashlib
import logging
import os
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.bundled_files import bundled
from qa.errors import SettingsError

Refusal = Literal["careful", "balanced", "eager"]
AnswererName = Literal["auto", "extractive"]

_log = logging.getLogger(__name__)
_PREFIX = "QA_"
# So much alike (0 to 1) are a setting's name and a slip of the pen; `QA_TEAM` is some other program's.
_MISSPELT = 0.8


class Settings(BaseSettings):
    """Everything that can be set, from arguments or from `QA_…` environment variables (arguments win).

    The key and address of the chat service have the names that OpenAI's own tools read: `OPENAI_API_KEY` and
    `OPENAI_BASE_URL`.

    Raises:
        pydantic.ValidationError: A value is out of its range; `load_settings` says it in one line.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

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
        default=5,
        ge=1,
        le=100,
        description="Fused passages that the extractive answerer reads, best first; its answers carry ten at least.",
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
    passages_reranked: int = Field(
        default=12,
        ge=0,
        le=100,
        description="Retrieved passages that the span reader reads to put them in a better order; 0 reads none.",
    )
    refusal: Refusal = Field(
        default="balanced",
        description='How readily to say "not in the documents": careful refuses most often.',
    )
    answerer: AnswererName = Field(
        default="auto",
        description="Who answers: auto means the chat model where OPENAI_API_KEY or OPENAI_BASE_URL is set, "
        "else the extractive answerer; extractive never calls a service.",
    )
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias="openai_api_key", description="Key of the chat service (OPENAI_API_KEY)."
    )
    openai_base_url: str | None = Field(
        default=None,
        validation_alias="openai_base_url",
        description="Address of an OpenAI-compatible service (OPENAI_BASE_URL): Ollama, vLLM, llama.cpp, Azure …",
    )
    embedding: str = Field(
        default="local",
        description="Who turns texts into vectors: local (comes with the package), openai:text-embedding-3-small, or "
        "fastembed:MODEL, which is downloaded once.",
    )
    model: str = Field(default="gpt-4.1-mini", min_length=1, description="Name of the chat model.")
    model_passages: int = Field(default=8, ge=1, le=100, description="Most passages that the chat model is sent.")
    model_passage_tokens: int = Field(
        default=4000, ge=64, description="Most tokens of passages that the chat model is sent, whole passages only."
    )
    model_max_tokens: int = Field(default=1500, ge=16, description="Most tokens that the chat model may write.")
    connect_seconds: float = Field(default=5.0, gt=0, description="Longest wait for a connection to the chat service.")
    first_token_seconds: float = Field(default=20.0, gt=0, description="Longest wait for a reply's first words.")
    between_tokens_seconds: float = Field(default=15.0, gt=0, description="Longest wait for a reply's next words.")
    total_seconds: float = Field(default=60.0, gt=0, description="Longest time for a chat model's whole reply.")
    prompts_dir: Path | None = Field(
        default=None, description="Folder of prompts that take the place of those that came with the package."
    )
    prices_file: Path | None = Field(
        default=None, description="JSON file of prices that add to, or replace, those that came with the package."
    )
    max_question_chars: int = Field(default=4000, ge=1, description="Longest question, in characters.")
    max_file_bytes: int = Field(
        default=20_000_000,
        ge=1,
        description="Largest file that is indexed; larger ones are reported as failed.",
    )
    max_statements: int = Field(
        default=5,
        ge=1,
        le=50,
        description="Most statements in one extractive answer, but for those that give all people, dates or sums.",
    )
    threads: int = Field(
        default=0, ge=0, le=64, description="Threads of the embedder and the reader; 0 means one per core."
    )
    cached_answers: int = Field(
        default=0,
        ge=0,
        description="Answers that `ask` remembers while the library does not change; 0 remembers none.",
    )
    auto_sync: bool = Field(default=True, description="Look for changed documents when a chatbot is first asked.")

    @field_validator("corpus_dir", "data_dir")
    @classmethod
    def _home_is_known(cls, path: Path | None) -> Path | None:
        if path is not None and os.path.expanduser(path).startswith("~"):
            raise ValueError(f"there is no home folder {path.parts[0]}")
        return path

    @field_validator("openai_base_url")
    @classmethod
    def _address_is_one(cls, address: str | None) -> str | None:
        if address is not None and not address.startswith(("http://", "https://")):
            raise ValueError(f"{address!r} is no address; it begins with http:// or https://")
        return address

    @model_validator(mode="after")
    def _overlap_leaves_room(self) -> Settings:
        if self.overlap_tokens * 2 > self.passage_tokens:
            raise ValueError("overlap_tokens must be at most half of passage_tokens")
        return self

    @property
    def service_key(self) -> str | None:
        """The key of the chat service, in the clear; None when there is none."""
        return self.openai_api_key.get_secret_value() if self.openai_api_key else None

    @property
    def service_url(self) -> str:
        """Address of the chat service: the one set, else OpenAI's own."""
        return self.openai_base_url or "https://api.openai.com/v1"

    @property
    def uses_chat_model(self) -> bool:
        """Tell whether a chat service is to answer."""
        return self.answerer == "auto" and bool(self.openai_api_key or self.openai_base_url)

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

    A variable that is nearly called like a setting is logged as a warning, once: nobody would miss what it does not do.

    Raises:
        SettingsError: A value is unknown or out of its range; the message names it.
    """
    for variable in sorted(os.environ):
        _warn_if_misspelt(variable)
    try:
        return Settings(**{name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(_problem(detail) for detail in error.errors())
        raise SettingsError(f"A setting cannot be used: {problems}.") from None  # its `errors()` may hold the key


@cache
def _warn_if_misspelt(variable: str) -> None:
    known = [_variable(name) for name in Settings.model_fields]
    if not variable.upper().startswith(_PREFIX) or variable.upper() in known:
        return
    for meant in get_close_matches(variable.upper(), known, n=1, cutoff=_MISSPELT):
        _log.warning("The variable %s sets nothing; did you mean %s?", variable, meant)


def _variable(name: str) -> str:
    """Give the environment variable of a setting; those of OpenAI's have the names that its own tools use."""
    return name.upper() if name.startswith("openai_") else f"{_PREFIX}{name.upper()}"


def _problem(detail: Any) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"{name} ({_variable(name)}): {message[0].lower()}{message[1:]}" if name else message
