package io.foresell.training.rollout;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Releases of one model in a list, set by compare-and-set as the registry does; outlives the processes that set them. */
final class ListedReleases {
    /** A release and what it stands for: "base", "hand" or a stage's title. */
    record Listed(String content, String actor, String reason) {}

    final List<Listed> list = new ArrayList<>();

    ListedReleases() {
        list.add(new Listed("base", "ann", "first"));
    }

    void byHand() {
        list.add(new Listed("hand", "bob", "at once"));
    }

    int revision() {
        return list.size();
    }

    String content() {
        return list.get(list.size() - 1).content();
    }

    /** Returns the switch of a process that may be killed. */
    ReleaseSwitch of(Kills kills) {
        return new ReleaseSwitch() {
            @Override
            public Setting current(String model) {
                Listed last = list.get(list.size() - 1);
                return new Setting(list.size(), last.actor(), last.reason());
            }

            @Override
            public OptionalInt find(String model, String tag, int revision) {
                for (int i = revision; i < list.size(); i++) {
                    if (list.get(i).reason().startsWith(tag)) {
                        return OptionalInt.of(i + 1);
                    }
                }
                return OptionalInt.empty();
            }

            @Override
            public int set(Rollout rollout, Pending change, String tag) {
                if (change.expectedRevision() != list.size()) {
                    throw new ServiceException(Failure.conflict(
                            "RELEASE_CHANGED", "expected_revision", list.size(), change.expectedRevision()));
                }
                String content = change.isRollBack()
                        ? "base"
                        : rollout.plan().stages().get(change.target()).title();
                try {
                    return kills.write(() -> {
                        list.add(new Listed(content, change.actor(), tag + " " + change.reason()));
                        return list.size();
                    });
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }
}
