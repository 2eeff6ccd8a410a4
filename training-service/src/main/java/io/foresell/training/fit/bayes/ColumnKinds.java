package io.foresell.training.fit.bayes;

import io.foresell.model.graph.BinnedEncoding;
import io.foresell.model.graph.CharactersEncoding;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.MissingEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.TextBucketEncoding;
import io.foresell.model.graph.TextEncoding;
import io.foresell.model.graph.WordsEncoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each encoded column is evidence of.
 *
 * @param numbers columns with a normal distribution per class
 * @param groups columns of which a row has one (categories) or any number (terms), together
 * @param indicators columns that are 1 or 0 on their own
 */
record ColumnKinds(List<Integer> numbers, List<List<Integer>> groups, List<Integer> indicators) {
    static ColumnKinds of(Preprocessing preprocessing) {
        Map<String, InputEncoding> origins = new HashMap<>();
        for (InputEncoding encoding : preprocessing.encodings()) {
            if (isGrouped(encoding) || encoding instanceof MissingEncoding) {
                new Preprocessing(List.of(encoding)).encodedNames().forEach(name -> origins.put(name, encoding));
            }
        }
        List<Integer> numbers = new ArrayList<>();
        List<Integer> indicators = new ArrayList<>();
        Map<InputEncoding, Integer> groupByEncoding = new HashMap<>();
        List<List<Integer>> groups = new ArrayList<>();
        List<String> names = preprocessing.encodedNames();
        for (int column = 0; column < names.size(); column++) {
            InputEncoding origin = origins.get(names.get(column));
            if (origin == null) {
                numbers.add(column);
            } else if (origin instanceof MissingEncoding) {
                indicators.add(column);
            } else {
                int group = groupByEncoding.computeIfAbsent(origin, key -> {
                    groups.add(new ArrayList<>());
                    return groups.size() - 1;
                });
                groups.get(group).add(column);
            }
        }
        return new ColumnKinds(numbers, groups, indicators);
    }

    private static boolean isGrouped(InputEncoding encoding) {
        return encoding instanceof TextEncoding
                || encoding instanceof TextBucketEncoding
                || encoding instanceof WordsEncoding
                || encoding instanceof CharactersEncoding
                || (encoding instanceof BinnedEncoding binned && binned.isOneHot());
    }
}
