package io.foresell.training.run;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.PackageException;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Judgement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Has the champion's package answer the judged rows. Used by the thread of the run only. */
final class ChampionScoring {
    private final Champion champion;
    private final TrainingSpec spec;
    private final TrainingSet set;
    private final List<Fold> folds;
    private final BooleanSupplier isCancelled;

    ChampionScoring(
            Champion champion, TrainingSpec spec, TrainingSet set, List<Fold> folds, BooleanSupplier isCancelled) {
        this.champion = champion;
        this.spec = spec;
        this.set = set;
        this.folds = folds;
        this.isCancelled = isCancelled;
    }

    /**
     * Checks that the rows have what the champion reads.
     *
     * @throws ChampionObstacle naming the features that are missing, or of another kind
     */
    static void requireFeatures(Signature signature, TrainingSet set) throws ChampionObstacle {
        List<InputField> fields = set.fields();
        String missing = signature.inputs().stream()
                .filter(input -> !fields.contains(input))
                .map(InputField::name)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new ChampionObstacle("feature set %s lacks what it reads: %s"
                    .formatted(set.info().featureSet(), missing));
        }
    }

    /** Returns whether every judged row is later than those that the champion was fitted on. */
    boolean isUnseen() {
        long until = champion.manifest().getProvenance().getUntilMillis();
        return champion.manifest().getProvenance().getRowCount() > 0
                && folds.stream()
                        .flatMapToInt(fold -> Arrays.stream(fold.heldOut().rowIndexes()))
                        .allMatch(row -> set.timeMillis(row) > until);
    }

    /**
     * Scores the rows of every fold.
     *
     * @throws ChampionObstacle when the package does not answer these rows
     */
    Judgement judge() throws ChampionObstacle {
        requireFeatures(champion.signature(), set);
        try (ChampionModel model = champion.model().open()) {
            Answer answer = model.modelPackage().answer();
            int[] columns = columns(answer);
            ChampionAnswers answers = new ChampionAnswers(spec, set, isCancelled);
            for (Fold fold : folds) {
                if (isCancelled.getAsBoolean()) {
                    throw new CancellationException("cancelled while the champion was judged");
                }
                answers.add(fold.heldOut(), scored(model, fold.heldOut(), columns));
            }
            return answers.judgement();
        } catch (PackageException e) {
            ChampionObstacle obstacle =
                    new ChampionObstacle("its package does not answer here (%s)".formatted(e.getMessage()));
            obstacle.initCause(e);
            throw obstacle;
        }
    }

    /** Returns where the answer to each class of these rows stands among the champion's own. */
    private int[] columns(Answer answer) throws ChampionObstacle {
        if (set.task() != Task.MULTICLASS) {
            return new int[] {0};
        }
        int[] columns =
                set.classes().stream().mapToInt(answer.labels()::indexOf).toArray();
        if (Arrays.stream(columns).anyMatch(column -> column < 0) || columns.length != answer.width()) {
            throw new ChampionObstacle("it answers other classes: %s".formatted(shown(answer.labels())));
        }
        return columns;
    }

    private static String shown(List<String> labels) {
        String first = String.join(", ", labels.subList(0, Math.min(10, labels.size())));
        return labels.size() <= 10 ? first : "%s and %d more".formatted(first, labels.size() - 10);
    }

    private float[] scored(ChampionModel model, HeldOutRows heldOut, int[] columns) {
        int width = model.modelPackage().answer().width();
        float[] own = new float[heldOut.rowCount() * width];
        model.scorer().score(heldOut.rows(model.modelPackage().signature()), own);
        float[] answers = new float[heldOut.rowCount() * columns.length];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = own[i / columns.length * width + columns[i % columns.length]];
        }
        return answers;
    }
}
