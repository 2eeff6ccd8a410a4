package io.foresell.training.rollout;

import io.foresell.training.registry.HoldOut;
import io.foresell.training.registry.ReleaseUnit;
import io.foresell.training.registry.Route;
import io.foresell.training.rollout.plan.RolloutPlan;
import io.foresell.training.rollout.plan.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * What is released in a stage: the release before the rollout with the candidate in it. Bands, feature set, slices, the ladder and a hold-out
 * group that was there stay as they are, and so do routes of weight 0; a shadow that was there makes way.
 */
final class StageUnits {
    private StageUnits() {}

    static ReleaseUnit of(ReleaseUnit base, RolloutPlan plan, int champion, Stage stage) {
        boolean isPromotion = stage.kind() == Stage.Kind.PROMOTION;
        HoldOut holdOut = plan.holdOut() > 0
                ? (isPromotion ? base.holdOut() : new HoldOut(plan.holdOut(), champion))
                : base.holdOut();
        List<Route> routes = new ArrayList<>();
        for (Route route : base.routes()) {
            boolean isOther = route.version() != champion && route.version() != plan.candidate();
            if (isOther && !route.isShadow()) {
                routes.add(route);
            }
        }
        boolean isNeeded = (holdOut != null && holdOut.version() == champion) || base.fallback() == champion;
        if (!isPromotion || isNeeded) {
            routes.add(new Route(champion, 100 - stage.weight()));
        }
        routes.add(
                stage.kind() == Stage.Kind.SHADOW
                        ? new Route(plan.candidate(), 0, 100)
                        : new Route(plan.candidate(), stage.weight()));
        return new ReleaseUnit(routes, holdOut, base.bands(), base.featureSetHash(), base.sliceColumn(), base.ladder());
    }
}
