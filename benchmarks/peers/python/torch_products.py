# Matrix products and convolutions in PyTorch: one is chosen, then run so many times.
import os
import time

import torch
import torch.nn.functional as F
from serve import serve

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
torch.manual_seed(1)
work = None


def product(sizes):
    global work
    m, k, n, transpose_a, transpose_b = sizes
    a = torch.randn(k, m).t() if transpose_a else torch.randn(m, k)
    b = torch.randn(n, k).t() if transpose_b else torch.randn(k, n)
    y = torch.empty(m, n)
    work = lambda: torch.mm(a, b, out=y)


def convolution(sizes):
    global work
    kind, batch, height, width, channels, size, filters, padding = sizes
    x = torch.randn(batch, channels, height, width)
    w = torch.randn(filters, channels, size, size)
    y = F.conv2d(x, w, padding=padding)
    # What training uses; grad.conv2d_input and grad.conv2d_weight are slower.
    wanted = [kind == "input gradient", kind == "filter gradient", False]
    work = (
        (lambda: F.conv2d(x, w, padding=padding))
        if kind == "forward"
        else lambda: torch.ops.aten.convolution_backward(
            y, x, w, [0], [1, 1], [padding, padding], [1, 1], False, [0, 0], 1, wanted
        )
    )


def run(times):
    began = time.perf_counter()
    for _ in range(times):
        work()
    return {"ms": (time.perf_counter() - began) * 1000}


with torch.no_grad():
    serve("torch", torch.__version__, {"product": product, "convolution": convolution, "run": run})
