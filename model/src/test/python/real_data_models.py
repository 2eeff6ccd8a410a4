"""Trains models of every family on the real data sets and writes what RealModelsParityTest compares: no row of them is kept in the project.

    pip install scikit-learn skl2onnx onnxmltools onnxruntime lightgbm xgboost
    OMP_NUM_THREADS=1 python real_data_models.py ../../../../../../shared/data /tmp/real_models [name ...]
    mvn -pl model test -Dtest=RealModelsParityTest -Dforesell.real-models=/tmp/real_models

NAME.onnx, where there is one, is the file that skl2onnx or onnxmltools exported. NAME.json says how to ask it:
  inputs    graph inputs in order: name, kind (number, text) and the names of their columns
  rows      one list per row, all columns of all inputs; null is NaN, "Infinity" and "-Infinity" are numbers
  expected  the answers of the training library in double precision; null where it refuses the row (most refuse infinity)
  task, labels, output, column, sign   as in foreign_models.py
  known     what the exporter does otherwise than the library: its file is then compared between engines, and with the library for the report
  sizes     per row the sum of the absolute terms of the answer, which rounding in single precision is a share of
  written   the fitted parameters, of which our own writer makes a file: encodings, steps, model, head, see WrittenModel
Rows are real ones and the same again with planted NaN, infinities, unseen categories, empty texts and values at thresholds of trees.
"""

import csv
import gzip
import json
import math
import pathlib
import sys
import warnings
from collections import Counter, defaultdict

import numpy as np
import onnx
from lightgbm import LGBMClassifier, LGBMRegressor
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
from skl2onnx import convert_sklearn, update_registered_converter
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)
from sklearn.base import is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.frozen import FrozenEstimator
from sklearn.impute import SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import ElasticNet, LinearRegression, LogisticRegression, Ridge
from sklearn.mixture import GaussianMixture
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    StandardScaler,
)
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from xgboost import XGBClassifier, XGBRegressor

SEED = 11
NO_MISSING = "skl2onnx writes no direction of missing values for trees"
NEAREST = "the exporter rounds thresholds to the nearest float, perhaps up: values at one go the other way"
INFINITE = "x <= infinity, a split of missing from all other values, becomes x < the greatest float: infinity itself goes the other way"
COUPLED = "libsvm couples two classes by iteration and stops 0.005 from their probability; ours is the sigmoid, see _platt"
TIES_OF_FLOATS = "in single precision, far rows have neighbours at equal distances"
OPSETS = {"": 17, "ai.onnx.ml": 3}
REAL_ROWS = 700
TIES = 120

warnings.filterwarnings("ignore")
CLASSES = {"zipmap": [True, False, "columns"], "nocl": [True, False]}
update_registered_converter(
    LGBMClassifier, "LightGbmLGBMClassifier", calculate_linear_classifier_output_shapes, convert_lightgbm, options=CLASSES)
update_registered_converter(
    LGBMRegressor, "LightGbmLGBMRegressor", calculate_linear_regressor_output_shapes, convert_lightgbm, options={"split": None})
update_registered_converter(
    XGBClassifier, "XGBoostXGBClassifier", calculate_linear_classifier_output_shapes, convert_xgboost, options=CLASSES)
update_registered_converter(XGBRegressor, "XGBoostXGBRegressor", calculate_linear_regressor_output_shapes, convert_xgboost)


def plain_attribute(name, value, *args, **kwargs):
    """The exporter of histogram boosting hands NumPy integers and booleans over, which onnx does not take any more."""
    if isinstance(value, list):
        value = [int(v) if isinstance(v, (np.integer, np.bool_, bool)) else v for v in value]
    return make_attribute(name, value, *args, **kwargs)


make_attribute = onnx.helper.make_attribute
onnx.helper.make_attribute = plain_attribute


# ---- data ----------------------------------------------------------------------------------------------------------

class Data:
    """Rows to fit on and rows to ask. Numbers are floats in single precision, as models are served; texts come after them."""

    def __init__(self, numbers, texts, values, labels, fitted, asked=REAL_ROWS):
        random = np.random.default_rng(SEED)
        order = random.permutation(len(values))
        self.numbers, self.texts = list(numbers), list(texts)
        self.x, self.y = values[order[:fitted]], np.asarray(labels)[order[:fitted]]
        real = values[order[fitted: fitted + asked]]
        self.asked = np.concatenate([real, self.planted(real)]) if len(real) else values[:0]

    def planted(self, real):
        rows = []
        k = len(self.numbers)

        def plant(column, value):
            row = real[len(rows) % len(real)].copy()
            row[column] = value
            rows.append(row)

        for column in range(min(k, 40)):
            for value in [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-40, -1e6]:
                plant(column, np.float32(value))
        for value in [np.nan, np.inf, 0.0]:
            if k:
                plant(slice(0, k), np.float32(value))
        for column in range(k, k + len(self.texts)):
            for value in ["", "no such category", " ", "ÄÖ 北京", "YES"]:
                plant(column, value)
        if self.texts:
            plant(slice(k, None), "")
        if k and self.texts:
            row = real[0].copy()
            row[:k], row[k:] = np.nan, ""
            rows.append(row)
        return np.array(rows, dtype=real.dtype)

    def at_thresholds(self, pairs):
        """Returns rows with a number at, just below and just above a threshold."""
        random = np.random.default_rng(SEED)
        rows = []
        pairs = sorted(set(pairs))
        for i in random.permutation(len(pairs))[:TIES]:
            column, threshold = pairs[i]
            near = np.float32(threshold)
            for value in [near, np.nextafter(near, np.float32(-np.inf)), np.nextafter(near, np.float32(np.inf))]:
                row = self.asked[len(rows) % REAL_ROWS].copy()
                row[column] = value
                rows.append(row)
        return np.array(rows, dtype=self.asked.dtype).reshape(-1, self.asked.shape[1])


