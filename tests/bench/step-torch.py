"""PyTorch's time for the training step that step.ts measures. Reads a number of steps per line, answers milliseconds per step."""

import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))
layers = [nn.Linear(784, 100), nn.ReLU()]
for _ in range(3):
    layers += [nn.Linear(100, 100), nn.ReLU()]
model = nn.Sequential(*layers, nn.Linear(100, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_of = nn.CrossEntropyLoss()
images, labels = torch.rand(2048, 784), torch.randint(0, 10, (2048,))


def step(i):
    rows = (torch.arange(128) + i * 128) % 2048
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of(model(images[rows]), labels[rows])
    loss.backward()
    optimizer.step()


for i in range(50):
    step(i)
print(torch.__version__, flush=True)
for line in sys.stdin:
    steps = int(line)
    started = time.perf_counter()
    for i in range(steps):
        step(i)
    print((time.perf_counter() - started) / steps * 1e3, flush=True)
