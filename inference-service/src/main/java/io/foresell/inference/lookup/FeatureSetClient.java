package io.foresell.inference.lookup;

import io.foresell.inference.route.FeatureContract;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Signature;
import io.foresell.proto.feature.v1.Aggregation;
import io.foresell.proto.feature.v1.Column;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc.FeatureStoreServiceBlockingStub;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.GetStoreStatusRequest;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.feature.v1.ViewStatus;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the feature store whether it can supply what a model was trained on: the set with the same hash, every input in its type, and
 * rows within the freshness limits of the views. Blocks for the timeout at most, twice; for some seconds after a store that did not answer
 * not at all, so that it does not hold up releases. Used by one thread at a time.
 */
public final class FeatureSetClient {
    private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final FeatureStoreServiceBlockingStub stub;
    private final Duration timeout;
    private final Clock clock;
    private String away = ""; // why the store did not answer
    private long awayUntilNanos = System.nanoTime();

    public FeatureSetClient(GrpcClient featureStore, Duration timeout, Clock clock) {
        this.stub = FeatureStoreServiceGrpc.newBlockingStub(featureStore.channel());
        this.timeout = timeout;
        this.clock = clock;
    }

    /** What the store has by name. */
    private record Definitions(Map<String, StoredDefinition> sets, Map<String, FeatureView> views) {}

    /**
     * Compares a set with the inputs of a model.
     *
     * @return HELD, or UNCHECKED with the cause when the store does not answer
     * @throws ServiceException FAILED_PRECONDITION with value and expectation when the store cannot supply it
     */
    public FeatureContract check(FeatureSetRef set, Signature inputs) {
        if (System.nanoTime() - awayUntilNanos < 0) {
            return unchecked(set, away);
        }
        try {
            Definitions definitions = definitions();
            StoredDefinition stored = requireSame(set, definitions.sets().get(set.name()));
            FeatureSet features = stored.getDefinition().getFeatureSet();
            requireInputs(set, inputs, fields(features, definitions.views()));
            requireFresh(set, features, definitions.views());
            return FeatureContract.HELD;
        } catch (IllegalArgumentException e) { // of a definition that no model could read
            return unchecked(set, "something that cannot be read: " + e.getMessage());
        } catch (StatusRuntimeException e) {
            Failure failure = FailureStatus.fromStatus(e);
            away = "%s: %s".formatted(failure.reason(), failure.message());
            awayUntilNanos = System.nanoTime() + AWAY_NANOS;
            return unchecked(set, away);
        }
    }

    private static FeatureContract unchecked(FeatureSetRef set, String cause) {
        return FeatureContract.unchecked(
                "feature set '%s' is not checked, the feature store says %s".formatted(set.name(), cause));
    }

