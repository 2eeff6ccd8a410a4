package io.foresell.inference.serve.tensor;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.foresell.inference.route.CallStatistics;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.ModelConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The built-in test models of a server: all loaded at start, or none at all when they are not enabled. Thread-safe. */
final class TestModels {
    private static final int MAX_ROWS = 8;
    private static final int MAX_OVERRIDDEN_ROWS = 4096;

    private final Map<String, TestModel> known = new TreeMap<>();
    private final Map<String, TestModel> loaded = new ConcurrentSkipListMap<>();

    TestModels(boolean isEnabled) {
        if (isEnabled) {
            add("simple", TestModel.Kind.ADD_SUB, Datatype.INT32, 16);
            add("simple_int8", TestModel.Kind.ADD_SUB, Datatype.INT8, 16);
            add("simple_string", TestModel.Kind.ADD_SUB, Datatype.BYTES, 16);
            add("simple_identity", TestModel.Kind.IDENTITY, Datatype.BYTES, TensorSpec.ANY);
            add("identity_int32", TestModel.Kind.IDENTITY, Datatype.INT32, TensorSpec.ANY);
            add("identity_int64", TestModel.Kind.IDENTITY, Datatype.INT64, TensorSpec.ANY);
            add("identity_fp32", TestModel.Kind.IDENTITY, Datatype.FP32, TensorSpec.ANY);
            loaded.putAll(known);
        }
    }

    private void add(String name, TestModel.Kind kind, Datatype datatype, long width) {
        known.put(name, new TestModel(name, kind, datatype, width, MAX_ROWS, new CallStatistics()));
    }

    boolean knows(String name) {
        return known.containsKey(name);
    }

    /** Returns a model that is loaded, or null. */
    @Nullable
    TestModel loaded(String name) {
        return loaded.get(name);
    }

    Collection<TestModel> loaded() {
        return loaded.values();
    }

    /** Returns the names of those that are unloaded. */
    List<String> unloaded() {
        List<String> names = new ArrayList<>(known.keySet());
        names.removeAll(loaded.keySet());
        return names;
    }

    /**
     * Loads a model.
     *
     * @param config a configuration in JSON whose max_batch_size is taken; empty for the usual one
     * @throws ServiceException INVALID_ARGUMENT when the configuration cannot be read or asks for what is not there
     */
    void load(String name, String config) {
        TestModel model = known.get(name);
        if (model == null) {
            throw new IllegalArgumentException("no test model: " + name);
        }
        int maxRows = config.isEmpty() ? MAX_ROWS : maxRows(config);
        loaded.put(
                name,
                new TestModel(name, model.kind(), model.datatype(), model.width(), maxRows, new CallStatistics()));
    }

    private static int maxRows(String config) {
        ModelConfig.Builder read = ModelConfig.newBuilder();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(config, read);
        } catch (InvalidProtocolBufferException e) {
            throw new ServiceException(
                    Failure.invalid(
                            "CONFIG_INVALID", "parameters['config']", config, "a model configuration as a JSON object"),
                    e);
        }
        if (read.getMaxBatchSize() < 1 || read.getMaxBatchSize() > MAX_OVERRIDDEN_ROWS) {
            throw new ServiceException(Failure.invalid(
                    "CONFIG_INVALID", "max_batch_size", read.getMaxBatchSize(), "1.." + MAX_OVERRIDDEN_ROWS));
        }
        return read.getMaxBatchSize();
    }

    void unload(String name) {
        loaded.remove(name);
    }
}
