"""Writes packages/tests/torch/*.safetensors: state dicts of small PyTorch models ("model.…") with an input "x" and the output "y".

python3 make_torch_files.py folder   (made with torch 1.13, which is not needed to run the tests)

Images are saved as ours are, [B, H, W, C]; sequences are [B, T, C] in both. Models are asked in evaluation mode.
"""
import json
import struct
import sys

import torch
from torch import nn

torch.manual_seed(20261127)


def write(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        tensor = tensor.detach().contiguous()
        kind = {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype]
        content = tensor.numpy().tobytes()
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def last(tensor):
    """Channels from behind the batch to the end."""
    return tensor.movedim(1, -1)


def settled(module):
    """Norms as they would be after training: running statistics and scales that are not 0 and 1."""
    for part in module.modules():
        if hasattr(part, "running_mean") and part.running_mean is not None:
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)
        if isinstance(part, (nn.modules.batchnorm._BatchNorm, nn.LayerNorm, nn.GroupNorm)) and part.weight is not None:
            nn.init.normal_(part.weight)
            nn.init.normal_(part.bias)
    return module.eval()


class First(nn.Module):
    """The first of a module's outputs, for those that give several."""

    def __init__(self, **parts):
        super().__init__()
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x):
        for part in self.children():
            x = part(x)
            x = x[0] if isinstance(x, tuple) else x
        return x


