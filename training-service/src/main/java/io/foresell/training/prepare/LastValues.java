package io.foresell.training.prepare;

import io.foresell.model.InputField;
import io.foresell.model.Signature;
import io.foresell.training.dataset.TrainingFold;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Fills numbers from earlier rows of the same entity in the fold. */
final class LastValues {
    private final Preparation plan;
    private final List<Touched> touched;

    LastValues(Preparation plan, List<Touched> touched) {
        this.plan = plan;
        this.touched = touched;
    }

    TrainingFold fill(TrainingFold fold) {
        TrainingFold filled = fold;
        for (InputField field : fold.fieldsWithValues()) {
            if (plan.planOf(field) instanceof NumberPlan number && number.fill().rule() == Fill.Rule.LAST) {
                float[] values =
                        fold.rows(Signature.of(List.of(field))).numbers().clone();
                int count = carry(fold, values);
                touched.add(new Touched(
                        "filled %s with the entity's last value".formatted(field.name()),
                        count,
                        values.length,
                        "training values"));
                filled = filled.with(field.name(), values);
            }
        }
        return filled;
    }

    private static int carry(TrainingFold fold, float[] values) {
        int[] byTime = IntStream.range(0, fold.rowCount())
                .boxed()
                .sorted(Comparator.comparingLong(fold::timeMillis))
                .mapToInt(Integer::intValue)
                .toArray();
        Map<String, Float> last = new HashMap<>();
        int count = 0;
        for (int row : byTime) {
            String entity = fold.entityKey(row);
            if (!Float.isNaN(values[row])) {
                last.put(entity, values[row]);
            } else if (last.containsKey(entity)) {
                values[row] = last.get(entity);
                count++;
            }
        }
        return count;
    }
}
