package io.foresell.cli.command;

import io.foresell.cli.terminal.ProgressBar;
import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How training jobs look. */
final class JobText {
    private final Terminal terminal;

    JobText(Terminal terminal) {
        this.terminal = terminal;
    }

    void list(List<Job> jobs) {
        if (jobs.isEmpty()) {
            terminal.line("no jobs yet; start one: foresell train SPEC.yaml");
            return;
        }
        Table table = new Table("job", "model", "state", ">done", "started", ">took", "remark");
        for (Job job : jobs) {
            table.row(
                    job.getId(),
                    job.getSpec().getModel(),
                    state(job.getState()),
                    "%.0f%%".formatted(job.getProgress().getFraction() * 100),
                    Shown.time(job.getStartedAtMillis()),
                    took(job),
                    remark(job));
        }
        table.print(terminal);
    }

    private static String remark(Job job) {
        if (!job.getFailure().isEmpty()) {
            return job.getFailure();
        }
        if (!job.getRemark().isEmpty()) {
            return job.getRemark().lines().findFirst().orElse("");
        }
        return job.getState() == JobState.JOB_STATE_RUNNING
                ? job.getProgress().getStage()
                : job.getResultsList().stream()
                        .filter(CandidateResult::getIsBest)
                        .findFirst()
                        .map(best -> "best: " + best.getCandidate())
                        .orElse("");
    }

    private String state(JobState state) {
        String name = state.name().substring("JOB_STATE_".length()).toLowerCase(Locale.ROOT);
        return switch (state) {
            case JOB_STATE_SUCCEEDED -> terminal.green(name);
            case JOB_STATE_FAILED -> terminal.red(name);
            default -> name;
        };
    }

    private static String took(Job job) {
        if (job.getStartedAtMillis() == 0) {
            return "-";
        }
        long end = job.getEndedAtMillis() == 0 ? System.currentTimeMillis() : job.getEndedAtMillis();
        return ProgressBar.shown(Duration.ofMillis(end - job.getStartedAtMillis()));
    }

    /** Prints a job as it stands, with its results. */
    void outcome(Job job) {
        terminal.line("%s  %s  %s, took %s%s"
                .formatted(
                        terminal.bold(job.getSpec().getModel()),
                        job.getId(),
                        state(job.getState()),
                        took(job),
                        job.getAttempt() > 1 ? ", attempt " + job.getAttempt() : ""));
        if (!job.getFailure().isEmpty()) {
            terminal.line(terminal.red(job.getFailureReason() + ": " + job.getFailure()));
        }
        if (job.getState() == JobState.JOB_STATE_RUNNING) {
            terminal.line("%.0f%%  %s"
                    .formatted(
                            job.getProgress().getFraction() * 100,
                            job.getProgress().getStage()));
        }
        if (!job.getRemark().isEmpty()) {
            terminal.line(job.getRemark());
        }
        if (job.getResultsCount() > 0) {
            EvaluationText results = new EvaluationText(terminal);
            results.candidates(job.getResultsList());
            // Where the service chose, the remark has said so already.
            if (!job.getSpec().hasChoose()) {
                results.comparisons(job.getResultsList());
            }
            new GateText(terminal).candidates(job.getResultsList());
            job.getResultsList().stream()
                    .filter(result -> result.getIsBest() && result.getVersion() > 0)
                    .filter(result -> result.getGatesCount() == 0 || result.getIsEligible())
                    .forEach(best -> terminal.note("next: foresell release %s@%d"
                            .formatted(job.getSpec().getModel(), best.getVersion())));
        }
    }
}
