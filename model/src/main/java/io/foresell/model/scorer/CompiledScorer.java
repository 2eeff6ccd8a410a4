package io.foresell.model.scorer;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Runs the steps of a plan row by row on the calling thread's memory. */
final class CompiledScorer implements Scorer {
    /** Keeps log-odds finite where a probability has been rounded to 0 or 1. */
    private static final double LEAST_PROBABILITY = 1e-9;

    private final Signature signature;
    private final Step[] steps;
    private final int memorySize;
    private final Value.Floats output;
    private final @Nullable Affine additive;
    private final double baseLogOdds;
    private final Background background;

    CompiledScorer(PlanBuilder plan, Value.Floats output, Background background) {
        this.signature = plan.signature();
        this.steps = plan.steps().toArray(Step[]::new);
        this.memorySize = plan.memorySize();
        this.output = output;
        this.background = background;
        Affine found = output.logOdds() == null ? null : output.logOdds().additive();
        this.additive = found == null
                ? null
                : found.prepared(new BackgroundMeans(signature, plan.steps(), memorySize, background));
        this.baseLogOdds = additive == null ? Double.NaN : additive.base();
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public String engine() {
        return "compiled";
    }

    @Override
    public double baseLogOdds() {
        return baseLogOdds;
    }

    @Override
    public void score(Rows rows, float[] probabilities) {
        rows.requireShape(signature);
        float[] memory = Scratch.ofThread().floats(memorySize);
        for (int row = 0; row < rows.rowCount(); row++) {
            run(memory, rows.numbers(), row * signature.numberWidth(), rows.texts(), row * signature.textWidth());
            probabilities[row] = memory[output.offset()];
        }
    }

    private void run(float[] memory, float[] numbers, int numberBase, String[] texts, int textBase) {
        System.arraycopy(numbers, numberBase, memory, 0, signature.numberWidth());
        for (Step step : steps) {
            step.run(memory, texts, textBase);
        }
    }

    @Override
    public void contributions(Rows rows, int row, double[] perInput) {
        rows.requireShape(signature);
        if (perInput.length != signature.inputs().size() || row < 0 || row >= rows.rowCount()) {
            throw new IllegalArgumentException("contributions of row %d into %d places (expected: row 0..%d, %d places)"
                    .formatted(
                            row,
                            perInput.length,
                            rows.rowCount() - 1,
                            signature.inputs().size()));
        }
        Arrays.fill(perInput, 0);
        float[] memory = Scratch.ofThread().floats(memorySize);
        int numberBase = row * signature.numberWidth();
        int textBase = row * signature.textWidth();
        run(memory, rows.numbers(), numberBase, rows.texts(), textBase);
        if (additive == null) {
            occlude(memory, rows, numberBase, textBase, perInput);
        } else {
            additive.addTerms(memory, perInput);
        }
    }

    /** Replaces one input at a time by the ordinary one: its contribution is what the log-odds lose. */
    private void occlude(float[] memory, Rows rows, int numberBase, int textBase, double[] perInput) {
        double logOdds = logOdds(memory);
        float[] numbers = Arrays.copyOfRange(rows.numbers(), numberBase, numberBase + signature.numberWidth());
        String[] texts = Arrays.copyOfRange(rows.texts(), textBase, textBase + signature.textWidth());
        for (int i = 0; i < perInput.length; i++) {
            InputField field = signature.inputs().get(i);
            int place = signature.offset(i);
            if (field.kind() == InputKind.TEXT) {
                texts[place] = background.texts().get(place);
            } else {
                for (int step = place; step < place + field.width(); step++) {
                    numbers[step] = background.numbers().get(step);
                }
            }
            run(memory, numbers, 0, texts, 0);
            perInput[i] = logOdds - logOdds(memory);
            if (field.kind() == InputKind.TEXT) {
                texts[place] = rows.texts()[textBase + place];
            } else {
                System.arraycopy(rows.numbers(), numberBase + place, numbers, place, field.width());
            }
        }
    }

    private double logOdds(float[] memory) {
        if (output.logOdds() != null) {
            return memory[output.logOdds().offset()];
        }
        double p = Math.max(LEAST_PROBABILITY, Math.min(1 - LEAST_PROBABILITY, memory[output.offset()]));
        return Math.log(p / (1 - p));
    }
}
