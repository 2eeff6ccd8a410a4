package io.foresell.model.reason;

import io.foresell.model.Task;

/** English sentences: "tenure is 1: raises the risk of leaving". */
record English(Task task, String label, String meaning) implements Wording {
    @Override
    public String sentence(String label, String value, boolean isSequence, double contribution) {
        String subject = value.isEmpty()
                ? label + " is missing"
                : (isSequence ? "%s, latest values %s" : "%s is %s").formatted(label, value);
        boolean isRaised = contribution > 0;
        return switch (task) {
            case BINARY -> "%s: %s the %s".formatted(subject, isRaised ? "raises" : "lowers", meant("score"));
            case REGRESSION -> (isRaised ? "%s: adds %s to the %s" : "%s: takes %s off the %s")
                    .formatted(subject, Wording.amount(contribution), meant("forecast"));
            case MULTICLASS -> "%s: speaks %s %s".formatted(subject, isRaised ? "for" : "against", named("class"));
            case CLUSTERS -> "%s: speaks %s %s".formatted(subject, isRaised ? "for" : "against", named("segment"));
            case RANKING -> "%s ranks %s because %s".formatted(this.label, isRaised ? "higher" : "lower", subject);
        };
    }

    private String meant(String otherwise) {
        return meaning.isEmpty() ? otherwise : meaning;
    }

    private String named(String kind) {
        return meant(kind) + " " + label;
    }
}
