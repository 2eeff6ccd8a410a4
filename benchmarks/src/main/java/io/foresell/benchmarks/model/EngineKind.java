package io.foresell.benchmarks.model;

/** What answers a row. */
public enum EngineKind {
    /** Our scorer over flat arrays. */
    COMPILED {
        @Override
        Engine open(TestedModel model, int batchRows) {
            return new CompiledEngine(model, batchRows);
        }
    },
    /** ONNX Runtime; all numbers of a row in one tensor where the model has only numbers. */
    ONNX_RUNTIME {
        @Override
        Engine open(TestedModel model, int batchRows) {
            return new OnnxRuntimeEngine(model, batchRows);
        }
    },
    /** DL4J's own network, given encoded rows. */
    DL4J {
        @Override
        Engine open(TestedModel model, int batchRows) {
            return new Dl4jEngine(model, batchRows);
        }
    };

    /** Returns the engine, ready to score the model's rows in batches of this size. */
    abstract Engine open(TestedModel model, int batchRows);
}
