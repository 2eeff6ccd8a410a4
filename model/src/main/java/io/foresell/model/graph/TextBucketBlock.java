package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The columns of a {@link TextBucketEncoding}. */
final class TextBucketBlock implements ColumnBlock {
    private static final int NONE = -1;

    private final Signature signature;
    private final TextBucketEncoding text;
    private final int place;

    TextBucketBlock(Signature signature, TextBucketEncoding text) {
        this.signature = signature;
        this.text = text;
        this.place = signature.offset(text.input());
    }

    @Override
    public String input(int column) {
        return text.input();
    }

    @Override
    public List<String> names() {
        List<List<String>> texts = new ArrayList<>();
        for (int bucket = 0; bucket < text.bucketCount(); bucket++) {
            texts.add(new ArrayList<>());
        }
        text.buckets().forEach((known, bucket) -> {
            if (!known.isEmpty() && bucket != text.unseenBucket()) {
                texts.get(bucket).add(known);
            }
        });
        List<String> names = new ArrayList<>();
        for (int bucket = 0; bucket < text.bucketCount(); bucket++) {
            List<String> only = texts.get(bucket);
            names.add(
                    only.size() == 1
                            ? "%s=%s".formatted(text.input(), only.get(0))
                            : "%s bucket %d".formatted(text.input(), bucket));
        }
        return names;
    }

    @Override
    public int width() {
        return text.bucketCount();
    }

    @Override
    public void encode(Rows rows, int row, float[] encoded, int at) {
        String value = ColumnBlock.text(signature, rows, row, place);
        int bucket = text.buckets().getOrDefault(value, value.isEmpty() ? NONE : text.unseenBucket());
        if (bucket != NONE) {
            encoded[at + bucket] = 1;
        }
    }

    @Override
    public String write(GraphBuilder graph) {
        Map<String, Integer> sorted = new TreeMap<>(text.buckets());
        sorted.putIfAbsent("", NONE);
        String bucket = graph.mlNode(
                "LabelEncoder",
                List.of(text.input()),
                GraphBuilder.texts("keys_strings", List.copyOf(sorted.keySet())),
                GraphBuilder.integers(
                        "values_int64s",
                        sorted.values().stream().map(Integer::longValue).toList()),
                GraphBuilder.integer("default_int64", text.unseenBucket()));
        long[] buckets = new long[text.bucketCount()];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = i;
        }
        String oneHot = graph.mlNode(
                "OneHotEncoder",
                List.of(bucket),
                GraphBuilder.integers("cats_int64s", buckets),
                GraphBuilder.integer("zeros", 1));
        return graph.node("Flatten", List.of(oneHot), GraphBuilder.integer("axis", 1));
    }
}
