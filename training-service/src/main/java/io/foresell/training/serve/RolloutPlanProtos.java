package io.foresell.training.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import io.foresell.proto.registry.v1.CalibrationGate;
import io.foresell.proto.registry.v1.DriftGate;
import io.foresell.proto.registry.v1.ErrorGate;
import io.foresell.proto.registry.v1.FlipGate;
import io.foresell.proto.registry.v1.LatencyGate;
import io.foresell.proto.registry.v1.OutcomeDirection;
import io.foresell.proto.registry.v1.OutcomeGate;
import io.foresell.proto.registry.v1.RolloutGates;
import io.foresell.proto.registry.v1.RolloutReaction;
import io.foresell.proto.registry.v1.RolloutShadow;
import io.foresell.proto.registry.v1.RolloutStep;
import io.foresell.training.rollout.PlanEncoding;
import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.plan.Reaction;
import io.foresell.training.rollout.plan.RolloutPlan;
import io.foresell.training.rollout.plan.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans of rollouts, both ways: fills in defaults and names every field at fault at once. */
public final class RolloutPlanProtos {
    private static final int MAX_STEPS = 20;
    private static final int MAX_HOLD_OUT = 50;
    private static final long MAX_ROWS = 1_000_000_000_000L;
    private static final int MAX_REPLAY_ROWS = 20_000;
    private static final long USUAL_ROWS = 1_000;
    private static final long USUAL_OUTCOMES = 500;
    private static final int MAX_NAME_LENGTH = 63;
    private static final Duration USUAL_TIME = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofDays(90);
    private static final Duration LEAST_PATIENCE = Duration.ofHours(1);
    private static final int USUAL_PATIENCE = 20; // times at_least

    /** Plans as {@code RolloutPlan}. */
    public static final PlanEncoding ENCODING = new PlanEncoding() {
        @Override
        public byte[] write(RolloutPlan plan) {
            return ofPlan(plan).toByteArray();
        }

        @Override
        public RolloutPlan read(byte[] bytes) {
            try {
                return toPlan(io.foresell.proto.registry.v1.RolloutPlan.parseFrom(bytes));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("a stored plan cannot be read", e);
            }
        }
    };

    private RolloutPlanProtos() {}

    /**
     * Returns the plan with all defaults.
     *
     * @throws io.foresell.kit.ServiceException INVALID_ARGUMENT with a violation for every field at fault
     */
    static RolloutPlan toPlan(io.foresell.proto.registry.v1.RolloutPlan message) {
        SpecCheck check = new SpecCheck();
        check.name("model", message.getModel());
        if (message.getCandidate() < 1) {
            check.refuse("candidate", message.getCandidate(), "a version, 1 or more");
        }
        List<Stage> stages = new ArrayList<>();
        if (message.hasShadow()) {
            RolloutShadow shadow = message.getShadow();
            stages.add(stage(
                    "shadow",
                    Stage.Kind.SHADOW,
                    0,
                    shadow.hasAtLeast() ? shadow.getAtLeast() : null,
                    shadow.hasAtMost() ? shadow.getAtMost() : null,
                    shadow.getRows(),
                    check.count("shadow.replay_rows", shadow.getReplayRows(), 0, 1, MAX_REPLAY_ROWS),
                    check));
        }
        steps(message.getStepsList(), stages, check);
        stages.add(Stage.PROMOTION);
        if (message.getHoldOut() < 0 || message.getHoldOut() > MAX_HOLD_OUT) {
            check.refuse("hold_out", message.getHoldOut(), "0..%d percent".formatted(MAX_HOLD_OUT));
        }
        Limits limits = limits(message.getGates(), check);
        if (limits.count() == 0) {
            check.refuse("gates", "none", "at least one of errors, latency, drift, flips, calibration and outcome");
        }
        if (limits.flips() != null && !message.hasShadow()) {
            check.refuse("gates.flips", "without a shadow", "a shadow, which alone has both answers to one request");
        }
        Reaction onFailure = reaction("on_failure", message.getOnFailure(), Reaction.ROLL_BACK, check);
        Reaction onTimeout = reaction("on_timeout", message.getOnTimeout(), Reaction.HOLD, check);
        double alpha = check.number("alpha", message.hasAlpha(), message.getAlpha(), 0.05, 0.001, 0.2);
        check.done();
        return new RolloutPlan(
                message.getModel(),
                message.getCandidate(),
                stages,
                message.getHoldOut(),
                limits,
                onFailure,
                onTimeout,
                alpha);
    }

    private static void steps(List<RolloutStep> steps, List<Stage> stages, SpecCheck check) {
        if (steps.isEmpty() || steps.size() > MAX_STEPS) {
            check.refuse("steps", steps.size() + " steps", "1.." + MAX_STEPS);
        }
        int before = 0;
        for (int i = 0; i < Math.min(MAX_STEPS, steps.size()); i++) {
            RolloutStep step = steps.get(i);
            String field = "steps[%d]".formatted(i);
            if (step.getWeight() <= before || step.getWeight() > 99) {
                check.refuse(
                        field + ".weight",
                        step.getWeight(),
                        "%d..99 percent, rising; all subjects come by the promotion behind the last step"
                                .formatted(before + 1));
            }
            before = Math.max(before, step.getWeight());
            stages.add(stage(
                    field,
                    Stage.Kind.STEP,
                    step.getWeight(),
                    step.hasAtLeast() ? step.getAtLeast() : null,
                    step.hasAtMost() ? step.getAtMost() : null,
                    step.getRows(),
                    0,
                    check));
        }
    }

