package io.foresell.feature.ingest;

import io.foresell.feature.history.HistoryWriter;
import io.foresell.feature.online.OnlineStore;
import java.time.Clock;

/** Where ingest writes to. */
public record IngestStores(HistoryWriter writer, OnlineStore online, Quarantine quarantine, Clock clock) {}
