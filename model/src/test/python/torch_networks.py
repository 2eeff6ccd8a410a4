"""Writes the PyTorch networks of the tests: small seeded networks, exported by both exporters of PyTorch (the older one
that traces, and torch.export), with rows and the answers that PyTorch itself gives for them.

    pip install torch onnx onnxscript onnxruntime
    OMP_NUM_THREADS=1 python torch_networks.py ../resources/networks [name ...]

NAME.onnx is the exported file as it is (traced: opset 11, 13, 17; NAME_export.onnx: opset 18). NAME.json says how to ask it:
  shape     the shape of a row of the input "x"
  width     floats that a row answers
  rows      one list per row, row-major
  expected  one list per row: PyTorch's answers
"""

import json
import pathlib
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

ROWS = 6
warnings.filterwarnings("ignore")


class Mlp(nn.Module):
    shape = (20,)

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(20, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Dropout(0.3),
            nn.Linear(24, 16), nn.LeakyReLU(0.1), nn.Linear(16, 8), nn.ELU(), nn.Linear(8, 1))

    def forward(self, x):
        return torch.sigmoid(self.body(x))


class Activations(nn.Module):
    shape = (12,)

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(12, 12) for _ in range(9)])
        self.activations = nn.ModuleList([
            nn.GELU(), nn.GELU(approximate="tanh"), nn.SiLU(), nn.SELU(), nn.PReLU(12), nn.Softplus(), nn.Hardsigmoid(),
            nn.Hardswish(), nn.ReLU6()])

    def forward(self, x):
        for layer, activation in zip(self.layers, self.activations):
            x = x + activation(layer(x))
        return torch.log_softmax(x, -1)


class Convolution(nn.Module):
    shape = (5, 30)

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(5, 12, 3, padding=1), nn.BatchNorm1d(12), nn.ReLU(), nn.MaxPool1d(2),
            nn.Conv1d(12, 16, 3, padding=2, dilation=2, groups=4), nn.ReLU(), nn.AvgPool1d(3, stride=2, padding=1),
            nn.Conv1d(16, 16, 5, stride=2, padding=2, bias=False), nn.Tanh())
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        return torch.softmax(self.head(self.body(x).mean(-1)), -1)


class Image(nn.Module):
    shape = (1, 8, 8)

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.depth = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.point = nn.Conv2d(8, 12, 1)
        self.pool = nn.MaxPool2d(2)
        self.last = nn.Conv2d(12, 10, 3, stride=2)
        self.head = nn.Linear(10, 10)

    def forward(self, x):
        y = torch.relu(self.norm(self.first(x)))
        y = torch.relu(self.point(self.depth(y)) + 0.5)
        y = torch.relu(self.last(self.pool(y)))
        y = nn.functional.adaptive_avg_pool2d(y, 1)
        return torch.softmax(self.head(torch.flatten(y, 1)), 1)


class Recurrent(nn.Module):
    shape = (9, 4)

    def __init__(self, kind, **options):
        super().__init__()
        self.body = kind(4, 11, batch_first=True, **options)
        self.head = nn.Linear(22 if options.get("bidirectional") else 11, 2)

    def forward(self, x):
        return self.head(self.body(x)[0][:, -1])


class LastState(nn.Module):
    """Reads the last hidden state, as most classifiers over sequences do."""

    shape = (9, 4)

    def __init__(self):
        super().__init__()
        self.body = nn.LSTM(4, 20, batch_first=True)
        self.head = nn.Linear(20, 1)

    def forward(self, x):
        return torch.sigmoid(self.head(self.body(x)[1][0][-1]))


class Text(nn.Module):
    """Token numbers with zeros behind; the mean of the words that are there."""

    shape = (12,)

    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(50, 16, padding_idx=0)
        self.head = nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 4))

    def forward(self, x):
        tokens = x.long()
        mask = (tokens != 0).float().unsqueeze(-1)
        mean = (self.table(tokens) * mask).sum(1) / mask.sum(1).clamp(min=1)
        return torch.softmax(self.head(mean), -1)


