# scikit-learn as a peer, in a process of its own: one line of JSON in, one line out, times measured inside. One thread.
import json
import sys
import time

import numpy
import sklearn
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

x = y = model = None
print(json.dumps({"version": sklearn.__version__}), flush=True)
for line in sys.stdin:
    ask = json.loads(line)
    answer = {}
    if ask["do"] == "load":
        x = numpy.fromfile(ask["x"], dtype=ask["dtype"]).reshape(ask["rows"], -1)
        if ask["dtype"] != "float32":
            x = x.astype("float32")
        y = numpy.fromfile(ask["y"], dtype="float64")
        if ask["classes"] > 0:
            y = y.astype("int32")
    elif ask["do"] == "fit":
        make = RandomForestClassifier if ask["classes"] > 0 else RandomForestRegressor
        model = make(n_estimators=ask["trees"], n_jobs=1, random_state=ask["seed"])
        began = time.perf_counter()
        model.fit(x, y)
        answer["ms"] = (time.perf_counter() - began) * 1000
        answer["nodes"] = sum(tree.tree_.node_count for tree in model.estimators_) / ask["trees"]
        answer["depth"] = sum(tree.tree_.max_depth for tree in model.estimators_) / ask["trees"]
    elif ask["do"] == "predict":
        rows = x[: ask["rows"]]
        began = time.perf_counter()
        for _ in range(ask["repeat"]):
            model.predict(rows)
        answer["ms"] = (time.perf_counter() - began) * 1000 / ask["repeat"]
    print(json.dumps(answer), flush=True)
