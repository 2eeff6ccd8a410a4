package io.foresell.feature.prediction;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.bson.Document;

/**
 * All outcomes reported for one target, in the order they came. Immutable.
 *
 * @param revision 0 when nothing is stored yet
 */
record OutcomeLedger(OutcomeTarget target, long revision, List<Outcome> outcomes) {
    /** More reports about one prediction or subject than this are a mistake of the sender. */
    static final int MAX_OUTCOMES = 1000;

    static final String REPORTED_AT = "reported_at";
    static final String SUBJECT = "subject";

    OutcomeLedger {
        outcomes = List.copyOf(outcomes);
    }

    static OutcomeLedger empty(OutcomeTarget target) {
        return new OutcomeLedger(target, 0, List.of());
    }

    /** Says what becomes of one more outcome. */
    enum Entry {
        NEW,
        DUPLICATE,
        CONTRADICTION,
        FULL
    }

    Entry entryOf(Outcome outcome) {
        for (Outcome known : outcomes) {
            if (known.id().equals(outcome.id())) {
                boolean isSame = known.name().equals(outcome.name()) && known.hasValueOf(outcome);
                return isSame ? Entry.DUPLICATE : Entry.CONTRADICTION;
            }
        }
        return outcomes.size() >= MAX_OUTCOMES ? Entry.FULL : Entry.NEW;
    }

    /** Returns the value that an id has already; empty when it has none. */
    String valueOf(String id) {
        return outcomes.stream()
                .filter(known -> known.id().equals(id))
                .map(known -> String.valueOf(known.number() == null ? known.text() : known.number()))
                .findFirst()
                .orElse("");
    }

    OutcomeLedger with(Outcome outcome) {
        List<Outcome> more = new ArrayList<>(outcomes);
        more.add(outcome);
        return new OutcomeLedger(target, revision, more);
    }

    OutcomeLedger without(Predicate<Outcome> isGone) {
        return new OutcomeLedger(
                target, revision, outcomes.stream().filter(isGone.negate()).toList());
    }

    /** Returns the document of the next revision. */
    Document encodeNext() {
        return new Document("_id", target.key())
                .append("revision", revision + 1)
                .append("prediction_id", target.predictionId())
                .append("model", target.model())
                .append(SUBJECT, target.subject())
                .append(
                        REPORTED_AT,
                        outcomes.stream()
                                .mapToLong(Outcome::reportedAtMillis)
                                .max()
                                .orElse(0))
                .append("outcomes", Outcome.encode(outcomes));
    }

    static OutcomeLedger decode(Document document) {
        return new OutcomeLedger(
                new OutcomeTarget(
                        document.getString("prediction_id"), document.getString("model"), document.getString(SUBJECT)),
                document.getLong("revision"),
                Outcome.decode(document.getList("outcomes", Document.class)));
    }
}
