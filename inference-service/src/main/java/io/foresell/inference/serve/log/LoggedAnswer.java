package io.foresell.inference.serve.log;

import io.foresell.inference.route.ServedVersion;
import io.foresell.proto.prediction.v1.PredictionRecord;
import java.util.List;

/** An answer that waits to be logged. What costs time is done by {@link #records}, on the log's own thread. Immutable. */
public interface LoggedAnswer {
    /** Returns the version that answered. */
    ServedVersion served();

    /** Returns about how much memory it holds. */
    int bytes();

    /** Writes the records; may compute. */
    List<PredictionRecord> records();
}
