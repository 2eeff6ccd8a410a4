package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.graph.ColumnProducts;
import io.foresell.model.graph.ColumnSelection;
import io.foresell.model.graph.ColumnStep;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Fits what becomes of all columns together: regressions that fill numbers, isolation, interactions, then selections. */
final class StepFitting {
    private static final int MAX_PRODUCTS = 20_000;

    private final Preparation plan;
    private final TrainingFold fold;
    private final Rows rows;
    private final long seed;
    private final List<Touched> touched;
    private final BooleanSupplier isCancelled;

    /** Reads the rows to fit on. */
    StepFitting(
            Preparation plan,
            TrainingFold fold,
            Rows rows,
            long seed,
            List<Touched> touched,
            BooleanSupplier isCancelled) {
        this.plan = plan;
        this.fold = fold;
        this.rows = rows;
        this.seed = seed;
        this.touched = touched;
        this.isCancelled = isCancelled;
    }

    /** Returns the encoding with all steps; without columns that are not sequences, as it is. */
    Preprocessing extended(Preprocessing encoded, FittedColumns columns) {
        if (encoded.encodedWidth() == 0 && !plan.rows().flagsIsolated()) {
            return encoded;
        }
        Preprocessing extended = encoded;
        if (!columns.completed().isEmpty()) {
            extended = completed(encoded, columns);
        }
        if (plan.rows().flagsIsolated()) {
            extended = extended.then(List.of(new IsolationFlag(extended, rows, isCancelled)
                    .fit(plan.rows().isolatedShare(), seed, touched)));
        }
        if (!plan.interactions().isEmpty()) {
            extended = extended.then(List.of(products(extended, inputs(encoded, columns))));
        }
        for (Selection selection : plan.selections()) {
            EncodedRows encodedRows = new EncodedRows(extended, rows, isCancelled);
            ColumnStep step = new ColumnChoice(selection, encodedRows, fold, seed, isCancelled).step();
            touched.add(new Touched(
                    "kept columns by " + selection.rule().words(), step.outputs(), step.inputs(), "encoded columns"));
            extended = extended.then(List.of(step));
        }
        return extended;
    }

    private Preprocessing completed(Preprocessing encoded, FittedColumns columns) {
        Completion completion = new Completion(encoded, rows, isCancelled);
        List<ColumnStep> steps = new ArrayList<>();
        steps.add(completion.fit(columns.completed()));
        List<Integer> kept = kept(encoded, columns);
        if (kept.size() < encoded.encodedWidth()) {
            steps.add(new ColumnSelection(encoded.encodedWidth(), kept));
        }
        return encoded.then(steps);
    }

    private static List<Integer> kept(Preprocessing encoded, FittedColumns columns) {
        List<Integer> kept = new ArrayList<>();
        for (int column = 0; column < encoded.encodedWidth(); column++) {
            String input = encoded.columnInputs().get(column);
            boolean isIndicator = encoded.encodedNames().get(column).equals(Completion.indicator(input));
            if (!isIndicator || columns.keepsIndicator(input)) {
                kept.add(column);
            }
        }
        return kept;
    }

    /** Returns the input of each column after numbers were filled. */
    private static List<String> inputs(Preprocessing encoded, FittedColumns columns) {
        List<String> inputs = encoded.columnInputs();
        return columns.completed().isEmpty()
                ? inputs
                : kept(encoded, columns).stream().map(inputs::get).toList();
    }

    private ColumnProducts products(Preprocessing encoded, List<String> inputs) {
        List<Integer> first = new ArrayList<>();
        List<Integer> second = new ArrayList<>();
        for (Interaction interaction : plan.interactions()) {
            boolean isSquare = interaction.first().equals(interaction.second());
            for (int i = 0; i < inputs.size(); i++) {
                for (int j = isSquare ? i : 0; j < inputs.size(); j++) {
                    if (inputs.get(i).equals(interaction.first())
                            && inputs.get(j).equals(interaction.second())) {
                        first.add(i);
                        second.add(j);
                    }
                }
            }
            if (first.size() > MAX_PRODUCTS) {
                throw new ServiceException(Failure.precondition(
                        "TOO_MANY_PRODUCTS",
                        "products of the columns of %s and %s: more than %d (expected: at most %d; fewer categories)"
                                .formatted(interaction.first(), interaction.second(), MAX_PRODUCTS, MAX_PRODUCTS)));
            }
        }
        if (first.isEmpty()) {
            throw new ServiceException(Failure.precondition(
                    "NO_PRODUCTS",
                    "products of %s: 0 (expected: 1 or more; features whose values differ in the training rows, no sequences of a network)"
                            .formatted(plan.interactions().stream()
                                    .map(each -> "%s and %s".formatted(each.first(), each.second()))
                                    .collect(Collectors.joining(", ")))));
        }
        return new ColumnProducts(encoded.encodedWidth(), first, second);
    }
}
