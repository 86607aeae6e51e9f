# ranger on one thread: one line of `name=value` pairs in, one line `milliseconds nodes-a-tree` out.
suppressPackageStartupMessages(library(ranger))
cat(as.character(packageVersion("ranger")), "\n", sep = "")
flush(stdout())
input <- file("stdin", "r")
x <- NULL
y <- NULL
repeat {
  line <- readLines(input, n = 1)
  if (length(line) == 0) break
  pairs <- strsplit(strsplit(line, "\t")[[1]], "=", fixed = TRUE)
  ask <- setNames(lapply(pairs, function(pair) pair[2]), sapply(pairs, function(pair) pair[1]))
  answer <- "0 NaN"
  if (ask$do == "load") {
    rows <- as.integer(ask$rows)
    features <- as.integer(ask$features)
    count <- rows * features
    values <- if (ask$dtype == "uint8") as.numeric(readBin(ask$x, "integer", count, size = 1, signed = FALSE))
      else readBin(ask$x, "numeric", count, size = 4)
    x <- matrix(values, nrow = rows, byrow = TRUE)
    colnames(x) <- paste0("x", seq_len(features))
    y <- readBin(ask$y, "numeric", rows, size = 8)
    if (as.integer(ask$classes) > 0) y <- factor(y)
  } else if (ask$do == "fit") {
    tried <- if (is.factor(y)) floor(sqrt(ncol(x))) else max(1, floor(ncol(x) / 3))
    began <- proc.time()[["elapsed"]]
    model <- ranger(x = x, y = y, num.trees = as.integer(ask$trees), mtry = tried, min.node.size = 1, num.threads = 1,
      seed = as.integer(ask$seed) + 1, oob.error = TRUE)
    took <- (proc.time()[["elapsed"]] - began) * 1000
    nodes <- mean(sapply(model$forest$split.varIDs, length))
    answer <- paste(took, nodes)
  }
  cat(answer, "\n", sep = "")
  flush(stdout())
}