    private static Stage stage(
            String field,
            Stage.Kind kind,
            int weight,
            com.google.protobuf.@Nullable Duration atLeast,
            com.google.protobuf.@Nullable Duration atMost,
            long rows,
            int replayRows,
            SpecCheck check) {
        Duration least = time(field + ".at_least", atLeast, USUAL_TIME, check);
        Duration patience = least.multipliedBy(USUAL_PATIENCE);
        Duration usual = patience.compareTo(LEAST_PATIENCE) < 0
                ? LEAST_PATIENCE
                : patience.compareTo(LONGEST) > 0 ? LONGEST : patience;
        Duration most = time(field + ".at_most", atMost, usual, check);
        if (most.compareTo(least) < 0) {
            check.refuse(field + ".at_most", most, "at least at_least, " + least);
        }
        if (rows < 0 || rows > MAX_ROWS) {
            check.refuse(field + ".rows", rows, "1..%d, or 0 for %d".formatted(MAX_ROWS, USUAL_ROWS));
        }
        return new Stage(kind, weight, least, most, rows == 0 ? USUAL_ROWS : rows, replayRows);
    }

    private static Duration time(
            String field, com.google.protobuf.@Nullable Duration given, Duration usual, SpecCheck check) {
        if (given == null) {
            return usual;
        }
        if (!Durations.isValid(given) || given.getSeconds() < 0 || given.getSeconds() > LONGEST.toSeconds()) {
            check.refuse(field, given.getSeconds() + " s", "0 s to %d days".formatted(LONGEST.toDays()));
            return usual;
        }
        return Duration.ofSeconds(given.getSeconds(), given.getNanos());
    }

    private static Reaction reaction(String field, RolloutReaction given, Reaction usual, SpecCheck check) {
        return switch (given) {
            case ROLLOUT_REACTION_UNSPECIFIED -> usual;
            case ROLLOUT_REACTION_ROLL_BACK -> Reaction.ROLL_BACK;
            case ROLLOUT_REACTION_HOLD -> Reaction.HOLD;
            case UNRECOGNIZED -> {
                check.refuse(field, given, "ROLL_BACK or HOLD");
                yield usual;
            }
        };
    }

    private static Limits limits(RolloutGates gates, SpecCheck check) {
        ErrorGate errors = gates.getErrors();
        LatencyGate latency = gates.getLatency();
        DriftGate drift = gates.getDrift();
        FlipGate flips = gates.getFlips();
        CalibrationGate bias = gates.getCalibration();
        return new Limits(
                gates.hasErrors()
                        ? new Limits.Errors(check.number(
                                "gates.errors.max_excess",
                                errors.hasMaxExcess(),
                                errors.getMaxExcess(),
                                0.01,
                                0.0001,
                                0.5))
                        : null,
                gates.hasLatency()
                        ? new Limits.Latency(
                                check.number(
                                        "gates.latency.quantile",
                                        latency.hasQuantile(),
                                        latency.getQuantile(),
                                        0.95,
                                        0.5,
                                        0.999),
                                check.number(
                                        "gates.latency.max_ratio",
                                        latency.hasMaxRatio(),
                                        latency.getMaxRatio(),
                                        1.5,
                                        1,
                                        100),
                                check.number(
                                        "gates.latency.floor_millis",
                                        latency.hasFloorMillis(),
                                        latency.getFloorMillis(),
                                        1,
                                        0,
                                        60_000))
                        : null,
                gates.hasDrift()
                        ? new Limits.Drift(
                                check.number(
                                        "gates.drift.max_index",
                                        drift.hasMaxIndex(),
                                        drift.getMaxIndex(),
                                        0.25,
                                        0.01,
                                        10),
                                check.number(
                                        "gates.drift.max_distance",
                                        drift.hasMaxDistance(),
                                        drift.getMaxDistance(),
                                        0.2,
                                        0.01,
                                        1))
                        : null,
                gates.hasFlips()
                        ? new Limits.Flips(check.number(
                                "gates.flips.max_share", flips.hasMaxShare(), flips.getMaxShare(), 0.1, 0.001, 1))
                        : null,
                gates.hasCalibration()
                        ? new Limits.Bias(
                                check.number(
                                        "gates.calibration.max_bias",
                                        bias.hasMaxBias(),
                                        bias.getMaxBias(),
                                        0.05,
                                        0.001,
                                        0.5),
                                outcomes("gates.calibration.outcomes", bias.getOutcomes(), check))
                        : null,
                gates.hasOutcome() ? outcome(gates.getOutcome(), check) : null);
    }

