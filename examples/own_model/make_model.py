"""Trains two models of which plan suits a customer, outside of Foresell, and writes them as ONNX.

pip install scikit-learn skl2onnx onnx; python make_model.py
Writes forest.onnx, neighbours.onnx and sample.csv (rows with the answer of the forest). Seeded: the same rows every time.
"""
import csv
import pathlib

import numpy
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FOLDER = pathlib.Path(__file__).parent
NUMBERS = ["minutes", "gigabytes", "lines"]
TEXTS = ["region"]

random = numpy.random.default_rng(42)
count = 300
minutes = random.gamma(2.0, 120.0, count).round(0)
gigabytes = random.gamma(1.5, 8.0, count).round(1)
lines = random.integers(1, 6, count)
region = random.choice(["north", "south", "coast"], count)
rows = numpy.array(list(zip(minutes, gigabytes, lines, region)), dtype=object)
use = gigabytes / 12 + minutes / 400 + (region == "coast") * 0.4 + random.normal(0, 0.25, count)
plan = numpy.where(lines >= 4, "family", numpy.where(use > 1.6, "unlimited", "basic"))


def write(name, classifier, numbers):
    pipeline = Pipeline([
        ("columns", ColumnTransformer([
            ("numbers", numbers, [0, 1, 2]),
            ("texts", OneHotEncoder(handle_unknown="ignore"), [3]),
        ])),
        ("model", classifier),
    ]).fit(rows, plan)
    inputs = [(column, FloatTensorType([None, 1])) for column in NUMBERS]
    inputs += [(column, StringTensorType([None, 1])) for column in TEXTS]
    onnx = to_onnx(pipeline, initial_types=inputs, target_opset={"": 15, "ai.onnx.ml": 3})
    (FOLDER / name).write_bytes(onnx.SerializeToString())
    return pipeline


forest = write("forest.onnx", RandomForestClassifier(n_estimators=15, max_depth=5, random_state=0), "passthrough")
write("neighbours.onnx", KNeighborsClassifier(n_neighbors=9), StandardScaler())

sample = rows[:40]
probabilities = forest.predict_proba(sample)
with open(FOLDER / "sample.csv", "w", newline="", encoding="utf-8") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(NUMBERS + TEXTS + [f"p_{label}" for label in forest.classes_])
    for row, answer in zip(sample, probabilities):
        out.writerow([f"{number:g}" for number in row[:3]] + [row[3]] + [f"{p:.6f}" for p in answer])
