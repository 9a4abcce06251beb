#!/usr/bin/python3
"""Epoch time of two nets beside PyTorch: same architecture, batch, data, one thread, same run.

    bench/cnn_epoch.py PROGRAM      (bench/cnn_epoch.c, built by bench/cnn_epoch.sh)

Both sides do a step of AdamW for every batch of 32: forward, backward, clipping, update.  Rounds
alternate between the two, and the least time of each counts, since the machine may be shared.
"""
import subprocess
import sys
import time

import torch
from torch import nn

ROUNDS = 5
torch.set_num_threads(1)


class AttentivePool(nn.Module):
    def __init__(self, features, heads):
        super().__init__()
        self.score = nn.Linear(features, heads, bias=False)

    def forward(self, x):  # [batch][features][frames]
        weights = torch.softmax(self.score(x.transpose(1, 2)), dim=1)
        mean = torch.einsum("bct,bth->bhc", x, weights)
        square = torch.einsum("bct,bth->bhc", x * x, weights)
        deviation = torch.sqrt(torch.clamp(square - mean * mean, min=0) + 1e-5)
        return torch.cat([mean.flatten(1), deviation.flatten(1)], 1)


class Temporal(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList()
        channels = 41
        for stride, dilation in zip((1, 2, 1, 2, 1, 1), (1, 1, 2, 1, 2, 4)):
            self.blocks.append(nn.Sequential(
                nn.Conv1d(channels, 64, 5, stride, 2 * dilation, dilation, bias=False),
                nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.1)))
            channels = 64
        self.residual = (False, False, True, False, True, True)
        self.head = nn.Sequential(AttentivePool(64, 4), nn.Dropout(0.4), nn.Linear(512, 7))

    def forward(self, x):
        for block, residual in zip(self.blocks, self.residual):
            y = block(x)
            x = x + y if residual else y
        return self.head(x)


class MeanDeviation(nn.Module):
    def forward(self, x):  # [batch][channels][frames][coefficients]
        x = x.permute(0, 2, 3, 1).flatten(2)
        return torch.cat([x.mean(1), torch.sqrt(x.var(1, unbiased=False) + 1e-5)], 1)


def image():
    layers, channels = [], 1
    for n in (32, 64, 128):
        layers += [nn.Conv2d(channels, n, 3, padding=1, bias=False), nn.BatchNorm2d(n), nn.ReLU(),
                   nn.MaxPool2d(2)]
        channels = n
    return nn.Sequential(*layers, MeanDeviation(), nn.Dropout(0.4), nn.Linear(1280, 7))


def epoch(net, optimiser, inputs, labels):
    net.train()
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.1)
    start = time.perf_counter()
    for first in range(0, len(inputs), 32):
        optimiser.zero_grad()
        loss = loss_of(net(inputs[first:first + 32]), labels[first:first + 32])
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimiser.step()
    return time.perf_counter() - start


def predict(net, inputs):
    net.eval()
    with torch.no_grad():
        start = time.perf_counter()
        for i in range(50):
            net(inputs[i:i + 1])
        return (time.perf_counter() - start) / 50


def main():
    nets = {"temporal": (Temporal(), (485, 41, 256)), "image": (image(), (339, 1, 300, 40))}
    for name, (net, shape) in nets.items():
        inputs, labels = torch.randn(shape), torch.randint(0, 7, (shape[0],))
        optimiser = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.02)
        torch_s, ours_s, torch_predict_s, ours_predict_s = [], [], [], []
        for _ in range(ROUNDS):
            torch_s.append(epoch(net, optimiser, inputs, labels))
            torch_predict_s.append(predict(net, inputs))
            out = subprocess.run([sys.argv[1], name], check=True, capture_output=True, text=True)
            epoch_s, predict_s, flop = map(float, out.stdout.split())
            ours_s.append(epoch_s)
            ours_predict_s.append(predict_s)
        torch_least, ours_least = min(torch_s), min(ours_s)
        print(f"{name}: epoch of {shape[0]} recordings: emoser {ours_least:.3f} s "
              f"({flop / ours_least / 1e9:.0f} GFLOP/s), PyTorch {torch_least:.3f} s, "
              f"ratio {ours_least / torch_least:.2f}; forward per recording: emoser "
              f"{1000 * min(ours_predict_s):.2f} ms, PyTorch {1000 * min(torch_predict_s):.2f} ms",
              flush=True)


if __name__ == "__main__":
    main()
