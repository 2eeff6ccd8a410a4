package io.foresell.feature.ingest;

import java.util.List;

/**
 * One row of a source.
 *
 * @param lineNumber its line in the source, from 1
 * @param values texts in the order of the header's columns
 */
public record SourceRow(long lineNumber, List<String> values) {
    public SourceRow {
        values = List.copyOf(values);
    }
}