def lines(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def number(text):
    return np.float32(text) if text.strip() else np.float32(np.nan)


def table(rows, numbers, texts, missing=()):
    values = np.empty((len(rows), len(numbers) + len(texts)), dtype=object)
    for i, row in enumerate(rows):
        for j, name in enumerate(numbers):
            values[i, j] = float(number(row[name]))
        for j, name in enumerate(texts):
            values[i, len(numbers) + j] = "" if row[name] in missing else row[name]
    return values


def telco(folder):
    rows = list(lines(folder / "telco_churn" / "telco_churn.csv"))
    numbers = ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"]
    texts = [name for name in rows[0] if name not in numbers + ["customerID", "Churn"]]
    return Data(numbers, texts, table(rows, numbers, texts), [int(r["Churn"] == "Yes") for r in rows], 3000)


def telco_numbers(folder, label="Churn"):
    rows = list(lines(folder / "telco_churn" / "telco_churn.csv"))
    numbers = ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges"]
    y = [int(r["Churn"] == "Yes") for r in rows] if label == "Churn" else [r[label] for r in rows]
    return Data(numbers, [], table(rows, numbers, []).astype(np.float32), y, 2500)


def bank(folder):
    rows = list(lines(folder / "bank_marketing" / "bank_full.csv.gz"))[::5]
    numbers = ["age", "balance", "day", "campaign", "pdays", "previous"]
    texts = ["job", "marital", "default", "housing", "loan", "contact", "month", "poutcome"]
    return Data(numbers, texts, table(rows, numbers, texts, ["unknown"]), [r["education"] for r in rows], 3000)


def orange_juice(folder):
    rows = list(lines(folder / "orange_juice" / "orange_juice_weekly.csv.gz"))[::20]
    numbers = [f"price{i}" for i in range(1, 12)] + ["deal", "feat", "profit"]
    return Data(numbers, ["brand"], table(rows, numbers, ["brand"]), [float(r["logmove"]) for r in rows], 3000)


def orange_juice_numbers(folder):
    rows = list(lines(folder / "orange_juice" / "orange_juice_weekly.csv.gz"))[::20]
    numbers = [f"price{i}" for i in range(1, 12)] + ["deal", "feat", "profit"]
    return Data(numbers, [], table(rows, numbers, []).astype(np.float32), [float(r["logmove"]) for r in rows], 2500)


def retail_lags(folder):
    """A year of turnover, million AUD, and the month after."""
    series = defaultdict(list)
    for row in lines(folder / "aus_retail" / "aus_retail.csv.gz"):
        series[row["series"]].append(float(number(row["turnover"])))
    windows = [values[i: i + 13] for values in series.values() for i in range(0, len(values) - 13, 16)]
    windows = np.array(windows, dtype=np.float32)
    return Data([f"lag[{i}]" for i in range(12)], [], windows[:, :12], windows[:, 12].astype(np.float64), 2000)


def customers(folder):
    """Recency (days), frequency (invoices), monetary value (GBP), distinct goods, mean basket (GBP) of each customer."""
    bought, days, spent, goods = defaultdict(set), defaultdict(str), Counter(), defaultdict(set)
    for row in lines(folder / "online_retail" / "online_retail_lines.csv.gz"):
        customer, code = row["customer_id"], row["stock_code"]
        if customer and code[:5].isdigit():
            goods[customer].add(code)
            spent[customer] += int(row["quantity"]) * float(row["unit_price"])
            bought[customer].add(row["invoice"])
            days[customer] = max(days[customer], row["datetime"][:10])
    last = np.datetime64(max(days.values()))
    names = sorted(spent)
    values = np.array([[(last - np.datetime64(days[c])).astype(int), len(bought[c]), spent[c], len(goods[c]),
                        spent[c] / len(bought[c])] for c in names], dtype=np.float32)
    rfm = Data(["recency", "frequency", "monetary", "goods", "basket"], [], values,
               np.digitize(values[:, 0], [30, 120]), 2500)
    counts = Counter(code for c in names for code in goods[c])
    items = [code for code, _ in counts.most_common(150)]
    place = {code: i for i, code in enumerate(items)}
    had = np.zeros((len(names), len(items)), dtype=np.float32)
    for i, c in enumerate(names):
        for code in goods[c]:
            if code in place:
                had[i, place[code]] = 1
    return rfm, Data(items, [], had, np.zeros(len(names)), 2500, 400)


def texts_of(rows, fitted):
    values = np.array([[row["text"]] for row in rows], dtype=object)
    data = Data([], ["text"], values, [row.get("category") or int(row["label"]) for row in rows], fitted)
    hard = ["", " ", "  card   not  arrived ", "CARD Card card", "a", "I", "é card ü 北京", "card!card?card", "card\tcard\ncard",
            "unknownword qqq", "it's can't won't", "100 £ $5.00 2nd", "x " * 300]
    data.asked = np.concatenate([data.asked, np.array([[t] for t in hard], dtype=object)])
    return data


# ---- parameters for our writer -----------------------------------------------------------------------------------

def floats(values):
    return np.asarray(values, dtype=np.float64).tolist()


def scaled_numbers(data, imputer=None, scaler=None):
    k = len(data.numbers)
    fill = np.zeros(k) if imputer is None else imputer.statistics_
    mean = np.zeros(k) if scaler is None else scaler.mean_
    scale = np.ones(k) if scaler is None else 1 / scaler.scale_
    return [{"kind": "number", "input": n, "fill": float(f), "offset": float(m), "scale": float(s)}
            for n, f, m, s in zip(data.numbers, fill, mean, scale)]


def raw_numbers(data):
    return [{"kind": "number", "input": n, "fill": None, "offset": 0, "scale": 1} for n in data.numbers]


def one_hot(data, encoder):
    """An empty text may be a category of scikit-learn, the first; ours has zeros for it, so its column is one of missing texts."""
    found = []
    for name, categories in zip(data.texts, encoder.categories_):
        if "" in categories:
            assert categories[0] == ""
            found.append({"kind": "missing_text", "input": name})
        found.append({"kind": "text", "input": name, "categories": [c for c in categories if c]})
    return found


def linear(model):
    w = np.atleast_2d(model.coef_)
    return {"kind": "linear", "weights": floats(w), "bias": floats(np.broadcast_to(np.atleast_1d(model.intercept_), len(w)))}


def below(threshold):
    """The float that x is below exactly when x <= threshold, for x in single precision."""
    near = np.float32(threshold)
    if float(near) > threshold:
        near = np.nextafter(near, np.float32(-np.inf))
    # A split of missing values from all others has an infinite threshold; with "below", infinity itself goes the other way.
    return float(min(np.nextafter(near, np.float32(np.inf)), np.finfo(np.float32).max))


def tree(feature, threshold, yes, no, missing, leaf, cover):
    return {"feature": [int(f) for f in feature], "threshold": floats(threshold), "yes": [int(i) for i in yes],
            "no": [int(i) for i in no], "missing": [int(i) for i in missing], "leaf": floats(leaf), "cover": floats(cover)}


def scikit_tree(fitted, leaf):
    t = fitted.tree_
    inner = t.children_left >= 0
    missing = np.where(np.asarray(t.missing_go_to_left, dtype=bool), t.children_left, t.children_right)
    return tree(np.where(inner, t.feature, -1), [below(x) if i else 0 for x, i in zip(t.threshold, inner)],
                np.where(inner, t.children_left, 0), np.where(inner, t.children_right, 0), np.where(inner, missing, 0),
                leaf(t.value), t.weighted_n_node_samples)


def probabilities(value):
    shares = value[:, 0, :] / value[:, 0, :].sum(axis=1, keepdims=True)
    return shares[:, 1:] if shares.shape[1] == 2 else shares


def scikit_forest(model):
    trees = [model] if hasattr(model, "tree_") else list(model.estimators_)
    leaf = probabilities if is_classifier(model) else lambda value: value[:, 0, :]
    return {"kind": "forest", "trees": [scikit_tree(t, leaf) for t in trees]}


def scikit_boosting(model, x):
    rate = model.learning_rate
    base = model._raw_predict_init(np.asarray(x[:1], dtype=np.float32))[0]
    return {"kind": "boosted", "base": floats(base),
            "trees": [scikit_tree(t, lambda value: rate * value[:, 0, :]) for row in model.estimators_ for t in row]}


def histogram_boosting(model):
    trees = []
    for round_ in model._predictors:
        for predictor in round_:
            n = predictor.nodes
            inner = n["is_leaf"] == 0
            missing = np.where(n["missing_go_to_left"], n["left"], n["right"])
            trees.append(tree(
                np.where(inner, n["feature_idx"], -1), [below(x) if i else 0 for x, i in zip(n["num_threshold"], inner)],
                np.where(inner, n["left"], 0), np.where(inner, n["right"], 0), np.where(inner, missing, 0),
                n["value"].reshape(-1, 1), n["count"]))
    return {"kind": "boosted", "base": floats(np.ravel(model._baseline_prediction)), "trees": trees}


def light(model):
    trees = []
    for info in model.booster_.dump_model()["tree_info"]:
        nodes = []

        def visit(node):
            at = len(nodes)
            nodes.append(None)
            if "leaf_value" in node:
                nodes[at] = (-1, 0, 0, 0, 0, [node["leaf_value"]], max(1, node.get("leaf_count", 1)))
                return at
            assert node["decision_type"] == "<=" and node["missing_type"] in ("None", "NaN"), node
            left, right = visit(node["left_child"]), visit(node["right_child"])
            goes_left = node["default_left"] if node["missing_type"] == "NaN" else 0 <= node["threshold"]
            nodes[at] = (node["split_feature"], below(node["threshold"]), left, right, left if goes_left else right, [0],
                         node["internal_count"])
            return at

        visit(info["tree_structure"])
        trees.append(tree(*zip(*nodes)))
    classes = model.booster_.num_model_per_iteration()
    return {"kind": "boosted", "base": [0.0] * classes, "trees": trees}


def extreme(model, link):
    learner = json.loads(bytes(model.get_booster().save_raw("json")))["learner"]
    trees = []
    for t in learner["gradient_booster"]["model"]["trees"]:
        left, right = np.array(t["left_children"]), np.array(t["right_children"])
        inner = left >= 0
        conditions = np.array(t["split_conditions"])
        missing = np.where(np.array(t["default_left"]) != 0, left, right)
        trees.append(tree(np.where(inner, t["split_indices"], -1), np.where(inner, conditions, 0), np.where(inner, left, 0),
                          np.where(inner, right, 0), np.where(inner, missing, 0),
                          np.where(inner, 0, conditions).reshape(-1, 1), t["sum_hessian"]))
    base = json.loads(learner["learner_model_param"]["base_score"])
    base = np.atleast_1d(np.asarray(base, dtype=np.float64))
    classes = max(1, int(learner["learner_model_param"]["num_class"]))
    return {"kind": "boosted", "base": floats(np.broadcast_to(link(base), classes)), "trees": trees}


def log_odds(p):
    return np.log(p / (1 - p))


def support_vectors(model):
    gamma = getattr(model, "_gamma", 1.0)
    return {"kind": "svm", "kernel": model.kernel, "gamma": float(gamma), "offset": float(model.coef0), "degree": int(model.degree),
            "machines": [{"vectors": floats(model.support_vectors_), "coefficients": floats(np.ravel(model.dual_coef_)),
                          "bias": float(np.ravel(model.intercept_)[0])}]}


def platt(slope, intercept):
    return {"kind": "platt", "slope": float(slope), "intercept": float(intercept)}


NONE = platt(1, 0)
REGRESSION = {"kind": "regression"}
BINARY = {"kind": "binary", "calibrations": [NONE]}
BINARY_OF_PROBABILITY = {"kind": "binary_of_probability", "calibrations": [NONE]}
MULTICLASS = {"kind": "multiclass", "calibrations": []}
MULTICLASS_OF_PROBABILITIES = {"kind": "multiclass_of_probabilities", "calibrations": []}


def written(encodings, model, head, steps=(), known=""):
    return {"encodings": encodings, "steps": list(steps), "model": model, "head": head, "known": known}


# ---- asking the library --------------------------------------------------------------------------------------------

def asked_by_kind(data, rows, ask):
    """Returns an answer per row, None for rows that the library refuses: all with infinities, all with NaN, or none."""
    k = len(data.numbers)
    numbers = rows[:, :k].astype(np.float64)
    infinite = np.isinf(numbers).any(axis=1)
    missing = np.isnan(numbers).any(axis=1) & ~infinite
    answers = [None] * len(rows)
    for group in [infinite, missing, ~infinite & ~missing]:
        at = np.flatnonzero(group)
        if not len(at):
            continue
        try:
            found = np.asarray(ask(rows[at]), dtype=np.float64).reshape(len(at), -1)
        except Exception as refused:
            if not any(word in str(refused).lower() for word in ("nan", "inf")):
                raise
            continue
        for i, answer in zip(at, found):
            answers[i] = answer.tolist()
    return answers


def cell(value):
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return float(np.float32(value))


class Writer:
    def __init__(self, folder, wanted):
        self.folder, self.wanted = folder, wanted

    def wants(self, *names):
        return not self.wanted or any(name in self.wanted for name in names)

    def case(self, name, data, model, ask=None, labels=None, task=None, parameters=None, ties=(), exported=True, is_raw=False,
             output=None, sign=1, known="", is_fitted=False, size=None):
        """Fits, asks, exports and writes; parameters is called after fitting."""
        if not self.wants(name):
            return
        try:
            self.write(name, data, model, ask, labels, task, parameters, ties, exported, is_raw, output, sign, known, is_fitted, size)
        except Exception as failure:
            if self.wanted:
                raise
            print(f"{name}: NOT WRITTEN, {type(failure).__name__}: {str(failure).splitlines()[0][:200]}", flush=True)

    def write(self, name, data, model, ask, labels, task, parameters, ties, exported, is_raw, output, sign, known, is_fitted, size):
        if not is_fitted:
            model.fit(data.x, data.y)
        if task is None:
            task, labels = ("regression", []) if not is_classifier(model) else \
                ("binary", []) if len(model.classes_) == 2 else ("multiclass", [str(c) for c in model.classes_])
        if ask is None:
            ask = model.predict if task == "regression" else \
                (lambda x: model.predict_proba(x)[:, 1]) if task == "binary" else model.predict_proba
        rows = data.asked
        if ties:
            rows = np.concatenate([rows, data.at_thresholds(ties())])
        description = {
            "task": task, "labels": labels, "sign": sign, "column": 0, "output": output or "", "known": known,
            "inputs": [{"name": n, "kind": kind, "columns": columns}
                       for n, kind, columns in [("numbers", "number", data.numbers), ("texts", "text", data.texts)] if columns],
            "rows": [[cell(value) for value in row] for row in rows],
            "expected": asked_by_kind(data, rows, ask),
            "sizes": [answer[0] if answer else 0 for answer in asked_by_kind(data, rows, size)] if size else [],
        }
        size = 0
        if exported:
            size = self.export(name, data, model, task, description, is_raw, output)
        if parameters is not None:
            description["written"] = parameters()
        (self.folder / f"{name}.json").write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
        answered = sum(answer is not None for answer in description["expected"])
        print(f"{name}: {len(rows)} rows, {answered} answered, {size} bytes exported{', parameters' if parameters else ''}", flush=True)

    def export(self, name, data, model, task, description, is_raw, output):
        types = []
        if data.numbers:
            types.append(("numbers", FloatTensorType([None, len(data.numbers)])))
        if data.texts:
            types.append(("texts", StringTensorType([None, len(data.texts)])))
        asked = model.steps[-1][1] if is_raw else model
        options = {id(asked): {"zipmap": False, **({"raw_scores": True} if is_raw else {})}} if is_classifier(model) else None
        exported = convert_sklearn(model, name, types, target_opset=OPSETS, options=options)
        onnx.checker.check_model(exported, full_check=True)
        outputs = [o.name for o in exported.graph.output]
        description["output"] = output or outputs[0 if task == "regression" and not is_classifier(model) else 1]
        if task == "binary" or (task == "regression" and is_classifier(model)):
            description["column"] = 1
        content = exported.SerializeToString()
        (self.folder / f"{name}.onnx").write_bytes(content)
        return len(content)


def machine_size(pipeline):
    """The sum of absolute terms of a support vector machine; of the answer where a sigmoid follows."""
    def size(rows):
        machine = pipeline.steps[-1][1]
        x, vectors = np.abs(pipeline[:-1].transform(rows)), np.abs(machine.support_vectors_)
        if machine.kernel == "rbf":
            squares = ((x * x).sum(axis=1)[:, None] + (vectors * vectors).sum(axis=1) + 2 * x @ vectors.T)
            signed = pipeline[:-1].transform(rows) @ machine.support_vectors_.T
            distances = (x * x).sum(axis=1)[:, None] + (vectors * vectors).sum(axis=1) - 2 * signed
            kernel = np.exp(-machine._gamma * np.maximum(distances, 0)) * (1 + machine._gamma * squares)
        else:
            kernel = x @ vectors.T
            if machine.kernel == "poly":
                kernel = (machine._gamma * kernel + machine.coef0) ** machine.degree
        slope = abs(machine.probA_[0]) / 4 if np.size(getattr(machine, "probA_", [])) else 1
        return slope * (kernel @ np.abs(np.ravel(machine.dual_coef_)))
    return size


def linear_size(pipeline):
    def size(rows):
        return np.max(np.abs(pipeline[:-1].transform(rows)) @ np.abs(np.atleast_2d(pipeline.steps[-1][1].coef_)).T, axis=1)
    return size


def bayes_size(pipeline):
    def size(rows):
        return np.asarray(pipeline[:-1].transform(rows) @ np.abs(pipeline.steps[-1][1].feature_log_prob_).T).max(axis=1) / 4
    return size


# ---- the models ------------------------------------------------------------------------------------------------------

def logistic(**kwargs):
    return LogisticRegression(max_iter=2000, random_state=SEED, **kwargs)


def prepared(data, scaler=True, encoder=None, impute="mean"):
    k = len(data.numbers)
    steps = [SimpleImputer(strategy=impute)] + ([StandardScaler()] if scaler else [])
    return ColumnTransformer([
        ("numbers", make_pipeline(*steps), list(range(k))),
        ("texts", encoder or OneHotEncoder(handle_unknown="ignore"), list(range(k, k + len(data.texts))))], sparse_threshold=0)


def encodings_of(data, pipeline):
    transformer = pipeline.steps[0][1]
    numbers = transformer.named_transformers_["numbers"]
    imputer = numbers.steps[0][1]
    scaler = numbers.steps[1][1] if len(numbers.steps) > 1 else None
    encoder = transformer.named_transformers_["texts"]
    return scaled_numbers(data, imputer, scaler) + one_hot(data, encoder)


def tied(*trees):
    """Thresholds of fitted scikit-learn trees over numbers."""
    return [(int(f), float(t)) for fitted in trees for f, t in zip(fitted.tree_.feature, fitted.tree_.threshold) if f >= 0]


def dumped_ties(parameters):
    return [(f, t) for fitted in parameters["trees"] for f, t in zip(fitted["feature"], fitted["threshold"]) if f >= 0]


def tables(writer, folder):
    churn, marketing, juice = telco(folder), bank(folder), orange_juice(folder)

    def piped(name, data, last, model, head, scaler=True, ties=None, **kwargs):
        pipeline = make_pipeline(prepared(data, scaler), last)
        writer.case(name, data, pipeline, ties=(lambda: [p for p in ties(last) if p[0] < len(data.numbers)]) if ties else (),
                    parameters=(lambda: written(encodings_of(data, pipeline), model(last), head)) if model else None, **kwargs)

    piped("telco_logistic", churn, logistic(), linear, BINARY)
    piped("telco_logistic_elastic_net", churn, logistic(solver="saga", l1_ratio=0.5, C=0.2), linear, BINARY)
    piped("bank_multinomial", marketing, logistic(), linear, MULTICLASS)
    piped("bank_one_versus_rest", marketing, OneVsRestClassifier(logistic()),
          lambda m: {"kind": "linear", "weights": floats([e.coef_[0] for e in m.estimators_]),
                     "bias": floats([e.intercept_[0] for e in m.estimators_])},
          {"kind": "multiclass_one_versus_rest", "calibrations": []})
    for name, last in [("linear", LinearRegression()), ("ridge", Ridge()), ("elastic_net", ElasticNet(alpha=0.01))]:
        piped(f"juice_{name}", juice, last, linear, REGRESSION)
    piped("telco_tree", churn, DecisionTreeClassifier(max_depth=8, random_state=SEED), scikit_forest, BINARY_OF_PROBABILITY,
          scaler=False, ties=lambda m: tied(m))
    piped("bank_tree", marketing, DecisionTreeClassifier(max_depth=8, random_state=SEED), scikit_forest,
          MULTICLASS_OF_PROBABILITIES, scaler=False, ties=lambda m: tied(m))
    piped("juice_tree", juice, DecisionTreeRegressor(max_depth=8, random_state=SEED), scikit_forest, REGRESSION,
          scaler=False, ties=lambda m: tied(m))
    forest = {"max_depth": 9, "random_state": SEED}
    piped("telco_forest", churn, RandomForestClassifier(60, **forest), scikit_forest, BINARY_OF_PROBABILITY, scaler=False,
          ties=lambda m: tied(*m.estimators_))
    piped("telco_extra_trees", churn, ExtraTreesClassifier(40, **forest), scikit_forest, BINARY_OF_PROBABILITY, scaler=False,
          ties=lambda m: tied(*m.estimators_))
    piped("bank_forest", marketing, RandomForestClassifier(40, **forest), scikit_forest, MULTICLASS_OF_PROBABILITIES,
          scaler=False, ties=lambda m: tied(*m.estimators_))
    piped("juice_forest", juice, RandomForestRegressor(40, **forest), scikit_forest, REGRESSION, scaler=False,
          ties=lambda m: tied(*m.estimators_))
    piped("telco_boosting", churn, GradientBoostingClassifier(random_state=SEED), lambda m: scikit_boosting(m, np.zeros((1, m.n_features_in_))),
          BINARY, scaler=False, ties=lambda m: tied(*m.estimators_.ravel()))
    piped("bank_boosting", marketing, GradientBoostingClassifier(n_estimators=30, random_state=SEED),
          lambda m: scikit_boosting(m, np.zeros((1, m.n_features_in_))), MULTICLASS, scaler=False, ties=lambda m: tied(*m.estimators_.ravel()))
    piped("juice_boosting", juice, GradientBoostingRegressor(random_state=SEED), lambda m: scikit_boosting(m, np.zeros((1, m.n_features_in_))),
          REGRESSION, scaler=False, ties=lambda m: tied(*m.estimators_.ravel()))
    piped("telco_mlp", churn, MLPClassifier((24, 8), max_iter=60, random_state=SEED), None, None)
    piped("telco_voting", churn, VotingClassifier(
        [("a", logistic()), ("b", RandomForestClassifier(20, **forest))], voting="soft", weights=np.array([2, 1]), flatten_transform=False),
        lambda m: {"kind": "mean", "weights": [2, 1], "members": [
            {"model": linear(m.estimators_[0]), "head": BINARY},
            {"model": scikit_forest(m.estimators_[1]), "head": BINARY_OF_PROBABILITY}]}, BINARY_OF_PROBABILITY, scaler=False)
    piped("telco_stacking", churn, StackingClassifier(
        [("a", logistic()), ("b", GradientBoostingClassifier(n_estimators=20, random_state=SEED))], logistic(), cv=3),
        lambda m: {"kind": "stacked", "last": linear(m.final_estimator_), "members": [
            {"model": linear(m.estimators_[0]), "head": BINARY},
            {"model": scikit_boosting(m.estimators_[1], np.zeros((1, m.n_features_in_))), "head": BINARY}]}, BINARY, scaler=False)
    piped("juice_voting", juice, VotingRegressor([("a", Ridge()), ("b", RandomForestRegressor(20, **forest))]),
          lambda m: {"kind": "mean", "weights": [1, 1], "members": [
              {"model": linear(m.estimators_[0]), "head": REGRESSION},
              {"model": scikit_forest(m.estimators_[1]), "head": REGRESSION}]}, REGRESSION, scaler=False)

    small = telco(folder)
    small.x, small.y = small.x[:1000], small.y[:1000]
    for kernel in ["linear", "rbf", "poly"]:
        options = {"kernel": kernel, "random_state": SEED, "degree": 2, "coef0": 1.0 if kernel == "poly" else 0.0}
        pipeline = make_pipeline(prepared(small), SVC(**options))
        writer.case(f"telco_svc_{kernel}_decision", small, pipeline, ask=pipeline.decision_function, task="regression", labels=[],
                    is_raw=True, size=machine_size(pipeline),
                    parameters=lambda p=pipeline: written(encodings_of(small, p), support_vectors(p.steps[1][1]), REGRESSION))
        probable = make_pipeline(prepared(small), SVC(probability=True, **options))
        writer.case(f"telco_svc_{kernel}", small, probable, size=machine_size(probable), parameters=lambda p=probable: written(
            encodings_of(small, p), support_vectors(p.steps[1][1]),
            {"kind": "binary", "calibrations": [platt(-p.steps[1][1].probA_[0], p.steps[1][1].probB_[0])]}, known=COUPLED))
        if writer.wants(f"telco_svc_{kernel}_platt"):
            probable.fit(small.x, small.y)
            a, b = probable.steps[1][1].probA_[0], probable.steps[1][1].probB_[0]
            writer.case(f"telco_svc_{kernel}_platt", small, probable, is_fitted=True, exported=False, size=machine_size(probable),
                        ask=lambda x, p=probable, a=a, b=b: 1 / (1 + np.exp(a * p.decision_function(x) - b)),
                        parameters=lambda p=probable, a=a, b=b: written(
                            encodings_of(small, p), support_vectors(p.steps[1][1]), {"kind": "binary", "calibrations": [platt(-a, b)]}))
        few = orange_juice(folder)
        few.x, few.y = few.x[:1000], few.y[:1000]
        regression = make_pipeline(prepared(few), SVR(**{k: v for k, v in options.items() if k != "random_state"}))
        writer.case(f"juice_svr_{kernel}", few, regression, size=machine_size(regression), parameters=lambda p=regression: written(
            encodings_of(few, p), support_vectors(p.steps[1][1]), REGRESSION))


def encodings(writer, folder):
    """The other encodings of our writer, each under a logistic regression."""
    churn, marketing = telco(folder), bank(folder)
    k = len(churn.numbers)
    columns = list(range(k)), list(range(k, k + len(churn.texts)))

    ordinal = make_pipeline(ColumnTransformer([
        ("numbers", SimpleImputer(strategy="median"), columns[0]),
        ("texts", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), columns[1])]),
        GradientBoostingClassifier(n_estimators=30, random_state=SEED))
    writer.case("telco_ordinal_boosting", churn, ordinal, parameters=lambda: written(
        scaled_numbers(churn, ordinal.steps[0][1].named_transformers_["numbers"]) + [
            {"kind": "text_number", "input": n, "texts": list(cs), "numbers": [float(i) for i in range(len(cs))], "unseen": -1.0}
            for n, cs in zip(churn.texts, ordinal.steps[0][1].named_transformers_["texts"].categories_)],
        scikit_boosting(ordinal.steps[1][1], np.zeros((1, len(churn.numbers) + len(churn.texts)))), BINARY))

    clipped = make_pipeline(ColumnTransformer([
        ("numbers", make_pipeline(SimpleImputer(strategy="median"), MinMaxScaler(clip=True)), columns[0]),
        ("texts", OneHotEncoder(handle_unknown="ignore"), columns[1])], sparse_threshold=0), logistic())

    def clip_parameters():
        imputer, scaler = [step for _, step in clipped.steps[0][1].named_transformers_["numbers"].steps]
        return written([
            {"kind": "number", "input": n, "fill": float(f), "low": float(a), "high": float(b), "offset": float(a), "scale": 1 / float(b - a)}
            for n, f, a, b in zip(churn.numbers, imputer.statistics_, scaler.data_min_, scaler.data_max_)]
            + one_hot(churn, clipped.steps[0][1].named_transformers_["texts"]), linear(clipped.steps[1][1]), BINARY)

    writer.case("telco_min_max_clip", churn, clipped, parameters=clip_parameters)

    k2 = len(marketing.numbers)
    binned = make_pipeline(ColumnTransformer([
        ("numbers", make_pipeline(SimpleImputer(strategy="median"), KBinsDiscretizer(
            5, encode="onehot-dense", quantile_method="averaged_inverted_cdf")), list(range(k2))),
        ("texts", OneHotEncoder(handle_unknown="ignore", sparse_output=False), list(range(k2, k2 + len(marketing.texts))))]), logistic())
    writer.case("bank_bins", marketing, binned,
                ties=lambda: [(i, e) for i, edges in enumerate(
                    binned.steps[0][1].named_transformers_["numbers"].steps[1][1].bin_edges_) for e in edges])

    # The last two have one bin each: constants.
    no_missing = Data(marketing.numbers[:4], [], marketing.x[:, :4].astype(np.float32), marketing.y, 2300)
    bins = make_pipeline(KBinsDiscretizer(5, encode="onehot-dense", quantile_method="averaged_inverted_cdf"), logistic())
    writer.case("bank_bins_only", no_missing, bins,
                ties=lambda: [(i, e) for i, edges in enumerate(bins.steps[0][1].bin_edges_) for e in edges],
                parameters=lambda: written(
                    [{"kind": "bins", "input": n, "edges": [above(e) for e in edges[1:-1]]}
                     for n, edges in zip(no_missing.numbers, bins.steps[0][1].bin_edges_)], linear(bins.steps[1][1]), MULTICLASS))

    flagged = make_pipeline(ColumnTransformer([
        ("numbers", make_pipeline(SimpleImputer(strategy="mean", add_indicator=True)), list(range(k)))]), logistic())
    numbers_only = telco_numbers(folder)
    # skl2onnx drops the indicator without a word: its graph has fewer columns than its coefficients.
    writer.case("telco_indicator", numbers_only, flagged, exported=False, parameters=lambda: written(
        scaled_numbers(numbers_only, flagged.steps[0][1].named_transformers_["numbers"].steps[0][1])
        + [{"kind": "missing_number", "input": "TotalCharges"}], linear(flagged.steps[1][1]), BINARY))

    selected = make_pipeline(prepared(churn), SelectKBest(f_classif, k=12), logistic())
    writer.case("telco_select_best", churn, selected, parameters=lambda: written(
        encodings_of(churn, selected), linear(selected.steps[2][1]), BINARY,
        [{"kind": "select", "inputs": int(selected.steps[1][1].n_features_in_), "kept": [int(i) for i in selected.steps[1][1].get_support(True)]}]))
    projected = make_pipeline(prepared(churn), PCA(10, random_state=SEED), logistic())
    writer.case("telco_pca", churn, projected, parameters=lambda: written(
        encodings_of(churn, projected), linear(projected.steps[2][1]), BINARY,
        [{"kind": "project", "mean": floats(projected.steps[1][1].mean_), "components": floats(projected.steps[1][1].components_)}]))

    lags = retail_lags(folder)
    lagged = make_pipeline(StandardScaler(), Ridge())
    writer.case("retail_lags_ridge", lags, lagged, size=linear_size(lagged), parameters=lambda: written(
        [{"kind": "flat", "input": "lag", "steps": scaled_numbers(lags, None, lagged.steps[0][1])}], linear(lagged.steps[1][1]), REGRESSION))
    trees = RandomForestRegressor(30, max_depth=8, random_state=SEED)
    writer.case("retail_lags_forest", lags, trees, known=NO_MISSING, ties=lambda: tied(*trees.estimators_), parameters=lambda: written(
        [{"kind": "flat", "input": "lag", "steps": raw_numbers(lags)}], scikit_forest(trees), REGRESSION))


