package io.foresell.training.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.foresell.kit.ServiceException;
import io.foresell.store.embedded.EmbeddedStore;
import io.foresell.training.rollout.ExpectedRollout.Operation;
import io.foresell.training.rollout.observe.ReplicaReport;
import io.foresell.training.rollout.plan.RolloutPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The state machine on a real store: by stories, and by random operations and kills against a model of a few lines. */
final class RolloutEngineTest {
    private static final String MODEL = "churn";
    private static final RolloutPlan PLAN = Scenes.plan(Scenes.errors());
    private static final int PROMOTION = 3;
    /** Plans are all the same here. */
    private static final PlanEncoding ENCODING = new PlanEncoding() {
        @Override
        public byte[] write(RolloutPlan plan) {
            return new byte[0];
        }

        @Override
        public RolloutPlan read(byte[] bytes) {
            return PLAN;
        }
    };

    private static EmbeddedStore embedded;
    private static MongoClient mongo;
    private static int databases;

    private final MutableClock clock = new MutableClock();
    private final Kills kills = new Kills();
    private ListedReleases releases = new ListedReleases();
    private MongoDatabase database;
    private RolloutStore store;
    private RolloutEngine engine;

    @BeforeAll
    static void open() {
        embedded = EmbeddedStore.inMemory();
        mongo = MongoClients.create(embedded.uri());
    }

    @AfterAll
    static void close() {
        mongo.close();
        embedded.close();
    }

    @BeforeEach
    void begin() {
        releases = new ListedReleases();
        database = mongo.getDatabase("rollouts" + databases++);
        restart();
    }

    /** Another process finds what the one before has left. */
    private void restart() {
        kills.never();
        store = new RolloutStore(kills.mortal(database), ENCODING);
        store.createIndexes();
        engine = new RolloutEngine(store, releases.of(kills), clock);
    }

    private Rollout look(Function<Rollout, ReplicaReport> report) {
        return engine.look(MODEL, (rollout, now) -> new Looking(List.of(report.apply(rollout)), null, null, now));
    }

    private static ReplicaReport passing(Rollout rollout) {
        return Scenes.serving(rollout, "good", Scenes.counts(20_000, 0));
    }

    private static ReplicaReport failing(Rollout rollout) {
        return rollout.phase() == Phase.PROMOTING
                ? Scenes.refusing(rollout.releaseRevision())
                : Scenes.serving(rollout, "bad", Scenes.counts(20_000, 5_000));
    }

    private static ReplicaReport unreached(Rollout rollout) {
        return ReplicaReport.unreached("10.0.0.1:9003", "UNAVAILABLE");
    }

    private Rollout start() {
        return engine.start(Scenes.beginning(PLAN, releases.revision()));
    }

    private List<String> actions() {
        List<String> actions = new ArrayList<>();
        store.events(MODEL).forEach(event -> actions.add(0, event.action()));
        return actions;
    }

