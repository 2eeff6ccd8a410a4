package io.foresell.training.registry.foreign;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.scorer.GraphReader;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Rows for a graph that came without any: always the same for the same graph, and no likeness of real ones. */
final class DrawnRows {
    static final int COUNT = 32;

    private static final long SEED = 42;
    private static final int MAX_TEXTS = 200;
    private static final double[] SCALES = {1, 1, 10, 100};
    private static final Set<String> VOCABULARIES =
            Set.of("cats_strings", "keys_strings", "classes_strings", "pool_strings", "string_vocabulary");

    private DrawnRows() {}

    static Rows of(byte[] onnx, Signature signature) {
        Random random = new Random(SEED);
        List<String> known = texts(onnx);
        float[] numbers = new float[COUNT * signature.numberWidth()];
        for (int i = 0; i < numbers.length; i++) {
            double scale = SCALES[i / Math.max(1, signature.numberWidth()) % SCALES.length];
            // Whole numbers are values of every kind of input.
            numbers[i] = random.nextBoolean()
                    ? Math.round(random.nextGaussian() * scale)
                    : (float) (random.nextGaussian() * scale);
        }
        String[] texts = new String[COUNT * signature.textWidth()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = known.get(random.nextInt(known.size()));
        }
        return new Rows(COUNT, numbers, texts);
    }

    /** Returns texts that the graph knows, one that it does not, and the missing one. */
    private static List<String> texts(byte[] onnx) {
        Set<String> texts = new LinkedHashSet<>(List.of("", "unknown"));
        ModelProto model = GraphReader.parse(onnx);
        for (NodeProto node : model.getGraph().getNodeList()) {
            for (AttributeProto attribute : node.getAttributeList()) {
                if (VOCABULARIES.contains(attribute.getName())) {
                    attribute.getStringsList().stream()
                            .limit(Math.max(0, MAX_TEXTS - texts.size()))
                            .forEach(text -> texts.add(text.toStringUtf8()));
                }
            }
        }
        return List.copyOf(texts);
    }
}
