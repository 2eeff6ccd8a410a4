package io.foresell.model.scorer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The n-grams that a TfIdfVectorizer counts: their tokens, and a tree whose labels are the columns that count them. Immutable. */
record NgramPool(TokenTable tokens, TokenTree ngrams) {
    /** Collects n-grams while a plan is built. */
    static final class Builder {
        private final Map<String, Integer> ids = new HashMap<>();
        private final TokenTree.Builder ngrams = new TokenTree.Builder();

        /** Adds an n-gram; returns false when it is there already. */
        boolean add(List<String> ngram, int column) {
            int node = 0;
            for (String token : ngram) {
                Integer id = ids.computeIfAbsent(token, unknown -> ids.size());
                node = ngrams.grow(node, id);
            }
            return ngrams.label(node, column);
        }

        NgramPool build() {
            return new NgramPool(new TokenTable(ids), ngrams.build());
        }
    }
}
