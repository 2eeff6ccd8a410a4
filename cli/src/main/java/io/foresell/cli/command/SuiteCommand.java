package io.foresell.cli.command;

import io.foresell.cli.source.CsvFile;
import io.foresell.cli.spec.YamlProtos;
import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.DefineRequest;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.Expectation;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.ListJobsResponse;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.Suite;
import io.foresell.proto.training.v1.SuiteEntry;
import io.foresell.proto.training.v1.SuiteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a list of trainings from file to judgement and prints what each reached beside what it was to reach. */
@Command(
        name = "suite",
        sortOptions = false,
        description = {
            "Define, ingest and train everything in a suite, and print the figures reached beside those expected.",
            "An entry whose files are not there is left out. Exit code 3 when a figure is missed or a job fails."
        })
final class SuiteCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "SUITE.yaml", description = "What to run; examples/targets.yaml is one.")
    private @Nullable Path file;

    @Option(names = "--data", paramLabel = "FOLDER", order = 1, description = "Where the suite's CSV files are.")
    private Path data = Path.of("");

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            order = 2,
            description = "Only entries whose name contains this regular expression.")
    private String only = "";

    SuiteCommand(Session session) {
        this.session = session;
    }

    /** A figure beside what was expected; measured is absent when there is none. */
    private record Line(
            String entry, String candidate, String metric, Optional<Double> measured, String expected, boolean isMet) {}

    @Override
    public Integer call() {
        if (file == null) {
            throw new IllegalStateException("picocli requires the suite");
        }
        Suite suite = YamlProtos.message(file, Suite.getDefaultInstance());
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
        List<Line> lines = new ArrayList<>();
        ListJobsResponse.Builder jobs = ListJobsResponse.newBuilder();
        for (SuiteEntry entry : suite.getEntriesList()) {
            if (Pattern.compile(only).matcher(entry.getName()).find() && isThere(entry)) {
                Job job = run(entry, folder);
                jobs.addJobs(job);
                entry.getExpectList().forEach(expected -> lines.add(line(entry, expected, job)));
            }
        }
        session.answer(jobs.build(), () -> print(lines));
        boolean isMet = lines.stream().allMatch(Line::isMet)
                && jobs.getJobsList().stream().allMatch(job -> job.getState() == JobState.JOB_STATE_SUCCEEDED);
        return isMet ? ExitCode.OK : ExitCode.PARTLY;
    }

    private boolean isThere(SuiteEntry entry) {
        for (SuiteFile rows : entry.getIngestList()) {
            Path path = data.resolve(rows.getFile());
            if (!Files.isReadable(path)) {
                session.terminal().note("%s left out: %s is not there".formatted(entry.getName(), path));
                return false;
            }
        }
        return true;
    }

    private Job run(SuiteEntry entry, Path folder) {
        session.terminal().note(entry.getName());
        DefineRequest.Builder define = DefineRequest.newBuilder();
        entry.getDefineList().forEach(each -> define.addAllDefinitions(YamlProtos.definitions(folder.resolve(each))));
        if (define.getDefinitionsCount() > 0) {
            session.services().featureStore().define(define.build());
        }
        ingest(entry, folder);
        Job started = session.services()
                .training()
                .startJob(StartJobRequest.newBuilder()
                        .setSpec(YamlProtos.trainingSpec(folder.resolve(entry.getTrain())))
                        .setRequestId(UUID.randomUUID().toString())
                        .build())
                .getJob();
        Job job = JobWatch.ended(session, started.getId());
        if (job.getState() != JobState.JOB_STATE_SUCCEEDED) {
            session.terminal().note("%s: %s %s".formatted(entry.getName(), job.getFailureReason(), job.getFailure()));
        }
        return job;
    }

    /** Runs the commands of all files before the first row is sent: one that fails or takes too long leaves nothing half-done. */
    private void ingest(SuiteEntry entry, Path folder) {
        List<FilteredFile> filtered = new ArrayList<>();
        try {
            for (SuiteFile rows : entry.getIngestList()) {
                filtered.add(FilteredFile.of(
                        data.resolve(rows.getFile()), rows.getThrough(), rows.getThroughSeconds(), folder));
            }
            for (int i = 0; i < filtered.size(); i++) {
                SuiteFile rows = entry.getIngest(i);
                CsvFile csv = CsvFile.open(filtered.get(i).file(), Delimiter.parse(""))
                        .numbered(rows.getLineAs())
                        .with(rows.getSetMap());
                RowIngest.send(session, csv, rows.getViewsList());
            }
        } finally {
            filtered.forEach(FilteredFile::close);
        }
    }

    private static Line line(SuiteEntry entry, Expectation expected, Job job) {
        Optional<CandidateResult> result = job.getResultsList().stream()
                .filter(each -> expected.getCandidate().isEmpty()
                        ? each.getIsBest()
                        : each.getCandidate().equals(expected.getCandidate()))
                .findFirst();
        Optional<Double> measured = result.flatMap(each -> metric(each, expected.getMetric()));
        Bounds bounds = bounds(expected, job);
        return new Line(
                entry.getName(),
                result.map(CandidateResult::getCandidate).orElse(expected.getCandidate()),
                expected.getMetric(),
                measured,
                bounds.shown(),
                measured.isPresent() && measured.get() >= bounds.least() && measured.get() <= bounds.greatest());
    }

    private static Optional<Double> metric(CandidateResult result, String metric) {
        return Optional.ofNullable(result.getEvaluation().getMetricsMap().get(metric));
    }

    /** The values that will do; none when both are NaN. */
    private record Bounds(double least, double greatest, String shown) {}

    private static Bounds bounds(Expectation expected, Job job) {
        if (expected.hasAtLeast()) {
            return new Bounds(
                    expected.getAtLeast(), Double.POSITIVE_INFINITY, ">= " + Shown.metric(expected.getAtLeast()));
        }
        if (expected.hasAtMost()) {
            return new Bounds(
                    Double.NEGATIVE_INFINITY, expected.getAtMost(), "<= " + Shown.metric(expected.getAtMost()));
        }
        if (expected.hasValue()) {
            return new Bounds(
                    expected.getValue() - expected.getWithin(),
                    expected.getValue() + expected.getWithin(),
                    "%s +- %s".formatted(Shown.metric(expected.getValue()), Shown.metric(expected.getWithin())));
        }
        if (expected.getAtLeastOf().isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "SUITE_INVALID",
                    "expect.%s: nothing (expected: at_least, at_most, value or at_least_of)"
                            .formatted(expected.getMetric())));
        }
        double other = job.getResultsList().stream()
                .filter(each -> each.getCandidate().equals(expected.getAtLeastOf()))
                .findFirst()
                .flatMap(each -> metric(each, expected.getMetric()))
                .orElse(Double.NaN);
        return new Bounds(
                other,
                Double.POSITIVE_INFINITY,
                ">= %s (%s)".formatted(Double.isNaN(other) ? "-" : Shown.metric(other), expected.getAtLeastOf()));
    }

    private void print(List<Line> lines) {
        Terminal terminal = session.terminal();
        Table table = new Table("entry", "candidate", "metric", ">reached", ">expected", "");
        for (Line line : lines) {
            table.row(
                    line.entry(),
                    line.candidate(),
                    line.metric(),
                    line.measured().map(Shown::metric).orElse("-"),
                    line.expected(),
                    line.isMet() ? terminal.green("met") : terminal.red("missed"));
        }
        table.print(terminal);
        long met = lines.stream().filter(Line::isMet).count();
        terminal.line("%d of %d figures reached".formatted(met, lines.size()));
    }
}
