"""On what a run was made: versions, machine and command line."""

from __future__ import annotations

import os
import platform
import shlex
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["environment", "machine", "package_version"]

_PACKAGES = ("torch", "numpy", "scipy", "scikit-learn", "pillow", "safetensors")


def package_version(name: str = "counterplay") -> str:
    """Return the version of a package, without importing it."""
    try:
        # Our own is asked of the code that runs: it may not be the one that is installed.
        own = getattr(sys.modules[name], "__version__", None) if name == "counterplay" else None
        return own or metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def environment() -> dict[str, Any]:
    """Return versions, platform, machine class and command line, ready for JSON."""
    return {
        "counterplay": package_version(),
        "python": platform.python_version(),
        **{name: package_version(name) for name in _PACKAGES},
        "platform": platform.platform(),
        "machine": machine(),
        "cores": cores(),
        "processes": int(os.environ.get("WORLD_SIZE", "1")),
        "command": command(),
    }


def machine() -> str:
    """Return the machine's class in a few words, such as ``"2 cores AMD EPYC"``."""
    names = [f"{cores()} cores {processor()}", *accelerators()]
    return " + ".join(names)


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # no such call on macOS and Windows
        return os.cpu_count() or 1


def processor() -> str:
    """Return the processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    except OSError:
        named = []
    return named[0] if named else platform.processor() or platform.machine() or "processor"


def accelerators() -> list[str]:
    """Return the names of the GPUs that torch sees; none when torch is not loaded yet."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return []
    names = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    return [f"{names.count(name)} × {name}" for name in dict.fromkeys(names)]


def command() -> str:
    """Return the command line that started this process, as a person would type it."""
    program = Path(sys.argv[0]).name if sys.argv else "python"
    ours = program in ("counterplay", "__main__.py", "cli.py")
    start = ["counterplay"] if ours else ["python", program]
    processes = os.environ.get("WORLD_SIZE", "1")
    if processes != "1":
        inner = ["-m", "counterplay"] if ours else [program]
        start = ["torchrun", "--nproc-per-node", processes, *inner]
    return shlex.join([*start, *sys.argv[1:]])
