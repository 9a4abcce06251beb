#!/usr/bin/env python3
"""train.py WEIGHTS.c EPOCHS CLIPS.npz...: train the net of src/core/dsp/speech_net.c, and write its weights.

CLIPS hold X [n, 800, 32], ln of mel spectra as speech.c has them, and Y [n, 800], whether somebody speaks.  Needs PyTorch
and NumPy.  docs/speech.md says what the clips were made of.
"""
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

CHANNELS, DILATIONS, UNIT = 32, (1, 2, 4, 8, 16), 2048
FLOOR, SCALE = float(np.log(1e-7)), 0.1
BATCH = 16


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(32, CHANNELS, 4, stride=2, padding=1)
        self.layers = nn.ModuleList(nn.Conv1d(CHANNELS, CHANNELS, 3, dilation=d, padding=d) for d in DILATIONS)
        self.last = nn.Conv1d(CHANNELS, 1, 1)
        for layer in self.layers:
            layer.weight.data *= 0.5

    def forward(self, x):
        x = self.first(x)
        for layer in self.layers:
            x = x + layer(F.relu(x))
        return self.last(F.relu(x))[:, 0]


def table(layer):
    weights = layer.weight.detach().numpy().transpose(0, 2, 1).reshape(layer.out_channels, -1)
    return np.concatenate([weights, layer.bias.detach().numpy()[:, None]], 1).ravel()


def write(net, path):
    values = np.concatenate([table(layer) for layer in (net.first, *net.layers, net.last)])
    values = np.round(values * UNIT).astype(int)
    with open(path, "w") as out:
        out.write("/*\n * speech_weights.c\n *\t  The weights of the net that hears speech, as bench/speech/train.py "
                  "has written them.\n *\n * Longer than 400 lines since it is a table.\n */\n"
                  '#include "core/dsp/speech_weights.h"\n\n/* clang-format off */\n'
                  f"const int16_t emo_speech_net_weights[{len(values)}] = {{\n")
        for i in range(0, len(values), 24):
            out.write("\t" + ", ".join(map(str, values[i:i + 24])) + ",\n")
        out.write("};\n")


def main(path, epochs, files):
    torch.manual_seed(0)
    clips = [np.load(name) for name in files]
    spectra = np.concatenate([c["X"] for c in clips])
    speech = np.concatenate([c["Y"] for c in clips])
    target = speech.reshape(len(speech), -1, 2).mean(2).astype(np.float32)
    around = np.stack([np.roll(target, k, 1) for k in (-1, 0, 1)])
    # Where speech begins and ends is a matter of taste; clips without any count more.
    weight = np.where(around.max(0) != around.min(0), 0.3, 1.0) * np.where(speech.any(1), 1.0, 1.5)[:, None]
    weight = weight.astype(np.float32)
    net, order = Net(), np.random.default_rng(0)
    optimizer = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=1e-3)
    steps = epochs * (len(spectra) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, steps, pct_start=0.15)
    for epoch in range(epochs):
        rows, total = order.permutation(len(spectra)), 0.0
        for start in range(0, len(rows) - BATCH + 1, BATCH):
            i = rows[start:start + BATCH]
            x = torch.from_numpy((spectra[i].astype(np.float32) - FLOOR) * SCALE).transpose(1, 2).contiguous()
            loss = F.binary_cross_entropy_with_logits(net(x), torch.from_numpy(target[i]),
                                                      weight=torch.from_numpy(weight[i]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(epoch, round(total / (len(rows) // BATCH), 4), flush=True)
    write(net, path)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
