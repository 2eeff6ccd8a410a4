package io.foresell.training.rollout.sequential;

import java.util.ArrayList;
import java.util.List;

/**
 * Outcomes in the order in which they came, as blocks that grow with what is known: a block is closed when it holds at least
 * {@value #LEAST} outcomes and a twentieth of those before, so that a million outcomes make some two hundred blocks. Immutable.
 *
 * @param closed what tests may use
 * @param open what has come since; no test may use it before it is closed, else its size would depend on the look
 */
public record OutcomeBlocks(List<OutcomeBlock> closed, OutcomeBlock open) {
    /** The fewest outcomes of a block. */
    public static final int LEAST = 20;

    private static final double GROWTH = 0.05;

    /** Without outcomes. */
    public static final OutcomeBlocks NONE = new OutcomeBlocks(List.of(), OutcomeBlock.NONE);

    public OutcomeBlocks {
        closed = List.copyOf(closed);
    }

    /** Returns all outcomes, the open block included. */
    public OutcomeBlock total() {
        return closed.stream().reduce(open, OutcomeBlock::plus);
    }

    /** Returns the blocks after more outcomes. */
    public OutcomeBlocks plus(OutcomeBlock more) {
        OutcomeBlock grown = open.plus(more);
        long before = closed.stream().mapToLong(OutcomeBlock::count).sum();
        if (grown.count() < Math.max(LEAST, GROWTH * before)) {
            return new OutcomeBlocks(closed, grown);
        }
        List<OutcomeBlock> blocks = new ArrayList<>(closed);
        blocks.add(grown);
        return new OutcomeBlocks(blocks, OutcomeBlock.NONE);
    }
}
