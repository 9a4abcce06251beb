#!/usr/bin/env python3
"""Writes what PyTorch makes of small tensors, for test/shell/fetch_encoder: write.py [DIRECTORY].

archive.bin is in the form of today, legacy.bin in that of before version 1.6.
"""
import collections
import os
import sys

import torch

directory = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
matrix = torch.arange(12.0).reshape(3, 4)
tensors = collections.OrderedDict(
    matrix=matrix, part=matrix[1:], transposed=matrix.t(), last_column=matrix[:, 3],
    half=torch.arange(4.0).half(), bfloat16=torch.arange(3.0).bfloat16(), long=torch.arange(3),
    number=torch.tensor(2.5), nothing=torch.zeros(0, 4), parameter=torch.nn.Parameter(torch.ones(2)))
tensors._metadata = collections.OrderedDict({"": {"version": 1}})
torch.save(tensors, os.path.join(directory, "archive.bin"))
torch.save(tensors, os.path.join(directory, "legacy.bin"), _use_new_zipfile_serialization=False)
