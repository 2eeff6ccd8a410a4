package io.foresell.gateway.rest;

import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ModelInput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where each input of a model has its place in packed rows. Immutable. */
final class PackedLayout {
    private final long digest;
    private final Input[] inputs;
    private final Map<String, Integer> indexByName = new HashMap<>();
    private final int numberWidth;
    private final int textWidth;

    /**
     * One input.
     *
     * @param offset of its numbers, or its text, in a row
     * @param width of its numbers
     */
    record Input(String name, boolean isText, int offset, int width) {}

    private PackedLayout(long digest, List<ModelInput> fields) {
        this.digest = digest;
        this.inputs = new Input[fields.size()];
        int numbers = 0;
        int texts = 0;
        for (int i = 0; i < inputs.length; i++) {
            ModelInput field = fields.get(i);
            inputs[i] = new Input(
                    field.getName(), field.getIsText(), field.getIsText() ? texts : numbers, field.getWidth());
            indexByName.put(field.getName(), i);
            if (field.getIsText()) {
                texts++;
            } else {
                numbers += field.getWidth();
            }
        }
        this.numberWidth = numbers;
        this.textWidth = texts;
    }

    static PackedLayout of(LoadedModel model) {
        return new PackedLayout(model.getSignatureDigest(), model.getInputsList());
    }

    /** Returns what the service tells layouts apart by. */
    long digest() {
        return digest;
    }

    int numberWidth() {
        return numberWidth;
    }

    int textWidth() {
        return textWidth;
    }

    int inputCount() {
        return inputs.length;
    }

    Input input(int index) {
        return inputs[index];
    }

    /** Returns which input has this name, looking first where it is likely; -1 when there is none. */
    int indexOf(String name, int likely) {
        if (likely < inputs.length && inputs[likely].name().equals(name)) {
            return likely;
        }
        return indexByName.getOrDefault(name, -1);
    }
}
