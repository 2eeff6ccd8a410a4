"""Writes the foreign models of the tests: real scikit-learn, LightGBM and XGBoost models, exported by skl2onnx and
onnxmltools, each with rows and the answers that the library itself gives for them.

    pip install scikit-learn skl2onnx onnxmltools onnxruntime lightgbm xgboost pandas
    PYTHONHASHSEED=0 OMP_NUM_THREADS=1 python foreign_models.py ../resources/foreign [name ...]

The hash seed fixes the order of names in the exported files. NAME.onnx is the exported file as it is. NAME.json says how to ask it:
  task      binary, multiclass, regression, clusters or scores (decision values)
  output    the output to read; a ZipMap is a list of maps, read in the order of labels
  labels    the labels of the columns, null for binary and regression
  column    the first column of the answer
  sign      -1 when the library's answer is minus the output (distances)
  inputs    name, kind (float, double, int64, bool, string) and columns of each input of the graph
  rows      one list per row, all columns of all inputs; null is a missing number
  expected  one list per row: the answers of the training library
  within    how far ONNX Runtime itself is from the library; 1e-5 unless float arithmetic cannot do better
"""

import json
import math
import pathlib
import sys
import warnings

import numpy as np
import onnx
import onnxruntime
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
from lightgbm import LGBMClassifier, LGBMRegressor
from skl2onnx import convert_sklearn, update_registered_converter
from skl2onnx.common.data_types import (
    DoubleTensorType,
    FloatTensorType,
    Int64TensorType,
    StringTensorType,
)
from skl2onnx.common.shape_calculator import (
    calculate_linear_classifier_output_shapes,
    calculate_linear_regressor_output_shapes,
)
from sklearn.base import is_classifier, is_regressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, VarianceThreshold, f_classif
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    BayesianRidge,
    ElasticNet,
    HuberRegressor,
    Lasso,
    LinearRegression,
    LogisticRegression,
    Perceptron,
    PoissonRegressor,
    Ridge,
    RidgeClassifier,
    SGDClassifier,
    SGDRegressor,
)
from sklearn.mixture import GaussianMixture
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import (
    Binarizer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, NuSVC, NuSVR, OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from xgboost import XGBClassifier, XGBRegressor

SEED = 7
ROWS = 24
OPSETS = {"": 17, "ai.onnx.ml": 3}

warnings.filterwarnings("ignore")
update_registered_converter(
    LGBMClassifier, "LightGbmLGBMClassifier", calculate_linear_classifier_output_shapes, convert_lightgbm,
    options={"zipmap": [True, False, "columns"], "nocl": [True, False]})
update_registered_converter(
    LGBMRegressor, "LightGbmLGBMRegressor", calculate_linear_regressor_output_shapes, convert_lightgbm,
    options={"split": None})
update_registered_converter(
    XGBClassifier, "XGBoostXGBClassifier", calculate_linear_classifier_output_shapes, convert_xgboost,
    options={"zipmap": [True, False, "columns"], "nocl": [True, False]})
update_registered_converter(
    XGBRegressor, "XGBoostXGBRegressor", calculate_linear_regressor_output_shapes, convert_xgboost)


def plain_attribute(name, value, *args, **kwargs):
    """The exporter of histogram boosting hands NumPy integers and booleans over, which onnx does not take any more."""
    if isinstance(value, list):
        value = [int(v) if isinstance(v, (np.integer, np.bool_, bool)) else v for v in value]
    return make_attribute(name, value, *args, **kwargs)


make_attribute = onnx.helper.make_attribute
onnx.helper.make_attribute = plain_attribute


class Data:
    """A table: training rows, labels, and the few rows that are written into the fixture."""

    def __init__(self, columns, labels, types, asked):
        self.columns, self.labels, self.types, self.asked = columns, labels, types, asked


def numbers(loaded, columns=None, missing=False, kind=FloatTensorType, labels=None, spread=True):
    """Real rows of a data set that scikit-learn ships, and rows at and beyond the edges of its range."""
    random = np.random.default_rng(SEED)
    x = loaded.data.astype(np.float32)[:, :columns]
    if spread:
        x = ((x - x.mean(axis=0)) / x.std(axis=0)).astype(np.float32)
    if missing:
        x[random.random(x.shape) < 0.1] = np.nan
    asked = x[random.permutation(len(x))[: ROWS - 4]]
    edges = np.stack([np.nanmin(x, axis=0), np.nanmax(x, axis=0), np.zeros(x.shape[1]), 3 * np.nanmax(x, axis=0)])
    asked = np.concatenate([asked, edges.astype(np.float32)])
    if missing:
        asked[0, :] = np.nan
    if kind is DoubleTensorType:
        x, asked = x.astype(np.float64), asked.astype(np.float64)
    y = loaded.target if labels is None else np.array(labels)[loaded.target]
    return Data(x, y, [("input", kind([None, x.shape[1]]))], asked)


def customers(kind=FloatTensorType):
    """Customers with numbers and texts, some missing, and a churn label."""
    import pandas

    random = np.random.default_rng(SEED)
    n = 400
    frame = pandas.DataFrame({
        "age": random.integers(18, 80, n).astype(np.float32),
        "spend": np.exp(random.normal(4, 1, n)).astype(np.float32),
        "visits": random.poisson(6, n).astype(np.float32),
        "city": random.choice(["Leeds", "York", "Hull", "Größe", "北京"], n),
        "plan": random.choice(["basic", "plus", "pro"], n),
    })
    score = 0.03 * (frame.age - 50) - 0.4 * (np.log(frame.spend) - 4) + (frame.plan == "basic") - (frame.city == "York")
    label = (score + random.normal(0, 1, n) > 0.3).astype(np.int64).to_numpy()
    for column in ["age", "spend"]:
        frame.loc[random.random(n) < 0.1, column] = np.nan
    asked = frame.iloc[:ROWS].copy()
    asked.loc[0, ["age", "spend"]] = np.nan
    asked.loc[1, "city"] = "Paris"
    asked.loc[2, "city"] = ""
    asked.loc[3, "spend"] = np.float32(1e6)
    types = [(name, StringTensorType([None, 1]) if name in ("city", "plan") else kind([None, 1]))
             for name in frame.columns]
    return Data(frame, label, types, asked)


WORDS = ("great slow broken love refund late cheap quality delivery support parcel price never again fast happy "
         "terrible excellent box screen battery ok not very").split()


def reviews():
    random = np.random.default_rng(SEED)
    texts, labels = [], []
    for _ in range(150):
        words = list(random.choice(WORDS, random.integers(3, 9)))
        good = sum(w in ("great", "love", "fast", "happy", "excellent") for w in words)
        bad = sum(w in ("slow", "broken", "late", "terrible", "never") for w in words)
        labels.append(int(good + random.normal(0, 0.3) > bad))
        texts.append(" ".join(words))
    asked = texts[: ROWS - 10] + [
        "", "Great, GREAT battery!", "unknown words only", "not very happy: slow delivery, late refund",
        "a", "  spaces   everywhere  ", "great-quality/price", "love love love love", "GRÖSSE ÄRGER great", "éclair 北京 great",
    ]
    return Data(np.array(texts).reshape(-1, 1), np.array(labels), [("text", StringTensorType([None, 1]))],
                np.array(asked, dtype=object).reshape(-1, 1))


BINARY = numbers(load_breast_cancer(), 8)
BINARY_MISSING = numbers(load_breast_cancer(), 8, missing=True)
NAMED = numbers(load_iris(), labels=["setosa", "versicolor", "virginica"])
MULTI = numbers(load_wine(), 6)
MULTI_MISSING = numbers(load_wine(), 6, missing=True)
REGRESSION = numbers(load_diabetes())
REGRESSION_MISSING = numbers(load_diabetes(), missing=True)
CUSTOMERS = customers()
REVIEWS = reviews()

NUMBERS = ["age", "spend", "visits"]
TEXTS = ["city", "plan"]


def table(number_steps, text_steps):
    return ColumnTransformer([("numbers", number_steps, NUMBERS), ("texts", text_steps, TEXTS)])


def scaled(scaler, encoder=None):
    return table(make_pipeline(SimpleImputer(strategy="median"), scaler),
                 encoder or OneHotEncoder(handle_unknown="ignore"))


def logistic(**kwargs):
    return LogisticRegression(max_iter=1000, random_state=SEED, **kwargs)


def positive(data, kind=FloatTensorType):
    """Non-negative numbers, for naive Bayes and logarithms."""
    return Data(np.abs(data.columns), data.labels, data.types, np.abs(data.asked))


def integers():
    random = np.random.default_rng(SEED)
    x = random.integers(0, 6, (200, 4))
    y = ((x[:, 0] > 2) ^ (x[:, 1] == 3)).astype(np.int64)
    asked = np.concatenate([x[: ROWS - 1], [[9, -1, 3, 0]]])
    return Data(x, y, [("input", Int64TensorType([None, 4]))], asked)


INTEGERS = integers()
DOUBLES = numbers(load_breast_cancer(), 8, kind=DoubleTensorType)


def models():
    """Yields name, data, unfitted model, options."""
    yield "logistic_binary", BINARY, logistic(), {}
    yield "logistic_binary_zipmap", BINARY, logistic(), {"zipmap": True}
    yield "logistic_binary_columns", BINARY, logistic(), {"zipmap": "columns"}
    yield "logistic_named_zipmap", NAMED, logistic(), {"zipmap": True}
    yield "logistic_multinomial", MULTI, logistic(), {}
    yield "logistic_one_vs_rest", MULTI, OneVsRestClassifier(logistic()), {}
    yield "logistic_elastic_net", BINARY, logistic(solver="saga", l1_ratio=0.5, C=0.3), {}
    yield "logistic_double", DOUBLES, logistic(), {}
    yield "linear_regression", REGRESSION, LinearRegression(), {}
    yield "ridge", REGRESSION, Ridge(), {}
    yield "lasso", REGRESSION, Lasso(), {}
    yield "elastic_net", REGRESSION, ElasticNet(), {}
    yield "bayesian_ridge", REGRESSION, BayesianRidge(), {}
    yield "huber", REGRESSION, HuberRegressor(max_iter=1000), {}
    yield "poisson", REGRESSION, PoissonRegressor(), {}
    yield "sgd_regressor", REGRESSION, SGDRegressor(random_state=SEED), {}
    yield "sgd_log_loss", BINARY, SGDClassifier(loss="log_loss", random_state=SEED), {}
    yield "sgd_hinge", MULTI, SGDClassifier(random_state=SEED), {"raw": True}
    yield "sgd_modified_huber", MULTI, SGDClassifier(loss="modified_huber", random_state=SEED), {}
    yield "perceptron", BINARY, Perceptron(random_state=SEED), {"raw": True}
    yield "ridge_classifier", MULTI, RidgeClassifier(), {"raw": True}
    yield "tree_classifier", MULTI, DecisionTreeClassifier(max_depth=4, random_state=SEED), {}
    yield "tree_binary_zipmap", BINARY, DecisionTreeClassifier(max_depth=4, random_state=SEED), {"zipmap": True}
    yield "tree_regressor", REGRESSION, DecisionTreeRegressor(max_depth=5, random_state=SEED), {}
    yield "forest_classifier", BINARY, RandomForestClassifier(8, max_depth=5, random_state=SEED), {}
    yield "forest_multiclass", NAMED, RandomForestClassifier(8, max_depth=5, random_state=SEED), {"zipmap": True}
    yield "forest_regressor", REGRESSION, RandomForestRegressor(8, max_depth=5, random_state=SEED), {}
    yield "extra_trees_classifier", MULTI, ExtraTreesClassifier(8, max_depth=5, random_state=SEED), {}
    yield "extra_trees_regressor", REGRESSION, ExtraTreesRegressor(8, max_depth=5, random_state=SEED), {}
    yield "gradient_boosting_binary", BINARY, GradientBoostingClassifier(n_estimators=10, random_state=SEED), {}
    yield "gradient_boosting_multiclass", MULTI, GradientBoostingClassifier(n_estimators=6, random_state=SEED), {}
    yield "gradient_boosting_regressor", REGRESSION, GradientBoostingRegressor(n_estimators=10, random_state=SEED), {}
    yield ("hist_boosting_binary", BINARY_MISSING,
           HistGradientBoostingClassifier(max_iter=10, max_depth=4, random_state=SEED), {})
    yield ("hist_boosting_multiclass", MULTI_MISSING,
           HistGradientBoostingClassifier(max_iter=6, max_depth=3, random_state=SEED), {})
    yield ("hist_boosting_regressor", REGRESSION_MISSING,
           HistGradientBoostingRegressor(max_iter=10, max_depth=4, random_state=SEED), {})
    yield "bagging", BINARY, BaggingClassifier(DecisionTreeClassifier(max_depth=3, random_state=SEED), n_estimators=5, random_state=SEED), {}
    yield "ada_boost", MULTI, AdaBoostClassifier(n_estimators=6, random_state=SEED), {}
    yield ("voting", BINARY,
           VotingClassifier([("a", logistic()), ("b", DecisionTreeClassifier(max_depth=3, random_state=SEED))], voting="soft", flatten_transform=False), {})
    yield ("stacking", BINARY,
           StackingClassifier([("a", logistic()), ("b", DecisionTreeClassifier(max_depth=3, random_state=SEED))], logistic()), {})
    yield "isolation_forest", BINARY, IsolationForest(n_estimators=8, max_samples=32, random_state=SEED), {"raw": True}
    light = {"verbose": -1, "num_threads": 1, "random_state": SEED, "deterministic": True}
    yield "lightgbm_binary", BINARY_MISSING, LGBMClassifier(n_estimators=8, num_leaves=15, **light), {}
    yield "lightgbm_multiclass", MULTI_MISSING, LGBMClassifier(n_estimators=5, num_leaves=7, **light), {"zipmap": True}
    yield "lightgbm_regressor", REGRESSION_MISSING, LGBMRegressor(n_estimators=8, num_leaves=15, **light), {}
    extreme = {"n_jobs": 1, "random_state": SEED}
    yield "xgboost_binary", BINARY_MISSING, XGBClassifier(n_estimators=8, max_depth=4, **extreme), {}
    yield "xgboost_multiclass", MULTI_MISSING, XGBClassifier(n_estimators=5, max_depth=3, **extreme), {"zipmap": True}
    yield "xgboost_regressor", REGRESSION_MISSING, XGBRegressor(n_estimators=8, max_depth=4, **extreme), {}
    small = Data(BINARY.columns[:120], BINARY.labels[:120], BINARY.types, BINARY.asked)
    yield "svc_linear", small, SVC(kernel="linear", random_state=SEED), {"raw": True}
    yield "svc_rbf", MULTI, SVC(kernel="rbf", random_state=SEED), {"raw": True}
    yield "svc_rbf_probability", small, SVC(probability=True, random_state=SEED), {}
    yield "svc_poly_probability", MULTI, SVC(kernel="poly", degree=3, probability=True, random_state=SEED), {}
    yield "svc_sigmoid_probability", NAMED, SVC(
        kernel="sigmoid", probability=True, random_state=SEED), {"zipmap": True}
    yield "nu_svc_probability", NAMED, NuSVC(probability=True, random_state=SEED), {}
    yield "svr_rbf", numbers(load_diabetes(), 5), SVR(C=100), {}
    yield "svr_linear", numbers(load_diabetes(), 5), SVR(kernel="linear"), {}
    yield "svr_poly", numbers(load_diabetes(), 5), SVR(kernel="poly", degree=2, C=10), {}
    yield "nu_svr", numbers(load_diabetes(), 5), NuSVR(C=100), {}
    yield "one_class_svm", small, OneClassSVM(nu=0.2), {"raw": True}
    yield "linear_svc_binary", BINARY, LinearSVC(random_state=SEED), {"raw": True}
    yield "linear_svc_multiclass", MULTI, LinearSVC(random_state=SEED), {"raw": True}
    yield "linear_svr", REGRESSION, LinearSVR(random_state=SEED, max_iter=10000), {}
    yield "gaussian_naive_bayes", MULTI, GaussianNB(), {}
    yield "multinomial_naive_bayes", positive(MULTI), MultinomialNB(), {}
    yield "bernoulli_naive_bayes", MULTI, BernoulliNB(), {}
    yield "complement_naive_bayes", positive(MULTI), ComplementNB(), {}
    yield "linear_discriminant", MULTI, LinearDiscriminantAnalysis(), {}
    yield "quadratic_discriminant", MULTI, QuadraticDiscriminantAnalysis(), {}
    few = Data(MULTI.columns[::4], MULTI.labels[::4], MULTI.types, MULTI.asked)
    yield "nearest_neighbours_classifier", few, KNeighborsClassifier(5), {}
    yield "nearest_neighbours_regressor", Data(
        REGRESSION.columns[:60], REGRESSION.labels[:60], REGRESSION.types, REGRESSION.asked), KNeighborsRegressor(5), {}
    yield "gaussian_process", Data(
        REGRESSION.columns[:40], REGRESSION.labels[:40], REGRESSION.types, REGRESSION.asked), GaussianProcessRegressor(
            alpha=1.0), {}
    yield "k_means", MULTI, KMeans(4, n_init=3, random_state=SEED), {"raw": True}
    yield "mini_batch_k_means", MULTI, MiniBatchKMeans(3, n_init=3, random_state=SEED), {"raw": True}
    for covariance in ["full", "tied", "diag", "spherical"]:
        yield f"gaussian_mixture_{covariance}", MULTI, GaussianMixture(
            3, covariance_type=covariance, random_state=SEED), {}
    yield "mlp_binary", BINARY, MLPClassifier((8, 4), random_state=SEED, max_iter=200), {}
    yield "mlp_multiclass", MULTI, MLPClassifier((6,), activation="tanh", random_state=SEED, max_iter=200), {}
    yield "mlp_logistic", NAMED, MLPClassifier((6,), activation="logistic", random_state=SEED), {"zipmap": True}
    yield "mlp_regressor", REGRESSION, MLPRegressor(hidden_layer_sizes=(8,), random_state=SEED, max_iter=300), {}
    yield "calibrated_sigmoid", BINARY, CalibratedClassifierCV(LinearSVC(random_state=SEED), cv=3), {}
    yield "calibrated_isotonic", BINARY, CalibratedClassifierCV(
        DecisionTreeClassifier(max_depth=3, random_state=SEED), method="isotonic", cv=2), {}
    yield "calibrated_multiclass", MULTI, CalibratedClassifierCV(
        RandomForestClassifier(3, max_depth=3, random_state=SEED), cv=2), {}
    yield "pipeline_standard", CUSTOMERS, make_pipeline(scaled(StandardScaler()), logistic()), {}
    yield "pipeline_zipmap", CUSTOMERS, make_pipeline(scaled(StandardScaler()), logistic()), {"zipmap": True}
    yield "pipeline_min_max_forest", CUSTOMERS, make_pipeline(
        scaled(MinMaxScaler()), RandomForestClassifier(6, max_depth=5, random_state=SEED)), {}
    yield "pipeline_min_max_clip", CUSTOMERS, make_pipeline(scaled(MinMaxScaler(clip=True)), logistic()), {}
    yield "pipeline_robust_boosting", CUSTOMERS, make_pipeline(
        scaled(RobustScaler(), OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)),
        GradientBoostingClassifier(n_estimators=8, random_state=SEED)), {}
    yield "pipeline_max_abs_svm", CUSTOMERS, make_pipeline(scaled(MaxAbsScaler()), SVC(
        probability=True, random_state=SEED, C=0.1)), {}
    yield "pipeline_quantile", CUSTOMERS, make_pipeline(scaled(QuantileTransformer(
        n_quantiles=20, output_distribution="uniform")), logistic()), {}
    yield "pipeline_power", CUSTOMERS, make_pipeline(scaled(PowerTransformer()), logistic()), {}
    yield "pipeline_bins", CUSTOMERS, make_pipeline(scaled(KBinsDiscretizer(
        4, encode="onehot-dense", quantile_method="averaged_inverted_cdf")), logistic()), {}
    yield "pipeline_bins_ordinal", CUSTOMERS, make_pipeline(scaled(KBinsDiscretizer(
        4, encode="ordinal", strategy="uniform")), DecisionTreeClassifier(max_depth=4, random_state=SEED)), {}
    yield "pipeline_polynomial", CUSTOMERS, make_pipeline(
        scaled(make_pipeline(StandardScaler(), PolynomialFeatures(2, include_bias=False))), logistic()), {}
    yield "pipeline_imputed_texts", CUSTOMERS, make_pipeline(
        table(SimpleImputer(strategy="constant", fill_value=-1), make_pipeline(
            SimpleImputer(missing_values="", strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))),
        StandardScaler(with_mean=False), logistic()), {}
    yield "pipeline_dropped_categories", CUSTOMERS, make_pipeline(
        scaled(StandardScaler(), OneHotEncoder(handle_unknown="ignore", drop="first")), logistic()), {}
    yield "pipeline_select_best", BINARY, make_pipeline(
        StandardScaler(), SelectKBest(f_classif, k=3), logistic()), {"zipmap": True}
    yield "pipeline_variance", BINARY, make_pipeline(VarianceThreshold(0.1), logistic()), {}
    yield "pipeline_pca", MULTI, make_pipeline(StandardScaler(), PCA(3), logistic()), {}
    yield "pipeline_pca_whitened", MULTI, make_pipeline(PCA(3, whiten=True), SVC(probability=True, random_state=SEED)), {}
    yield "pipeline_svd", MULTI, make_pipeline(TruncatedSVD(3, random_state=SEED), logistic()), {}
    for norm in ["l1", "l2"]:
        yield f"pipeline_normalizer_{norm}", MULTI, make_pipeline(Normalizer(norm), logistic()), {}
    yield "pipeline_binarizer", BINARY, make_pipeline(Binarizer(threshold=0.2), BernoulliNB()), {}
    yield "pipeline_union", BINARY, make_pipeline(
        FeatureUnion([("pca", PCA(2)), ("best", SelectKBest(f_classif, k=3))]), logistic()), {}
    yield "pipeline_integers_one_hot", INTEGERS, make_pipeline(OneHotEncoder(handle_unknown="ignore"), logistic()), {}
    yield "pipeline_integers_ordinal", INTEGERS, make_pipeline(
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), DecisionTreeClassifier(max_depth=5)), {}
    yield "pipeline_integers_scaled", INTEGERS, make_pipeline(StandardScaler(), logistic()), {}
    yield "forest_integers", INTEGERS, RandomForestClassifier(5, max_depth=4, random_state=SEED), {}
    yield "pipeline_lightgbm", CUSTOMERS, make_pipeline(
        table("passthrough", OneHotEncoder(handle_unknown="ignore", sparse_output=False)),
        LGBMClassifier(n_estimators=6, num_leaves=7, **light)), {}
    yield "pipeline_xgboost", CUSTOMERS, make_pipeline(
        table(SimpleImputer(), OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)),
        XGBClassifier(n_estimators=6, max_depth=3, **extreme)), {}
    yield "text_tfidf", REVIEWS, make_pipeline(on_text(TfidfVectorizer()), logistic()), {}
    yield "text_count", REVIEWS, make_pipeline(on_text(CountVectorizer()), logistic()), {"zipmap": True}
    yield "text_bigrams", REVIEWS, make_pipeline(on_text(TfidfVectorizer(
        ngram_range=(1, 2), min_df=3, norm="l1")), logistic()), {}
    yield "text_stop_words", REVIEWS, make_pipeline(on_text(CountVectorizer(
        stop_words=["not", "very", "ok"], binary=True)), MultinomialNB()), {}
    yield "text_cased_split", REVIEWS, make_pipeline(on_text(TfidfVectorizer(
        lowercase=False, token_pattern="[a-zA-Z]+")), logistic()), {}