class Attending(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(6, 2, batch_first=True)

    def forward(self, x):
        return self.attention(x, x, x)[0]


class Block(nn.Module):
    """x + f(x), then a head, with names as people give them."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.fc1 = nn.Linear(4 * 3 * 2, 5)
        self.fc2 = nn.Linear(5, 3)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = x + torch.relu(self.conv2(x))
        x = torch.flatten(x, 1)
        return self.fc2(torch.tanh(self.fc1(x)))


images, sequence = (2, 2, 4, 6), (2, 5, 3)
layer = dict(batch_first=True)
encoder = dict(d_model=6, nhead=2, dim_feedforward=8, batch_first=True)
cases = {
    "cnn": (
        nn.Sequential(
            nn.Conv2d(2, 3, 3, padding=1), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18, 4)
        ),
        torch.randn(images),
    ),
    "shortcut": (Block(), torch.randn(2, 1, 5, 4)),
    "flat-norm": (nn.Sequential(nn.Flatten(), nn.BatchNorm1d(48), nn.Linear(48, 3)), torch.randn(images)),
    "groups": (nn.Sequential(nn.Conv2d(4, 6, 3, groups=2, bias=False), nn.GroupNorm(3, 6)), torch.randn(2, 4, 5, 4)),
    "depthwise": (nn.Sequential(nn.Conv2d(3, 6, (3, 2), stride=2, groups=3), nn.PReLU(6)), torch.randn(2, 3, 7, 6)),
    "transposed": (nn.Sequential(nn.ConvTranspose2d(2, 3, 4, stride=2, padding=1)), torch.randn(images)),
    "conv1d": (nn.Sequential(nn.Conv1d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 2)), torch.randn(2, 3, 5)),
    "lstm": (First(lstm=nn.LSTM(3, 4, num_layers=2, bidirectional=True, **layer)), torch.randn(sequence)),
    "gru": (First(gru=nn.GRU(3, 4, num_layers=2, **layer)), torch.randn(sequence)),
    "rnn": (First(rnn=nn.RNN(3, 4, bidirectional=True, **layer), head=nn.Linear(8, 2)), torch.randn(sequence)),
    "embedding": (nn.Sequential(nn.Embedding(7, 4), nn.LayerNorm(4), nn.Linear(4, 2, bias=False)), torch.randint(7, (2, 5))),
    "attention": (Attending(), torch.randn(2, 5, 6)),
    "encoder": (
        nn.Sequential(
            nn.TransformerEncoderLayer(**encoder),
            nn.TransformerEncoderLayer(**encoder, norm_first=True, activation="gelu"),
        ),
        torch.randn(2, 5, 6),
    ),
}
cases["transposed1d"] = (nn.Sequential(nn.ConvTranspose1d(4, 6, 3, stride=2, groups=2)), torch.randn(2, 4, 5))
cases["conv3d"] = (nn.Sequential(nn.Conv3d(2, 3, 2), nn.ReLU()), torch.randn(1, 2, 3, 4, 3))
pictures = {
    *["cnn", "shortcut", "flat-norm", "groups", "depthwise", "transposed", "conv1d", "transposed1d", "conv3d"],
}
for name, (model, x) in cases.items():
    settled(model)
    with torch.no_grad():
        y = model(x)
    in_order = last if name in pictures else lambda tensor: tensor
    entries = {f"model.{key}": value for key, value in model.state_dict().items()}
    write(f"{sys.argv[1]}/{name}.safetensors", {**entries, "x": in_order(x), "y": in_order(y) if y.dim() > 2 else y})

# A decoder layer has two inputs.
decoder = settled(nn.TransformerDecoderLayer(**encoder))
x, memory = torch.randn(2, 5, 6), torch.randn(2, 4, 6)
with torch.no_grad():
    entries = {f"model.{key}": value for key, value in decoder.state_dict().items()}
    write(f"{sys.argv[1]}/decoder.safetensors", {**entries, "x": x, "memory": memory, "y": decoder(x, memory)})


class Reader(nn.Module):
    """A recurrent layer, and attention that makes one vector of what it gives."""

    def __init__(self, width, units, **options):
        super().__init__()
        self.rnn = nn.GRU(width, units, **layer, **options)
        width = units * (2 if options.get("bidirectional") else 1)
        self.project = nn.Linear(width, width)
        self.question = nn.Linear(width, 1, bias=False)

    def forward(self, x):
        read, _ = self.rnn(x)
        counts = torch.softmax(self.question(torch.tanh(self.project(read))), 1)
        return (counts * read).sum(1)


class Documents(nn.Module):
    """Sentences of three words each."""

    def __init__(self):
        super().__init__()
        self.words = Reader(3, 2, bidirectional=True)
        self.sentences = Reader(4, 3)
        self.head = nn.Linear(3, 2)

    def forward(self, x):
        batch, tokens, width = x.shape
        sentences = self.words(x.reshape(batch * tokens // 3, 3, width)).reshape(batch, tokens // 3, 4)
        return self.head(self.sentences(sentences))


class Tied(nn.Module):
    """One matrix for words going in and words coming out; the state dict names it twice."""

    def __init__(self, bias):
        super().__init__()
        self.words = nn.Embedding(5, 4)
        self.inner = nn.Linear(4, 4)
        self.decoder = nn.Linear(4, 5, bias=bias)
        self.decoder.weight = self.words.weight

    def forward(self, x):
        return self.decoder(torch.tanh(self.inner(self.words(x))))


later = {
    "separable": (
        nn.Sequential(
            First(depthwise=nn.Conv2d(2, 4, 3, padding=1, groups=2), pointwise=nn.Conv2d(4, 3, 1)),
            nn.ReLU(),
            nn.Sequential(nn.Conv2d(3, 3, 2, groups=3, bias=False), nn.Conv2d(3, 2, 1)),
            nn.Flatten(),
            nn.Linear(2 * 3 * 5, 2),
        ),
        torch.randn(images),
    ),
    "hierarchy": (Documents(), torch.randn(2, 6, 3)),
    "tied": (Tied(True), torch.randint(5, (2, 3))),
    "tied-plain": (Tied(False), torch.randint(5, (2, 3))),
}
for name, (model, x) in later.items():
    settled(model)
    with torch.no_grad():
        y = model(x)
    entries = {f"model.{key}": value for key, value in model.state_dict().items()}
    write(f"{sys.argv[1]}/{name}.safetensors", {**entries, "x": last(x) if name == "separable" else x, "y": y})
