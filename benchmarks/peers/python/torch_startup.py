# From here to the first finished training step of LeNet-5 in PyTorch: the import is most of it. Measured before anything is served.
import time

began = time.perf_counter()
import torch
from torch import nn

net = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
)
optimizer = torch.optim.Adam(net.parameters())
loss = nn.functional.cross_entropy(net(torch.rand(64, 1, 28, 28)), torch.arange(64) % 10)
loss.backward()
optimizer.step()
answer = {"ms": (time.perf_counter() - began) * 1000, "loss": loss.item()}

from serve import serve

serve("torch", torch.__version__, {"time": lambda: answer})
