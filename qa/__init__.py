"""Answers from your documents, each citation verified by code to the exact characters.

from qa import ask
answer = ask("How much did SoftBank invest in WeWork in 2016?")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.api import ask, open_chatbot
    from qa.chatbot import Chatbot
    from qa.domain import (
        Answer,
        Citation,
        Document,
        Passage,
        RankedPassage,
        Statement,
        StatementReady,
        SyncReport,
        Turn,
    )
    from qa.errors import QAError
    from qa.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Chatbot",
    "Citation",
    "Document",
    "Passage",
    "QAError",
    "RankedPassage",
    "Settings",
    "Statement",
    "StatementReady",
    "SyncReport",
    "Turn",
    "ask",
    "open_chatbot",
]

_HOMES = {
    "qa.api": ("ask", "open_chatbot"),
    "qa.chatbot": ("Chatbot",),
    "qa.errors": ("QAError",),
    "qa.settings": ("Settings",),
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `qa --help` does not pay for the pipeline."""
    if name not in __all__:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    home = next((module for module, names in _HOMES.items() if name in names), "qa.domain")
    return getattr(importlib.import_module(home), name)
