"""PyTorch's time for the training step that step.ts measures: step-torch.py THREADS WORKLOAD. Reads a number of steps per line, answers milliseconds per step."""

import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))


def mlp():
    layers = [nn.Linear(784, 100), nn.ReLU()]
    for _ in range(3):
        layers += [nn.Linear(100, 100), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(100, 10)), torch.rand(2048, 784), 128


def cnn():
    """Channels last: PyTorch's faster layout on a CPU."""
    model = nn.Sequential(
        *[nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)],
        *[nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)],
        *[nn.Flatten(), nn.Linear(1568, 128), nn.ReLU(), nn.Linear(128, 10)],
    )
    images = torch.rand(2048, 1, 28, 28).to(memory_format=torch.channels_last)
    return model.to(memory_format=torch.channels_last), images, 64


model, images, batch = {"mlp": mlp, "cnn": cnn}[sys.argv[2]]()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_of = nn.CrossEntropyLoss()
labels = torch.randint(0, 10, (2048,))


def step(i):
    rows = (torch.arange(batch) + i * batch) % 2048
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of(model(images[rows]), labels[rows])
    loss.backward()
    optimizer.step()


for i in range(20):
    step(i)
print(torch.__version__, flush=True)
for line in sys.stdin:
    steps = int(line)
    started = time.perf_counter()
    for i in range(steps):
        step(i)
    print((time.perf_counter() - started) / steps * 1e3, flush=True)
