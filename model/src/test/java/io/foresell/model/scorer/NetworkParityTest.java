package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks that PyTorch exported answer as PyTorch does; see {@code src/test/python/torch_networks.py}. */
class NetworkParityTest {
    /** A network with rows and PyTorch's answers. */
    @SuppressWarnings("ArrayRecordComponent")
    record Network(byte[] onnx, Signature signature, int width, Rows rows, float[] expected) {}

    static List<String> names() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".onnx"))
                    .map(file -> file.substring(0, file.length() - ".onnx".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        try {
            return Path.of(NetworkParityTest.class.getResource("/networks").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Network read(String name) throws IOException {
        Struct.Builder json = Struct.newBuilder();
        Path file = folder().resolve(name.replace("_export", "") + ".json");
        JsonFormat.parser().merge(Files.readString(file), json);
        float[] numbers = floats(json.getFieldsOrThrow("rows"));
        int rowCount = json.getFieldsOrThrow("rows").getListValue().getValuesCount();
        Signature signature = Signature.of(List.of(InputField.sequence("x", numbers.length / rowCount)));
        return new Network(
                Files.readAllBytes(folder().resolve(name + ".onnx")),
                signature,
                (int) json.getFieldsOrThrow("width").getNumberValue(),
                new Rows(rowCount, numbers, new String[0]),
                floats(json.getFieldsOrThrow("expected")));
    }

    private static float[] floats(Value rows) {
        double[] doubles = rows.getListValue().getValuesList().stream()
                .flatMap(row -> row.getListValue().getValuesList().stream())
                .mapToDouble(Value::getNumberValue)
                .toArray();
        float[] floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }

    static Scorer compile(Network network) {
        return ScorerCompiler.compile(
                network.onnx,
                network.signature,
                OperatorJudge.whole("y", network.width),
                Background.missing(network.signature));
    }

    @ParameterizedTest
    @MethodSource("names")
    void answersAsPyTorch(String name) throws IOException {
        Network network = read(name);
        float[] actual = new float[network.expected.length];
        compile(network).score(network.rows, actual);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("answer %d", i).isCloseTo(network.expected[i], within(1e-5f));
        }
        assertThat(Arrays.copyOfRange(network.expected, 0, network.width))
                .isNotEqualTo(Arrays.copyOfRange(network.expected, network.width, 2 * network.width));
    }

    @ParameterizedTest
    @MethodSource("names")
    void answersEachRowAloneAsInABatch(String name) throws IOException {
        Network network = read(name);
        Scorer scorer = compile(network);
        float[] batch = new float[network.expected.length];
        scorer.score(network.rows, batch);
        int inputs = network.signature.numberWidth();
        for (int row = 0; row < network.rows.rowCount(); row++) {
            float[] numbers = Arrays.copyOfRange(network.rows.numbers(), row * inputs, (row + 1) * inputs);
            float[] alone = new float[network.width];
            scorer.score(new Rows(1, numbers, new String[0]), alone);
            assertThat(alone).isEqualTo(Arrays.copyOfRange(batch, row * network.width, (row + 1) * network.width));
        }
    }
}
