package io.foresell.training.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.training.rollout.Looking.AskedOutcomes;
import io.foresell.training.rollout.observe.OutcomeTotals;
import io.foresell.training.rollout.observe.Outcomes;
import io.foresell.training.rollout.observe.ShadowCounts;
import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.sequential.OutcomeBlock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How looks add up to evidence. */
final class LookingTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Revenue from -10 to 90, less being better. */
    private static final Limits LESS_IS_BETTER =
            new Limits(null, null, null, null, null, new Limits.Outcome("cost", false, 5, -10, 90, 10, false));

    private static Rollout step() {
        Rollout planned = Rollout.planned(Scenes.beginning(Scenes.plan(LESS_IS_BETTER), 1), "churn-1", START);
        Pending toStep = new Pending(1, 1, 1, "ann", "go");
        return planned.applied(toStep, 2, START);
    }

    private static Rollout look(Rollout rollout, int second, long candidates, double candidateMean, long champions) {
        Outcomes.Answer answer = new Outcomes.Answer(
                new OutcomeTotals(champions, champions, 40, 0),
                new OutcomeTotals(candidates, candidates, candidateMean, 0),
                "");
        return look(rollout, second, new AskedOutcomes(answer, answer, START.plusSeconds(second)));
    }

    private static Rollout look(Rollout rollout, int second, @Nullable AskedOutcomes asked) {
        return new Looking(List.of(), asked, null, START.plusSeconds(second))
                .at(rollout)
                .rollout();
    }

    @Test
    void outcomesBetweenLooksAreScaledSoThatMoreIsBetter() {
        Rollout first = look(step(), 10, 4, 30, 8);
        Rollout second = look(first, 20, 10, 36, 18);
        OutcomeBlock total = second.observation().blocks().total();
        // 10 outcomes of mean 36 lie 46 above the least of a range of 100; what is left of 1 is better.
        assertThat(total.candidateCount()).isEqualTo(10);
        assertThat(total.candidateSum()).isCloseTo(10 * 0.54, within(1e-9));
        assertThat(total.championCount()).isEqualTo(18);
        assertThat(total.championSum()).isCloseTo(18 * 0.5, within(1e-9));
        assertThat(second.observation().blocks().closed()).hasSize(1);
    }

    @Test
    void anAnswerThatWasOvertakenOrFailedChangesNothing() {
        Rollout first = look(step(), 10, 4, 30, 8);
        assertThat(look(first, 5, 2, 30, 3).observation().blocks())
                .isEqualTo(first.observation().blocks());
        Outcomes.Answer away = Outcomes.Answer.unknown("away");
        Rollout unknown = look(first, 20, new AskedOutcomes(away, away, START.plusSeconds(20)));
        assertThat(unknown.observation().outcomes().failure()).isEqualTo("away");
        Rollout again = look(unknown, 30, 6, 30, 8);
        assertThat(again.observation().blocks().total().candidateCount()).isEqualTo(6);
    }

    @Test
    void outcomesTakenBackBeginTheTestAnew() {
        Rollout first = look(step(), 10, 40, 30, 80);
        Rollout fewer = look(first, 20, 39, 30, 80);
        assertThat(fewer.observation().blocks().total()).isEqualTo(OutcomeBlock.NONE);
        Rollout later = look(fewer, 30, 44, 30, 80);
        assertThat(later.observation().blocks().total().candidateCount()).isEqualTo(5);
    }

    @Test
    void recordedRowsCountOnce() {
        Rollout shadow = Rollout.planned(Scenes.beginning(Scenes.plan(Scenes.errors()), 1), "churn-1", START)
                .applied(new Pending(1, 0, 1, "ann", "go"), 2, START);
        ShadowCounts replayed = Scenes.counts(50, 0).shadow();
        Rollout once = new Looking(List.of(), null, replayed, START).at(shadow).rollout();
        Rollout twice = new Looking(List.of(), null, replayed, START).at(once).rollout();
        assertThat(Looking.hasReplayed(shadow.observation())).isFalse();
        assertThat(Looking.hasReplayed(once.observation())).isTrue();
        assertThat(twice.observation().ledger().total().shadow().rowCount()).isEqualTo(50);
    }
}
