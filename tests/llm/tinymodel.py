"""A llama model of random weights, half a megabyte small: it reads and writes any UTF-8, and what it writes is noise.

One direction of what it computes is the same whatever was said before. In this direction the weights of the output lift
or lower the score of each token for good, by which the model closes strings and lists soon.
"""

from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

SEED = 11
WIDTH, HEADS, LAYERS, INNER = 64, 4, 2, 128
CONTEXT = 32768
TEMPLATE = """\
{% for m in messages %}
{{ m.role }}: {{ m.content or '' }}{{ (m.tool_calls or '') | string }}
{% endfor %}
assistant:"""
CONTROLS = ["<unk>", "<s>", "</s>"]
CHARACTERS = "▁全年完成次项目指标数量实际开展服务人满意度达到万元"
"""Tokens beside the bytes; the first is how SentencePiece writes a space."""
LEAN = 3.0
"""The lift of every token: so high that the engine's penalty on repetition counts."""
CLOSING = {"</s>": 9.0, '"': 0.9, "{": 0.8, "]": 0.5}
"""What the tokens that end an answer, a string and a list have on top, and the one that begins an item."""
NEVER = -9.0
"""The lift of control characters and of single bytes of longer characters."""


def vocabulary() -> dict[str, gguf.TokenType]:
    """The pieces and their kinds: controls, all bytes, some characters."""
    kinds = dict.fromkeys(CONTROLS, gguf.TokenType.CONTROL)
    kinds["<unk>"] = gguf.TokenType.UNKNOWN
    kinds |= {f"<0x{value:02X}>": gguf.TokenType.BYTE for value in range(256)}
    return kinds | dict.fromkeys(CHARACTERS, gguf.TokenType.NORMAL)


def token(piece: str) -> int:
    """The number of a control or of a byte, given as the character of the same number."""
    return CONTROLS.index(piece) if piece in CONTROLS else len(CONTROLS) + ord(piece)


def write_model(path: Path) -> Path:
    """Write the model as GGUF; the same seed makes the same file."""
    kinds = vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(kinds))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(list(kinds))
    writer.add_token_scores([0.0] * len(kinds))
    writer.add_token_types(list(kinds.values()))
    writer.add_unk_token_id(token("<unk>"))
    writer.add_bos_token_id(token("<s>"))
    writer.add_eos_token_id(token("</s>"))
    writer.add_add_space_prefix(False)
    writer.add_chat_template(TEMPLATE)
    for name, values in weights(len(kinds)).items():
        writer.add_tensor(f"{name}.weight", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def weights(size: int) -> dict[str, NDArray[np.float32]]:
    """All tensors by name, for a vocabulary of `size`."""
    random = np.random.default_rng(SEED)

    def noise(*shape: int, scale: float = 1.0) -> NDArray[np.float32]:
        return (random.standard_normal(shape) * scale / np.sqrt(shape[-1])).astype(np.float32)

    made = {"token_embd": noise(size, WIDTH, scale=8.0), "output": noise(size, WIDTH)}
    made["output_norm"] = np.ones(WIDTH, dtype=np.float32)
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        for name in ("attn_norm", "ffn_norm"):
            made[f"{block}.{name}"] = np.ones(WIDTH, dtype=np.float32)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            made[f"{block}.{name}"] = noise(WIDTH, WIDTH)
        for name in ("ffn_gate", "ffn_up"):
            made[f"{block}.{name}"] = noise(INNER, WIDTH)
        made[f"{block}.ffn_down"] = noise(WIDTH, INNER)
    made["token_embd"][:, 0] = 4.0
    lean = made["output"][:, 0]
    lean[:] = LEAN
    lean[token("\0") : token("\x1f") + 1] = lean[token("\x7f") : token("\xff") + 1] = NEVER
    for piece, lift in CLOSING.items():
        lean[token(piece)] += lift
    return made
