package io.foresell.benchmarks.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures every subject in a process of its own, round by round, so that a noisy minute of the machine hits all of them. */
@Command(
        name = "models",
        description = "Measures the model engine against DL4J and ONNX Runtime, and prints one table.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class ModelsCommand implements Callable<Integer> {
    @Option(names = "--rounds", defaultValue = "5", description = "Processes per subject.")
    private int roundCount;

    @Option(
            names = "--seconds",
            defaultValue = "3",
            description = "Length of warm-up, and of measurement, per process.")
    private double seconds;

    @Option(names = "--quick", description = "Three rounds of one second: a first look.")
    private boolean isQuick;

    @Option(
            names = "--only",
            defaultValue = "",
            description = "Only questions that contain this pattern, e.g. 'LSTM.*1 row'.")
    private String only = "";

    @Option(
            names = "--by",
            defaultValue = "CLOCK",
            description =
                    "Compares by ${COMPLETION-CANDIDATES}; processor time is for a machine that is busy otherwise.")
    private Clock by = Clock.CLOCK;

    /** What ratios and verdicts go by. */
    enum Clock {
        CLOCK,
        PROCESSOR
    }

    @Override
    public Integer call() throws Exception {
        Pattern questions = Pattern.compile(only, Pattern.CASE_INSENSITIVE);
        List<Subject> subjects = Subjects.all().stream()
                .filter(subject -> questions.matcher(subject.group()).find())
                .toList();
        if (subjects.isEmpty()) {
            System.err.printf("--only %s: matches no question%n", only);
            return 2;
        }
        Path models = Files.createTempDirectory("foresell-models");
        try {
            System.setProperty(TestedModel.DIRECTORY_PROPERTY, models.toString());
            LoadBenchmark.prepare(models);
            System.out.print(measure(subjects, models).render());
            if (questions.matcher(ManyPackages.QUESTION).find()) {
                System.out.print(ManyPackages.inOwnProcess(models));
            }
        } finally {
            delete(models);
        }
        return 0;
    }

    private ModelTable measure(List<Subject> subjects, Path models) throws Exception {
        JmhRun run = new JmhRun(models, isQuick ? 1 : seconds);
        ModelTable table = new ModelTable(by == Clock.CLOCK ? Measured::nanos : Measured::cpuNanos);
        int rounds = isQuick ? 3 : roundCount;
        System.out.printf(
                Locale.ROOT,
                "%d rounds, %.1f s of warm-up and of measurement, compared by %s, java %s, %d cores%n%n",
                rounds,
                run.seconds(),
                by == Clock.CLOCK ? "the clock" : "processor time",
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        for (int round = 1; round <= rounds; round++) {
            for (Subject subject : subjects) {
                Measured measured = run.measure(subject);
                table.add(subject, measured);
                System.err.printf(
                        Locale.ROOT,
                        "round %d of %d: %s, %s: %.0f ns, cpu %.0f ns%n",
                        round,
                        rounds,
                        subject.group(),
                        subject.name(),
                        measured.nanos(),
                        measured.cpuNanos());
            }
        }
        return table;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
