package io.foresell.benchmarks.model;

/** One engine with one model and its pool of rows, cut into batches of one size. One thread. */
interface Engine extends AutoCloseable {
    /**
     * Scores one batch of the pool.
     *
     * @return P(positive) per row; the array is reused by the next call
     */
    float[] score(int batch);

    @Override
    default void close() {}
}
