package io.foresell.cli.command;

import io.foresell.cli.spec.YamlProtos;
import io.foresell.cli.terminal.Table;
import io.foresell.proto.training.v1.DeleteScheduleRequest;
import io.foresell.proto.training.v1.DeleteScheduleResponse;
import io.foresell.proto.training.v1.ListSchedulesRequest;
import io.foresell.proto.training.v1.ListSchedulesResponse;
import io.foresell.proto.training.v1.Retrain;
import io.foresell.proto.training.v1.Schedule;
import io.foresell.proto.training.v1.SetScheduleRequest;
import io.foresell.proto.training.v1.SetScheduleResponse;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trainings that are repeated; its sub-commands do the work. */
@Command(name = "schedules", sortOptions = false, description = "Repeat trainings, on a schedule or on drift.")
final class SchedulesCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "schedules: nothing to do (expected: list, set or delete)");
        }
    }

    /** Lists schedules. */
    @Command(name = "list", sortOptions = false, description = "List schedules with their next start.")
    static final class Show implements Callable<Integer> {
        private final Session session;

        Show(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ListSchedulesResponse response =
                    session.services().schedules().listSchedules(ListSchedulesRequest.getDefaultInstance());
            session.answer(response, () -> print(response));
            return ExitCode.OK;
        }

        private void print(ListSchedulesResponse response) {
            if (response.getSchedulesCount() == 0) {
                session.terminal().line("no schedules yet; set one: foresell schedules set SPEC.yaml");
                return;
            }
            Table table = new Table("schedule", "model", "when", "next", ">started", "last job", "remark");
            for (Schedule schedule : response.getSchedulesList()) {
                table.row(
                        schedule.getName(),
                        schedule.getSpec().getModel(),
                        when(schedule.getSpec().getRetrain()),
                        Shown.time(schedule.getNextAtMillis()),
                        Integer.toString(schedule.getStartedCount()),
                        schedule.getLastJobId().isEmpty() ? "-" : schedule.getLastJobId(),
                        schedule.getLastFailure());
            }
            table.print(session.terminal());
        }
    }

    private static String when(Retrain retrain) {
        String times = retrain.getEvery().isEmpty() ? retrain.getCron() + " UTC" : "every " + retrain.getEvery();
        return retrain.hasDrift() ? times + ", on drift" : times;
    }

    /** Creates or replaces a schedule. */
    @Command(
            name = "set",
            sortOptions = false,
            description = "Repeat the training of a spec as its 'retrain' says; replaces the schedule of that name.")
    static final class Set implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "SPEC.yaml", description = "What to train, with 'retrain'.")
        private Path spec = Path.of("");

        @Option(names = "--name", paramLabel = "NAME", order = 1, description = "The schedule (default: the model).")
        private String name = "";

        Set(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            SetScheduleResponse response = session.services()
                    .schedules()
                    .setSchedule(SetScheduleRequest.newBuilder()
                            .setName(name)
                            .setSpec(YamlProtos.trainingSpec(spec))
                            .build());
            Schedule schedule = response.getSchedule();
            session.answer(response, () -> session.terminal()
                    .line("%s: %s, next %s"
                            .formatted(
                                    schedule.getName(),
                                    when(schedule.getSpec().getRetrain()),
                                    Shown.time(schedule.getNextAtMillis()))));
            return ExitCode.OK;
        }
    }

    /** Deletes a schedule. */
    @Command(name = "delete", sortOptions = false, description = "Delete a schedule; its jobs stay.")
    static final class Delete implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NAME", description = "The schedule.")
        private String name = "";

        Delete(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            DeleteScheduleResponse response = session.services()
                    .schedules()
                    .deleteSchedule(
                            DeleteScheduleRequest.newBuilder().setName(name).build());
            session.answer(response, () -> session.terminal().line("deleted " + name));
            return ExitCode.OK;
        }
    }
}
