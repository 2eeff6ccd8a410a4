package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The page that other engineers write packages by says the truth about operators. */
class ModelPackagePageTest {
    @Test
    void namesEveryOperatorThatCompilesAndNoOther() throws IOException {
        String page =
                Files.readString(Path.of("..", "docs", "model-package.md")).replaceAll("\\s+", " ");
        TreeSet<String> named = new TreeSet<>(list(page, "Default domain: "));
        list(page, "`ai.onnx.ml`: ").forEach(name -> named.add("ai.onnx.ml." + name));
        named.addAll(list(page, "Of other domains: "));

        assertThat(named).isEqualTo(Operators.names());
    }

    /** Returns the names from a heading to the next full stop that ends a sentence. */
    private static List<String> list(String page, String heading) {
        int from = page.indexOf(heading) + heading.length();
        return Arrays.asList(page.substring(from, page.indexOf(". ", from)).split(", "));
    }
}
