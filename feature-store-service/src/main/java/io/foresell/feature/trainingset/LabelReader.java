package io.foresell.feature.trainingset;

import io.foresell.feature.define.LabelViewDefinition;
import io.foresell.feature.define.Layout;
import io.foresell.feature.history.HistoryReader;
import io.foresell.feature.history.HistoryRow;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads all labels of a view in one scan and puts them in the order of ingest. */
final class LabelReader {
    private static final Comparator<Label> NEWEST_KNOWN =
            Comparator.comparingLong(Label::knownMillis).thenComparingLong(Label::sequence);

    private final HistoryReader reader;
    private final int maxLabels;

    LabelReader(HistoryReader reader, int maxLabels) {
        this.reader = reader;
        this.maxLabels = maxLabels;
    }

    /**
     * Returns the labels at or after {@code fromMillis} and before {@code untilMillis}, 0 for no bound. Of several labels of an
     * entity for one instant of the source, the one known last counts: it is a correction.
     *
     * @throws ServiceException FAILED_PRECONDITION when there is none or there are too many to order in memory
     */
    List<Label> read(LabelViewDefinition view, Layout layout, long fromMillis, long untilMillis) {
        int slot = layout.position(view.column());
        Map<String, String> pool = new HashMap<>();
        UnaryOperator<String> pooled = text -> pool.computeIfAbsent(text, same -> same);
        List<Label> labels = new ArrayList<>();
        reader.scan(view.name(), bucket -> {
            for (HistoryRow row : bucket.rows()) {
                boolean isWanted = row.eventMillis() >= fromMillis || fromMillis == 0;
                if (isWanted && (untilMillis == 0 || row.eventMillis() < untilMillis)) {
                    labels.add(label(view, pooled.apply(bucket.entityKey()), row, slot, pooled));
                }
            }
            requireRoom(view, labels.size());
        });
        List<Label> kept = view.eventTimeColumn().isEmpty() ? labels : corrected(labels);
        if (kept.isEmpty()) {
            throw new ServiceException(Failure.precondition(
                    "NO_LABELS",
                    "label_view '%s': 0 labels in the time asked (expected: at least 1)".formatted(view.name())));
        }
        kept.sort(Comparator.comparingLong(Label::sequence));
        return kept;
    }

    private void requireRoom(LabelViewDefinition view, int count) {
        if (count > maxLabels) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_LABELS",
                    "label_view '%s': more than %d labels (expected: at most that many between from_millis and until_millis)"
                            .formatted(view.name(), maxLabels)));
        }
    }

    private static Label label(
            LabelViewDefinition view, String key, HistoryRow row, int slot, UnaryOperator<String> pool) {
        String text = row.values().text(slot);
        double number = row.values().number(slot);
        if (text != null && view.isNumeric()) {
            number = text.equals(view.positiveText()) ? 1 : 0;
        }
        @Nullable String shown = text == null || view.isNumeric() ? null : pool.apply(text);
        return new Label(key, row.eventMillis(), row.knownMillis(), row.sequence(), number, shown);
    }

    private static List<Label> corrected(List<Label> labels) {
        record Instant(String entityKey, long eventMillis) {}
        Map<Instant, Label> newest = new HashMap<>();
        for (Label label : labels) {
            newest.merge(
                    new Instant(label.entityKey(), label.eventMillis()),
                    label,
                    (one, other) -> NEWEST_KNOWN.compare(one, other) >= 0 ? one : other);
        }
        return new ArrayList<>(newest.values());
    }
}
