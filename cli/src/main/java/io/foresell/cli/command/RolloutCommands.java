package io.foresell.cli.command;

import io.foresell.cli.spec.YamlProtos;
import io.foresell.proto.registry.v1.GetRolloutRequest;
import io.foresell.proto.registry.v1.GetRolloutResponse;
import io.foresell.proto.registry.v1.HoldRolloutRequest;
import io.foresell.proto.registry.v1.HoldRolloutResponse;
import io.foresell.proto.registry.v1.ListRolloutsRequest;
import io.foresell.proto.registry.v1.ListRolloutsResponse;
import io.foresell.proto.registry.v1.PlanRolloutRequest;
import io.foresell.proto.registry.v1.PlanRolloutResponse;
import io.foresell.proto.registry.v1.PromoteRolloutRequest;
import io.foresell.proto.registry.v1.PromoteRolloutResponse;
import io.foresell.proto.registry.v1.RollBackRolloutRequest;
import io.foresell.proto.registry.v1.RollBackRolloutResponse;
import io.foresell.proto.registry.v1.Rollout;
import io.foresell.proto.registry.v1.RolloutPhase;
import io.foresell.proto.registry.v1.RolloutPlan;
import io.foresell.proto.registry.v1.StartRolloutRequest;
import io.foresell.proto.registry.v1.StartRolloutResponse;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rollouts, as sub-commands of {@code release}. */
final class RolloutCommands {
    private static final long LOOK_MILLIS = 1_000;

    private RolloutCommands() {}

    /** Reads a plan; the candidate on the command line takes the place of the file's. */
    private static RolloutPlan plan(Session session, Path file, String candidate) {
        RolloutPlan plan = YamlProtos.message(file, RolloutPlan.getDefaultInstance());
        return candidate.isEmpty()
                ? plan
                : plan.toBuilder()
                        .setCandidate(new ModelRef(plan.getModel(), candidate)
                                .resolve(session)
                                .getVersion())
                        .build();
    }

    private static boolean isOver(Rollout rollout) {
        return rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_PROMOTED
                || rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_ROLLED_BACK
                || rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_SUPERSEDED;
    }

