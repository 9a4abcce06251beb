"""Turns PyTorch's checkpoints (pytorch_model.bin) into safetensors, without PyTorch.

Such a file holds a pickle, which is a program: whoever runs it with Python's own unpickler runs whatever its author
wrote. Here nothing is run. The opcodes are checked before, and of all names a pickle may ask for there are those that
dictionaries of tensors are made of; each stands for something of this module. Everything else is refused.
"""
import collections
import hashlib
import json
import math
import mmap
import os
import pickle
import pickletools
import struct
import zipfile

# What a storage holds: its name in safetensors, and bytes of an element.
ELEMENTS = {
    "FloatStorage": ("F32", 4), "HalfStorage": ("F16", 2), "BFloat16Storage": ("BF16", 2), "DoubleStorage": ("F64", 8),
    "LongStorage": ("I64", 8), "IntStorage": ("I32", 4), "ShortStorage": ("I16", 2), "CharStorage": ("I8", 1),
    "ByteStorage": ("U8", 1), "BoolStorage": ("BOOL", 1),
}
UNSIGNED_OF_BYTES = {1: "B", 2: "H", 4: "I", 8: "Q"}

# What torch.save() writes of dictionaries of tensors, in any protocol.
OPCODES = frozenset("""
    PROTO FRAME STOP MARK POP_MARK MEMOIZE PUT BINPUT LONG_BINPUT GET BINGET LONG_BINGET
    NONE NEWTRUE NEWFALSE INT BININT BININT1 BININT2 LONG LONG1 BINFLOAT
    UNICODE SHORT_BINUNICODE BINUNICODE SHORT_BINSTRING BINSTRING
    EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST APPEND APPENDS EMPTY_DICT SETITEM SETITEMS
    GLOBAL STACK_GLOBAL BINPERSID REDUCE BUILD
""".split())

# The memo of a pickle is an array, as long as the largest index says.
MAX_MEMO = 1_000_000
MAX_PICKLE_BYTES = 64 << 20
MAX_TENSORS = 100_000
MAX_DIMENSIONS = 8
MAX_NAME_LENGTH = 1000

# In front of the pickles of files that torch wrote before version 1.6.
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PROTOCOL = 1001

# What a clone has in the place of a large file.
LFS_POINTER = b"version https://git-lfs"


class Refused(Exception):
    """A file that is no dictionary of tensors, or is damaged."""


Element = collections.namedtuple("Element", "dtype n_bytes")
Storage = collections.namedtuple("Storage", "key element n")
Tensor = collections.namedtuple("Tensor", "storage offset shape strides")


def is_count(value):
    return type(value) is int and 0 <= value < 1 << 48


class Rebuild:
    """Stands for torch._utils._rebuild_tensor_v2; has no attribute that a pickle could set."""
    __slots__ = ()

    def __call__(self, storage, offset, shape, strides, *_):
        if not (isinstance(storage, Storage) and is_count(offset) and type(shape) is tuple and
                type(strides) is tuple and len(shape) == len(strides) <= MAX_DIMENSIONS and
                all(map(is_count, shape + strides))):
            raise Refused("a tensor is not described as torch does")
        n = math.prod(shape)
        last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides))
        # No tensor is larger than its storage, so that a small file makes no large one.
        if n > storage.n or (n > 0 and last >= storage.n):
            raise Refused("a tensor goes beyond its storage")
        return Tensor(storage, offset, shape, strides)


class RebuildParameter:
    """Stands for torch._utils._rebuild_parameter."""
    __slots__ = ()

    def __call__(self, tensor, *_):
        return tensor


NAMES = {
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): Rebuild(),
    ("torch._utils", "_rebuild_parameter"): RebuildParameter(),
    **{("torch", name): Element(*element) for name, element in ELEMENTS.items()},
}


