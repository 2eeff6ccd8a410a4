package io.foresell.training.rollout.replay;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.ModelPackage;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.OpenPackage;
import io.foresell.training.registry.Release;
import io.foresell.training.registry.ReleaseBands;
import io.foresell.training.rollout.observe.CoarseBins;
import io.foresell.training.rollout.observe.RecordedRow;
import io.foresell.training.rollout.observe.RecordedRows;
import io.foresell.training.rollout.observe.ShadowCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Scores recorded rows by champion and candidate, each by its own package, and compares what they decide. Thread-safe. */
public final class Replay {
    private static final int BATCH = 256;

    private final ModelRegistry registry;
    private final RecordedRows recorded;

    public Replay(ModelRegistry registry, RecordedRows recorded) {
        this.registry = registry;
        this.recorded = recorded;
    }

    /**
     * Replays the newest recorded rows of the champion.
     *
     * @throws ServiceException FAILED_PRECONDITION when the candidate reads what was not recorded
     */
    public ShadowCounts of(String model, int champion, int candidate, int limit) {
        List<RecordedRow> rows = recorded.newest(model, champion, limit);
        if (rows.isEmpty()) {
            return ShadowCounts.NONE;
        }
        @Nullable
        ReleaseBands bands = registry.releases()
                .current(model)
                .map(Release::unit)
                .map(unit -> unit.bands())
                .orElse(null);
        try (OpenPackage first = registry.openVersion(model, champion);
                OpenPackage second = registry.openVersion(model, candidate)) {
            Scored own = scored(first, first.modelPackage().signature(), rows, bands);
            Scored other = scored(second, first.modelPackage().signature(), rows, bands);
            return compared(own, other);
        }
    }

    /** What a version answers: a score, NaN where it has none, and what is decided by it, for each row. */
    private record Scored(List<Float> scores, List<String> decisions) {}

    private static ShadowCounts compared(Scored champion, Scored candidate) {
        List<Float> championScores = new ArrayList<>();
        List<Float> candidateScores = new ArrayList<>();
        long errors = 0;
        long flips = 0;
        for (int i = 0; i < champion.scores().size(); i++) {
            if (!Float.isFinite(champion.scores().get(i))) {
                continue; // was no answer then, either
            }
            if (!Float.isFinite(candidate.scores().get(i))) {
                errors++;
                continue;
            }
            championScores.add(champion.scores().get(i));
            candidateScores.add(candidate.scores().get(i));
            flips += champion.decisions().get(i).equals(candidate.decisions().get(i)) ? 0 : 1;
        }
        return new ShadowCounts(
                championScores.size(),
                0,
                errors,
                flips,
                CoarseBins.SCORES.ofValues(values(championScores)),
                CoarseBins.SCORES.ofValues(values(candidateScores)));
    }

    private static double[] values(List<Float> scores) {
        return scores.stream().mapToDouble(Float::doubleValue).toArray();
    }

    private static Scored scored(
            OpenPackage open, Signature recordedBy, List<RecordedRow> rows, @Nullable ReleaseBands bands) {
        ModelPackage read = open.modelPackage();
        requireRecorded(read.signature(), recordedBy);
        int width = read.answer().width();
        Scored scored = new Scored(new ArrayList<>(), new ArrayList<>());
        for (int from = 0; from < rows.size(); from += BATCH) {
            List<RecordedRow> batch = rows.subList(from, Math.min(rows.size(), from + BATCH));
            float[] answers = new float[batch.size() * width];
            open.scorer().score(ordered(batch, read.signature(), recordedBy), answers);
            for (int row = 0; row < batch.size(); row++) {
                int winner = winner(answers, row * width, width);
                scored.scores().add(answers[winner]);
                scored.decisions().add(decision(read, answers, row * width, winner, bands));
            }
        }
        return scored;
    }

    private static void requireRecorded(Signature needed, Signature recorded) {
        String missing = needed.inputs().stream()
                .filter(input -> !recorded.inputs().contains(input))
                .map(InputField::name)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new ServiceException(Failure.precondition(
                    "REPLAY_IMPOSSIBLE",
                    "inputs: the candidate reads %s (expected: what the champion reads, which alone is recorded)"
                            .formatted(missing)));
        }
    }

    /** Puts recorded values where another version reads them. */
    private static Rows ordered(List<RecordedRow> rows, Signature needed, Signature recorded) {
        float[] numbers = new float[rows.size() * needed.numberWidth()];
        String[] texts = new String[rows.size() * needed.textWidth()];
        for (int i = 0; i < needed.inputs().size(); i++) {
            InputField input = needed.inputs().get(i);
            int from = recorded.offset(input.name());
            int to = needed.offset(i);
            for (int row = 0; row < rows.size(); row++) {
                if (input.kind() == InputKind.TEXT) {
                    texts[row * needed.textWidth() + to] = rows.get(row).text(from);
                    continue;
                }
                for (int step = 0; step < input.width(); step++) {
                    numbers[row * needed.numberWidth() + to + step] =
                            rows.get(row).number(from + step);
                }
            }
        }
        return new Rows(rows.size(), numbers, texts);
    }

    private static int winner(float[] answers, int from, int width) {
        int best = from;
        for (int i = from + 1; i < from + width; i++) {
            if (answers[i] > answers[best] || Float.isNaN(answers[best])) {
                best = i;
            }
        }
        return best;
    }

    /** Returns the label or the band, as inference would by the release's bands or else the package's. */
    private static String decision(
            ModelPackage read, float[] answers, int from, int winner, @Nullable ReleaseBands bands) {
        if (read.refuses(answers, from)) {
            return "(refused)";
        }
        if (!read.answer().labels().isEmpty()) {
            return read.answer().labels().get(winner - from);
        }
        if (bands == null) {
            return read.band(answers[winner]);
        }
        return answers[winner] < bands.mediumFrom() ? "low" : answers[winner] < bands.highFrom() ? "medium" : "high";
    }
}
