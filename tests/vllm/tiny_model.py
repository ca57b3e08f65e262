"""Writes tiny Hunyuan models for tests; run by the Python that has vLLM.

    python tiny_model.py FOLDER random|scripted

``random`` has random weights. ``scripted`` has weights that make the token after a token certain,
so that it says a fixed text: thoughts and an answer, or the answer alone when not to think.
"""

# mypy: ignore-errors
# The environment of the tests has neither torch nor its friends.

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import HunYuanDenseV1Config, HunYuanDenseV1ForCausalLM, PreTrainedTokenizerFast

MARKS = ["<pad>", "<end>", "<user>", "<assistant>", "<quick>", "<think>", "</think>"]
TEMPLATE = (
    "{% for message in messages %}<user>{{ message['content'] }}{% endfor %}<assistant>"
    "{% if enable_thinking is defined and not enable_thinking %}<quick>{% endif %}"
)


def tokenizer() -> PreTrainedTokenizerFast:
    """Return a tokenizer of bytes and a few marks, with a chat template that knows thinking."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate([*MARKS, *alphabet])}
    made = Tokenizer(models.BPE(vocabulary, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    special = [AddedToken(mark, special=mark not in MARKS[5:], normalized=False) for mark in MARKS]
    made.add_tokens(special[5:])
    made.add_special_tokens(special[:5])
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token=MARKS[0], eos_token=MARKS[1], chat_template=TEMPLATE
    )


def model(words: PreTrainedTokenizerFast) -> HunYuanDenseV1ForCausalLM:
    torch.manual_seed(7)
    config = HunYuanDenseV1Config(
        vocab_size=320, hidden_size=256, intermediate_size=512, num_hidden_layers=4,
        num_attention_heads=8, num_key_value_heads=4, head_dim=32, max_position_embeddings=1024,
        tie_word_embeddings=False, eos_token_id=words.eos_token_id, pad_token_id=words.pad_token_id,
        initializer_range=0.2,
    )  # fmt: skip
    return HunYuanDenseV1ForCausalLM(config)


def scripted(made: HunYuanDenseV1ForCausalLM, words: PreTrainedTokenizerFast) -> None:
    """Leave out every layer's work, and let each token's row of the head be the one before it."""
    thoughts = words.convert_tokens_to_ids(["<assistant>", "<think>", "a", "b", "</think>"])
    answer = words.convert_tokens_to_ids(["4", "2", "!", "<end>"])
    quick = words.convert_tokens_to_ids("<quick>")
    follows = [*pairwise([*thoughts, answer[0]]), (quick, answer[0]), *pairwise(answer)]
    with torch.no_grad():
        for name, weights in made.named_parameters():
            if name.endswith(("o_proj.weight", "down_proj.weight")):
                weights.zero_()
        rows = made.get_input_embeddings().weight
        rows.copy_(torch.nn.functional.normalize(torch.randn_like(rows), dim=1))
        head = made.get_output_embeddings().weight
        head.zero_()
        for before, after in follows:
            head[after] += 10 * rows[before]


def main() -> None:
    folder, kind = Path(sys.argv[1]), sys.argv[2]
    words = tokenizer()
    made = model(words)
    if kind == "scripted":
        scripted(made, words)
    made.save_pretrained(folder)
    words.save_pretrained(folder)


if __name__ == "__main__":
    main()
