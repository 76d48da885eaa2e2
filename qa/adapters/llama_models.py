"""The chat model that the settings name, or the llama-index LLM that a user hands in, with the settings' limits."""

from __future__ import annotations

from typing import Any

from qa.adapters.llama_chat_model import Limits, LlamaChatModel
from qa.settings import Settings

NO_KEY = "none"  # local servers want no key, but the SDK does


def openai_chat_model(settings: Settings) -> LlamaChatModel:
    """Give the chat model of the settings: OpenAI's own service, or any that speaks its protocol."""
    return LlamaChatModel(
        lambda: _openai_llm(settings),
        name=settings.model,
        limits=limits_of(settings),
        max_tokens=settings.model_max_tokens,
        speaks_openai=True,
        secret=settings.service_key,
        closes=True,
    )


def _openai_llm(settings: Settings) -> Any:
    from llama_index.llms.openai import OpenAI
    from llama_index.llms.openai.utils import ALL_AVAILABLE_MODELS
    from llama_index.llms.openai_like import OpenAILike

    common: dict[str, Any] = {
        "model": settings.model,
        "api_key": settings.service_key or NO_KEY,
        "api_base": settings.service_url,
        "max_retries": 0,  # its own may sleep two minutes; SteadyModel tries again within the time there is
        "temperature": 0.0,
    }
    # llama-index's OpenAI class refuses names that it does not know, which are those of every newer model.
    known = settings.openai_base_url is None and settings.model in ALL_AVAILABLE_MODELS
    return OpenAI(**common) if known else OpenAILike(**common, is_chat_model=True)


def wrapped_llm(llm: Any, settings: Settings) -> LlamaChatModel:
    """Give any llama-index LLM as a chat model; its OpenAI classes get what their protocol offers."""
    secret = getattr(llm, "api_key", None)
    return LlamaChatModel(
        lambda: llm,
        name=str(getattr(llm, "model", None) or llm.metadata.model_name or type(llm).__name__),
        limits=limits_of(settings),
        max_tokens=settings.model_max_tokens,
        speaks_openai=_speaks_openai(llm),
        secret=secret if isinstance(secret, str) else None,
        closes=False,
    )


def _speaks_openai(llm: Any) -> bool:
    """Tell whether an LLM passes chat-completions options on; by name, since importing the class takes seconds."""
    names = [f"{each.__module__}.{each.__name__}" for each in type(llm).__mro__]
    if any(name.endswith(".OpenAIResponses") for name in names):
        return False
    try:
        chats = bool(llm.metadata.is_chat_model)
    except ValueError:  # llama-index does not know the newest names, which are all of chat models
        chats = True
    return chats and any(name.startswith("llama_index.llms.openai") for name in names)


def limits_of(settings: Settings) -> Limits:
    """Give the settings' time limits."""
    return Limits(
        connect=settings.connect_seconds,
        first_token=settings.first_token_seconds,
        between_tokens=settings.between_tokens_seconds,
        total=settings.total_seconds,
    )
