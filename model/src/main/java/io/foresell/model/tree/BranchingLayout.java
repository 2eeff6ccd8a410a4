package io.foresell.model.tree;

/**
 * Depth-first, four ints a node, the yes child right behind its parent: feature, limit, no child, flags. A leaf has the
 * feature -1 and its payload in place of the limit. Takes any tree; each split is a branch that a processor mispredicts
 * half of the time, but nothing is prepared, so a few splits over many columns are fastest here.
 */
final class BranchingLayout implements TreeLayout {
    private static final int NODE = 4;

    private final int[] words;
    private final int[] roots;

    BranchingLayout(TreeEnsemble trees, Payload payload) {
        this.words = new int[Math.multiplyExact(trees.nodeCount(), NODE)];
        this.roots = new int[trees.treeCount()];
        Packer packer = new Packer(trees, payload);
        for (int tree = 0; tree < roots.length; tree++) {
            roots[tree] = packer.size;
            packer.pack(trees.roots[tree]);
        }
    }

    private final class Packer {
        private final TreeEnsemble trees;
        private final Payload payload;
        private int size;

        Packer(TreeEnsemble trees, Payload payload) {
            this.trees = trees;
            this.payload = payload;
        }

        void pack(int node) {
            int at = size;
            size += NODE;
            words[at] = trees.feature[node];
            if (trees.isLeaf(node)) {
                words[at + 1] = payload.of(node);
                return;
            }
            words[at + 1] = trees.limit[node];
            words[at + 3] = trees.flags[node];
            pack(trees.yes[node]);
            words[at + 2] = size;
            pack(trees.no[node]);
        }
    }

    @Override
    public void descend(float[] columns, int offset, TreeScratch scratch, int[] payloads) {
        int[] nodes = words;
        for (int tree = 0; tree < roots.length; tree++) {
            int node = roots[tree];
            int feature = nodes[node];
            while (feature >= 0) {
                int key = FloatOrder.key(columns[offset + feature]);
                node = TreeEnsemble.isYes(key, nodes[node + 1], nodes[node + 3]) ? node + NODE : nodes[node + 2];
                feature = nodes[node];
            }
            payloads[tree] = nodes[node + 1];
        }
    }
}
