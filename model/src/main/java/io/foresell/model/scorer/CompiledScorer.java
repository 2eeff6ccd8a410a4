package io.foresell.model.scorer;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;

/** Runs the steps of a plan on the calling thread's memory, row by row or over blocks of rows. */
final class CompiledScorer implements Scorer {
    /** Rows that share each load of a weight. */
    private static final int BLOCK = 8;

    /** Above so many floats a row, the memories of a block would be more than a thread should keep. */
    private static final int MAX_BLOCK_MEMORY = 1 << 16;

    private final Signature signature;
    private final Answer answer;
    private final Step[] steps;
    private final Step[] explainingSteps;
    private final int memorySize;
    private final boolean gainsInBlocks;
    private final int answerPlace;
    private final Explained explained;
    private final Rows replacements;

    CompiledScorer(PlanBuilder plan, Answer answer, Value.Floats output, Background background) {
        this.signature = plan.signature();
        this.answer = answer;
        this.steps = plan.scoringSteps().toArray(Step[]::new);
        this.explainingSteps = plan.steps().toArray(Step[]::new);
        this.memorySize = plan.memorySize();
        this.gainsInBlocks =
                memorySize <= MAX_BLOCK_MEMORY && Arrays.stream(steps).anyMatch(step -> step.gainsInBlocks(memorySize));
        this.answerPlace = output.offset() + answer.firstColumn();
        this.replacements = Replacements.of(signature, background);
        Explained found = Explained.of(answer, output);
        this.explained = found.isAdditive()
                ? found.prepared(new BackgroundMeans(signature, plan.steps(), memorySize, background))
                : found;
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public Answer answer() {
        return answer;
    }

    @Override
    public String engine() {
        return "compiled";
    }

    @Override
    public double base(int target) {
        return explained.base(requireTarget(target));
    }

    @Override
    public void score(Rows rows, float[] answers) {
        rows.requireShape(signature);
        int first = rows.rowCount() < BLOCK / 2 || !gainsInBlocks ? 0 : scoreBlocks(rows, answers);
        float[] memory = Scratch.ofThread().floats(memorySize);
        for (int row = first; row < rows.rowCount(); row++) {
            run(
                    steps,
                    memory,
                    rows.numbers(),
                    row * signature.numberWidth(),
                    rows.texts(),
                    row * signature.textWidth());
            answer(memory, answers, row);
        }
    }

    private void answer(float[] memory, float[] answers, int row) {
        int width = answer.width();
        if (width == 1) {
            answers[row] = memory[answerPlace];
        } else {
            System.arraycopy(memory, answerPlace, answers, row * width, width);
        }
    }

    /** Scores all rows but a rest too small for a block; returns how many. */
    private int scoreBlocks(Rows rows, float[] answers) {
        int numberWidth = signature.numberWidth();
        float[][] memories = Scratch.ofThread().block(BLOCK, memorySize);
        int row = 0;
        while (rows.rowCount() - row >= BLOCK / 2) {
            int count = Math.min(BLOCK, rows.rowCount() - row);
            for (int i = 0; i < count; i++) {
                System.arraycopy(rows.numbers(), (row + i) * numberWidth, memories[i], 0, numberWidth);
            }
            for (Step step : steps) {
                step.runBlock(memories, count, rows.texts(), row * signature.textWidth(), signature.textWidth());
            }
            for (int i = 0; i < count; i++) {
                answer(memories[i], answers, row + i);
            }
            row += count;
        }
        return row;
    }

    private void run(Step[] plan, float[] memory, float[] numbers, int numberBase, String[] texts, int textBase) {
        System.arraycopy(numbers, numberBase, memory, 0, signature.numberWidth());
        for (Step step : plan) {
            step.run(memory, texts, textBase);
        }
    }

    @Override
    public void contributions(Rows rows, int row, int target, double[] perInput) {
        rows.requireShape(signature);
        requireTarget(target);
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
        run(explainingSteps, memory, rows.numbers(), numberBase, rows.texts(), textBase);
        if (explained.isAdditive()) {
            explained.addTerms(memory, target, perInput);
        } else {
            occlude(memory, rows, row, target, perInput);
        }
    }

    private int requireTarget(int target) {
        if (target < 0 || target >= answer.width()) {
            throw new IllegalArgumentException("target: %d (expected: 0..%d)".formatted(target, answer.width() - 1));
        }
        return target;
    }

    /** Replaces one input at a time: its contribution is what the explained value loses on average. */
    private void occlude(float[] memory, Rows rows, int row, int target, double[] perInput) {
        int numberBase = row * signature.numberWidth();
        int textBase = row * signature.textWidth();
        double value = explained.value(memory, target);
        float[] numbers = Arrays.copyOfRange(rows.numbers(), numberBase, numberBase + signature.numberWidth());
        String[] texts = Arrays.copyOfRange(rows.texts(), textBase, textBase + signature.textWidth());
        for (int i = 0; i < perInput.length; i++) {
            double sum = 0;
            for (int sample = 0; sample < replacements.rowCount(); sample++) {
                copyInput(i, replacements, sample, numbers, texts);
                run(steps, memory, numbers, 0, texts, 0);
                sum += explained.value(memory, target);
            }
            perInput[i] = value - sum / replacements.rowCount();
            copyInput(i, rows, row, numbers, texts);
        }
    }

    /** Copies one input of a row to its place in single-row arrays. */
    private void copyInput(int input, Rows from, int row, float[] numbers, String[] texts) {
        InputField field = signature.inputs().get(input);
        int place = signature.offset(input);
        if (field.kind() == InputKind.TEXT) {
            texts[place] = from.texts()[row * signature.textWidth() + place];
        } else {
            System.arraycopy(from.numbers(), row * signature.numberWidth() + place, numbers, place, field.width());
        }
    }
}
