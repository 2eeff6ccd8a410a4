package io.foresell.training.prepare;

import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.Preprocessing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Encodings fitted so far, in signature order. */
final class FittedColumns {
    private final List<InputEncoding> served = new ArrayList<>();
    private final List<InputEncoding> fitted = new ArrayList<>();
    /** Numbers that a regression fills; each has an indicator. */
    private final Set<String> completed = new HashSet<>();
    /** Numbers whose indicator goes once they are filled. */
    private final Set<String> withoutIndicator = new HashSet<>();

    void add(InputEncoding encoding) {
        add(encoding, encoding);
    }

    /** Adds an encoding that computes other numbers for marked texts of training rows. */
    void add(InputEncoding encoding, InputEncoding ofTrainingRows) {
        served.add(encoding);
        fitted.add(ofTrainingRows);
    }

    /** Has a regression fill a number. */
    void complete(String input, boolean keepsIndicator) {
        completed.add(input);
        if (!keepsIndicator) {
            withoutIndicator.add(input);
        }
    }

    Set<String> completed() {
        return completed;
    }

    boolean keepsIndicator(String input) {
        return !withoutIndicator.contains(input);
    }

    Preprocessing preprocessing() {
        return new Preprocessing(served, fitted, List.of());
    }
}
