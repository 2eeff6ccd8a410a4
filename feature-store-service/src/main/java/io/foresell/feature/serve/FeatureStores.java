package io.foresell.feature.serve;

import io.foresell.feature.define.DefinitionStore;
import io.foresell.feature.history.HistoryReader;
import io.foresell.feature.ingest.Ingestor;
import io.foresell.feature.ingest.Quarantine;
import io.foresell.feature.online.OnlineReader;
import io.foresell.feature.trainingset.TrainingSetReader;

/** What the edge calls. */
public record FeatureStores(
        DefinitionStore definitions,
        Ingestor ingestor,
        Quarantine quarantine,
        HistoryReader history,
        OnlineReader online,
        TrainingSetReader trainingSets) {}
