# Random forests of scikit-learn, on one thread.
import time

import numpy
import sklearn
from serve import serve
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

x = y = model = None


def load(rows, features, classes, dtype, **files):
    global x, y
    x = numpy.fromfile(files["x"], dtype=dtype).reshape(rows, features)
    if dtype != "float32":
        x = x.astype("float32")
    y = numpy.fromfile(files["y"], dtype="float64")
    if classes > 0:
        y = y.astype("int32")


def fit(classes, trees, seed, oob=False):
    global model
    make = RandomForestClassifier if classes > 0 else RandomForestRegressor
    features = "sqrt" if classes > 0 else 1 / 3
    model = make(n_estimators=trees, max_features=features, oob_score=oob, n_jobs=1, random_state=seed)
    began = time.perf_counter()
    model.fit(x, y)
    took = time.perf_counter() - began
    grown = [tree.tree_ for tree in model.estimators_]
    return {
        "ms": took * 1000,
        "nodes": sum(tree.node_count for tree in grown) / trees,
        "depth": sum(tree.max_depth for tree in grown) / trees,
    }


def predict(rows, repeat):
    some = x[:rows]
    began = time.perf_counter()
    for _ in range(repeat):
        model.predict(some)
    return {"ms": (time.perf_counter() - began) * 1000 / repeat}


serve("scikit-learn", sklearn.__version__, {"load": load, "fit": fit, "predict": predict})