    @Test
    void aGoodCandidateGoesAllTheWay() {
        assertThat(start().phase()).isEqualTo(Phase.SHADOW);
        assertThat(releases.content()).isEqualTo("shadow");
        Rollout step = look(RolloutEngineTest::passing);
        assertThat(step.phase()).isEqualTo(Phase.STEP);
        assertThat(releases.content()).isEqualTo("step 5 %");
        assertThat(look(RolloutEngineTest::passing).stage())
                .as("the least time is not over")
                .isEqualTo(1);
        clock.advance(Duration.ofMinutes(2));
        look(RolloutEngineTest::passing);
        clock.advance(Duration.ofMinutes(2));
        Rollout promoting = look(RolloutEngineTest::passing);
        assertThat(promoting.phase()).isEqualTo(Phase.PROMOTING);
        assertThat(look(rollout -> Scenes.notYet(promoting.releaseRevision() - 1))
                        .phase())
                .as("no proof yet")
                .isEqualTo(Phase.PROMOTING);
        Rollout promoted = look(RolloutEngineTest::passing);
        assertThat(promoted.phase()).isEqualTo(Phase.PROMOTED);
        assertThat(promoted.observation().replicas())
                .allMatch(replica ->
                        replica.isServing() && replica.candidateDigest().equals(Scenes.DIGEST));
        assertThat(actions()).containsExactly("started", "shadow", "step 5 %", "step 50 %", "promotion", "promoted");
        assertThat(store.events(MODEL).get(0).replicas()).as("the proof").hasSize(1);
        assertThat(store.events(MODEL).get(2).gates()).as("the evidence").isNotEmpty();
        assertThat(engine.rollBack(MODEL, "ann", "sales fell").phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(releases.content()).isEqualTo("base");
    }

    @Test
    void aBadCandidateIsTakenBackAlsoWhileHeld() {
        start();
        engine.hold(MODEL, "ann", "lunch");
        assertThat(look(RolloutEngineTest::passing).stage()).as("held").isZero();
        Rollout back = look(RolloutEngineTest::failing);
        assertThat(back.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(back.why()).contains("errors").contains("surely more");
        assertThat(releases.content()).isEqualTo("base");
        assertThat(actions()).containsExactly("started", "shadow", "held", "rolled back");
    }

    @Test
    void anUnreachableReplicaHoldsForAsLongAsItTakes() {
        start();
        assertThat(look(RolloutEngineTest::unreached).stage()).isZero();
        clock.advance(Duration.ofHours(2));
        Rollout held = look(RolloutEngineTest::unreached);
        assertThat(held.isHeld()).isTrue();
        assertThat(held.why()).contains("not passed in 1 h").contains("10.0.0.1:9003 not reached");
        assertThat(look(RolloutEngineTest::passing).stage())
                .as("a person decides")
                .isZero();
        assertThat(engine.resume(MODEL, "ann", "network is back").isHeld()).isFalse();
        assertThat(look(RolloutEngineTest::passing).stage()).isEqualTo(1);
    }

    @Test
    void aReleaseByHandIsNeverOverwrittenByItself() {
        start();
        releases.byHand();
        Rollout held = look(RolloutEngineTest::failing);
        assertThat(held.isHeld()).isTrue();
        assertThat(held.why()).contains("release 3 was set by bob");
        assertThat(releases.content()).isEqualTo("hand");
        assertThatThrownBy(() -> engine.promote(MODEL, false, "ann", "go"))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("RELEASE_CHANGED");
        assertThat(start().id()).as("takes the place of the one before").isEqualTo("churn-2");
        assertThat(actions()).containsExactly("started", "shadow", "held", "superseded", "started", "shadow");
    }

    @Test
    void onlyOneIsUnderWay() {
        start();
        assertThatThrownBy(this::start)
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("churn-1 is under way");
        engine.rollBack(MODEL, "ann", "no");
        assertThat(start().id()).isEqualTo("churn-2");
        assertThatThrownBy(() -> engine.resume(MODEL, "ann", "")).hasMessageContaining("ROLLOUT_NOT_HELD");
    }

    @Test
    void countsOfAProcessThatDiedAreKept() {
        start();
        look(rollout -> Scenes.serving(rollout, "first", Scenes.counts(60, 0)));
        Rollout later = look(rollout -> Scenes.serving(rollout, "second", Scenes.counts(30, 0)));
        assertThat(later.observation().ledger().total().shadow().rowCount()).isEqualTo(90);
        restart();
        Rollout again = look(rollout -> Scenes.serving(rollout, "second", Scenes.counts(35, 0)));
        assertThat(again.observation().ledger().total().shadow().rowCount()).isEqualTo(95);
    }

    private static final Operation[] LIKELY = {
        Operation.START,
        Operation.START,
        Operation.PASS,
        Operation.PASS,
        Operation.PASS,
        Operation.PASS,
        Operation.WAIT_BRIEFLY,
        Operation.WAIT_BRIEFLY,
        Operation.FAIL,
        Operation.UNREACHED,
        Operation.PROMOTE,
        Operation.PROMOTE_TO_END,
        Operation.ROLL_BACK,
        Operation.HOLD,
        Operation.RESUME,
        Operation.RESUME,
        Operation.BY_HAND,
        Operation.WAIT_LONG
    };

    /** An operation that dies in the middle has happened wholly, once, or not at all when the next process has settled. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void randomOperationsAndKillsFollowTheModel(long seed) {
        Random random = new Random(seed);
        ExpectedRollout expected = new ExpectedRollout(PLAN, PROMOTION);
        int killed = 0;
        for (int i = 0; i < 80; i++) {
            Operation operation = LIKELY[random.nextInt(LIKELY.length)];
            boolean isMortal = random.nextInt(3) == 0;
            if (isMortal) {
                kills.at(1 + random.nextInt(6), random.nextBoolean());
            }
            ExpectedRollout before = expected.copy();
            expected.apply(operation, now());
            boolean isKilled = run(operation);
            if (isKilled) {
                killed++;
                restart();
                settle();
                if (!actual().equals(expected.toString())) {
                    assertThat(actual())
                            .as("operation %d, %s, killed", i, operation)
                            .isEqualTo(before.toString());
                    expected = before;
                }
            }
            kills.never();
            assertThat(actual()).as("operation %d, %s", i, operation).isEqualTo(expected.toString());
            requireHistory();
            if (expected.since.isAfter(before.since) || isKilled) {
                Rollout rollout = store.read(MODEL).rollout();
                expected.since = rollout == null ? expected.since : rollout.stageSince();
            }
        }
        assertThat(killed).isGreaterThan(3);
    }

    private boolean run(Operation operation) {
        try {
            switch (operation) {
                case START -> start();
                case PASS -> lookIfAny(RolloutEngineTest::passing);
                case FAIL -> lookIfAny(RolloutEngineTest::failing);
                case UNREACHED -> lookIfAny(RolloutEngineTest::unreached);
                case PROMOTE -> engine.promote(MODEL, false, "ann", "go");
                case PROMOTE_TO_END -> engine.promote(MODEL, true, "ann", "go");
                case ROLL_BACK -> engine.rollBack(MODEL, "ann", "back");
                case HOLD -> engine.hold(MODEL, "ann", "wait");
                case RESUME -> engine.resume(MODEL, "ann", "on");
                case BY_HAND -> releases.byHand();
                case WAIT_LONG -> clock.advance(Duration.ofMinutes(70));
                case WAIT_BRIEFLY -> clock.advance(Duration.ofMinutes(2));
            }
        } catch (Kills.Killed e) {
            return true;
        } catch (ServiceException e) {
            assertThat(e.failure().reason())
                    .isIn(
                            "ROLLOUT_UNDER_WAY",
                            "ROLLOUT_ENDED",
                            "ROLLOUT_NOT_FOUND",
                            "ROLLOUT_NOT_HELD",
                            "ROLLOUT_PROMOTING",
                            "RELEASE_CHANGED");
        }
        return false;
    }

    private void lookIfAny(Function<Rollout, ReplicaReport> report) {
        if (store.read(MODEL).rollout() != null) {
            look(report);
        }
    }

    private void settle() {
        if (store.read(MODEL).rollout() != null) {
            engine.settle(MODEL);
        }
    }

    private String actual() {
        Rollout rollout = store.read(MODEL).rollout();
        ExpectedRollout actual = new ExpectedRollout(PLAN, PROMOTION);
        actual.content = releases.content();
        actual.releases = releases.revision();
        if (rollout != null) {
            actual.stage = rollout.stage();
            actual.isUnderWay = rollout.isUnderWay();
            actual.isPromoted = rollout.phase() == Phase.PROMOTED;
            actual.isHeld = rollout.isHeld();
        }
        return actual.toString();
    }

    /** Numbers without gaps, one event for each release that a rollout set. */
    private void requireHistory() {
        List<RolloutEvent> events = store.events(MODEL);
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).sequence()).isEqualTo(events.size() - i);
        }
        long set = releases.list.stream()
                .filter(release -> release.reason().startsWith("[churn-"))
                .count();
        long distinct = releases.list.stream()
                .filter(release -> release.reason().startsWith("[churn-"))
                .map(release -> release.reason().substring(0, release.reason().indexOf(']')))
                .distinct()
                .count();
        assertThat(distinct).as("no intention is carried out twice").isEqualTo(set);
        assertThat(events.stream()
                        .filter(event -> event.releaseRevision() > 0
                                && !event.action().equals("promoted")
                                && !event.action().equals("started"))
                        .count())
                .as("each release is in the history")
                .isEqualTo(set);
    }

    private Instant now() {
        return clock.instant();
    }
}
