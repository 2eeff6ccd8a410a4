package io.foresell.training.fit.tree;

/**
 * How far a tree grows.
 *
 * @param maxDepth splits above a leaf, 1 or more
 * @param maxLeaves 2 or more; the split that gains most comes first
 * @param minLeafRows rows of training on each side of a split, 1 or more
 * @param columnsPerSplit encoded columns drawn for each split
 */
record Growth(int maxDepth, int maxLeaves, int minLeafRows, int columnsPerSplit, Criterion criterion) {}
