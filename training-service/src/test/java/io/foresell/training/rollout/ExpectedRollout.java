package io.foresell.training.rollout;

import io.foresell.training.rollout.plan.RolloutPlan;
import java.time.Duration;
import java.time.Instant;

/** What the machine should do, in a few lines: no store, no intentions, no kills. */
final class ExpectedRollout {
    /** What can happen. */
    enum Operation {
        START,
        PASS,
        FAIL,
        UNREACHED,
        PROMOTE,
        PROMOTE_TO_END,
        ROLL_BACK,
        HOLD,
        RESUME,
        BY_HAND,
        WAIT_LONG,
        WAIT_BRIEFLY
    }

    private final RolloutPlan plan;
    private final int promotion; // the stage of it

    int stage = -1;
    boolean isUnderWay;
    boolean isPromoted;
    boolean isHeld;
    boolean isOutside;
    String content = "base";
    int releases = 1;
    Instant since = Instant.EPOCH;

    ExpectedRollout(RolloutPlan plan, int promotion) {
        this.plan = plan;
        this.promotion = promotion;
    }

    ExpectedRollout copy() {
        ExpectedRollout copy = new ExpectedRollout(plan, promotion);
        copy.stage = stage;
        copy.isUnderWay = isUnderWay;
        copy.isPromoted = isPromoted;
        copy.isHeld = isHeld;
        copy.isOutside = isOutside;
        copy.content = content;
        copy.releases = releases;
        copy.since = since;
        return copy;
    }

    private void release(int target, Instant now) {
        stage = target;
        content = plan.stages().get(target).title();
        releases++;
        isHeld = false;
        isOutside = false;
        since = now;
    }

    private void back() {
        content = "base";
        releases++;
        isUnderWay = false;
        isPromoted = false;
        isHeld = false;
        isOutside = false;
    }

    void apply(Operation operation, Instant now) {
        boolean isOwn = isUnderWay && !isOutside;
        boolean isInTime = Duration.between(since, now).compareTo(Duration.ofHours(1)) <= 0;
        boolean isLongEnough =
                stage == 0 || stage == promotion || Duration.between(since, now).compareTo(Duration.ofMinutes(1)) >= 0;
        switch (operation) {
            case START -> {
                if (!isUnderWay || isOutside) {
                    isUnderWay = true;
                    isPromoted = false;
                    release(0, now);
                }
            }
            case PASS -> {
                if (isOwn && !isHeld && isLongEnough) {
                    if (stage == promotion) {
                        isUnderWay = false;
                        isPromoted = true;
                    } else {
                        release(stage + 1, now);
                    }
                }
                isHeld |= isUnderWay && isOutside;
            }
            case FAIL -> {
                if (isOwn) {
                    back();
                }
                isHeld |= isUnderWay && isOutside;
            }
            case UNREACHED -> isHeld |= isUnderWay && (isOutside || !isInTime);
            case PROMOTE -> {
                if (isOwn && stage < promotion) {
                    release(stage + 1, now);
                }
            }
            case PROMOTE_TO_END -> {
                if (isOwn && stage < promotion) {
                    release(promotion, now);
                }
            }
            case ROLL_BACK -> {
                if (isUnderWay || (isPromoted && !isOutside)) {
                    back();
                }
            }
            case HOLD -> isHeld |= isUnderWay;
            case RESUME -> {
                if (isHeld && isOutside) {
                    release(stage, now);
                } else if (isHeld) {
                    isHeld = false;
                    since = now;
                }
            }
            case BY_HAND -> {
                content = "hand";
                releases++;
                isOutside = true;
            }
            case WAIT_LONG, WAIT_BRIEFLY -> {}
        }
    }

    @Override
    public String toString() {
        return "stage=%d underWay=%s promoted=%s held=%s content=%s releases=%d"
                .formatted(stage, isUnderWay, isPromoted, isHeld, content, releases);
    }
}
