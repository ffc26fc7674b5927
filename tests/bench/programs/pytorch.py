"""PyTorch, in whatever of its standard options is fastest here: memory layout, and the optimizer's loop, foreach or fused. See protocol.ts."""

import itertools
import json
import math
import re
import sys
import time

import torch
from torch import nn

EXAMPLES = 2048
TRIAL_MS = 120


def layer_of(layer, shape):
    """The module for a layer and the shape behind it; images are (channels, height, width) here."""
    kind = layer["kind"]
    if kind == "flatten":
        return nn.Flatten(), [math.prod(shape)]
    if kind == "dense":
        return nn.Linear(shape[0], layer["units"]), [layer["units"]]
    if kind == "conv2d":
        size = layer["kernel"]
        module = nn.Conv2d(shape[0], layer["filters"], size, padding=size // 2, bias=layer.get("bias", True))
        return module, [layer["filters"], *shape[1:]]
    if kind == "batch-norm":
        return nn.BatchNorm2d(shape[0]), shape
    if kind == "max-pool":
        return nn.MaxPool2d(2), [shape[0], shape[1] // 2, shape[2] // 2]
    return {"relu": nn.ReLU, "tanh": nn.Tanh}[kind](), shape


def network_of(workload, shape):
    modules = []
    for layer in workload["layers"]:
        module, shape = layer_of(layer, shape)
        modules.append(module)
    return nn.Sequential(*modules)


class Model:
    def __init__(self, task, optimizer, layout, loop):
        workload = task["workload"]
        shape = workload["shape"]
        shape = [shape[2], *shape[:2]] if len(shape) == 3 else shape
        self.detail = ", ".join(word for word in [layout, loop] if word)
        self.model = network_of(workload, shape)
        self.x = torch.randn(EXAMPLES, *shape)
        if layout == "channels last":
            self.model = self.model.to(memory_format=torch.channels_last)
            self.x = self.x.to(memory_format=torch.channels_last)
        self.labels = torch.randint(0, workload["classes"], (EXAMPLES,))
        size = workload["batchSize"]
        self.batches = torch.randperm(EXAMPLES)[: EXAMPLES // size * size].split(size)
        rule = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer]
        options = {loop: True} if loop else {}
        self.optimizer = rule(self.model.parameters(), lr=task["learningRate"], **options)
        self.loss_of = nn.CrossEntropyLoss()
        self.at = 0

    def step(self):
        rows = self.batches[self.at % len(self.batches)]
        self.at += 1
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss_of(self.model(self.x[rows]), self.labels[rows])
        loss.backward()
        self.optimizer.step()

    def turn(self, milliseconds):
        """Milliseconds per step by the clock and of the processors, which a turn of so long at least took."""
        started, used = time.perf_counter(), time.process_time()
        for steps in itertools.count(1):
            self.step()
            elapsed = time.perf_counter() - started
            if elapsed * 1e3 >= milliseconds:
                return {"wallMs": elapsed * 1e3 / steps, "cpuMs": (time.process_time() - used) * 1e3 / steps}


def fastest(task, optimizer):
    has_images = any(layer["kind"] == "conv2d" for layer in task["workload"]["layers"])
    trials = []
    for layout in ["channels last", "channels first"] if has_images else [""]:
        for loop in ["", "foreach", "fused"]:
            try:
                model = Model(task, optimizer, layout, loop)
                model.turn(TRIAL_MS)
                unit = "cpuMs" if task["threads"] == 1 else "wallMs"
                trials.append((min(model.turn(TRIAL_MS)[unit] for _ in range(3)), model))
            except (TypeError, RuntimeError):
                continue  # this PyTorch has no such loop, or not on a CPU
    return min(trials, key=lambda trial: trial[0])[1]


models = {}
for line in sys.stdin:
    question = json.loads(line)
    if "workload" in question:
        torch.manual_seed(1)
        torch.set_num_threads(question["threads"])
        models = {optimizer: fastest(question, optimizer) for optimizer in question["optimizers"]}
        details = {optimizer: {"detail": model.detail} for optimizer, model in models.items()}
        answer = {"name": "PyTorch " + re.match('[0-9.]+[0-9]', torch.__version__)[0], "models": details}
    else:
        answer = models[question["optimizer"]].turn(question["milliseconds"])
    print(json.dumps(answer), flush=True)
