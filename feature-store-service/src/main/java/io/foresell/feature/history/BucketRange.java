package io.foresell.feature.history;

/**
 * Which buckets of an entity to read: from a number on, to the last.
 *
 * @param from the first bucket wanted
 * @param expectedCount how many buckets there were when last looked; a wrong number costs time, not rows
 */
public record BucketRange(int from, int expectedCount) {
    public static final BucketRange ALL = new BucketRange(0, 0);
}
