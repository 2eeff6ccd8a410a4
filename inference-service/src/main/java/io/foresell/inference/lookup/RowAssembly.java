package io.foresell.inference.lookup;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.List;

/** Copies the store's columns to the places where a model reads them, by name. */
final class RowAssembly {
    private RowAssembly() {}

    /**
     * Returns one row per source, in order.
     *
     * @throws ServiceException FAILED_PRECONDITION when an input has no column of its kind and width
     */
    @SuppressWarnings("ReferenceEquality") // rows of one block share one instance; a second check is only slower
    static FoundFeatures assemble(List<FeatureRow> sources, Signature inputs) {
        float[] numbers = new float[sources.size() * inputs.numberWidth()];
        String[] texts = new String[sources.size() * inputs.textWidth()];
        for (int row = 0; row < sources.size(); row++) {
            FeatureRow source = sources.get(row);
            if (row == 0 || source.columns() != sources.get(row - 1).columns()) {
                requireColumns(source.columns(), inputs);
            }
            copy(source, inputs, numbers, row * inputs.numberWidth(), texts, row * inputs.textWidth());
        }
        return new FoundFeatures(new Rows(sources.size(), numbers, texts), sources);
    }

    private static void copy(
            FeatureRow source, Signature inputs, float[] numbers, int numberBase, String[] texts, int textBase) {
        for (int i = 0; i < inputs.inputs().size(); i++) {
            InputField field = inputs.inputs().get(i);
            int from = source.columns().offset(field.name());
            if (field.kind() == InputKind.TEXT) {
                texts[textBase + inputs.offset(i)] = source.texts()[from];
            } else {
                System.arraycopy(source.numbers(), from, numbers, numberBase + inputs.offset(i), field.width());
            }
        }
    }

    private static void requireColumns(Signature columns, Signature inputs) {
        for (InputField field : inputs.inputs()) {
            if (!columns.contains(field.name()) || !columns.input(field.name()).equals(field)) {
                String actual = columns.contains(field.name()) ? shown(columns.input(field.name())) : "missing";
                throw new ServiceException(Failure.precondition(
                                "FEATURE_MISMATCH",
                                "feature '%s': %s (expected: %s, as the model was trained)"
                                        .formatted(field.name(), actual, shown(field)))
                        .with("feature", field.name()));
            }
        }
    }

    private static String shown(InputField field) {
        return field.kind() == InputKind.TEXT ? "a text" : "%d numbers".formatted(field.width());
    }
}
