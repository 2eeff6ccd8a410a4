package io.foresell.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.sequence.NetworkKind;
import io.foresell.training.fit.sequence.SequenceNetwork;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.CandidateSpec;
import io.foresell.training.run.PublishRule;
import io.foresell.training.run.RunSettings;
import io.foresell.training.run.TrainingRun;
import io.foresell.training.run.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same spec, rows and seed give the same bytes on one thread, in another process too: linear, trees and a network. */
final class RepeatedTrainingTest {
    @TempDir
    Path folder;

    /** Trains into a folder. */
    public static void main(String[] arguments) throws IOException {
        train(Path.of(arguments[0]), Long.parseLong(arguments[1]));
        System.exit(0); // threads of libraries
    }

    private static void train(Path folder, long dataSeed) throws IOException {
        TrainingSet set = PlantedSequences.of(120, 6, dataSeed);
        TrainingSpec spec = new TrainingSpec(
                "churn",
                new TrainingSetQuery("weekly", "left", null, 0, 0),
                List.of(
                        new CandidateSpec("linear", LogisticRegression.DEFAULT, ClassWeights.EQUAL),
                        new CandidateSpec("trees", new BoostedTrees(10, 0.3, 3, 0, 1, 0.8, 0.8, 1), ClassWeights.EQUAL),
                        new CandidateSpec(
                                "conv",
                                new SequenceNetwork(NetworkKind.CONV1D, 4, 3, 3, 32, 0.01),
                                ClassWeights.EQUAL)),
                Preparation.NONE,
                new SplitPlan.Entity(0.3),
                null,
                7,
                PublishRule.ALL,
                "",
                Map.of());
        List<CandidateOutcome> outcomes = new TrainingRun(new RunSettings(1, "{\"model\": \"churn\"}", null, null))
                .run(spec, (query, listener, cancelled) -> set, progress -> {}, () -> false);
        for (CandidateOutcome outcome : outcomes) {
            Files.write(
                    folder.resolve(outcome.name() + ".zip"),
                    outcome.packageBytes().orElseThrow());
        }
    }

    private Path trainElsewhere(String name, long dataSeed) throws IOException, InterruptedException {
        Path target = Files.createDirectories(folder.resolve(name));
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RepeatedTrainingTest.class.getName(),
                        target.toString(),
                        Long.toString(dataSeed)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve(name + ".log")))
                .isZero();
        return target;
    }

    @Test
    void sameSpecRowsAndSeedGiveTheSameBytes() throws Exception {
        Path first = trainElsewhere("first", 1);
        Path second = trainElsewhere("second", 1);
        for (String candidate : List.of("linear.zip", "trees.zip", "conv.zip")) {
            assertThat(second.resolve(candidate)).hasSameBinaryContentAs(first.resolve(candidate));
        }
        Path other = Files.createDirectories(folder.resolve("other"));
        train(other, 2);
        assertThat(Files.readAllBytes(other.resolve("linear.zip")))
                .as("other rows, other bytes")
                .isNotEqualTo(Files.readAllBytes(first.resolve("linear.zip")));
    }
}
