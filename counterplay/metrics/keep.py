"""What is costly to train is kept on disk: safetensors and JSON, found by content, never pickled.

Two files a thing, each written to a temporary name and renamed. The JSON, written last, holds the
digest of the tensors: a damaged, foreign or half-written pair is no pair, and is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load, save
from torch import Tensor

from counterplay.errors import UserError

__all__ = ["fingerprint", "recall", "remember"]


def fingerprint(*tensors: Tensor, words: object = ()) -> str:
    """Return a digest, in hex, of the tensors' shapes, types and bytes, and of ``words``."""
    digest = hashlib.blake2b(repr(words).encode(), digest_size=16)
    for tensor in tensors:
        digest.update(repr((tuple(tensor.shape), tensor.dtype)).encode())
        for part in tensor.detach().split(4096):
            digest.update(part.cpu().contiguous().view(torch.uint8).numpy().data)
    return digest.hexdigest()


def recall(folder: Path, key: str) -> tuple[dict[str, Tensor], dict[str, float]] | None:
    """Return the tensors and facts kept under ``key``, or ``None`` if there is no sound pair.

    Raises:
        UserError: when the folder cannot be made or is no folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"the cache folder {str(folder)!r} cannot be made ({error.strerror}): "
            "name one that can, or none"
        ) from error
    weights, facts = _paths(folder, key)
    try:
        stored = json.loads(facts.read_text())
        content = weights.read_bytes()
        if stored.pop("digest") != _digest(content):
            return None
        return load(content), {name: float(value) for name, value in stored.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def remember(folder: Path, key: str, tensors: dict[str, Tensor], facts: dict[str, float]) -> None:
    """Keep tensors and facts under ``key``. A full disk loses only the cache, not the work."""
    weights, described = _paths(folder, key)
    content = save({name: value.detach().cpu().contiguous() for name, value in tensors.items()})
    try:
        _write(weights, content)
        _write(described, json.dumps({**facts, "digest": _digest(content)}, indent=1).encode())
    except OSError:
        return


def _paths(folder: Path, key: str) -> tuple[Path, Path]:
    return folder / f"judge-{key}.safetensors", folder / f"judge-{key}.json"


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
