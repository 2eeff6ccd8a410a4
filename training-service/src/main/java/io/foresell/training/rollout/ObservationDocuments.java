package io.foresell.training.rollout;

import io.foresell.training.rollout.observe.CoarseBins;
import io.foresell.training.rollout.observe.Ledger;
import io.foresell.training.rollout.observe.OutcomeTotals;
import io.foresell.training.rollout.observe.Outcomes;
import io.foresell.training.rollout.observe.ShadowCounts;
import io.foresell.training.rollout.observe.VersionCounts;
import io.foresell.training.rollout.observe.WindowCounts;
import io.foresell.training.rollout.sequential.Histogram;
import io.foresell.training.rollout.sequential.OutcomeBlock;
import io.foresell.training.rollout.sequential.OutcomeBlocks;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/** What was seen in a stage, as a document, both ways. Histograms are kept as pairs of bin and count. */
final class ObservationDocuments {
    private ObservationDocuments() {}

    static Document of(Observation observation) {
        Ledger ledger = observation.ledger();
        return new Document("gone", ofWindow(ledger.gone()))
                .append(
                        "instances",
                        ledger.byInstance().entrySet().stream()
                                .map(entry -> ofWindow(entry.getValue()).append("instance", entry.getKey()))
                                .toList())
                .append(
                        "blocks",
                        observation.blocks().closed().stream()
                                .map(ObservationDocuments::ofBlock)
                                .toList())
                .append("open_block", ofBlock(observation.blocks().open()))
                .append("outcomes", ofAnswer(observation.outcomes()))
                .append("labels", ofAnswer(observation.labels()))
                .append("outcomes_at", Date.from(observation.outcomesAt()))
                .append("gates", RolloutDocuments.ofGates(observation.gates()))
                .append("replicas", RolloutDocuments.ofReplicas(observation.replicas()))
                .append("looked_at", Date.from(observation.lookedAt()));
    }

    static Observation to(Document document) {
        Map<String, WindowCounts> instances = new LinkedHashMap<>();
        document.getList("instances", Document.class)
                .forEach(each -> instances.put(each.getString("instance"), toWindow(each)));
        return new Observation(
                new Ledger(toWindow(document.get("gone", Document.class)), instances),
                new OutcomeBlocks(
                        document.getList("blocks", Document.class).stream()
                                .map(ObservationDocuments::toBlock)
                                .toList(),
                        toBlock(document.get("open_block", Document.class))),
                toAnswer(document.get("outcomes", Document.class)),
                toAnswer(document.get("labels", Document.class)),
                document.getDate("outcomes_at").toInstant(),
                RolloutDocuments.toGates(document.getList("gates", Document.class)),
                RolloutDocuments.toReplicas(document.getList("replicas", Document.class)),
                document.getDate("looked_at").toInstant());
    }

    private static Document ofWindow(WindowCounts window) {
        return new Document("champion", ofVersion(window.champion()))
                .append("candidate", ofVersion(window.candidate()))
                .append("shadow", ofShadow(window.shadow()));
    }

    private static WindowCounts toWindow(Document document) {
        return new WindowCounts(
                toVersion(document.get("champion", Document.class)),
                toVersion(document.get("candidate", Document.class)),
                toShadow(document.get("shadow", Document.class)));
    }

    private static Document ofVersion(VersionCounts counts) {
        return new Document("calls", counts.callCount())
                .append("errors", counts.errorCount())
                .append("rows", counts.rowCount())
                .append("seconds", ofHistogram(counts.seconds()))
                .append("scores", ofHistogram(counts.scores()));
    }

    private static VersionCounts toVersion(Document document) {
        return new VersionCounts(
                document.getLong("calls"),
                document.getLong("errors"),
                document.getLong("rows"),
                toHistogram(CoarseBins.SECONDS, document, "seconds"),
                toHistogram(CoarseBins.SCORES, document, "scores"));
    }

    private static Document ofShadow(ShadowCounts counts) {
        return new Document("rows", counts.rowCount())
                .append("dropped", counts.droppedCount())
                .append("errors", counts.errorCount())
                .append("flips", counts.flipCount())
                .append("champion_scores", ofHistogram(counts.championScores()))
                .append("candidate_scores", ofHistogram(counts.candidateScores()));
    }

    private static ShadowCounts toShadow(Document document) {
        return new ShadowCounts(
                document.getLong("rows"),
                document.getLong("dropped"),
                document.getLong("errors"),
                document.getLong("flips"),
                toHistogram(CoarseBins.SCORES, document, "champion_scores"),
                toHistogram(CoarseBins.SCORES, document, "candidate_scores"));
    }

    private static List<Long> ofHistogram(Histogram histogram) {
        return Arrays.stream(CoarseBins.sparse(histogram)).boxed().toList();
    }

    private static Histogram toHistogram(CoarseBins bins, Document document, String key) {
        return bins.ofSparse(document.getList(key, Long.class).stream()
                .mapToLong(Long::longValue)
                .toArray());
    }

    private static Document ofBlock(OutcomeBlock block) {
        return new Document("candidate_count", block.candidateCount())
                .append("candidate_sum", block.candidateSum())
                .append("champion_count", block.championCount())
                .append("champion_sum", block.championSum());
    }

    private static OutcomeBlock toBlock(Document document) {
        return new OutcomeBlock(
                document.getLong("candidate_count"),
                document.getDouble("candidate_sum"),
                document.getLong("champion_count"),
                document.getDouble("champion_sum"));
    }

    private static Document ofAnswer(Outcomes.Answer answer) {
        return new Document("champion", ofTotals(answer.champion()))
                .append("candidate", ofTotals(answer.candidate()))
                .append("failure", answer.failure());
    }

    private static Outcomes.Answer toAnswer(Document document) {
        return new Outcomes.Answer(
                toTotals(document.get("champion", Document.class)),
                toTotals(document.get("candidate", Document.class)),
                document.getString("failure"));
    }

    private static Document ofTotals(OutcomeTotals totals) {
        return new Document("subjects", totals.subjectCount())
                .append("count", totals.count())
                .append("mean", totals.mean())
                .append("mean_score", totals.meanScore());
    }

    private static OutcomeTotals toTotals(Document document) {
        return new OutcomeTotals(
                document.getLong("subjects"),
                document.getLong("count"),
                document.getDouble("mean"),
                document.getDouble("mean_score"));
    }
}
