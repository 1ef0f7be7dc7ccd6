"""One text, two kernels: compiled by numba where it is there, else the same steps by Python and numpy.

`OMNI_ROUTING_KERNEL=numpy` asks for the second, which is the oracle: both must decide identically.
"""

import os
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

COMPILED, NUMPY = "compiled", "numpy"
SETTING = "OMNI_ROUTING_KERNEL"


def _compiler() -> Callable[..., Any] | None:
    if os.environ.get(SETTING) == NUMPY:
        return None
    try:
        from numba import config, njit
    except ImportError:
        return None
    here = Path(__file__).parent
    beside = here / "__pycache__"
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen or os.access(beside if beside.exists() else here, os.W_OK):
        config.CACHE_DIR = str(cache_of(Path(chosen or beside), here))  # type: ignore[attr-defined]
    return partial(njit, cache=True, nogil=True)


def cache_of(base: Path, sources: Path) -> Path:
    """Where what is compiled of these sources is kept. The compiler looks at the file of a function alone: beside one
    that was changed, a caller in another file would keep the old one inside."""
    text = b"".join(each.read_bytes() for each in sorted(sources.glob("*.py")))
    return base / f"kernel-{sha256(text).hexdigest()[:16]}"


_compile = _compiler()
KERNEL = COMPILED if _compile else NUMPY


def compiled(function: Any) -> Any:
    """Compile where that is possible; a decorated function keeps to what both kernels understand. It makes no arrays:
    then nobody has to count who refers to which, which takes longer than most steps."""
    return _compile(_nrt=False)(function) if _compile else function


def inlined(function: Any) -> Any:
    """Compile into each caller: for small steps, since handing over the arrays costs more than the step."""
    return _compile(forceinline=True, _nrt=False)(function) if _compile else function


def by_kernel(loops: Any, arrays: Any) -> Any:
    """The same step as loops for the compiler, and as array operations for numpy."""
    return compiled(loops) if _compile else arrays
