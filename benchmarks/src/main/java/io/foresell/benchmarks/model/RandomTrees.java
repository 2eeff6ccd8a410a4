package io.foresell.benchmarks.model;

import io.foresell.model.graph.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Full binary trees with random splits, where only the size of a model matters. */
final class RandomTrees {
    private RandomTrees() {}

    static List<Tree> full(int treeCount, int depth, int width, long seed) {
        Random random = new Random(seed);
        List<Tree> trees = new ArrayList<>();
        for (int i = 0; i < treeCount; i++) {
            trees.add(full(depth, width, random));
        }
        return trees;
    }

    /** Children of node i are 2i+1 and 2i+2. */
    private static Tree full(int depth, int width, Random random) {
        int count = (1 << (depth + 1)) - 1;
        int innerCount = (1 << depth) - 1;
        int[] feature = new int[count];
        float[] threshold = new float[count];
        int[] yes = new int[count];
        int[] no = new int[count];
        int[] missing = new int[count];
        float[] leaf = new float[count];
        float[] cover = new float[count];
        for (int i = 0; i < count; i++) {
            boolean isLeaf = i >= innerCount;
            feature[i] = isLeaf ? -1 : random.nextInt(width);
            threshold[i] = isLeaf ? 0 : (float) random.nextGaussian();
            yes[i] = isLeaf ? 0 : 2 * i + 1;
            no[i] = isLeaf ? 0 : 2 * i + 2;
            missing[i] = random.nextBoolean() ? yes[i] : no[i];
            leaf[i] = isLeaf ? (float) (0.1 * random.nextGaussian()) : 0;
            cover[i] = count / (float) (i + 1);
        }
        return new Tree(feature, threshold, yes, no, missing, leaf, cover);
    }
}