def on_text(vectorizer):
    return ColumnTransformer([("text", vectorizer, 0)])


def answers(model, data, raw):
    """Returns task, labels and the answers of the library."""
    x = data.asked
    if isinstance(model, (KMeans, MiniBatchKMeans)):
        return "clusters", [str(i) for i in range(model.n_clusters)], -model.transform(x)
    if isinstance(model, GaussianMixture):
        return "clusters", [str(i) for i in range(model.n_components)], model.predict_proba(x)
    if isinstance(model, (OneClassSVM, IsolationForest)):
        return "regression", None, model.decision_function(x).reshape(-1, 1)
    if raw:
        scores = model.decision_function(x)
        if scores.ndim == 1:
            return "scores", [str(c) for c in model.classes_], np.stack([-scores, scores], axis=1)
        return "scores", [str(c) for c in model.classes_], scores
    if is_classifier(model):
        p = model.predict_proba(x)
        if len(model.classes_) == 2:
            return "binary", None, p[:, 1:]
        return "multiclass", [str(c) for c in model.classes_], p
    assert is_regressor(model)
    return "regression", None, np.asarray(model.predict(x)).reshape(-1, 1)


KINDS = {FloatTensorType: "float", DoubleTensorType: "double", Int64TensorType: "int64", StringTensorType: "string"}


