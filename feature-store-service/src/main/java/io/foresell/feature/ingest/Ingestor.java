package io.foresell.feature.ingest;

import io.foresell.feature.define.Catalog;
import io.micrometer.core.instrument.MeterRegistry;

/** Opens deliveries. Thread-safe. */
public final class Ingestor {
    private final IngestStores stores;
    private final MeterRegistry meters;
    private final int bufferRows;

    /**
     * Makes an ingestor.
     *
     * @param bufferRows rows gathered before they are written: more are faster and take more memory
     */
    public Ingestor(IngestStores stores, MeterRegistry meters, int bufferRows) {
        this.stores = stores;
        this.meters = meters;
        this.bufferRows = bufferRows;
    }

    public IngestSession open(Catalog catalog, SourceHeader header) {
        return new IngestSession(header, catalog, stores, meters, bufferRows);
    }

    IngestStores stores() {
        return stores;
    }
}
