"""Writes a small model package of format version 1: python write_package.py churn.zip

Shows all that a writer in any language owes; needs the onnx package for the graph, the rest is zip and JSON. The model is a logistic
regression over two numbers and a text, its parameters are made up.
"""

import json
import math
import sys
import zipfile

from onnx import TensorProto, helper

MEANS, DEVIATIONS = [32.4, 64.8], [24.5, 30.1]
CONTRACTS = ["Month-to-month", "Two year"]
WEIGHTS, INTERCEPT = [-0.8, 0.4, 0.5, -1.5], -1.2
ML = "ai.onnx.ml"


def model():
    """From raw inputs to the output "probability": missing values, scaling and one-hot are part of the graph."""
    node, text, number = helper.make_node, TensorProto.STRING, TensorProto.FLOAT
    nodes = [
        node("Concat", ["tenure", "charges"], ["numbers"], axis=1),
        node("Imputer", ["numbers"], ["filled"], domain=ML, imputed_value_floats=MEANS, replaced_value_float=math.nan),
        node("Scaler", ["filled"], ["scaled"], domain=ML, offset=MEANS, scale=[1 / d for d in DEVIATIONS]),
        node("OneHotEncoder", ["contract"], ["encoded"], domain=ML, cats_strings=CONTRACTS, zeros=1),
        node("Reshape", ["encoded", "shape"], ["onehot"]),
        node("Concat", ["scaled", "onehot"], ["row"], axis=1),
        node("Gemm", ["row", "weights", "intercept"], ["score"]),
        node("Sigmoid", ["score"], ["probability"]),
    ]
    graph = helper.make_graph(
        nodes,
        "churn",
        [
            helper.make_tensor_value_info("tenure", number, ["N", 1]),
            helper.make_tensor_value_info("contract", text, ["N", 1]),
            helper.make_tensor_value_info("charges", number, ["N", 1]),
        ],
        [helper.make_tensor_value_info("probability", number, ["N", 1])],
        [
            helper.make_tensor("shape", TensorProto.INT64, [2], [-1, len(CONTRACTS)]),
            helper.make_tensor("weights", number, [4, 1], WEIGHTS),
            helper.make_tensor("intercept", number, [1], [INTERCEPT]),
        ],
    )
    opsets = [helper.make_opsetid("", 15), helper.make_opsetid(ML, 3)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def answer(numbers, texts):
    """What the training library would answer: the golden rows must come from it, not from the graph."""
    filled = [mean if math.isnan(x) else x for x, mean in zip(numbers, MEANS)]
    columns = [(x - mean) / deviation for x, mean, deviation in zip(filled, MEANS, DEVIATIONS)]
    columns += [1.0 if texts[0] == contract else 0.0 for contract in CONTRACTS]
    return 1 / (1 + math.exp(-INTERCEPT - sum(w * x for w, x in zip(WEIGHTS, columns))))


def golden():
    rows = [([1, 70.35], ["Month-to-month"]), ([math.nan, 20], ["Two year"]), ([72, math.nan], [""]), ([5, 99], ["一年"])]
    for numbers, texts in rows:
        said = ["NaN" if math.isnan(x) else x for x in numbers]
        yield {"numbers": said, "texts": texts, "probability": answer(numbers, texts)}


def entries():
    """The entries in the order they are written; numbers and texts of a row follow the order of the inputs."""
    manifest = {
        "formatVersion": 1,
        "model": "churn_by_hand",
        "task": "binary",
        "algorithm": "logistic_regression",
        "inputs": [
            {"name": "tenure", "kind": "INPUT_KIND_NUMBER", "width": 1, "description": "months as a customer"},
            {"name": "contract", "kind": "INPUT_KIND_TEXT", "width": 1},
            {"name": "charges", "kind": "INPUT_KIND_NUMBER", "width": 1, "description": "monthly charges"},
        ],
        "bands": {"mediumFrom": 0.3, "highFrom": 0.6},
        "meaning": {"en": "risk of leaving", "zh": "流失风险"},
    }
    reasons = {
        "numbers": [{"input": "tenure", "means": [32.4]}, {"input": "charges", "means": [64.8]}],
        "texts": [{"input": "contract", "reference": "Month-to-month", "frequencies": {"Month-to-month": 0.55, "Two year": 0.24}}],
    }
    yield "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1)
    yield "model.onnx", model().SerializeToString(deterministic=True)
    yield "reasons.json", json.dumps(reasons, ensure_ascii=False, indent=1)
    yield "golden.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in golden())


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_STORED) as package:
        for name, content in entries():
            package.writestr(zipfile.ZipInfo(name), content)  # its time is 1980: equal content, equal digest