def above(edge):
    """The least float that is not below a bin's edge."""
    near = np.float32(edge)
    return float(near if float(near) >= edge else np.nextafter(near, np.float32(np.inf)))


def boosters(writer, folder):
    churn, contract, juice = telco_numbers(folder), telco_numbers(folder, "Contract"), orange_juice_numbers(folder)
    random = np.random.default_rng(SEED)
    for data in [churn, contract, juice]:
        data.x[random.random(data.x.shape) < 0.05] = np.nan
    light_options = {"verbose": -1, "num_threads": 1, "random_state": SEED, "deterministic": True, "n_estimators": 60}
    extreme_options = {"n_jobs": 1, "random_state": SEED, "n_estimators": 60, "max_depth": 6}

    def boosted(name, data, model, parameters, head, **kwargs):
        def all_parameters():
            fitted = parameters(model)
            splits_missing = any(t == np.finfo(np.float32).max for tree in fitted["trees"] for t in tree["threshold"])
            return written(raw_numbers(data), fitted, head, known=INFINITE if splits_missing else "")
        writer.case(name, data, model, parameters=all_parameters, ties=lambda: dumped_ties(parameters(model)), **kwargs)

    boosted("telco_lightgbm", churn, LGBMClassifier(**light_options), light, BINARY, known=NEAREST)
    boosted("telco_lightgbm_classes", contract, LGBMClassifier(**light_options), light, MULTICLASS, known=NEAREST)
    boosted("juice_lightgbm", juice, LGBMRegressor(**light_options), light, REGRESSION, known=NEAREST)
    complete = telco_numbers(folder)
    complete.x = np.nan_to_num(complete.x)
    boosted("telco_lightgbm_complete", complete, LGBMClassifier(**light_options), light, BINARY, known=NEAREST)
    boosted("telco_xgboost", churn, XGBClassifier(**extreme_options), lambda m: extreme(m, log_odds), BINARY)
    coded = telco_numbers(folder, "Contract")
    coded.x, coded.y = contract.x, np.unique(contract.y, return_inverse=True)[1]
    boosted("telco_xgboost_classes", coded, XGBClassifier(**extreme_options), lambda m: extreme(m, lambda b: b), MULTICLASS)
    boosted("juice_xgboost", juice, XGBRegressor(**extreme_options), lambda m: extreme(m, lambda b: b), REGRESSION)
    boosted("telco_histogram_boosting", churn, HistGradientBoostingClassifier(max_iter=60, random_state=SEED), histogram_boosting, BINARY)
    boosted("telco_histogram_boosting_classes", contract, HistGradientBoostingClassifier(max_iter=30, random_state=SEED),
            histogram_boosting, MULTICLASS)
    boosted("juice_histogram_boosting", juice, HistGradientBoostingRegressor(max_iter=60, random_state=SEED), histogram_boosting, REGRESSION, known=NEAREST)
    for name, data, model, head in [
            ("telco_tree_missing", churn, DecisionTreeClassifier(max_depth=8, random_state=SEED), BINARY_OF_PROBABILITY),
            ("telco_forest_missing", churn, RandomForestClassifier(40, max_depth=9, random_state=SEED), BINARY_OF_PROBABILITY),
            ("telco_forest_missing_classes", contract, RandomForestClassifier(40, max_depth=9, random_state=SEED), MULTICLASS_OF_PROBABILITIES),
            ("juice_forest_missing", juice, RandomForestRegressor(40, max_depth=9, random_state=SEED), REGRESSION)]:
        boosted(name, data, model, scikit_forest, head, known=NO_MISSING)


