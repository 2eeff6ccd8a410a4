package io.foresell.training.rollout;

import io.foresell.kit.ServiceException;
import io.foresell.training.registry.audit.AuditEntry.Draft;
import io.foresell.training.registry.audit.AuditLog;
import java.util.OptionalInt;

/**
 * Writes every release that a rollout sets to the audit log, refused ones too. What people ask of a rollout is written where they ask; this
 * is what the service does by itself.
 */
final class AuditedSwitch implements ReleaseSwitch {
    private static final String CALLER = "training service";
    private static final String ACTION = "SetRelease";

    private final ReleaseSwitch inner;
    private final AuditLog audit;

    AuditedSwitch(ReleaseSwitch inner, AuditLog audit) {
        this.inner = inner;
        this.audit = audit;
    }

    @Override
    public Setting current(String model) {
        return inner.current(model);
    }

    @Override
    public OptionalInt find(String model, String tag, int revision) {
        return inner.find(model, tag, revision);
    }

    @Override
    public int set(Rollout rollout, Pending change, String tag) {
        try {
            int revision = inner.set(rollout, change, tag);
            write(rollout, change, tag, "release " + revision, "OK");
            return revision;
        } catch (ServiceException e) {
            write(rollout, change, tag, "", e.failure().reason());
            throw e;
        }
    }

    private void write(Rollout rollout, Pending change, String tag, String to, String outcome) {
        String from = change.expectedRevision() == 0 ? "" : "release " + change.expectedRevision();
        audit.append(new Draft(
                CALLER, change.actor(), ACTION, rollout.model(), from, to, tag + " " + change.reason(), outcome));
    }
}
