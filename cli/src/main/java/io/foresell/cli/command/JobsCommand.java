package io.foresell.cli.command;

import io.foresell.proto.training.v1.CancelJobRequest;
import io.foresell.proto.training.v1.CancelJobResponse;
import io.foresell.proto.training.v1.GetJobLogRequest;
import io.foresell.proto.training.v1.GetJobLogResponse;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.GetJobResponse;
import io.foresell.proto.training.v1.ListJobsRequest;
import io.foresell.proto.training.v1.ListJobsResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists training jobs; its sub-commands look at one. */
@Command(name = "jobs", sortOptions = false, description = "List training jobs, newest first.")
final class JobsCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--model", paramLabel = "MODEL", order = 1, description = "Jobs of this model (default: of all).")
    private String model = "";

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            order = 2,
            description = "Jobs that this schedule started (default: all).")
    private String schedule = "";

    JobsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ListJobsResponse response = session.services()
                .training()
                .listJobs(ListJobsRequest.newBuilder()
                        .setModel(model)
                        .setSchedule(schedule)
                        .build());
        session.answer(response, () -> new JobText(session.terminal()).list(response.getJobsList()));
        return ExitCode.OK;
    }

    /** Shows one job. */
    @Command(name = "show", sortOptions = false, description = "Show one job with its results.")
    static final class Show implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "ID", description = "The job.")
        private String id = "";

        Show(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            GetJobResponse response = session.services()
                    .training()
                    .getJob(GetJobRequest.newBuilder().setJobId(id).build());
            session.answer(response, () -> new JobText(session.terminal()).outcome(response.getJob()));
            return ExitCode.OK;
        }
    }

    /** Prints the log of one job. */
    @Command(name = "log", sortOptions = false, description = "Print the end of what a job's process printed.")
    static final class Log implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "ID", description = "The job.")
        private String id = "";

        Log(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            GetJobLogResponse response = session.services()
                    .training()
                    .getJobLog(GetJobLogRequest.newBuilder().setJobId(id).build());
            session.answer(response, () -> response.getLog().lines().forEach(session.terminal()::line));
            return ExitCode.OK;
        }
    }

    /** Watches one job. */
    @Command(name = "watch", sortOptions = false, description = "Watch one job to its end.")
    static final class Watch implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "ID", description = "The job.")
        private String id = "";

        Watch(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            return JobWatch.toTheEnd(session, id);
        }
    }

    /** Cancels one job. */
    @Command(name = "cancel", sortOptions = false, description = "Cancel a queued or running job.")
    static final class Cancel implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "ID", description = "The job.")
        private String id = "";

        Cancel(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            CancelJobResponse response = session.services()
                    .training()
                    .cancelJob(CancelJobRequest.newBuilder().setJobId(id).build());
            session.answer(response, () -> new JobText(session.terminal()).outcome(response.getJob()));
            return ExitCode.OK;
        }
    }
}
