package io.foresell.feature.trainingset;

import io.foresell.feature.asof.FeaturePlan;
import io.foresell.feature.asof.FeatureTable;
import io.foresell.feature.define.Catalog;
import io.foresell.feature.define.LabelViewDefinition;
import io.foresell.feature.history.EntityHistory;
import io.foresell.feature.history.HistoryReader;
import io.foresell.feature.online.HistoryLoader;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins labels with what was known at their instant. Works through the labels in windows: the entities of a window are loaded
 * in batches, their rows filled wherever they are, then the window's blocks are given out in order. Memory is bounded by the
 * labels, one window of features, one batch of histories and the cache. Thread-safe.
 */
public final class TrainingSetReader {
    private static final int ENTITIES_PER_LOAD = 500;
    private static final int MAX_WINDOW_ROWS = 16_384;
    private static final int MAX_WINDOW_CELLS = 4_000_000;
    private static final int MAX_BLOCK_ROWS = 2048;
    private static final int MAX_BLOCK_CELLS = 250_000;

    /** Takes a training set in order. */
    public interface Sink {
        void begin(String featureSetHash, long rowCount);

        void accept(TrainingBlock block);
    }

    private final HistoryLoader loader;
    private final LabelReader labels;
    private final TrainingSetLimits limits;
    private final Clock clock;

    /** Takes what "now" is from {@code clock}. */
    public TrainingSetReader(HistoryReader reader, HistoryLoader loader, TrainingSetLimits limits, Clock clock) {
        this.loader = loader;
        this.limits = limits;
        this.clock = clock;
        labels = new LabelReader(reader, limits.maxLabels());
    }

    /**
     * Streams a training set into {@code sink}.
     *
     * @param labelView empty for a row per entity, seen from {@code untilMillis} or from now
     * @throws ServiceException NOT_FOUND, INVALID_ARGUMENT for a label of another entity, FAILED_PRECONDITION without labels, or
     *     without entities
     */
    public void stream(
            Catalog catalog, String featureSet, String labelView, long fromMillis, long untilMillis, Sink sink) {
        FeaturePlan plan = FeaturePlan.of(catalog, featureSet);
        int blockRows = clamp(MAX_BLOCK_CELLS / plan.rowWidth(), MAX_BLOCK_ROWS);
        if (labelView.isEmpty()) {
            requireNoStart(fromMillis);
            long asOfMillis = untilMillis == 0 ? clock.millis() : untilMillis;
            new EntityRowsReader(loader, plan, asOfMillis, limits.maxLabels()).stream(blockRows, sink);
            return;
        }
        LabelViewDefinition view = catalog.labelView(labelView);
        if (!view.entity().equals(plan.set().entity())) {
            throw new ServiceException(Failure.invalid(
                    "ENTITY_MISMATCH",
                    "label_view",
                    labelView,
                    "a label of entity '%s'; it is of '%s'".formatted(plan.set().entity(), view.entity())));
        }
        List<Label> all = labels.read(view, catalog.layout(labelView), fromMillis, untilMillis);
        sink.begin(plan.hash(), all.size());
        HistoryCache cache = new HistoryCache(limits.maxCachedCells());
        int windowRows = Math.max(blockRows, clamp(MAX_WINDOW_CELLS / plan.rowWidth(), MAX_WINDOW_ROWS));
        for (int from = 0; from < all.size(); from += windowRows) {
            List<Label> window = all.subList(from, Math.min(all.size(), from + windowRows));
            for (TrainingBlock block : new Window(plan, window, blockRows).filled(cache)) {
                sink.accept(block);
            }
        }
    }

    private static void requireNoStart(long fromMillis) {
        if (fromMillis != 0) {
            throw new ServiceException(Failure.invalid(
                    "TIME_WITHOUT_LABELS", "from_millis", fromMillis, "0 without a label_view: rows have one instant"));
        }
    }

    private static int clamp(int rows, int max) {
        return Math.max(1, Math.min(rows, max));
    }

    /** Some consecutive labels and the tables that take their features. */
    private final class Window {
        private final FeaturePlan plan;
        private final List<Label> labels;
        private final int blockRows;
        private final List<FeatureTable> tables = new ArrayList<>();

        Window(FeaturePlan plan, List<Label> labels, int blockRows) {
            this.plan = plan;
            this.labels = labels;
            this.blockRows = blockRows;
            for (int from = 0; from < labels.size(); from += blockRows) {
                tables.add(plan.table(Math.min(blockRows, labels.size() - from)));
            }
        }

        List<TrainingBlock> filled(HistoryCache cache) {
            Map<String, List<Integer>> rowsByKey = new LinkedHashMap<>();
            for (int row = 0; row < labels.size(); row++) {
                rowsByKey
                        .computeIfAbsent(labels.get(row).entityKey(), absent -> new ArrayList<>(2))
                        .add(row);
            }
            List<String> absent = new ArrayList<>();
            rowsByKey.forEach((key, rows) -> {
                List<EntityHistory> histories = cache.get(key);
                if (histories == null) {
                    absent.add(key);
                } else {
                    fill(histories, rows);
                }
            });
            Map<String, String> pool = new HashMap<>();
            for (int from = 0; from < absent.size(); from += ENTITIES_PER_LOAD) {
                List<String> keys = absent.subList(from, Math.min(absent.size(), from + ENTITIES_PER_LOAD));
                loader.load(
                        plan.set().entity(),
                        plan.views(),
                        keys,
                        text -> pool.computeIfAbsent(text, same -> same),
                        (key, histories) -> {
                            fill(histories, rowsByKey.getOrDefault(key, List.of()));
                            cache.put(key, histories);
                        });
            }
            return blocks();
        }

        private void fill(List<EntityHistory> histories, List<Integer> rows) {
            for (int row : rows) {
                Label label = labels.get(row);
                FeatureTable table = tables.get(row / blockRows);
                plan.fill(table, row % blockRows, label.entityKey(), histories, label.eventMillis());
            }
        }

        private List<TrainingBlock> blocks() {
            List<TrainingBlock> blocks = new ArrayList<>();
            for (int i = 0; i < tables.size(); i++) {
                List<Double> numbers = new ArrayList<>();
                List<String> texts = new ArrayList<>();
                int from = i * blockRows;
                for (Label label : labels.subList(from, from + tables.get(i).rowCount())) {
                    String text = label.text();
                    if (text == null) {
                        numbers.add(label.number());
                    } else {
                        texts.add(text);
                    }
                }
                blocks.add(new TrainingBlock(tables.get(i), numbers, texts));
            }
            return blocks;
        }
    }
}