def clusters(writer, folder):
    if not writer.wants("rfm_k_means", "rfm_mixture_full", "rfm_mixture_diag", "rfm_naive_bayes", "rfm_neighbours",
                        "rfm_neighbours_regressor", "items_svd", "items_similar"):
        return
    rfm, items = customers(folder)
    names = [str(i) for i in range(5)]
    nearest = make_pipeline(StandardScaler(), KMeans(5, n_init=3, random_state=SEED))
    writer.case("rfm_k_means", rfm, nearest, ask=lambda x: -nearest.transform(x), task="clusters", labels=names, sign=-1, output="scores",
                parameters=lambda: written(scaled_numbers(rfm, None, nearest.steps[0][1]),
                                           {"kind": "k_means", "centres": floats(nearest.steps[1][1].cluster_centers_)}, {"kind": "clusters"}))
    for covariance in ["full", "diag"]:
        mixture = make_pipeline(StandardScaler(), GaussianMixture(5, covariance_type=covariance, random_state=SEED, reg_covar=1e-3))
        writer.case(f"rfm_mixture_{covariance}", rfm, mixture, ask=mixture.predict_proba, task="clusters", labels=names, output="probabilities",
                    parameters=lambda m=mixture, c=covariance: written(
                        scaled_numbers(rfm, None, m.steps[0][1]),
                        {"kind": "normals", "covariance": c, "weights": floats(m.steps[1][1].weights_), "means": floats(m.steps[1][1].means_),
                         "covariances": floats(m.steps[1][1].covariances_)}, {"kind": "clusters_of_logits"}))
    bayes = make_pipeline(StandardScaler(), GaussianNB())
    writer.case("rfm_naive_bayes", rfm, bayes, parameters=lambda: written(
        scaled_numbers(rfm, None, bayes.steps[0][1]),
        {"kind": "normals", "covariance": "diag", "weights": floats(bayes.steps[1][1].class_prior_), "means": floats(bayes.steps[1][1].theta_),
         "covariances": floats(bayes.steps[1][1].var_)}, MULTICLASS))
    few = rfm
    few.x, few.y = few.x[:300], few.y[:300]
    writer.case("rfm_neighbours", few, make_pipeline(StandardScaler(), KNeighborsClassifier(5)), known=TIES_OF_FLOATS)
    few.y = few.x[:, 2].astype(np.float64) / 1000
    writer.case("rfm_neighbours_regressor", few, make_pipeline(StandardScaler(), KNeighborsRegressor(5)), known=TIES_OF_FLOATS)

    histories = items.asked
    items.asked = histories[np.isfinite(histories).all(axis=1)]
    zeros = [{"kind": "flat", "input": "had", "steps": [
        {"kind": "number", "input": f"had[{i}]", "fill": 0, "offset": 0, "scale": 1} for i in range(len(items.numbers))]}]
    factors = TruncatedSVD(20, random_state=SEED)
    writer.case("items_svd", items, factors, ask=lambda x: factors.inverse_transform(factors.transform(x)), task="ranking",
                labels=items.numbers, exported=False, size=lambda x: np.max(np.abs(x) @ np.abs(factors.components_.T) @ np.abs(factors.components_), axis=1),
                parameters=lambda: written(
                    zeros, {"kind": "factors", "items": len(items.numbers), "fold_in": floats(np.ravel(factors.components_.T)),
                            "factors": floats(np.ravel(factors.components_)), "count": 20}, {"kind": "ranking", "top": 10}))
    had = items.x.astype(np.float64)
    norms = np.sqrt((had * had).sum(axis=0))
    similar = had.T @ had / np.outer(norms, norms)
    np.fill_diagonal(similar, 0)
    writer.case("items_similar", items, factors, ask=lambda x: x.astype(np.float64) @ similar, task="ranking", labels=items.numbers,
                exported=False, is_fitted=True, parameters=lambda: written(
                    zeros, {"kind": "item_to_item", "items": len(items.numbers), "similarity": floats(np.ravel(similar))},
                    {"kind": "ranking", "top": 10}))


