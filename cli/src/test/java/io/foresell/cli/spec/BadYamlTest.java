package io.foresell.cli.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every YAML text in {@code docs/bad-input.md} is refused in the words that stand there, {@code …} standing for anything. */
final class BadYamlTest {
    static Stream<Arguments> rows() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "bad-input.md")).stream()
                .dropWhile(line -> !line.equals("## Specs as YAML"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(1, line.length() - 1).split("\\|", -1))
                .map(cells -> Arguments.of(plain(cells[0]), plain(cells[1]), plain(cells[2]), plain(cells[3])));
    }

    private static String plain(String cell) {
        return cell.strip().replaceAll("^`|`$", "");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void isRefusedAsTheTableSays(String id, String yaml, String reason, String said) {
        ServiceException refused = catchThrowableOfType(
                ServiceException.class,
                () -> YamlProtos.trainingSpec(
                        "churn.yaml", yaml.replace("\\n", "\n").replace("(nothing)", "")));
        assertThat(refused).as(id).isNotNull();
        assertThat(refused.failure().reason()).isEqualTo(reason);
        String regex = Arrays.stream(said.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        assertThat(refused.failure().message()).matches(Pattern.compile(regex, Pattern.DOTALL));
    }
}
