package io.foresell.benchmarks.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That the benchmark runs on drawn rows and on a file; how long it takes is for people to look at. */
final class TrainingCommandTest {
    @TempDir
    private Path folder;

    @Test
    void trainsBothOnDrawnRows() {
        int exitCode =
                new CommandLine(new TrainingCommand()).execute("--rounds", "1", "--trees", "3", "--drawn-rows", "400");

        assertThat(exitCode).isZero();
    }

    @Test
    void readsTheColumnsOfAFile() throws IOException {
        Path file = Files.writeString(
                folder.resolve("rows.csv"), "age,job,secret,y\n30,clerk,1,yes\n,cook,2,no\n41,clerk,3,no\n");

        TrainingSet set = LabelledRows.read(file, "y", "yes", Set.of("secret"));

        assertThat(set.rowCount()).isEqualTo(3);
        assertThat(TrainingFold.all(set).labels()).containsExactly(1, 0, 0);
        assertThat(TrainingFold.all(set).fieldsWithValues())
                .extracting(field -> field.name())
                .containsExactly("age", "job");
        assertThatThrownBy(() -> LabelledRows.read(file, "label", "yes", Set.of()))
                .hasMessageContaining("no column 'label'");
    }
}
