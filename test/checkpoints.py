"""Files of safetensors, and what PyTorch computes with the tiny encoders (test/encoder_reference.py), for tests."""
import json
import os
import struct

from server import ROOT


def arrays_of(path):
    """{name: (dtype, shape, bytes)} of a file of safetensors."""
    with open(path, "rb") as file:
        data = file.read()
    n = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + n])
    header.pop("__metadata__", None)
    return {name: (each["dtype"], each["shape"], data[8 + n:][slice(*each["data_offsets"])])
            for name, each in header.items()}


def write_safetensors(path, arrays):
    header, end = {}, 0
    for name, (dtype, shape, data) in arrays.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + len(data)]}
        end += len(data)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(data for _, _, data in arrays.values()))


def numbers_of(array):
    """The numbers of an array of floats, as a list."""
    dtype, _, data = array
    if dtype == "BF16":
        return [struct.unpack("<f", b"\0\0" + data[i:i + 2])[0] for i in range(0, len(data), 2)]
    form = {"F32": "f", "F16": "e"}[dtype]
    return list(struct.unpack(f"<{len(data) // struct.calcsize(form)}{form}", data))


def encoder_path(name, file_name):
    return os.path.join(ROOT, "test", "encoders", name, file_name)


def reference_of(name, array):
    """The numbers of an array that PyTorch has computed, as "long.logits"."""
    with open(encoder_path(name, "reference"), "rb") as file:
        text, data = file.read().split(b"\nend\n", 1)
    at = 0
    for line in text.decode().splitlines()[1:]:
        own_name, *dimensions = line.split()
        n = 1
        for dimension in dimensions:
            n *= int(dimension)
        if own_name == array:
            return list(struct.unpack_from(f"<{n}f", data, at))
        at += 4 * n
    raise KeyError(array)
