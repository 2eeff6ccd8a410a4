package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.graph.TermWeights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts in how many texts a term is. */
final class DocumentCounts {
    /** Most different terms to count: some 2 GB of short phrases. */
    private static final int MAX_TERMS = 20_000_000;

    private final Map<String, Integer> textsByTerm = new HashMap<>();
    private int textCount;

    void add(Set<String> terms) {
        textCount++;
        terms.forEach(term -> textsByTerm.merge(term, 1, Integer::sum));
        if (textsByTerm.size() > MAX_TERMS) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_TERMS",
                    "different terms after %d texts: %d (expected: at most %d; a smaller max_length)"
                            .formatted(textCount, textsByTerm.size(), MAX_TERMS)));
        }
    }

    /** Returns the most frequent terms in the order of their texts. */
    List<String> chosen(String input, TextRule.TermChoice choice) {
        List<String> frequent = new ArrayList<>();
        textsByTerm.forEach((term, texts) -> {
            if (texts >= choice.minDocuments()) {
                frequent.add(term);
            }
        });
        if (frequent.isEmpty()) {
            throw new ServiceException(Failure.precondition(
                    "NO_TERMS",
                    "terms of %s in at least %d of %d texts: 0 of %d (expected: 1 or more; a smaller min_documents)"
                            .formatted(input, choice.minDocuments(), textCount, textsByTerm.size())));
        }
        frequent.sort(Comparator.comparingInt((String term) -> -count(term)).thenComparing(Comparator.naturalOrder()));
        List<String> kept = new ArrayList<>(frequent.subList(0, Math.min(choice.maxTerms(), frequent.size())));
        kept.sort(Comparator.naturalOrder());
        return kept;
    }

    private int count(String term) {
        return textsByTerm.getOrDefault(term, 0);
    }

    /** Returns the weights of terms: with {@code isInverse} the smoothed inverse document frequency of scikit-learn's manual. */
    TermWeights weights(List<String> terms, TextRule.TermChoice choice) {
        List<Float> weights = new ArrayList<>();
        for (String term : terms) {
            weights.add(choice.isInverse() ? (float) (1 + Math.log((1.0 + textCount) / (1.0 + count(term)))) : 1f);
        }
        return new TermWeights(weights, choice.isSublinear(), choice.isNormalized());
    }
}