    private static Limits.Outcome outcome(OutcomeGate gate, SpecCheck check) {
        double minimum = gate.getMinimum();
        double maximum = minimum == 0 && gate.getMaximum() == 0 ? 1 : gate.getMaximum();
        if (!(Double.isFinite(minimum) && Double.isFinite(maximum) && maximum > minimum)) {
            check.refuse("gates.outcome.maximum", maximum, "a number above minimum, " + minimum);
        } else if (!(gate.getMargin() > 0 && gate.getMargin() < maximum - minimum)) {
            check.refuse(
                    "gates.outcome.margin",
                    gate.getMargin(),
                    "above 0, below maximum less minimum, " + (maximum - minimum));
        }
        if (gate.getName().length() > MAX_NAME_LENGTH) {
            check.refuse("gates.outcome.name", gate.getName(), "at most %d characters".formatted(MAX_NAME_LENGTH));
        }
        if (gate.getDirection() == OutcomeDirection.UNRECOGNIZED) {
            check.refuse("gates.outcome.direction", gate.getDirectionValue(), "HIGHER or LOWER");
        }
        return new Limits.Outcome(
                gate.getName(),
                gate.getDirection() != OutcomeDirection.OUTCOME_DIRECTION_LOWER,
                gate.getMargin(),
                minimum,
                maximum,
                outcomes("gates.outcome.outcomes", gate.getOutcomes(), check),
                gate.getIsLastStepOnly());
    }

    private static long outcomes(String field, long given, SpecCheck check) {
        if (given < 0 || given > MAX_ROWS) {
            check.refuse(field, given, "1..%d, or 0 for %d".formatted(MAX_ROWS, USUAL_OUTCOMES));
        }
        return given <= 0 ? USUAL_OUTCOMES : given;
    }

    static io.foresell.proto.registry.v1.RolloutPlan ofPlan(RolloutPlan plan) {
        io.foresell.proto.registry.v1.RolloutPlan.Builder message =
                io.foresell.proto.registry.v1.RolloutPlan.newBuilder()
                        .setModel(plan.model())
                        .setCandidate(plan.candidate())
                        .setHoldOut(plan.holdOut())
                        .setGates(ofLimits(plan.limits()))
                        .setOnFailure(ofReaction(plan.onFailure()))
                        .setOnTimeout(ofReaction(plan.onTimeout()))
                        .setAlpha(plan.alpha());
        for (Stage stage : plan.stages()) {
            if (stage.kind() == Stage.Kind.SHADOW) {
                message.getShadowBuilder()
                        .setAtLeast(ofTime(stage.atLeast()))
                        .setAtMost(ofTime(stage.atMost()))
                        .setRows(stage.rows())
                        .setReplayRows(stage.replayRows());
            } else if (stage.kind() == Stage.Kind.STEP) {
                message.addStepsBuilder()
                        .setWeight(stage.weight())
                        .setAtLeast(ofTime(stage.atLeast()))
                        .setAtMost(ofTime(stage.atMost()))
                        .setRows(stage.rows());
            }
        }
        return message.build();
    }

    private static RolloutReaction ofReaction(Reaction reaction) {
        return reaction == Reaction.HOLD
                ? RolloutReaction.ROLLOUT_REACTION_HOLD
                : RolloutReaction.ROLLOUT_REACTION_ROLL_BACK;
    }

    private static com.google.protobuf.Duration ofTime(Duration time) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(time.getSeconds())
                .setNanos(time.getNano())
                .build();
    }

    private static RolloutGates ofLimits(Limits limits) {
        RolloutGates.Builder gates = RolloutGates.newBuilder();
        if (limits.errors() != null) {
            gates.getErrorsBuilder().setMaxExcess(limits.errors().maxExcess());
        }
        if (limits.latency() != null) {
            gates.getLatencyBuilder()
                    .setQuantile(limits.latency().quantile())
                    .setMaxRatio(limits.latency().maxRatio())
                    .setFloorMillis(limits.latency().floorMillis());
        }
        if (limits.drift() != null) {
            gates.getDriftBuilder()
                    .setMaxIndex(limits.drift().maxIndex())
                    .setMaxDistance(limits.drift().maxDistance());
        }
        if (limits.flips() != null) {
            gates.getFlipsBuilder().setMaxShare(limits.flips().maxShare());
        }
        if (limits.calibration() != null) {
            gates.getCalibrationBuilder()
                    .setMaxBias(limits.calibration().maxBias())
                    .setOutcomes(limits.calibration().outcomes());
        }
        Limits.Outcome outcome = limits.outcome();
        if (outcome != null) {
            gates.getOutcomeBuilder()
                    .setName(outcome.name())
                    .setDirection(
                            outcome.isHigherBetter()
                                    ? OutcomeDirection.OUTCOME_DIRECTION_HIGHER
                                    : OutcomeDirection.OUTCOME_DIRECTION_LOWER)
                    .setMargin(outcome.margin())
                    .setMinimum(outcome.minimum())
                    .setMaximum(outcome.maximum())
                    .setOutcomes(outcome.outcomes())
                    .setIsLastStepOnly(outcome.isLastStepOnly());
        }
        return gates.build();
    }
}
