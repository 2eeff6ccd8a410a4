package io.foresell.training.serve;

import io.foresell.proto.training.v1.Calibration;
import io.foresell.proto.training.v1.Judge;
import io.foresell.proto.training.v1.Rankings;
import io.foresell.proto.training.v1.TimeBucket;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.calibrate.CalibrationPlan.Choice;
import io.foresell.training.check.LeakPolicy;
import io.foresell.training.evaluate.Capacity;
import io.foresell.training.evaluate.Payoff;
import io.foresell.training.evaluate.RankingPlan;
import io.foresell.training.run.JudgePlan;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How candidates are calibrated, judged and checked. */
final class JudgeProtos {
    private static final int MAX_LEAST_ROWS = 1_000_000;

    private JudgeProtos() {}

    static CalibrationPlan calibration(String field, boolean isPresent, Calibration message, SpecCheck check) {
        if (!isPresent) {
            return CalibrationPlan.NONE;
        }
        Choice choice =
                switch (message.getMethod()) {
                    case CALIBRATION_METHOD_UNSPECIFIED, CALIBRATION_METHOD_AUTO -> Choice.AUTO;
                    case CALIBRATION_METHOD_NONE -> Choice.NONE;
                    case CALIBRATION_METHOD_PLATT -> Choice.PLATT;
                    case CALIBRATION_METHOD_BETA -> Choice.BETA;
                    case CALIBRATION_METHOD_ISOTONIC -> Choice.ISOTONIC;
                    case UNRECOGNIZED -> {
                        check.refuse(
                                field + ".method", message.getMethodValue(), "NONE, AUTO, PLATT, BETA or ISOTONIC");
                        yield Choice.NONE;
                    }
                };
        return new CalibrationPlan(choice, check.count(field + ".folds", message.getFolds(), 5, 2, 20));
    }

    static JudgePlan judge(Judge message, SpecCheck check) {
        @Nullable
        Payoff payoff = !message.hasCosts()
                ? null
                : check.checked(
                        "judge",
                        () -> new Payoff(
                                message.getCosts().getFalsePositiveCost(),
                                message.getCosts().getFalseNegativeCost(),
                                message.getCosts().getTruePositiveBenefit(),
                                message.getCosts().getTrueNegativeBenefit(),
                                message.getCosts().getCurrency()));
        @Nullable
        Capacity capacity = !message.hasCapacity()
                ? null
                : check.checked(
                        "judge",
                        () -> new Capacity(
                                message.getCapacity().getCount(),
                                message.getCapacity().getPopulation()));
        return new JudgePlan(
                payoff,
                capacity,
                leaks(message, check),
                message.getLearningCurve(),
                check.count(
                        "judge.least_class_rows",
                        message.getLeastClassRows(),
                        JudgePlan.DEFAULT.leastClassRows(),
                        1,
                        MAX_LEAST_ROWS),
                message.hasRankings() ? rankings(message.getRankings(), check) : null);
    }

    /** Returns within what rows are ranked; null when that is at fault. */
    static @Nullable RankingPlan rankings(Rankings message, SpecCheck check) {
        RankingPlan.Within within =
                switch (message.getWithinCase()) {
                    case COLUMN -> RankingPlan.Within.COLUMN;
                    case ENTITY -> RankingPlan.Within.ENTITY;
                    case TIME -> switch (message.getTime()) {
                        case TIME_BUCKET_DAY -> RankingPlan.Within.DAY;
                        case TIME_BUCKET_MONTH -> RankingPlan.Within.MONTH;
                        case TIME_BUCKET_WEEK, TIME_BUCKET_UNSPECIFIED, UNRECOGNIZED -> RankingPlan.Within.WEEK;
                    };
                    case WITHIN_NOT_SET -> {
                        check.refuse("judge.rankings", "nothing", "column, entity: true, or time");
                        yield RankingPlan.Within.ENTITY;
                    }
                };
        if (message.hasTime()
                && within == RankingPlan.Within.WEEK
                && message.getTime() != TimeBucket.TIME_BUCKET_WEEK) {
            check.refuse("judge.rankings.time", message.getTimeValue(), "DAY, WEEK or MONTH");
        }
        if (message.hasEntity() && !message.getEntity()) {
            check.refuse("judge.rankings.entity", "false", "true, or column or time in its place");
        }
        return check.checked(
                "judge",
                () -> new RankingPlan(
                        within,
                        message.hasColumn() ? message.getColumn() : null,
                        message.getCutOffsList(),
                        message.getRelevantAbove()));
    }

    private static LeakPolicy leaks(Judge message, SpecCheck check) {
        Set<String> accepted = Set.copyOf(message.getAcceptLeaksList());
        return switch (message.getOnLeak()) {
            case ON_LEAK_UNSPECIFIED -> new LeakPolicy(false, true, accepted);
            case ON_LEAK_WARN -> new LeakPolicy(false, false, accepted);
            case ON_LEAK_REFUSE -> new LeakPolicy(true, true, accepted);
            case UNRECOGNIZED -> {
                check.refuse("judge.on_leak", message.getOnLeakValue(), "WARN or REFUSE");
                yield LeakPolicy.DEFAULT;
            }
        };
    }
}
