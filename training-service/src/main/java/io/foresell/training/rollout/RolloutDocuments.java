package io.foresell.training.rollout;

import io.foresell.training.rollout.gate.GateStanding;
import io.foresell.training.rollout.gate.ReplicaStanding;
import io.foresell.training.rollout.gate.Verdict;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/** The documents of rollouts, both ways. Events have ids that sort by model and number. */
final class RolloutDocuments {
    private final PlanEncoding plans;

    RolloutDocuments(PlanEncoding plans) {
        this.plans = plans;
    }

    Document ofState(RolloutState state) {
        Rollout rollout = state.rollout();
        return new Document("_id", state.model())
                .append("revision", state.revision())
                .append("rollout_count", state.rolloutCount())
                .append("event_count", state.eventCount())
                .append("is_under_way", rollout != null && (rollout.isUnderWay() || rollout.pending() != null))
                .append("rollout", rollout == null ? null : ofRollout(rollout))
                .append(
                        "journal",
                        state.journal().stream()
                                .map(event -> ofEvent(state.model(), event))
                                .toList());
    }

    RolloutState toState(Document document) {
        Document rollout = document.get("rollout", Document.class);
        return new RolloutState(
                document.getString("_id"),
                document.getLong("revision"),
                document.getInteger("rollout_count"),
                document.getInteger("event_count"),
                rollout == null ? null : toRollout(rollout),
                document.getList("journal", Document.class).stream()
                        .map(RolloutDocuments::toEvent)
                        .toList());
    }

    private Document ofRollout(Rollout rollout) {
        Instant endedAt = rollout.endedAt();
        return new Document("id", rollout.id())
                .append("model", rollout.model())
                .append("plan", new Binary(plans.write(rollout.plan())))
                .append("champion", rollout.champion())
                .append("digest", rollout.digest())
                .append("previous_revision", rollout.previousRevision())
                .append("phase", rollout.phase().name())
                .append("stage", rollout.stage())
                .append("is_held", rollout.isHeld())
                .append("why", rollout.why())
                .append("release_revision", rollout.releaseRevision())
                .append("pending", ofPending(rollout.pending()))
                .append("change_count", rollout.changeCount())
                .append("started_at", Date.from(rollout.startedAt()))
                .append("stage_since", Date.from(rollout.stageSince()))
                .append("ended_at", endedAt == null ? null : Date.from(endedAt))
                .append("actor", rollout.actor())
                .append("reason", rollout.reason())
                .append("observation", ObservationDocuments.of(rollout.observation()));
    }

    private Rollout toRollout(Document document) {
        Date endedAt = document.getDate("ended_at");
        return new Rollout(
                document.getString("id"),
                document.getString("model"),
                plans.read(document.get("plan", Binary.class).getData()),
                document.getInteger("champion"),
                document.getString("digest"),
                document.getInteger("previous_revision"),
                Phase.valueOf(document.getString("phase")),
                document.getInteger("stage"),
                document.getBoolean("is_held"),
                document.getString("why"),
                document.getInteger("release_revision"),
                toPending(document.get("pending", Document.class)),
                document.getInteger("change_count"),
                document.getDate("started_at").toInstant(),
                document.getDate("stage_since").toInstant(),
                endedAt == null ? null : endedAt.toInstant(),
                document.getString("actor"),
                document.getString("reason"),
                ObservationDocuments.to(document.get("observation", Document.class)));
    }

    private static @Nullable Document ofPending(@Nullable Pending pending) {
        return pending == null
                ? null
                : new Document("number", pending.number())
                        .append("target", pending.target())
                        .append("expected_revision", pending.expectedRevision())
                        .append("actor", pending.actor())
                        .append("reason", pending.reason());
    }

    private static @Nullable Pending toPending(@Nullable Document document) {
        return document == null
                ? null
                : new Pending(
                        document.getInteger("number"),
                        document.getInteger("target"),
                        document.getInteger("expected_revision"),
                        document.getString("actor"),
                        document.getString("reason"));
    }

    static Document ofEvent(String model, RolloutEvent event) {
        return new Document("_id", "%s@%08d".formatted(model, event.sequence()))
                .append("model", model)
                .append("sequence", event.sequence())
                .append("rollout_id", event.rolloutId())
                .append("at", Date.from(event.at()))
                .append("actor", event.actor())
                .append("action", event.action())
                .append("reason", event.reason())
                .append("release_revision", event.releaseRevision())
                .append("gates", ofGates(event.gates()))
                .append("replicas", ofReplicas(event.replicas()));
    }

    static RolloutEvent toEvent(Document document) {
        return new RolloutEvent(
                document.getInteger("sequence"),
                document.getString("rollout_id"),
                document.getDate("at").toInstant(),
                document.getString("actor"),
                document.getString("action"),
                document.getString("reason"),
                document.getInteger("release_revision"),
                toGates(document.getList("gates", Document.class)),
                toReplicas(document.getList("replicas", Document.class)));
    }

    static List<Document> ofGates(List<GateStanding> gates) {
        return gates.stream()
                .map(gate -> new Document("gate", gate.gate())
                        .append("verdict", gate.verdict().name())
                        .append("sentence", gate.sentence())
                        .append("numbers", new Document(new TreeMap<>(gate.numbers()))))
                .toList();
    }

    static List<GateStanding> toGates(List<Document> documents) {
        return documents.stream().map(RolloutDocuments::toGate).toList();
    }

    private static GateStanding toGate(Document document) {
        Map<String, Double> numbers = new TreeMap<>();
        document.get("numbers", Document.class).forEach((name, value) -> numbers.put(name, (Double) value));
        return new GateStanding(
                document.getString("gate"),
                Verdict.valueOf(document.getString("verdict")),
                document.getString("sentence"),
                numbers);
    }

    static List<Document> ofReplicas(List<ReplicaStanding> replicas) {
        return replicas.stream()
                .map(replica -> new Document("address", replica.address())
                        .append("instance", replica.instance())
                        .append("is_reached", replica.isReached())
                        .append("release_revision", replica.releaseRevision())
                        .append("candidate_digest", replica.candidateDigest())
                        .append("is_serving", replica.isServing())
                        .append("remark", replica.remark()))
                .toList();
    }

    static List<ReplicaStanding> toReplicas(List<Document> documents) {
        return documents.stream()
                .map(document -> new ReplicaStanding(
                        document.getString("address"),
                        document.getString("instance"),
                        document.getBoolean("is_reached"),
                        document.getInteger("release_revision"),
                        document.getString("candidate_digest"),
                        document.getBoolean("is_serving"),
                        document.getString("remark")))
                .toList();
    }
}
