# Training steps in eager PyTorch, as its own tutorials write them, from our weights on our batches.
import os
import time

import torch
from serve import floats, ints, serve
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
inputs, labels = [], []
net = optimizer = loader = None


class Lenet(torch.nn.Module):
    """Images [B, 1, 28, 28]. Our filters are [height, width, in, out], and our images are flattened with channels last."""

    def __init__(self, weights=None):
        super().__init__()
        at = lambda path: torch.from_numpy(weights[path])
        self.conv1, self.conv2 = torch.nn.Conv2d(1, 6, 5, padding=2), torch.nn.Conv2d(6, 16, 5)
        self.dense1, self.dense2, self.dense3 = (torch.nn.Linear(*size) for size in [(400, 120), (120, 84), (84, 10)])
        if weights is None:
            return
        with torch.no_grad():
            for conv, i in [(self.conv1, 0), (self.conv2, 3)]:
                conv.weight.copy_(at(f"{i}.filters").permute(3, 2, 0, 1))
                conv.bias.copy_(at(f"{i}.bias"))
            first = at("7.weight").reshape(5, 5, 16, 120).permute(2, 0, 1, 3).reshape(400, 120)
            for dense, i, weight in [
                (self.dense1, 7, first),
                (self.dense2, 9, at("9.weight")),
                (self.dense3, 11, at("11.weight")),
            ]:
                dense.weight.copy_(weight.T)
                dense.bias.copy_(at(f"{i}.bias"))

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        return self.dense3(F.relu(self.dense2(F.relu(self.dense1(x)))))


class Perceptron(torch.nn.Module):
    """Dense layers with relu between them."""

    def __init__(self, weights):
        super().__init__()
        at = sorted({int(path.split(".")[0]) for path in weights})
        self.layers = torch.nn.ModuleList()
        for i in at:
            weight = torch.from_numpy(weights[f"{i}.weight"])
            layer = torch.nn.Linear(*weight.shape)
            with torch.no_grad():
                layer.weight.copy_(weight.T)
                layer.bias.copy_(torch.from_numpy(weights[f"{i}.bias"]))
            self.layers.append(layer)

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = F.relu(layer(x))
        return self.layers[-1](x)


def load(batches):
    """Pictures stand with their only channel last, so no order changes; other inputs are rows."""
    inputs.clear(), labels.clear()
    for batch in batches:
        shape = batch["shape"]
        picture = len(shape) == 4
        inputs.append(torch.from_numpy(floats(batch["x"], [shape[0], 1, *shape[1:3]] if picture else shape)))
        labels.append(torch.from_numpy(ints(batch["y"])))


def make(weights, learningRate):
    global net, optimizer
    arrays = {path: floats(data, shape) for path, (shape, data) in weights.items()}
    net = (Lenet if "0.filters" in arrays else Perceptron)(arrays)
    optimizer = torch.optim.Adam(net.parameters(), lr=learningRate, betas=(0.9, 0.999), eps=1e-8)


def train(batches):
    """One step for each number of a batch."""
    losses = []
    began = time.perf_counter()
    for i in batches:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(inputs[i]), labels[i])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"ms": (time.perf_counter() - began) * 1000, "losses": losses}


def load_epochs(x, y, batchSize):
    """LeNet-5 from weights of its own, and all pictures for whole epochs."""
    global net, optimizer, loader
    labels = torch.from_numpy(ints(y))
    pictures = torch.from_numpy(floats(x, [len(labels), 1, 28, 28]))
    loader = DataLoader(TensorDataset(pictures, labels), batch_size=batchSize, shuffle=True)
    net = Lenet()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)


def epoch():
    total = count = 0
    began = time.perf_counter()
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(y)
        count += len(y)
    return {"ms": (time.perf_counter() - began) * 1000, "loss": total / count}


handlers = {"load": load, "make": make, "train": train, "load_epochs": load_epochs, "epoch": epoch}
serve("torch", torch.__version__, handlers)
