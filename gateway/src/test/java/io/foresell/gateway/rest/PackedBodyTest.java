package io.foresell.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ModelInput;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedBodyTest {
    private static final long DIGEST = 0x0123_4567_89ab_cdefL;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PackedLayout LAYOUT =
            layout(number("a"), text("b"), number("c"), sequence("d", 3), text("e"), number("f"));

    @Test
    void readsEveryKindOfValueInItsPlace() {
        ScoreRequest request = read(
                """
                {"subjects": ["s1", ""], "reasons": 2, "rows": [
                  {"f": -1e-3, "a": 1.5, "b": "x", "c": true, "d": [1, null, 3], "e": null},
                  {"e": "é漢", "c": false}]}""");

        assertNotNull(request);
        assertEquals("m", request.getModel());
        assertEquals(2, request.getReasonCount());
        PackedRows rows = request.getPackedRows();
        assertEquals(DIGEST, rows.getSignatureDigest());
        assertEquals(2, rows.getRowCount());
        assertEquals(List.of("s1", ""), rows.getSubjectsList());
        assertEquals(List.of("x", "", "", "é漢"), rows.getTextsList());
        float nan = Float.NaN;
        assertArrayEquals(
                new float[] {1.5f, 1, 1, nan, 3, -1e-3f, nan, 0, nan, nan, nan, nan}, floats(rows.getNumbersList()));
    }

    /** What does not fit is neither guessed nor refused here: the other reader has the words. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"rows\": []}",
                "{\"rows\": {}}",
                "{\"rows\": [1]}",
                "{\"rows\": [null]}",
                "{\"rows\": [{\"a\": 1}]} x",
                "{\"rows\": [{\"a\": 1}]}{}",
                "{\"rows\": [{\"a\": 1}]",
                "{\"rows\": [{\"a\": 1}], \"rows\": [{\"a\": 1}]}",
                "{\"rows\": [{\"a\": 1, \"a\": 2}]}",
                "{\"rows\": [{\"z\": 1}]}",
                "{\"rows\": [{\"a\": \"1\"}]}",
                "{\"rows\": [{\"a\": {}}]}",
                "{\"rows\": [{\"a\": 1e39}]}",
                "{\"rows\": [{\"a\": 1e400}]}",
                "{\"rows\": [{\"a\": NaN}]}",
                "{\"rows\": [{\"a\": 01}]}",
                "{\"rows\": [{\"b\": 1}]}",
                "{\"rows\": [{\"b\": true}]}",
                "{\"rows\": [{\"b\": [\"x\"]}]}",
                "{\"rows\": [{\"d\": 1}]}",
                "{\"rows\": [{\"d\": [1, 2]}]}",
                "{\"rows\": [{\"d\": [1, 2, 3, 4]}]}",
                "{\"rows\": [{\"d\": [1, 2, true]}]}",
                "{\"rows\": [{\"d\": [1, 2, \"3\"]}]}",
                "{\"rows\": [{\"d\": [1, [2], 3]}]}",
                "{\"rows\": [{\"a\": 1}], \"subjects\": []}",
                "{\"rows\": [{\"a\": 1}], \"subjects\": [null]}",
                "{\"rows\": [{\"a\": 1}], \"subjects\": [\"x\", \"y\"]}",
                "{\"rows\": [{\"a\": 1}], \"reasons\": 1.5}",
                "{\"rows\": [{\"a\": 1}], \"reasons\": 99999999999}",
                "{\"rows\": [{\"a\": 1}], \"reasons\": null}",
                "{\"rows\": [{\"a\": 1}], \"version\": 2}",
                "{\"rows\": [{\"a\": 1}], \"entities\": [\"x\"]}",
                "{\"entities\": [\"x\"]}",
                "{\"rows\": [{\"a\": 1}], \"unknown\": 2}"
            })
    void leavesAnythingElseToTheOtherReader(String body) {
        assertNull(read(body));
    }

    /** The law: what is packed is what a row by name means, whatever the order of the keys. */
    @Test
    void packsWhatRowsByNameMean() throws IOException {
        Random random = new Random(20261122);
        for (int round = 0; round < 2000; round++) {
            List<ModelInput> inputs = randomInputs(random);
            PackedLayout layout = layout(inputs.toArray(new ModelInput[0]));
            ObjectNode body = JSON.createObjectNode();
            ArrayNode rows = body.putArray("rows");
            List<Float> numbers = new ArrayList<>();
            List<String> texts = new ArrayList<>();
            int rowCount = 1 + random.nextInt(4);
            for (int row = 0; row < rowCount; row++) {
                addRow(rows.addObject(), inputs, numbers, texts, random);
            }

            ScoreRequest request = PackedBody.read("m", JSON.writeValueAsBytes(body), layout);

            assertNotNull(request, body::toString);
            assertEquals(rowCount, request.getPackedRows().getRowCount());
            assertEquals(texts, request.getPackedRows().getTextsList());
            assertArrayEquals(floats(numbers), floats(request.getPackedRows().getNumbersList()), body::toString);
        }
    }

    private static void addRow(
            ObjectNode row, List<ModelInput> inputs, List<Float> numbers, List<String> texts, Random random) {
        List<Runnable> puts = new ArrayList<>();
        for (ModelInput input : inputs) {
            boolean isAbsent = random.nextInt(4) == 0;
            if (input.getIsText()) {
                String text = isAbsent ? "" : "t" + random.nextInt(100);
                texts.add(text);
                if (!isAbsent) {
                    puts.add(() -> row.put(input.getName(), text));
                }
            } else if (input.getWidth() == 1) {
                double number = random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10);
                numbers.add(isAbsent ? Float.NaN : (float) number);
                if (!isAbsent) {
                    puts.add(() -> row.put(input.getName(), number));
                }
            } else {
                double[] sequence = random.doubles(input.getWidth()).toArray();
                for (double step : sequence) {
                    numbers.add(isAbsent ? Float.NaN : (float) step);
                }
                if (!isAbsent) {
                    puts.add(() -> row.set(input.getName(), JSON.valueToTree(sequence)));
                }
            }
        }
        Collections.shuffle(puts, random);
        puts.forEach(Runnable::run);
    }

    private static List<ModelInput> randomInputs(Random random) {
        List<ModelInput> inputs = new ArrayList<>();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            String name = "input" + i;
            inputs.add(
                    switch (random.nextInt(3)) {
                        case 0 -> text(name);
                        case 1 -> number(name);
                        default -> sequence(name, 2 + random.nextInt(5));
                    });
        }
        return inputs;
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    private static @Nullable ScoreRequest read(String body) {
        return PackedBody.read("m", body.getBytes(StandardCharsets.UTF_8), LAYOUT);
    }

    private static PackedLayout layout(ModelInput... inputs) {
        return PackedLayout.of(LoadedModel.newBuilder()
                .setSignatureDigest(DIGEST)
                .addAllInputs(List.of(inputs))
                .build());
    }

    private static ModelInput number(String name) {
        return sequence(name, 1);
    }

    private static ModelInput sequence(String name, int width) {
        return ModelInput.newBuilder().setName(name).setWidth(width).build();
    }

    private static ModelInput text(String name) {
        return ModelInput.newBuilder().setName(name).setIsText(true).setWidth(1).build();
    }
}
