package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/** Splits at single spaces as ONNX's StringSplit does: two spaces have an empty word between them. */
final class Words {
    static final String DELIMITER = " ";

    private Words() {}

    static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        int from = 0;
        for (int gap = text.indexOf(DELIMITER); gap >= 0; gap = text.indexOf(DELIMITER, from)) {
            words.add(text.substring(from, gap));
            from = gap + 1;
        }
        if (!text.isEmpty()) {
            words.add(text.substring(from));
        }
        return words;
    }
}