def calibrations(writer, folder):
    churn = telco_numbers(folder)
    churn.x, churn.asked = np.nan_to_num(churn.x), churn.asked
    half = len(churn.x) // 2
    fit, hold = (churn.x[:half], churn.y[:half]), (churn.x[half:], churn.y[half:])
    scaled = make_pipeline(StandardScaler(), logistic()).fit(*fit)
    numbers = scaled_numbers(churn, None, scaled.steps[0][1])
    sigmoid = CalibratedClassifierCV(FrozenEstimator(scaled)).fit(*hold)
    curve = sigmoid.calibrated_classifiers_[0].calibrators[0]
    writer.case("telco_calibrated_sigmoid", churn, sigmoid, is_fitted=True, exported=False, parameters=lambda: written(
        numbers, linear(scaled.steps[1][1]), {"kind": "binary", "calibrations": [platt(-curve.a_, -curve.b_)]}))
    forest = RandomForestClassifier(30, max_depth=6, random_state=SEED).fit(*fit)
    few_trees = {"n_estimators": 10, "max_depth": 5, "random_state": SEED}
    writer.case("telco_cv_sigmoid", churn, CalibratedClassifierCV(RandomForestClassifier(**few_trees), cv=2), known=NO_MISSING)
    writer.case("telco_cv_isotonic", churn, CalibratedClassifierCV(RandomForestClassifier(**few_trees), method="isotonic", cv=2),
                known="skl2onnx takes the nearest knot of an isotonic curve, not the line between two; " + NO_MISSING)
    contract = telco_numbers(folder, "Contract")
    contract.x = np.nan_to_num(contract.x)
    writer.case("telco_cv_classes", contract, CalibratedClassifierCV(RandomForestClassifier(**few_trees), cv=2), known=NO_MISSING)

    # Knots at the mean of 20 bins are no steeper than our curves may be; the answer is scikit-learn's.
    p = forest.predict_proba(hold[0])[:, 1]
    order = np.array_split(np.argsort(p, kind="stable"), 20)
    knots = IsotonicRegression(out_of_bounds="clip").fit([p[i].mean() for i in order], [hold[1][i].mean() for i in order])
    assert np.max(np.diff(knots.y_thresholds_) / np.diff(knots.X_thresholds_)) <= 100
    writer.case("telco_isotonic", churn, forest, is_fitted=True, exported=False,
                ask=lambda x: knots.predict(forest.predict_proba(x)[:, 1]), parameters=lambda: written(
                    raw_numbers(churn), scikit_forest(forest),
                    {"kind": "binary_of_probability", "calibrations": [
                        {"kind": "isotonic", "from": floats(knots.X_thresholds_), "to": floats(knots.y_thresholds_)}]}))
    z = scaled.decision_function(hold[0])
    beta = logistic(C=1e6).fit(np.stack([-np.logaddexp(0, -z), np.logaddexp(0, z)], axis=1), hold[1])

    def beta_answer(x):
        z = scaled.decision_function(x)
        return beta.predict_proba(np.stack([-np.logaddexp(0, -z), np.logaddexp(0, z)], axis=1))[:, 1]

    writer.case("telco_beta", churn, scaled, is_fitted=True, exported=False, ask=beta_answer, parameters=lambda: written(
        numbers, linear(scaled.steps[1][1]), {"kind": "binary", "calibrations": [
            {"kind": "beta", "a": float(beta.coef_[0][0]), "b": float(beta.coef_[0][1]), "c": float(beta.intercept_[0])}]}))


