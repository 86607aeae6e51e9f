"""Reads the arrays of Dendrite's files with numpy alone, to show that they need nothing of ours; prints one JSON a file.

python3 read_in_python.py read model.safetensors ...   name -> [dtype, shape, sha256 of the bytes]
python3 read_in_python.py write folder                 npy files of every element type that readNpy takes
"""
import hashlib
import json
import sys

import numpy

# The whole format: 8 bytes little-endian length of a JSON header, the header, the data.
# Each entry of the header says dtype, shape and where its bytes lie, counted from the end of the header.
TYPES = {"F64": "<f8", "F32": "<f4", "I32": "<i4", "U8": "|u1", "BOOL": "|b1"}


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    return {
        name: numpy.frombuffer(content[8 + length :][begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
        for begin, end in [entry["data_offsets"]]
    }


def written(folder):
    for descr in ["|b1", "|u1", "|i1", "<u2", "<i2", "<i4", "<i8", "<f4", "<f8", ">i4", ">f8"]:
        for order in "CF":
            array = numpy.asarray((numpy.arange(24) % 2 if descr == "|b1" else numpy.arange(24)).reshape(2, 3, 4), descr, order)
            numpy.save(f"{folder}/{descr[1:]}{'big' if descr[0] == '>' else ''}{order}.npy", array)
    numpy.save(f"{folder}/scalar.npy", numpy.float32(1.5))


def described(arrays):
    return {
        name: [str(array.dtype), list(array.shape), hashlib.sha256(array.tobytes()).hexdigest()]
        for name, array in arrays.items()
    }


if sys.argv[1] == "write":
    written(sys.argv[2])
else:
    try:
        from safetensors.numpy import load_file  # where Python's own package is there, it must agree
    except ImportError:
        load_file = None
    for path in sys.argv[2:]:
        arrays = described(read(path))
        if load_file is not None and described(load_file(path)) != arrays:
            sys.exit(f"safetensors and numpy read {path} differently")
        print(json.dumps(arrays))
