"""What of OpenAI's protocol a service understands: many that speak it know only its older parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which of the protocol's later additions a service understands; found out by what it refuses."""

    reply_format: Literal["json_schema", "json_object", "none"] = "json_schema"
    tells_usage: bool = True
    takes_temperature: bool = True
    limit_name: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"

    def simpler(self, refused: Exception) -> Dialect | None:
        """Give what to try after a refusal, by what the service's message names.

        None when there is nothing left, or when it is no request that was refused.
        """
        if getattr(refused, "status_code", None) not in (400, 422):
            return None
        refusal = str(refused)
        if "stream_options" in refusal and self.tells_usage:
            return replace(self, tells_usage=False)
        if "temperature" in refusal and self.takes_temperature:
            return replace(self, takes_temperature=False)
        if "max_completion_tokens" in refusal and self.limit_name == "max_completion_tokens":
            return replace(self, limit_name="max_tokens")
        # Some name the part of the request, some what it asks for, and some only say that it is unknown.
        if any(word in refusal for word in ("response_format", "json", "schema", "grammar", "nknown", "nsupported")):
            if self.reply_format == "json_schema":
                return replace(self, reply_format="json_object")
            if self.reply_format == "json_object":
                return replace(self, reply_format="none")
        return None

    def options(
        self, schema: Mapping[str, Any] | None, *, connect: float, total: float, max_tokens: int
    ) -> dict[str, Any]:
        """Give the options of a request that go through llama-index's classes to the SDK.

        Args:
            schema: JSON schema that the reply should follow; None when it is free.
            connect: Most seconds to wait for a connection.
            total: Most seconds for whatever is not bounded otherwise.
            max_tokens: Most tokens of the reply.
        """
        import httpx
        import openai

        options: dict[str, Any] = {
            # Each wait is bounded where it is waited; of the SDK's own limits only that for the connection is needed.
            "timeout": httpx.Timeout(total, connect=connect),
            self.limit_name: max_tokens,
        }
        if self.tells_usage:
            options["stream_options"] = {"include_usage": True}
        if not self.takes_temperature:
            options["temperature"] = openai.omit
        if schema is not None and self.reply_format == "json_schema":
            form = {"name": "reply", "strict": True, "schema": dict(schema)}
            options["response_format"] = {"type": "json_schema", "json_schema": form}
        elif schema is not None and self.reply_format == "json_object":
            options["response_format"] = {"type": "json_object"}
        return options
