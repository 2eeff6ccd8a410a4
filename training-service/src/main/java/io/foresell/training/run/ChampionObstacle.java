package io.foresell.training.run;

/** Why the champion cannot be judged in one way, as a clause; the next way is tried. */
final class ChampionObstacle extends Exception {
    private static final long serialVersionUID = 1;

    private final String clause;

    ChampionObstacle(String clause) {
        super(clause);
        this.clause = clause;
    }

    String clause() {
        return clause;
    }
}
