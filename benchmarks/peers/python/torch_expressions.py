# One expression of PyTorch at a time: on the inputs that benches/elementwise.ts names, or on those that it makes itself.
import os
import time

import torch
import torch.nn.functional as F
from serve import serve

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
torch.manual_seed(1)
side, channels = 1024, 64


def values(*shape):
    return torch.randn(*shape)


def learning(*shape):
    return torch.randn(*shape).requires_grad_()


x, y, row, column = values(side, side), values(side, side), values(side), values(side, 1)
images, scale, offset = values(side * side // channels, channels), learning(channels), learning(channels)
wide_scale, wide_offset = learning(side), learning(side)
leaf, leaf_images = learning(side, side), learning(side * side // channels, channels)
labels = torch.arange(side) % side
rows = (torch.arange(side) * 7) % side
places = (torch.arange(side * side) * 7919) % (side * side)
flat = x.reshape(-1)
weight = learning(side * side)
weight.grad = torch.randn(side * side) / 100
adam, sgd = torch.optim.Adam([weight]), torch.optim.SGD([weight], lr=1e-3, momentum=0.9)
work = None


def backward(loss):
    for each in (leaf, leaf_images, scale, offset, wide_scale, wide_offset):
        each.grad = None
    loss.backward()


def still(compute):
    """Without a record for gradients."""
    with torch.no_grad():
        return compute()


def gradients(loss, *leaves):
    return torch.autograd.grad(loss, leaves)


def attention(query, key, value, causal=False):
    """PyTorch's own where it has one, else the formula."""
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(query, key, value, is_causal=causal)
    scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
    if causal:
        hidden = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(hidden, float("-inf"))
    return torch.softmax(scores, -1) @ value


def choose(code, setup=""):
    global work
    names = {name: value for name, value in globals().items() if not name.startswith("_")}
    exec(setup, names)
    work = eval(f"lambda: {code}", names)
    if not any(word in code for word in ("backward", "gradients", "step")):
        inner = work
        work = lambda: still(inner)


def run(times):
    began = time.perf_counter()
    for _ in range(times):
        work()
    return {"ms": (time.perf_counter() - began) * 1000}


serve("torch", torch.__version__, {"choose": choose, "run": run})
