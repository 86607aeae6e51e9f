# Matrix products and convolutions in PyTorch on one thread, asked line by line: {"make": ...} once a row, then {"run": times},
# answered by the milliseconds that so many runs took.
import json, sys, time
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(1)
print(json.dumps({"version": torch.__version__.split("+")[0].split("a")[0]}), flush=True)
work = None


def product(m, k, n, transpose_a, transpose_b):
    a = torch.randn(k, m).t() if transpose_a else torch.randn(m, k)
    b = torch.randn(n, k).t() if transpose_b else torch.randn(k, n)
    y = torch.empty(m, n)
    return lambda: torch.mm(a, b, out=y)


def convolution(kind, batch, height, width, channels, size, filters, padding):
    x = torch.randn(batch, channels, height, width)
    w = torch.randn(filters, channels, size, size)
    y = F.conv2d(x, w, padding=padding)
    if kind == "forward":
        return lambda: F.conv2d(x, w, padding=padding)
    # What training uses; grad.conv2d_input and grad.conv2d_weight are slower.
    wanted = [kind == "input gradient", kind == "filter gradient", False]
    return lambda: torch.ops.aten.convolution_backward(
        y, x, w, [0], [1, 1], [padding, padding], [1, 1], False, [0, 0], 1, wanted)


with torch.no_grad():
    for line in sys.stdin:
        request = json.loads(line)
        if "product" in request:
            work = product(*request["product"])
        elif "convolution" in request:
            work = convolution(*request["convolution"])
        began = time.perf_counter()
        for _ in range(request.get("run", 1)):
            work()
        print(json.dumps({"ms": (time.perf_counter() - began) * 1000}), flush=True)
