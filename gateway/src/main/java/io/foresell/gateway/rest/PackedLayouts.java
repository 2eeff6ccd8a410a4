package io.foresell.gateway.rest;

import io.foresell.gateway.backend.Backends;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.LoadedModel;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The layouts of packed rows by model, as the inference service last said. They may be out of date: the service compares the digest that
 * goes with the rows, and what it refuses is forgotten and asked for anew. Thread-safe.
 */
@ApplicationScoped
class PackedLayouts {
    private static final Logger log = Logger.getLogger(PackedLayouts.class);
    private static final long LEAST_NANOS_BETWEEN = TimeUnit.SECONDS.toNanos(5);

    private static final int MAX_MODELS = 10_000;

    private final Backends backends;
    private final AtomicLong askedAtNanos = new AtomicLong(System.nanoTime() - LEAST_NANOS_BETWEEN);
    private volatile Map<String, PackedLayout> layouts = Map.of();

    PackedLayouts(Backends backends) {
        this.backends = backends;
    }

    /** Returns the layout of a model; null while it is not known, or when its versions differ in it. */
    @Nullable
    PackedLayout of(String model, String authorization) {
        PackedLayout known = layouts.get(model);
        if (known == null) {
            learn(authorization);
        }
        return known;
    }

    /** Forgets a layout that the service refused. */
    synchronized void forget(String model) {
        Map<String, PackedLayout> fewer = new HashMap<>(layouts);
        fewer.remove(model);
        layouts = fewer;
    }

    private void learn(String authorization) {
        long now = System.nanoTime();
        long asked = askedAtNanos.get();
        if (now - asked < LEAST_NANOS_BETWEEN || !askedAtNanos.compareAndSet(asked, now)) {
            return;
        }
        var unused = backends.loadedModels(authorization).whenComplete((answer, failure) -> {
            if (failure == null) {
                learn(answer);
            } else {
                log.debugf(failure, "inputs of models not learnt; rows go by name");
            }
        });
    }

    /** What a caller may not see was not answered, and may be known from another's question. */
    private synchronized void learn(ListLoadedModelsResponse answer) {
        // Models that are gone are not told apart from those that a caller may not see: now and then all are forgotten.
        Map<String, PackedLayout> more = layouts.size() < MAX_MODELS ? new HashMap<>(layouts) : new HashMap<>();
        Map<String, Long> digests = new HashMap<>();
        for (LoadedModel model : answer.getModelsList()) {
            if (model.getState() != LoadState.LOAD_STATE_READY || (model.getIsPinned() && model.getWeight() == 0)) {
                continue;
            }
            if (model.getSignatureDigest() == 0) {
                continue; // a service that does not compare digests yet
            }
            Long other = digests.putIfAbsent(model.getModel(), model.getSignatureDigest());
            if (other == null) {
                more.put(model.getModel(), PackedLayout.of(model));
            } else if (other != model.getSignatureDigest()) {
                more.remove(model.getModel());
            }
        }
        layouts = more;
    }
}
