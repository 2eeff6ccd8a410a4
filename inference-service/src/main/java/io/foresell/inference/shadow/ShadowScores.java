package io.foresell.inference.shadow;

import io.foresell.inference.route.ServedVersion;
import io.foresell.model.Rows;

/** Is told what shadows scored, on their lane, which has time to spare: it may compute, but never waits or throws. */
public interface ShadowScores {
    /**
     * Takes one row.
     *
     * @param answered the rows that were copied
     * @param place which of them it is
     * @param rows what the shadow read, in the order of its signature
     * @param row which of these it is
     */
    void scored(AnsweredRows answered, int place, ServedVersion shadow, Rows rows, int row);
}
