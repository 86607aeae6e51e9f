# What all peers in Python share: requests as lines of JSON on standard input, answers as lines on standard output.
import base64
import ctypes
import json
import sys

import numpy


def floats(text, shape):
    return numpy.frombuffer(base64.b64decode(text), dtype="float32").reshape(shape).copy()


def ints(text):
    return numpy.frombuffer(base64.b64decode(text), dtype="int32").astype("int64")


def blas():
    """Which OpenBLAS is loaded, for which processor it chose its kernels, and on how many threads it runs."""
    try:
        with open("/proc/self/maps") as maps:
            paths = [line.split()[-1] for line in maps if "openblas" in line and "r-x" in line]
        for path in paths:
            library = ctypes.CDLL(path)
            library.openblas_get_config.restype = ctypes.c_char_p
            return f"{library.openblas_get_config().decode()}, threads {library.openblas_get_num_threads()}"
    except (OSError, AttributeError):
        pass
    return "unknown"


def serve(name, version, handlers):
    """Answers `{ "do": <handler>, … }` until standard input ends."""
    print(json.dumps({"name": name, "version": version, "blas": blas()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(handlers[request.pop("do")](**request) or {}), flush=True)