class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        try:
            return NAMES[module, name]
        except KeyError:
            raise Refused(f"it asks for {module}.{name}, which no tensor needs") from None

    def persistent_load(self, pid):
        # ("storage", type, key, device, elements), and of old files None, since there are no views.
        if not (type(pid) is tuple and len(pid) in (5, 6) and pid[0] == "storage" and isinstance(pid[1], Element) and
                type(pid[2]) is str and is_count(pid[4]) and (len(pid) == 5 or pid[5] is None)):
            raise Refused("a storage is not described as torch does")
        return Storage(pid[2], pid[1], pid[4])


def unpickle(file):
    """The value of the pickle at the position of a file, which is left behind it."""
    start = file.tell()
    try:
        for opcode, argument, _ in pickletools.genops(file):
            if opcode.name not in OPCODES:
                raise Refused(f"its pickle has the opcode {opcode.name}, which no tensor needs")
            if "PUT" in opcode.name and argument > MAX_MEMO:
                raise Refused("its pickle is too large")
        if file.tell() - start > MAX_PICKLE_BYTES:
            raise Refused("its pickle is too large")
        file.seek(start)
        return Unpickler(file, encoding="utf-8").load()
    except Refused:
        raise
    except Exception as error:  # any bytes may come, and so may any error of the unpickler
        raise Refused(f"its pickle is damaged ({type(error).__name__})") from error


def tensors_of(value):
    if not isinstance(value, dict) or not value or len(value) > MAX_TENSORS:
        raise Refused("it is no dictionary of tensors")
    for name, tensor in value.items():
        if type(name) is not str or not 0 < len(name) <= MAX_NAME_LENGTH:
            raise Refused("a name of a tensor is none")
        if not isinstance(tensor, Tensor):
            raise Refused(f"{name} is no tensor")
    return dict(value)


class ZipCheckpoint:
    """What torch has written since version 1.6: an archive with data.pkl, and a file for each storage."""

    def __init__(self, file, memory):
        self.memory = memory
        try:
            self.archive = zipfile.ZipFile(file)
            self.members = {member.filename: member for member in self.archive.infolist()}
            if any(member.compress_type != zipfile.ZIP_STORED for member in self.members.values()):
                raise Refused("its members are compressed")
            broken = self.archive.testzip()
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
            raise Refused(f"its archive is damaged ({error})") from error
        pickles = [name for name in self.members if name == "data.pkl" or name.endswith("/data.pkl")]
        if broken is not None or len(pickles) != 1:
            raise Refused("its archive is damaged" if broken else "it is an archive, but none of torch")
        self.prefix = pickles[0][:-len("data.pkl")]
        order = self.members.get(self.prefix + "byteorder")
        if order is not None and self.archive.read(order) != b"little":
            raise Refused("its numbers are big-endian")
        if self.members[pickles[0]].file_size > MAX_PICKLE_BYTES:
            raise Refused("its pickle is too large")
        with self.archive.open(pickles[0]) as data:
            self.tensors = tensors_of(unpickle(data))

    def storage(self, storage):
        """The bytes of a storage."""
        member = self.members.get(f"{self.prefix}data/{storage.key}")
        n_bytes = storage.n * storage.element.n_bytes
        if member is None or member.file_size < n_bytes:
            raise Refused(f"the storage {storage.key} is missing or too short")
        # Lengths of name and extra field stand in the member's own header, and may differ from the directory's.
        name, extra = struct.unpack_from("<HH", self.memory, member.header_offset + 26)
        start = member.header_offset + 30 + name + extra
        return memoryview(self.memory)[start:start + n_bytes]


class LegacyCheckpoint:
    """What torch wrote before: pickles one after the other, then the storages, each behind its length."""

    def __init__(self, file, memory):
        if memory[:len(LFS_POINTER)] == LFS_POINTER:
            raise Refused('it is a pointer of Git LFS to the file, which "git lfs pull" fetches')
        if unpickle(file) != LEGACY_MAGIC or unpickle(file) != LEGACY_PROTOCOL:
            raise Refused("it is no checkpoint of torch")
        system = unpickle(file)
        if not isinstance(system, dict) or system.get("little_endian") is not True:
            raise Refused("its numbers are big-endian")
        self.tensors = tensors_of(unpickle(file))
        keys = unpickle(file)
        storages = {tensor.storage.key: tensor.storage for tensor in self.tensors.values()}
        self.storages = {}
        if type(keys) is not list or any(key not in storages for key in keys):
            raise Refused("it has storages without tensors")
        at = file.tell()
        for key in keys:
            n_bytes = storages[key].n * storages[key].element.n_bytes
            if at + 8 + n_bytes > len(memory) or struct.unpack_from("<q", memory, at)[0] != storages[key].n:
                raise Refused(f"the storage {key} is cut off or of another length")
            self.storages[key] = memoryview(memory)[at + 8:at + 8 + n_bytes]
            at += 8 + n_bytes

    def storage(self, storage):
        try:
            return self.storages[storage.key]
        except KeyError:
            raise Refused(f"the storage {storage.key} is missing") from None