    private FeatureStoreServiceBlockingStub timed() {
        return stub.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Definitions definitions() {
        Map<String, StoredDefinition> sets = new HashMap<>();
        Map<String, FeatureView> views = new HashMap<>();
        for (StoredDefinition stored : timed().listDefinitions(ListDefinitionsRequest.getDefaultInstance())
                .getDefinitionsList()) {
            if (stored.getDefinition().hasFeatureSet()) {
                sets.put(stored.getDefinition().getFeatureSet().getName(), stored);
            } else if (stored.getDefinition().hasFeatureView()) {
                FeatureView view = stored.getDefinition().getFeatureView();
                views.put(view.getName(), view);
            }
        }
        return new Definitions(sets, views);
    }

    private static StoredDefinition requireSame(FeatureSetRef set, @Nullable StoredDefinition stored) {
        if (stored == null) {
            throw refused(
                    set, "FEATURE_SET_NOT_FOUND", "not in the feature store", "the set that the model was trained on");
        }
        if (!set.hash().isEmpty() && !set.hash().equals(stored.getHash())) {
            throw refused(
                    set,
                    "FEATURE_SET_CHANGED",
                    "hash %s in version %d of the set".formatted(stored.getHash(), stored.getVersion()),
                    "%s, which the model was trained on".formatted(set.hash()));
        }
        return stored;
    }

    /** Returns what each feature is as an input of a model; one whose view or column is gone is left out. */
    private static Map<String, InputField> fields(FeatureSet set, Map<String, FeatureView> views) {
        Map<String, InputField> fields = new LinkedHashMap<>();
        for (FeatureRef ref : set.getFeaturesList()) {
            FeatureView view = views.get(ref.getView());
            InputField field = view == null ? null : field(view, ref.getFeature());
            if (field != null) {
                fields.put(field.name(), field);
            }
        }
        return fields;
    }

    private static @Nullable InputField field(FeatureView view, String feature) {
        for (Aggregation aggregation : view.getAggregationsList()) {
            if (aggregation.getName().equals(feature)) {
                return new InputField(feature, InputKind.NUMBER, Math.max(1, aggregation.getBuckets()));
            }
        }
        for (Column column : view.getColumnsList()) {
            if (column.getName().equals(feature)) {
                return column.getType() == ValueType.VALUE_TYPE_TEXT
                        ? InputField.text(feature)
                        : new InputField(feature, InputKind.NUMBER, Math.max(1, column.getWidth()));
            }
        }
        return null;
    }

    private static void requireInputs(FeatureSetRef set, Signature inputs, Map<String, InputField> fields) {
        for (InputField input : inputs.inputs()) {
            InputField field = fields.get(input.name());
            if (field == null) {
                throw refused(
                        set,
                        "FEATURE_MISSING",
                        "no feature '%s'".formatted(input.name()),
                        "every input of the model, this one as " + shown(input));
            }
            if (field.kind() != input.kind() || field.width() != input.width()) {
                throw refused(
                        set,
                        "FEATURE_TYPE_DIFFERS",
                        "feature '%s' is %s".formatted(input.name(), shown(field)),
                        shown(input) + ", as the model reads it");
            }
        }
    }

    private static String shown(InputField field) {
        if (field.kind() == InputKind.TEXT) {
            return "a text";
        }
        return field.width() == 1 ? "a number" : "%d numbers".formatted(field.width());
    }

    private void requireFresh(FeatureSetRef set, FeatureSet features, Map<String, FeatureView> views) {
        List<FeatureView> limited = features.getFeaturesList().stream()
                .map(FeatureRef::getView)
                .distinct()
                .map(views::get)
                .filter(view -> view != null && view.hasFreshnessLimit())
                .toList();
        if (limited.isEmpty()) {
            return; // counting the rows of a store is no small thing
        }
        Map<String, ViewStatus> statuses = new HashMap<>();
        timed().getStoreStatus(GetStoreStatusRequest.getDefaultInstance())
                .getViewsList()
                .forEach(status -> statuses.put(status.getView(), status));
        for (FeatureView view : limited) {
            requireFresh(set, view, statuses.getOrDefault(view.getName(), ViewStatus.getDefaultInstance()));
        }
    }

    private void requireFresh(FeatureSetRef set, FeatureView view, ViewStatus status) {
        Duration limit = Duration.ofSeconds(
                view.getFreshnessLimit().getSeconds(), view.getFreshnessLimit().getNanos());
        Instant newest = Instant.ofEpochMilli(status.getNewestEventMillis());
        if (status.getNewestEventMillis() == 0 || newest.plus(limit).isBefore(clock.instant())) {
            throw refused(
                    set,
                    "FEATURES_STALE",
                    "newest row of view '%s': %s"
                            .formatted(view.getName(), status.getNewestEventMillis() == 0 ? "none" : newest),
                    "within its freshness limit of " + limit);
        }
    }

    private static ServiceException refused(FeatureSetRef set, String reason, String value, String expected) {
        return new ServiceException(Failure.precondition(
                        reason, "feature set '%s': %s (expected: %s)".formatted(set.name(), value, expected))
                .with("feature_set", set.name()));
    }
}
