"""Measure a checkpoint on articles that training does not see.

    uv run --extra training python -m training.validate_reader --bench PATH --weights PATH --checkpoint reader.pt

Takes the questions that `train_reader` validates on with the same seed, and prints the same figures.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from tokenizers import Tokenizer

from training.plan import reading_tokenizer
from training.reader_data import validation_questions
from training.train_reader import SpanReader, chosen_device, scorer
from training.validation import validate


def main() -> None:
    """Print the figures as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--bench", "--weights", "--checkpoint"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--validation", type=int, default=None, help="Questions at most; all by default.")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    arguments = parser.parse_args()
    reader = SpanReader(arguments.weights)
    reader.load_state_dict(torch.load(arguments.checkpoint, weights_only=True, map_location="cpu")["reader"])
    tokenizer = reading_tokenizer(Tokenizer.from_file(str(arguments.weights / "tokenizer.json")))
    questions = validation_questions(arguments.bench, arguments.seed, arguments.validation)
    print(json.dumps(validate(scorer(reader.to(chosen_device(arguments.device)).eval()), tokenizer, questions)))


if __name__ == "__main__":
    main()
