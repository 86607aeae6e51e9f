"""One training step of LeNet-5 in PyTorch, float64: the golden values of lenet-step.json.

Weights and images come from formulas, so that nothing large is kept:
  parameter p (in the order of NAMES), element i of its row-major array in OUR layout: 0.1 * sin(0.7 * i + p)
  images [B, 28, 28, 1], element i: 0.5 + 0.5 * sin(0.013 * i * (1 + i % 5)); label of image b: (3 * b + 1) % 10
Our layout: images NHWC, filters HWIO, dense weights [in, out], flatten in the order height, width, channel.
Kept of each array: every n-th element (n = max(1, size // 200)), its sum, and the sum of its absolute values.

Run: python3 lenet_step.py > lenet-step.json      (PyTorch 1.13, CPU)
"""
import json
import math

import torch
import torch.nn.functional as F

NAMES = ["0.filters", "0.bias", "3.filters", "3.bias", "7.weight", "7.bias", "9.weight", "9.bias", "11.weight", "11.bias"]
SHAPES = [[5, 5, 1, 6], [6], [5, 5, 6, 16], [16], [400, 120], [120], [120, 84], [84], [84, 10], [10]]
BATCH = 3


def parameters():
    made = []
    for p, shape in enumerate(SHAPES):
        n = math.prod(shape)
        i = torch.arange(n, dtype=torch.float64)
        made.append((0.1 * torch.sin(0.7 * i + p)).reshape(shape).requires_grad_(True))
    return made


def images():
    i = torch.arange(BATCH * 28 * 28, dtype=torch.float64)
    return (0.5 + 0.5 * torch.sin(0.013 * i * (1 + i % 5))).reshape(BATCH, 28, 28, 1)


def forward(params, x, activation, pool):
    f1, b1, f2, b2, w3, b3, w4, b4, w5, b5 = params
    act = torch.tanh if activation == "tanh" else torch.relu
    half = F.avg_pool2d if pool == "average" else F.max_pool2d
    y = x.permute(0, 3, 1, 2)  # NCHW
    y = half(act(F.conv2d(y, f1.permute(3, 2, 0, 1), b1, padding=2)), 2)
    y = half(act(F.conv2d(y, f2.permute(3, 2, 0, 1), b2)), 2)
    y = y.permute(0, 2, 3, 1).flatten(1)  # height, width, channel
    y = act(y @ w3 + b3)
    y = act(y @ w4 + b4)
    return y @ w5 + b5


def kept(tensor):
    flat = tensor.detach().flatten()
    every = max(1, flat.numel() // 200)
    number = lambda value: float(f"{value:.13g}")
    return {
        "every": every,
        "values": [number(value) for value in flat[::every].tolist()],
        "sum": number(flat.sum().item()),
        "absolute": number(flat.abs().sum().item()),
    }


def tree(tensors):
    return {name: kept(tensor) for name, tensor in zip(NAMES, tensors)}


def case(activation, pool):
    labels = torch.tensor([(3 * b + 1) % 10 for b in range(BATCH)])
    made = {"activation": activation, "pool": pool}
    for name, optimizer in [("sgd", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)), ("adam", lambda p: torch.optim.Adam(p, lr=0.01))]:
        params = parameters()
        step = optimizer(params)
        logits = forward(params, images(), activation, pool)
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        made["logits"] = logits.detach().tolist()
        made["loss"] = loss.item()
        made["gradients"] = tree([p.grad for p in params])
        step.step()
        made[name] = tree(params)
    return made


if __name__ == "__main__":
    cases = [case("tanh", "average"), case("relu", "max")]
    print(json.dumps({"source": f"PyTorch {torch.__version__}, float64, lenet_step.py", "batch": BATCH, "cases": cases}))
