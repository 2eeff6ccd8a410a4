package io.foresell.benchmarks.serving;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.foresell.benchmarks.tensor.Tensor;
import io.foresell.benchmarks.tensor.TensorRequests;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ModelInput;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** One row of a model in every form in which it is sent. */
final class MeasuredRow {
    private final LoadedModel loaded;
    private final PackedRows row;

    MeasuredRow(LoadedModel loaded, PackedRows row) {
        this.loaded = loaded;
        this.row = row;
    }

    /** Returns the request of our own API. */
    ScoreRequest packed() {
        return ScoreRequest.newBuilder()
                .setModel(loaded.getModel())
                .setPackedRows(row)
                .build();
    }

    /** Returns the body of {@code POST /v1/models/M:score}. */
    byte[] json() {
        JsonObject values = new JsonObject();
        forEach((input, numbers) -> values.add(input.getName(), json(numbers)), values::addProperty);
        JsonArray rows = new JsonArray();
        rows.add(values);
        JsonObject body = new JsonObject();
        body.add("rows", rows);
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static com.google.gson.JsonElement json(List<Float> numbers) {
        JsonArray array = new JsonArray();
        for (Float number : numbers) {
            if (Float.isFinite(number)) {
                array.add(number);
            } else {
                array.add(JsonNull.INSTANCE);
            }
        }
        return array.size() == 1 ? array.get(0) : array;
    }

    /** Returns the requests of the Open Inference Protocol: a tensor an input. */
    TensorRequests tensors() {
        List<Tensor> tensors = new ArrayList<>();
        forEach(
                (input, numbers) -> tensors.add(Tensor.numbers(input.getName(), numbers)),
                (name, text) -> tensors.add(Tensor.text(name, text)));
        return new TensorRequests(tensors);
    }

    /** Walks over the inputs in the order of the signature. */
    private void forEach(BiConsumer<ModelInput, List<Float>> ofNumbers, BiConsumer<String, String> ofText) {
        int number = 0;
        int text = 0;
        for (ModelInput input : loaded.getInputsList()) {
            if (input.getIsText()) {
                ofText.accept(input.getName(), row.getTexts(text++));
            } else {
                int end = number + Math.max(1, input.getWidth());
                ofNumbers.accept(input, row.getNumbersList().subList(number, end));
                number = end;
            }
        }
    }
}