def feed(data):
    """Returns what ONNX Runtime is asked."""
    values = {}
    types = {"float": np.float32, "double": np.float64, "int64": np.int64, "string": object}
    for name, kind in data.types:
        column = data.asked[[name]].to_numpy() if hasattr(data.asked, "columns") else data.asked
        values[name] = column.astype(types[KINDS[type(kind)]])
    return values


def judged(exported, data, output):
    """Returns what ONNX Runtime answers; it lowers texts by a locale that not every machine has, so by another one."""
    asked = onnx.ModelProto()
    asked.CopyFrom(exported)
    for node in asked.graph.node:
        if node.op_type == "StringNormalizer":
            node.attribute.append(make_attribute("locale", "C.UTF-8"))
    session = onnxruntime.InferenceSession(asked.SerializeToString(), providers=["CPUExecutionProvider"])
    result = session.run([output], feed(data))[0]
    if isinstance(result, list):
        result = np.array([list(row.values()) for row in result])
    return result.reshape(len(data.asked), -1)


def cell(value):
    if isinstance(value, str):
        return value
    number = float(value)
    return None if math.isnan(number) else number


def write(folder, name, data, model, options):
    zipmap, raw = options.get("zipmap", False), options.get("raw", False)
    x = data.columns
    model.fit(x) if isinstance(model, (KMeans, MiniBatchKMeans, GaussianMixture)) else model.fit(x, data.labels)
    task, labels, expected = answers(model, data, raw)
    chosen = {}
    last = model.steps[-1][1] if hasattr(model, "steps") else model
    if isinstance(model, (SVC, NuSVC, LinearSVC, SGDClassifier)) and raw:
        chosen["raw_scores"] = True
    if is_classifier(model) and not isinstance(last, LinearSVC):
        chosen["zipmap"] = zipmap
    exported = convert_sklearn(model, name, data.types, target_opset=OPSETS,
                               options={id(model): chosen} if chosen else None)
    onnx.checker.check_model(exported)
    exported.producer_version = ""
    content = exported.SerializeToString()
    outputs = [o.name for o in exported.graph.output]
    if isinstance(model, (OneClassSVM, IsolationForest)):
        output = "scores"
    elif task == "regression":
        output = outputs[0]
    elif zipmap == "columns":
        output = outputs[2]
    else:
        output = outputs[1]
    sign = -1 if isinstance(model, (KMeans, MiniBatchKMeans)) else 1
    actual = sign * judged(exported, data, output)
    column = 0
    if task == "binary" and actual.shape[1] == 2:
        column = 1
        actual = actual[:, 1:]
    if task == "scores" and actual.shape[1] == 1:
        expected, labels, task = expected[:, 1:], None, "regression"
    difference = np.max(np.abs(actual - expected) / np.maximum(1, np.abs(expected)))
    (folder / f"{name}.onnx").write_bytes(content)
    rows = data.asked.to_numpy() if hasattr(data.asked, "columns") else data.asked
    answer = {
        "task": task,
        "output": output,
        "labels": labels,
        "column": column,
        "sign": sign,
        "within": 1e-5 if difference < 5e-6 else float(f"{3 * difference:.1g}"),
        "inputs": [{"name": n, "kind": KINDS[type(t)], "columns": t.shape[1]} for n, t in data.types],
        "rows": [[cell(value) for value in row] for row in rows],
        "expected": [[float(f"{value:.9g}") for value in row] for row in expected],
    }
    text = json.dumps(answer, ensure_ascii=False).replace("], [", "],\n[").replace('], "', '],\n"')
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    operators = sorted({n.op_type for n in exported.graph.node})
    print(f"{name}: {len(content)} bytes, {difference:.1e}, {' '.join(operators)}", flush=True)


def main():
    folder = pathlib.Path(sys.argv[1])
    wanted = set(sys.argv[2:])
    for name, data, model, options in models():
        if not wanted or name in wanted:
            try:
                write(folder, name, data, model, options)
            except Exception as failure:  # An export that its own library does not support is no fixture.
                print(f"{name}: NOT WRITTEN, {type(failure).__name__}: {str(failure).splitlines()[0][:150]}", flush=True)


if __name__ == "__main__":
    main()
