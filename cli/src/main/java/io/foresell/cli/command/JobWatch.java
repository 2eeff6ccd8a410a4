package io.foresell.cli.command;

import io.foresell.cli.terminal.ProgressBar;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobProgress;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.WatchJobRequest;
import io.foresell.proto.training.v1.WatchJobResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;

/** Watches one job to its end, through restarts of the service. Leaving early leaves the job running. */
final class JobWatch {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long WAIT_MILLIS = 500;

    private final Session session;
    private final ProgressBar bar;
    private long lastHeardNanos = System.nanoTime();
    private boolean isLost;

    private JobWatch(Session session, ProgressBar bar) {
        this.session = session;
        this.bar = bar;
    }

    /** Shows progress until the job has ended, then prints the outcome and returns the exit code. */
    static int toTheEnd(Session session, String jobId) {
        Thread farewell = new Thread(
                () -> session.terminal()
                        .note(
                                ("\nthe job goes on without you\n  watch:  foresell jobs watch %s\n  cancel: foresell jobs"
                                                + " cancel %s")
                                        .formatted(jobId, jobId)),
                "farewell");
        Runtime.getRuntime().addShutdownHook(farewell);
        Job job;
        try {
            job = ended(session, jobId);
        } finally {
            forget(farewell);
        }
        session.answer(
                WatchJobResponse.newBuilder().setJob(job).build(), () -> new JobText(session.terminal()).outcome(job));
        return job.getState() == JobState.JOB_STATE_SUCCEEDED ? ExitCode.OK : ExitCode.PARTLY;
    }

    /** Shows progress until the job has ended and returns it. */
    static Job ended(Session session, String jobId) {
        try (ProgressBar bar = session.progress()) {
            return new JobWatch(session, bar).watch(jobId);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is being told to stop: the hook has its say.
            return;
        }
    }

    private Job watch(String jobId) {
        while (true) {
            boolean isAnswered = false;
            try {
                Iterator<WatchJobResponse> changes = session.services()
                        .trainingWatch()
                        .watchJob(WatchJobRequest.newBuilder().setJobId(jobId).build());
                while (changes.hasNext()) {
                    Job job = changes.next().getJob();
                    isAnswered = true;
                    heard();
                    show(job);
                    if (hasEnded(job)) {
                        return job;
                    }
                }
            } catch (StatusRuntimeException e) {
                if (isAnswered && e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                    // Nothing changed until the watch ended, as for a job that waits for its turn.
                    heard();
                } else {
                    lost(e);
                }
            }
            pause();
        }
    }

    private void heard() {
        lastHeardNanos = System.nanoTime();
        isLost = false;
    }

    private void lost(StatusRuntimeException e) {
        Status.Code code = e.getStatus().getCode();
        boolean mayPass = code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED;
        if (!mayPass || System.nanoTime() - lastHeardNanos > PATIENCE.toNanos()) {
            throw e;
        }
        if (!isLost && code == Status.Code.UNAVAILABLE) {
            bar.note("connection lost, trying again for up to " + ProgressBar.shown(PATIENCE));
            isLost = true;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
        }
    }

    static boolean hasEnded(Job job) {
        return switch (job.getState()) {
            case JOB_STATE_SUCCEEDED, JOB_STATE_FAILED, JOB_STATE_CANCELLED -> true;
            default -> false;
        };
    }

    private void show(Job job) {
        if (job.getState() == JobState.JOB_STATE_QUEUED) {
            bar.update("waits for its turn", 0, "");
        } else if (!hasEnded(job)) {
            JobProgress progress = job.getProgress();
            bar.update(progress.getStage(), progress.getFraction(), detail(progress));
        }
    }

    private static String detail(JobProgress progress) {
        StringBuilder detail = new StringBuilder();
        if (progress.getIterationCount() > 0) {
            detail.append("%d/%d".formatted(progress.getIteration(), progress.getIterationCount()));
        }
        if (progress.hasLoss()) {
            detail.append(detail.isEmpty() ? "" : "  ")
                    .append(String.format(Locale.ROOT, "loss %.4f", progress.getLoss()));
        }
        if (progress.hasSecondsLeft()) {
            Duration left = Duration.ofSeconds((long) Math.ceil(progress.getSecondsLeft()));
            detail.append(detail.isEmpty() ? "" : "  ")
                    .append(ProgressBar.shown(left))
                    .append(" left");
        }
        return detail.toString();
    }
}