class Transformer(nn.Module):
    """Attention written out, as most model code has it."""

    shape = (7, 6)

    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(6, 16)
        self.position = nn.Parameter(torch.randn(7, 16) * 0.3)
        self.qkv = nn.Linear(16, 48)
        self.out = nn.Linear(16, 16)
        self.norm1 = nn.LayerNorm(16)
        self.norm2 = nn.LayerNorm(16)
        self.feed = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        y = self.enter(x) + self.position
        n, t, e = y.shape
        q, k, v = self.qkv(self.norm1(y)).chunk(3, -1)
        q, k, v = (z.reshape(n, t, 4, e // 4).transpose(1, 2) for z in (q, k, v))
        scores = torch.softmax(q @ k.transpose(-2, -1) / 2.0, -1)
        y = y + self.out((scores @ v).transpose(1, 2).reshape(n, t, e))
        y = y + self.feed(self.norm2(y))
        return torch.softmax(self.head(y.mean(1)), -1)


class EncoderLayer(nn.Module):
    """PyTorch's own layer."""

    shape = (7, 8)

    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True, norm_first=True)
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.layer(x).max(1).values)


NETWORKS = {
    "mlp": Mlp,
    "activations": Activations,
    "convolution": Convolution,
    "image": Image,
    "lstm": lambda: Recurrent(nn.LSTM),
    "bilstm": lambda: Recurrent(nn.LSTM, bidirectional=True, num_layers=2),
    "gru": lambda: Recurrent(nn.GRU, bidirectional=True),
    "rnn": lambda: Recurrent(nn.RNN, nonlinearity="relu"),
    "last_state": LastState,
    "text": Text,
    "transformer": Transformer,
    "encoder_layer": EncoderLayer,
}
OPSETS = {"mlp": 11, "convolution": 11, "lstm": 13, "text": 13}


def settle(network, draw):
    """Gives batch normalisation statistics that matter, and moves layer norms off 1 and 0."""
    network.train()
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn_like(parameter) * 0.2)
        for _ in range(5):
            network(draw(32))
    return network.eval()


def write(folder, name):
    torch.manual_seed(sum(map(ord, name)))
    network = NETWORKS[name]()
    shape = network.shape

    def draw(count):
        if name == "text":
            tokens = torch.randint(1, 50, (count,) + shape)
            lengths = torch.randint(0, shape[0] + 1, (count, 1))
            return (tokens * (torch.arange(shape[0])[None] < lengths)).float()
        return torch.randn((count,) + shape)

    settle(network, draw)
    rows = draw(ROWS)
    with torch.no_grad():
        expected = network(rows).numpy()
    for suffix, options in (
            ("", dict(dynamo=False, opset_version=OPSETS.get(name, 17), dynamic_axes={"x": {0: "N"}, "y": {0: "N"}})),
            ("_export", dict(dynamo=True, opset_version=18, external_data=False, dynamic_shapes=({0: torch.export.Dim("N", min=1, max=4096)},)))):
        path = folder / (name + suffix + ".onnx")
        torch.onnx.export(network, (rows[:2],), str(path), input_names=["x"], output_names=["y"], **options)
        graph = onnx.load(str(path))
        onnx.checker.check_model(graph)
        for node in graph.graph.node:  # stack traces of the machine that exported
            del node.metadata_props[:]
            node.doc_string = ""
        for value in list(graph.graph.value_info) + list(graph.graph.input) + list(graph.graph.output) + list(graph.graph.initializer):
            del value.metadata_props[:]
        del graph.graph.metadata_props[:]
        del graph.functions[:]
        onnx.save(graph, str(path))
        actual = onnxruntime.InferenceSession(str(path)).run(None, {"x": rows.numpy()})[0]
        assert np.abs(actual - expected).max() < 1e-5, (name, suffix, np.abs(actual - expected).max())
        print(name + suffix, path.stat().st_size, sorted({node.op_type for node in graph.graph.node}))
    with open(folder / (name + ".json"), "w") as file:
        json.dump({
            "shape": shape,
            "width": expected.shape[1],
            "rows": [[round(float(v), 6) if name == "text" else float(v) for v in row.ravel()] for row in rows.numpy()],
            "expected": [[float(v) for v in row] for row in expected],
        }, file)
        file.write("\n")


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for wanted in sys.argv[2:] or NETWORKS:
        write(target, wanted)
