package io.foresell.training.run;

import io.foresell.model.InputField;
import io.foresell.training.check.Drifts;
import io.foresell.training.check.Leaks;
import io.foresell.training.check.Readiness;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Judged.Drift;
import io.foresell.training.evaluate.Judged.Leak;
import io.foresell.training.evaluate.Judged.Rankings;
import io.foresell.training.evaluate.RankingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about the rows before anything was fitted.
 *
 * @param leaks signs that the label is known in the features, accepted ones included
 * @param drift how judged rows differ from those fitted on; null unless split by time
 * @param rankings the groups within which rows are ranked; null where none are declared
 */
record DataChecks(List<Leak> leaks, @Nullable Drift drift, @Nullable Rankings rankings) {
    DataChecks {
        leaks = List.copyOf(leaks);
    }

    /**
     * Looks at rows and folds.
     *
     * @throws io.foresell.kit.ServiceException NOT_ENOUGH_DATA, LEAK_SUSPECTED or RANKINGS_EMPTY
     */
    static DataChecks of(TrainingSpec spec, TrainingSet set, List<Fold> folds, BooleanSupplier isCancelled) {
        spec.judge()
                .leaks()
                .requireKnown(set.fields().stream().map(InputField::name).toList());
        Readiness.require(set, folds, spec.judge().leastClassRows());
        List<Leak> leaks = Leaks.find(set, folds, spec.split(), spec.judge().leaks(), isCancelled);
        spec.judge().leaks().require(leaks);
        boolean isByTime = spec.split() instanceof SplitPlan.Time;
        RankingPlan plan = spec.judge().rankings();
        return new DataChecks(
                leaks,
                isByTime ? Drifts.of(set, folds.get(0)) : null,
                plan == null ? null : RankingGroups.judged(plan, folds));
    }

    /** Returns what a reader must know of it. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (Leak leak : leaks) {
            warnings.add(leak.isAccepted() ? leak.sentence() + " (Accepted in the spec.)" : leak.sentence());
        }
        if (drift != null) {
            warnings.addAll(drift.sentences());
        }
        if (rankings != null) {
            warnings.add(rankings.sentence());
        }
        return warnings;
    }
}
