package io.foresell.inference.serve;

import io.foresell.inference.admit.AdaptiveLimit;
import io.foresell.inference.admit.CallAdmission;
import io.foresell.inference.admit.CallerQuotas;
import io.foresell.inference.fetch.RegistryConnection;
import io.foresell.inference.load.LoadDemands;
import io.foresell.inference.load.LoadStates;
import io.foresell.inference.load.MemoryBudget;
import io.foresell.inference.lookup.FeatureLookup;
import io.foresell.inference.route.PinnedVersions;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.serve.log.PredictionLog;
import io.foresell.inference.shadow.ShadowLane;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/**
 * What the edge works with.
 *
 * @param domain the process's name, the domain of its failures
 * @param bulkIdle how long a bulk stream may send nothing
 */
public record ServeParts(
        String domain,
        RouteBoard board,
        PinnedVersions pins,
        LoadStates states,
        FeatureLookup lookup,
        HeavyLane heavyLane,
        BulkLane bulkLane,
        ShadowLane shadows,
        Duration bulkIdle,
        AdaptiveLimit limit,
        CallAdmission admission,
        CallerQuotas quotas,
        RegistryConnection connection,
        PredictionLog log,
        LoadDemands demands,
        MemoryBudget memory,
        MeterRegistry meters) {}