def row_major_strides(shape):
    strides = []
    for size in reversed(shape):
        strides.insert(0, strides[0] * last if strides else 1)
        last = size
    return tuple(strides)


def parts(tensor, memory):
    """The bytes of a tensor in row-major order, in parts."""
    n_bytes = tensor.storage.element.n_bytes
    if math.prod(tensor.shape) == 0:
        return
    plain = row_major_strides(tensor.shape)
    if all(size == 1 or have == want for size, have, want in zip(tensor.shape, tensor.strides, plain)):
        yield memory[tensor.offset * n_bytes:(tensor.offset + math.prod(tensor.shape)) * n_bytes]
        return
    elements = memory.cast(UNSIGNED_OF_BYTES[n_bytes])

    def rows(start, shape, strides):
        if len(shape) == 1:
            yield elements[start:start + (shape[0] - 1) * strides[0] + 1:strides[0] or 1].tobytes()
            return
        for i in range(shape[0]):
            yield from rows(start + i * strides[0], shape[1:], strides[1:])
    yield from rows(tensor.offset, tensor.shape, tensor.strides)


def write_safetensors(path, tensors):
    """Write {name: (tensor, checkpoint)} to a file; returns its SHA-256."""
    def n_bytes(tensor):
        return math.prod(tensor.shape) * tensor.storage.element.n_bytes

    # As the library does: those of large elements first, so that all are aligned.
    names = sorted(tensors, key=lambda name: (-tensors[name][0].storage.element.n_bytes, name))
    header, end = {"__metadata__": {"format": "pt"}}, 0
    for name in names:
        tensor = tensors[name][0]
        header[name] = {"dtype": tensor.storage.element.dtype, "shape": list(tensor.shape),
                        "data_offsets": [end, end + n_bytes(tensor)]}
        end += n_bytes(tensor)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    part, digest = path + ".part", hashlib.sha256()
    try:
        with open(part, "wb") as file:
            def write(data):
                file.write(data)
                digest.update(data)
            write(struct.pack("<Q", len(text)) + text)
            for name in names:
                tensor, checkpoint = tensors[name]
                for data in parts(tensor, checkpoint.storage(tensor.storage)):
                    write(data)
        os.replace(part, path)
    finally:
        if os.path.exists(part):
            os.remove(part)
    return digest.hexdigest()


def convert(sources, target):
    """Make one safetensors file of one or more checkpoints; returns its SHA-256. Raises Refused."""
    tensors, n_source_bytes = {}, 0
    for source in sources:
        # Files and their memory stay open as long as there are tensors in them.
        file = open(source, "rb")
        n_source_bytes += os.path.getsize(source)
        if os.path.getsize(source) == 0:
            raise Refused("it is empty")
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        kind = ZipCheckpoint if memory[:2] == b"PK" else LegacyCheckpoint
        checkpoint = kind(file, memory)
        for name, tensor in checkpoint.tensors.items():
            if name in tensors:
                raise Refused(f"{name} is in two shards")
            tensors[name] = (tensor, checkpoint)
    # Tensors may share a storage, as tied weights do, but a small file must not fill a disk.
    if sum(math.prod(t.shape) * t.storage.element.n_bytes for t, _ in tensors.values()) > 4 * n_source_bytes:
        raise Refused("its tensors are larger than itself")
    return write_safetensors(target, tensors)
