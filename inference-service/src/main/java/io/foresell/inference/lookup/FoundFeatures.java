package io.foresell.inference.lookup;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;
import java.util.List;

/** Features of entities in the order they were asked for, as the model reads them. Owned by the one request. */
public final class FoundFeatures {
    private final Rows rows;
    private final List<FeatureRow> sources;

    FoundFeatures(Rows rows, List<FeatureRow> sources) {
        this.rows = rows;
        this.sources = sources;
    }

    /** Returns the rows in the order of the model's signature. */
    public Rows rows() {
        return rows;
    }

    /**
     * Returns the rows of some of the entities for another model with the same feature set.
     *
     * @param places which, in this order
     * @throws io.foresell.kit.ServiceException FAILED_PRECONDITION when an input has no column of its kind and width
     */
    public Rows rowsFor(Signature inputs, int[] places) {
        return RowAssembly.assemble(Arrays.stream(places).mapToObj(sources::get).toList(), inputs)
                .rows();
    }

    /** Returns the instant of the oldest value used, milliseconds since the epoch; 0 for an entity without any value. */
    public long oldestValueMillis(int row) {
        return sources.get(row).oldestValueMillis();
    }

    /** Returns the features older than their view's limit when they were looked up. */
    public List<String> staleFeatures(int row) {
        return sources.get(row).staleFeatures();
    }
}
