package io.foresell.inference.forget;

/** Something that remembers entities by key. Thread-safe. */
public interface EntityMemory {
    /** Forgets those that were erased, and what is too old. Called every few seconds; may look at each key. */
    void forget(ErasedEntities erased);
}
