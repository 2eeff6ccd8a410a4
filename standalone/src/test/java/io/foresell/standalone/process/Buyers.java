package io.foresell.standalone.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** 200 buyers, keys B0 to B199: those who came rarely left, mostly. Enough for a model in a second. */
public final class Buyers {
    private Buyers() {}

    /** Writes the rows: columns {@code id}, {@code visits} and {@code left}. */
    public static Path csv(Path folder) throws IOException {
        StringBuilder text = new StringBuilder("id,visits,left\n");
        for (int i = 0; i < 200; i++) {
            int visits = (i * 37) % 50;
            text.append("B").append(i).append(',').append(visits).append(',');
            text.append((visits < 15) ^ (i % 7 == 0) ? "Yes" : "No").append('\n');
        }
        return Files.writeString(folder.resolve("buyers.csv"), text);
    }

    /** Writes rows of 600 buyers instead, of whom those who came rarely are the more likely to leave. */
    public static Path likelyCsv(Path folder) throws IOException {
        StringBuilder text = new StringBuilder("id,visits,left\n");
        Random random = new Random(5);
        for (int i = 0; i < 600; i++) {
            int visits = random.nextInt(50);
            boolean isLeaving = random.nextDouble() < 1 / (1 + Math.exp(0.15 * (visits - 20)));
            text.append("B%d,%d,%s\n".formatted(i, visits, isLeaving ? "Yes" : "No"));
        }
        return Files.writeString(folder.resolve("buyers.csv"), text);
    }

    /** Writes what to train: {@code leaving}, a logistic regression on {@code visits}. */
    public static Path spec(Path folder) throws IOException {
        return spec(folder, "logistic_regression: {}");
    }

    /** Writes the same for another candidate, such as {@code decision_tree: {}}. */
    public static Path spec(Path folder, String candidate) throws IOException {
        return Files.writeString(
                folder.resolve("spec.yaml"),
                "model: leaving\nfeature_set: buyers_features\nlabel_view: buyers_left\ncandidates: [{%s}]\n"
                        .formatted(candidate));
    }

    /** Returns the command that defines views and features of the rows in {@link #csv}. */
    public static String[] define(Path folder) {
        return new String[] {
            "define",
            "--from",
            folder.resolve("buyers.csv").toString(),
            "--name",
            "buyers",
            "--key",
            "id",
            "--label",
            "left",
            "--label-positive",
            "Yes",
            "--force",
            "--out",
            folder.resolve("buyers.yaml").toString()
        };
    }

    /** Returns the command that ingests the rows. */
    public static String[] ingest(Path folder) {
        return new String[] {
            "ingest", "buyers,buyers_left", folder.resolve("buyers.csv").toString()
        };
    }

    /** Defines, ingests, trains and releases version 1 of {@code leaving}; it serves on return. */
    public static void release(Command command, Path folder) throws IOException {
        csv(folder);
        command.run(define(folder)).succeeded();
        command.run(ingest(folder)).succeeded();
        command.run("train", spec(folder).toString()).succeeded();
        command.run("release", "leaving@1", "--wait", "60").succeeded();
    }
}
