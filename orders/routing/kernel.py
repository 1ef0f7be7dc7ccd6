"""One text, two kernels: compiled by numba where it is there, else the same steps by Python and numpy.

`OMNI_ROUTING_KERNEL=numpy` asks for the second, which is the oracle: both must decide identically.
"""

import os
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

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
    # Nothing here divides by what may be nothing; Python's check before each division would be compiled everywhere.
    return partial(njit, cache=True, nogil=True, error_model="numpy")


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


def woven(function: Any) -> Any:
    """Put the text into the one caller before anything is compiled: for steps of which each would be compiled and
    optimized by itself and then once more with its caller."""
    return _compile(inline="always", _nrt=False)(function) if _compile else function


def inlined(function: Any) -> Any:
    """Compile into each caller: for small steps, since handing over the arrays costs more than the step."""
    return _compile(forceinline=True, _nrt=False)(function) if _compile else function


def any_flag(value: bool) -> bool:
    """A constant that compiled code hands over as a bool like any other. For a plain one the compiler makes a function
    of its own, with everything that it calls."""
    return np.bool_(value)  # type: ignore[return-value]


def any_number(value: int) -> int:
    """As `any_flag`, for an int64."""
    return np.int64(value)  # type: ignore[return-value]


def counted(value: int) -> int:
    """A constant that is never below nothing. Of such an index the compiler asks not whether it counts from the end;
    loops over all rows of an item take half the time without that."""
    return np.uint64(value)  # type: ignore[return-value]


def by_kernel(loops: Any, arrays: Any) -> Any:
    """The same step as loops for the compiler, and as array operations for numpy."""
    return compiled(loops) if _compile else arrays
