package io.foresell.training.serve;

import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.choose.ChoosePlan;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how candidates are found when a spec names none. */
final class ChooseProtos {
    private ChooseProtos() {}

    /** Returns the plan; null without one, or after a refusal. */
    static @Nullable ChoosePlan plan(TrainingSpec message, SpecCheck check) {
        if (!message.hasChoose()) {
            if (message.hasBudget()) {
                check.refuse("budget", message.getBudget().getSeconds() + " s", "none without choose");
            }
            return null;
        }
        if (message.getCandidatesCount() > 0) {
            check.refuse(
                    "candidates", message.getCandidatesCount() + " candidates", "none with choose, which finds them");
        }
        double seconds = message.getBudget().hasSeconds() ? message.getBudget().getSeconds() : ChoosePlan.USUAL_SECONDS;
        return check.checked(
                "",
                () -> new ChoosePlan(
                        seconds,
                        message.getChoose().getDefaultsOnly(),
                        Set.copyOf(message.getChoose().getLeaveOutList())));
    }
}