def split_words(text):
    return [word for word in text.split(" ") if word]


def texts(writer, folder):
    intents = texts_of(list(lines(folder / "banking77" / "train.csv")), 4000)
    views = texts_of([row for name in ["amazon_cells.csv", "imdb.csv"] for row in lines(folder / "sentiment_sentences" / name)], 1300)

    def on_text(vectorizer):
        return ColumnTransformer([("text", vectorizer, 0)])

    writer.case("banking_tfidf", intents, make_pipeline(on_text(TfidfVectorizer(max_features=1200)), logistic(C=10)))
    writer.case("banking_bigrams", intents, make_pipeline(on_text(TfidfVectorizer(
        ngram_range=(1, 2), min_df=4, token_pattern="[a-zA-Z]+")), logistic(C=10)))
    writer.case("sentiment_tfidf", views, make_pipeline(on_text(TfidfVectorizer()), logistic(C=10)))
    writer.case("sentiment_tfidf_sublinear", views, make_pipeline(on_text(TfidfVectorizer(sublinear_tf=True)), logistic(C=10)),
                known="skl2onnx writes ln(1 + count) for sublinear counts, which are 1 + ln(count)")
    bayes = make_pipeline(on_text(CountVectorizer(stop_words=["the", "a", "and"])), MultinomialNB())
    writer.case("sentiment_count_bayes", views, bayes, size=bayes_size(bayes))

    def words_of(vectorizer, normalized, sublinear, weights):
        return [{"kind": "words", "input": "text", "terms": {t: int(i) for t, i in vectorizer.vocabulary_.items()},
                 "weights": floats(weights), "sublinear": sublinear, "normalized": normalized}]

    spaced = make_pipeline(on_text(TfidfVectorizer(analyzer=split_words, max_features=1500)), logistic(C=10))
    writer.case("banking_words", intents, spaced, exported=False, parameters=lambda: written(
        words_of(spaced.steps[0][1].named_transformers_["text"], True, False, spaced.steps[0][1].named_transformers_["text"].idf_),
        linear(spaced.steps[1][1]), MULTICLASS))
    sublinear = make_pipeline(on_text(TfidfVectorizer(analyzer=split_words, sublinear_tf=True)), logistic(C=10))
    writer.case("sentiment_words", views, sublinear, exported=False, parameters=lambda: written(
        words_of(sublinear.steps[0][1].named_transformers_["text"], True, True, sublinear.steps[0][1].named_transformers_["text"].idf_),
        linear(sublinear.steps[1][1]), BINARY))
    counted = make_pipeline(on_text(CountVectorizer(analyzer=split_words, min_df=2)), MultinomialNB())
    writer.case("sentiment_words_bayes", views, counted, exported=False, parameters=lambda: written(
        words_of(counted.steps[0][1].named_transformers_["text"], False, False,
                 np.ones(len(counted.steps[0][1].named_transformers_["text"].vocabulary_))),
        {"kind": "linear", "weights": floats(counted.steps[1][1].feature_log_prob_), "bias": floats(counted.steps[1][1].class_log_prior_)},
        {"kind": "multiclass", "calibrations": []}), task="multiclass", labels=["0", "1"], ask=counted.predict_proba, size=bayes_size(counted))


def main():
    data, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    writer = Writer(folder, set(sys.argv[3:]))
    for part in [boosters, tables, encodings, clusters, calibrations, texts]:
        part(writer, data)


if __name__ == "__main__":
    main()
