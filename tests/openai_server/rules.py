"""What the real service refuses by itself, so that a request that passes here passes there.

The messages are those in public bug reports against the real service, 2023 to 2026.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from .recorded import prompt_text
from .refusals import bad_request
from .steps import Canned

MOST_TEXTS = 2048
"""Texts in one embeddings request."""


def objection(endpoint: str, body: Mapping[str, Any], unsupported: Collection[str]) -> Canned | None:
    """The refusal that a request deserves; `None` if it is fine.

    Args:
        endpoint: "chat" or "embeddings".
        body: The request's body.
        unsupported: What this server does not know: parameters by name ("temperature", "stream_options", …), and
            the response formats "json_schema" and "json_object".
    """
    if not body.get("model"):
        return bad_request("you must provide a model parameter")
    check = _embeddings if endpoint == "embeddings" else _chat
    return next(_unsupported(body, unsupported), None) or next(check(body), None)


def _unsupported(body: Mapping[str, Any], names: Collection[str]) -> Iterator[Canned]:
    kind = (body.get("response_format") or {}).get("type")
    if kind in names:
        yield bad_request(f"Invalid parameter: 'response_format' of type '{kind}' is not supported with this model.")
    for name in sorted(set(names) & set(body)):
        if name == "stream_options":
            yield _vllm_refusal(name, body[name])
        elif name == "dimensions":
            yield bad_request("This model does not support specifying dimensions.")
        elif name != "temperature":
            message = f"Unsupported parameter: '{name}' is not supported with this model."
            yield bad_request(message, param=name, code="unsupported_parameter")
        elif body[name] != 1:
            message = f"Unsupported value: '{name}' does not support {body[name]} with this model. "
            message += "Only the default (1) value is supported."
            yield bad_request(message, param=name, code="unsupported_value")


def _vllm_refusal(name: str, value: Any) -> Canned:
    """An older vLLM on a parameter that it does not know: no `error` around it, and a number as `code`."""
    problem = {"type": "extra_forbidden", "loc": ("body", name), "msg": "Extra inputs are not permitted"}
    message = str([problem | {"input": value}])
    body = {"object": "error", "message": message, "type": "BadRequestError", "param": None, "code": 400}
    return Canned(status=400, body=body)


def _chat(body: Mapping[str, Any]) -> Iterator[Canned]:
    if not body.get("messages"):
        yield bad_request(
            "Missing required parameter: 'messages'.", param="messages", code="missing_required_parameter"
        )
    if "stream_options" in body and not body.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        yield bad_request(message, param="stream_options")
    wanted = body.get("response_format") or {}
    if wanted.get("type") == "json_object" and "json" not in prompt_text(body).casefold():
        message = (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        )
        yield bad_request(message, param="messages")
    if wanted.get("type") == "json_schema":
        yield from _json_schema(wanted.get("json_schema") or {})


def _json_schema(wanted: Mapping[str, Any]) -> Iterator[Canned]:
    if not wanted.get("name"):
        param = "response_format.json_schema.name"
        message = f"Missing required parameter: '{param}'."
        yield bad_request(message, param=param, code="missing_required_parameter")
    for fault in _strict_faults(wanted.get("schema") or {}) if wanted.get("strict") else ():
        message = f"Invalid schema for response_format '{wanted.get('name')}': {fault}"
        yield bad_request(message, param="response_format")


def _strict_faults(schema: Any, context: tuple[str, ...] = ()) -> Iterator[str]:
    """Strict mode wants an object, and in every object all properties required and no others allowed."""
    if not context and schema.get("type") != "object":
        yield f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{schema.get('type')}\"'."
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            missing = sorted(set(properties) - set(schema.get("required", [])))
            if schema.get("additionalProperties") is not False:
                yield f"In context={context}, 'additionalProperties' is required to be supplied and to be false."
            if missing:
                yield (
                    f"In context={context}, 'required' is required to be supplied and to be an array including every "
                    f"key in properties. Missing '{missing[0]}'."
                )
        for name, part in schema.items():
            yield from _strict_faults(part, (*context, name))
    elif isinstance(schema, list):
        for place, part in enumerate(schema):
            yield from _strict_faults(part, (*context, str(place)))


def _embeddings(body: Mapping[str, Any]) -> Iterator[Canned]:
    texts = body.get("input")
    if texts == "" or not isinstance(texts, str | list) or (isinstance(texts, list) and not _all_texts(texts)):
        yield bad_request("'$.input' is invalid. Please check the API reference.")
    elif isinstance(texts, list) and len(texts) > MOST_TEXTS:
        yield bad_request(f"Invalid 'input': array too long. Expected at most {MOST_TEXTS} items.", param="input")


def _all_texts(texts: list[Any]) -> bool:
    """Token numbers, which the real service takes too, are not spoken here."""
    return bool(texts) and all(isinstance(text, str) and text for text in texts)