    /** Shows what a plan would do. */
    @Command(
            name = "plan",
            sortOptions = false,
            description =
                    "Show what a rollout would do and whether it can begin; changes nothing. Exit code 1 when it cannot.")
    static final class Plan implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "PLAN.yaml", description = "The plan.")
        private Path plan = Path.of("");

        @Option(
                names = "--candidate",
                paramLabel = "VERSION",
                order = 1,
                description = "A number, latest or an alias, in place of the plan's.")
        private String candidate = "";

        Plan(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            PlanRolloutResponse response = session.services()
                    .rollouts()
                    .planRollout(PlanRolloutRequest.newBuilder()
                            .setPlan(plan(session, plan, candidate))
                            .build());
            session.answer(response, () -> new RolloutText(session.terminal()).plan(response));
            return response.getIsFeasible() ? ExitCode.OK : ExitCode.REFUSED;
        }
    }

    /** Begins a rollout. */
    @Command(
            name = "start",
            sortOptions = false,
            description = "Begin a rollout: a version takes over step by step, and is taken back when a gate fails.")
    static final class Start implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "PLAN.yaml", description = "The plan.")
        private Path plan = Path.of("");

        @Option(
                names = "--candidate",
                paramLabel = "VERSION",
                order = 1,
                description = "A number, latest or an alias, in place of the plan's.")
        private String candidate = "";

        @Option(names = "--reason", paramLabel = "TEXT", order = 2, description = "Why, for the history.")
        private String reason = "";

        @Option(names = "--watch", order = 3, description = "Follow it to its end.")
        private boolean isWatched;

        Start(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws InterruptedException {
            StartRolloutResponse response = session.services()
                    .rollouts()
                    .startRollout(StartRolloutRequest.newBuilder()
                            .setPlan(plan(session, plan, candidate))
                            .setActor(session.actor())
                            .setReason(reason)
                            .build());
            Rollout rollout = response.getRollout();
            if (isWatched) {
                return Status.follow(session, rollout.getPlan().getModel());
            }
            session.answer(response, () -> new RolloutText(session.terminal()).rollout(rollout));
            session.terminal()
                    .note("next: foresell release status %s --watch"
                            .formatted(rollout.getPlan().getModel()));
            return ExitCode.OK;
        }
    }

    /** Shows where a rollout stands. */
    @Command(
            name = "status",
            sortOptions = false,
            description = {
                "Show where a rollout stands: steps, gates with their numbers, versions, replicas. Without MODEL list all.",
                "With --watch, exit code 3 when the candidate does not take over."
            })
    static final class Status implements Callable<Integer> {
        private final Session session;

        @Parameters(arity = "0..1", paramLabel = "MODEL", description = "The model.")
        private String model = "";

        @Option(names = "--watch", order = 1, description = "Follow it to its end.")
        private boolean isWatched;

        Status(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws InterruptedException {
            if (model.isEmpty()) {
                ListRolloutsResponse response =
                        session.services().rollouts().listRollouts(ListRolloutsRequest.getDefaultInstance());
                session.answer(response, () -> print(response));
                return ExitCode.OK;
            }
            if (isWatched) {
                return follow(session, model);
            }
            GetRolloutResponse response = get(session, model);
            session.answer(response, () -> new RolloutText(session.terminal()).rollout(response.getRollout()));
            return ExitCode.OK;
        }

        private void print(ListRolloutsResponse response) {
            if (response.getRolloutsCount() == 0) {
                session.terminal().line("no rollouts yet; begin one: foresell release start PLAN.yaml");
            }
            RolloutText text = new RolloutText(session.terminal());
            response.getRolloutsList().forEach(text::rollout);
        }

        private static GetRolloutResponse get(Session session, String model) {
            return session.services()
                    .rollouts()
                    .getRollout(GetRolloutRequest.newBuilder().setModel(model).build());
        }

        /** Prints the rollout whenever it moves, a line whenever what it waits for changes, until it is over. */
        static int follow(Session session, String model) throws InterruptedException {
            String shownPhase = "";
            String shownWhy = "";
            while (true) {
                GetRolloutResponse response = get(session, model);
                Rollout rollout = response.getRollout();
                String phase = "%s %d %s".formatted(RolloutText.phase(rollout), rollout.getStep(), rollout.getIsHeld());
                if (isOver(rollout)) {
                    session.answer(response, () -> new RolloutText(session.terminal()).rollout(rollout));
                    return rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_PROMOTED ? ExitCode.OK : ExitCode.PARTLY;
                }
                if (!session.isJson() && !phase.equals(shownPhase)) {
                    new RolloutText(session.terminal()).rollout(rollout);
                } else if (!rollout.getWhy().equals(shownWhy)) {
                    session.terminal().note("  " + rollout.getWhy());
                }
                shownPhase = phase;
                shownWhy = rollout.getWhy();
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }

    /** Goes on by decision of a person. */
    @Command(
            name = "promote",
            sortOptions = false,
            description = "Go on to the next step without waiting for the gates.")
    static final class Promote implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "MODEL", description = "The model.")
        private String model = "";

        @Option(names = "--to-end", order = 1, description = "Go to the end at once.")
        private boolean isToEnd;

        @Option(
                names = "--reason",
                required = true,
                paramLabel = "TEXT",
                order = 2,
                description = "Why, for the history.")
        private String reason = "";

        Promote(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            PromoteRolloutResponse response = session.services()
                    .rollouts()
                    .promoteRollout(PromoteRolloutRequest.newBuilder()
                            .setModel(model)
                            .setIsToEnd(isToEnd)
                            .setActor(session.actor())
                            .setReason(reason)
                            .build());
            session.answer(response, () -> new RolloutText(session.terminal()).rollout(response.getRollout()));
            return ExitCode.OK;
        }
    }

    /** Takes the candidate back. */
    @Command(
            name = "rollback",
            sortOptions = false,
            description = "Set the release that was in force before the rollout; works with inference away.")
    static final class RollBack implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "MODEL", description = "The model.")
        private String model = "";

        @Option(names = "--reason", paramLabel = "TEXT", order = 1, description = "Why, for the history.")
        private String reason = "";

        RollBack(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            RollBackRolloutResponse response = session.services()
                    .rollouts()
                    .rollBackRollout(RollBackRolloutRequest.newBuilder()
                            .setModel(model)
                            .setActor(session.actor())
                            .setReason(reason)
                            .build());
            session.answer(response, () -> new RolloutText(session.terminal()).rollout(response.getRollout()));
            return ExitCode.OK;
        }
    }

    /** Stops automatic steps, or lets them go on. */
    @Command(
            name = "hold",
            sortOptions = false,
            description = "Stop automatic steps; a gate that fails still rolls back. Go on with --resume.")
    static final class Hold implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "MODEL", description = "The model.")
        private String model = "";

        @Option(names = "--resume", order = 1, description = "Let it go on; the time of the step begins anew.")
        private boolean isReleased;

        @Option(names = "--reason", paramLabel = "TEXT", order = 2, description = "Why, for the history.")
        private String reason = "";

        Hold(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            HoldRolloutResponse response = session.services()
                    .rollouts()
                    .holdRollout(HoldRolloutRequest.newBuilder()
                            .setModel(model)
                            .setIsReleased(isReleased)
                            .setActor(session.actor())
                            .setReason(reason)
                            .build());
            session.answer(response, () -> new RolloutText(session.terminal()).rollout(response.getRollout()));
            return ExitCode.OK;
        }
    }
}
