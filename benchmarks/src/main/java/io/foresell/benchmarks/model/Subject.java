package io.foresell.benchmarks.model;

import java.util.List;
import java.util.Map;

/**
 * What one process measures.
 *
 * @param group the question; subjects of one group are compared with each other
 * @param name who answers it
 * @param benchmark pattern of the benchmark method, as JMH matches it
 * @param parameters JMH parameters by field
 * @param jvmArguments added to those of every subject
 * @param rowsPerCall by which times and bytes of a call are divided
 * @param targets what it has to reach
 */
record Subject(
        String group,
        String name,
        String benchmark,
        Map<String, String> parameters,
        List<String> jvmArguments,
        int rowsPerCall,
        List<Target> targets) {
    Subject {
        parameters = Map.copyOf(parameters);
        jvmArguments = List.copyOf(jvmArguments);
        targets = List.copyOf(targets);
    }

    /** What a subject has to reach. */
    sealed interface Target {}

    /**
     * So many times as fast as another subject of its group.
     *
     * @param rival its name
     */
    record Faster(String rival, double times) implements Target {}

    /** At most so long a row. */
    record AtMost(double nanos) implements Target {}
}
