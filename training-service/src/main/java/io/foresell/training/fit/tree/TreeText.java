package io.foresell.training.fit.tree;

/** Prints a tree as indented rules, one line per node. */
final class TreeText {
    private TreeText() {}

    static String of(GrownTree tree, TreeWords words) {
        StringBuilder text = new StringBuilder(words.title()).append('\n');
        print(tree, words, 0, 0, text);
        return text.toString();
    }

    private static void print(GrownTree tree, TreeWords words, int node, int depth, StringBuilder text) {
        if (tree.isLeaf(node)) {
            return;
        }
        for (boolean isYes : new boolean[] {true, false}) {
            int child = isYes ? tree.yes(node) : tree.no(node);
            text.append("|   ".repeat(depth)).append(words.condition(node, isYes));
            text.append(": ").append(tree.rowCount(child)).append(" rows, ").append(words.answer(child));
            text.append(tree.isLeaf(child) ? " *\n" : "\n");
            print(tree, words, child, depth + 1, text);
        }
    }
}
