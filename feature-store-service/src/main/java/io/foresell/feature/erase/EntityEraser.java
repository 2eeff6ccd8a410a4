package io.foresell.feature.erase;

import io.foresell.feature.define.Catalog;
import io.foresell.feature.define.Definition;
import io.foresell.feature.define.DefinitionStore;
import io.foresell.feature.define.FeatureViewDefinition;
import io.foresell.feature.define.RowView;
import io.foresell.feature.define.StoredDefinition;
import io.foresell.feature.history.HistoryEraser;
import io.foresell.feature.ingest.Quarantine;
import io.foresell.feature.online.OnlineStore;
import io.foresell.feature.prediction.PredictionLog;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Erases an entity from every place that holds its key: online features, history of every view, labels, quarantine, predictions and
 * outcomes. Looks again until nothing is found, as rows may have been on their way. Thread-safe.
 */
public final class EntityEraser {
    private static final int MAX_PASSES = 5;

    private final DefinitionStore definitions;
    private final OnlineStore online;
    private final HistoryEraser history;
    private final Quarantine quarantine;
    private final PredictionLog predictions;
    private final ErasureReceipts receipts;
    private final Clock clock;

    public EntityEraser(
            DefinitionStore definitions,
            OnlineStore online,
            HistoryEraser history,
            Quarantine quarantine,
            PredictionLog predictions,
            ErasureReceipts receipts,
            Clock clock) {
        this.definitions = definitions;
        this.online = online;
        this.history = history;
        this.quarantine = quarantine;
        this.predictions = predictions;
        this.receipts = receipts;
        this.clock = clock;
    }

    /** Who asks, and why. */
    public record Order(String entity, String key, String caller, String actor, String reason) {}

    /**
     * Erases and keeps a receipt. What fails half-way is gone as far as it came; erasing again is safe.
     *
     * @throws ServiceException NOT_FOUND for an entity that is not defined
     */
    public ErasureReceipt erase(Order order) {
        List<RowView> views = views(order.entity());
        Map<ErasedPart, Long> counts = new LinkedHashMap<>();
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            long before = sum(counts);
            pass(order, views).forEach(part -> counts.merge(place(part), part.count(), Long::sum));
            if (sum(counts) == before) {
                break;
            }
        }
        return receipts.keep(receipt(order, counts));
    }

    /** Counts what would go; changes nothing. The receipt has no id. */
    public ErasureReceipt look(Order order) {
        List<ErasedPart> parts = new ArrayList<>();
        List<RowView> views = views(order.entity());
        parts.add(new ErasedPart("online", "", online.has(order.entity(), order.key()) ? 1 : 0));
        for (RowView view : views) {
            parts.add(new ErasedPart(placeOf(view), view.name(), history.count(view.name(), order.key())));
        }
        parts.add(new ErasedPart(
                "quarantine", "", quarantine.find(names(views), order.key()).size()));
        PredictionLog.Erased held = predictions.held(order.entity(), order.key());
        parts.add(new ErasedPart("predictions", "", held.predictionCount()));
        parts.add(new ErasedPart("outcomes", "", held.outcomeCount()));
        Map<ErasedPart, Long> counts = new LinkedHashMap<>();
        parts.forEach(part -> counts.put(place(part), part.count()));
        return receipt(order, counts);
    }

    /** History before online documents, which are made from it; the log last, which then refuses what was scored before. */
    private List<ErasedPart> pass(Order order, List<RowView> views) {
        List<ErasedPart> parts = new ArrayList<>();
        for (RowView view : views) {
            parts.add(new ErasedPart(placeOf(view), view.name(), history.erase(view.name(), order.key())));
        }
        parts.add(0, new ErasedPart("online", "", online.erase(order.entity(), order.key()) ? 1 : 0));
        parts.add(new ErasedPart("quarantine", "", quarantine.erase(names(views), order.key())));
        PredictionLog.Erased erased = predictions.erase(order.entity(), order.key());
        parts.add(new ErasedPart("predictions", "", erased.predictionCount()));
        parts.add(new ErasedPart("outcomes", "", erased.outcomeCount()));
        return parts;
    }

    private static String placeOf(RowView view) {
        return view instanceof FeatureViewDefinition ? "history" : "labels";
    }

    private static List<String> names(List<RowView> views) {
        return views.stream().map(RowView::name).toList();
    }

    private static ErasedPart place(ErasedPart part) {
        return new ErasedPart(part.place(), part.view(), 0);
    }

    private static long sum(Map<ErasedPart, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private ErasureReceipt receipt(Order order, Map<ErasedPart, Long> counts) {
        return new ErasureReceipt(
                "",
                order.entity(),
                ErasureReceipt.digest(order.entity(), order.key()),
                clock.millis(),
                order.caller(),
                order.actor(),
                order.reason(),
                counts.entrySet().stream()
                        .map(each -> new ErasedPart(
                                each.getKey().place(), each.getKey().view(), each.getValue()))
                        .toList());
    }

    private List<RowView> views(String entity) {
        Catalog catalog = definitions.current();
        if (catalog.find(Definition.Space.ENTITY, entity) == null) {
            throw new ServiceException(Failure.notFound("entity", entity, "a defined entity, such as customer"));
        }
        List<RowView> views = new ArrayList<>();
        for (StoredDefinition stored : catalog.all()) {
            Definition definition = stored.definition();
            if (definition instanceof RowView view && view.entity().equals(entity)) {
                views.add(view);
            }
        }
        return views;
    }
}
