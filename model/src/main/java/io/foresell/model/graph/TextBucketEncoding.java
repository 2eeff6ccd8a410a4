package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * A text becomes one column per bucket, 1 in its own: several categories share a column, be it by hashing or because they
 * are rare. A missing text becomes zeros, unless the empty text has a bucket.
 *
 * <p>Standard ONNX cannot hash a text, so the buckets of the known texts are computed when a model is fitted, and every
 * text that was not known then goes to one bucket of choice.
 *
 * @param buckets the bucket of each known text, 0..bucketCount-1
 * @param unseenBucket the bucket of every other text; -1 makes it zeros
 */
public record TextBucketEncoding(String input, Map<String, Integer> buckets, int bucketCount, int unseenBucket)
        implements InputEncoding {
    public TextBucketEncoding {
        buckets = Map.copyOf(buckets);
        if (bucketCount < 1 || unseenBucket < -1 || unseenBucket >= bucketCount) {
            throw new IllegalArgumentException(
                    "buckets of %s: %d, unseen texts in %d (expected: 1 or more, unseen in one)"
                            .formatted(input, bucketCount, unseenBucket));
        }
        if (buckets.isEmpty()) {
            throw new IllegalArgumentException("texts of %s: 0 (expected: 1 or more)".formatted(input));
        }
        for (Map.Entry<String, Integer> entry : buckets.entrySet()) {
            if (entry.getValue() < 0 || entry.getValue() >= bucketCount) {
                throw new IllegalArgumentException("bucket of text %s: %d (expected: 0..%d)"
                        .formatted(entry.getKey(), entry.getValue(), bucketCount - 1));
            }
        }
    }

    /** Returns the encoding that spreads texts by hash; the last bucket is that of unseen texts alone. */
    public static TextBucketEncoding hashed(String input, Collection<String> texts, int bucketCount) {
        Map<String, Integer> buckets = new TreeMap<>();
        for (String text : texts) {
            if (!text.isEmpty()) {
                buckets.put(text, Integer.remainderUnsigned(hash(text), Math.max(1, bucketCount - 1)));
            }
        }
        return new TextBucketEncoding(input, buckets, bucketCount, bucketCount - 1);
    }

    /** FNV-1a over UTF-8, 32 bits: the same in every language and version. */
    private static int hash(String text) {
        int hash = 0x811c9dc5;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (octet & 0xff)) * 0x01000193;
        }
        return hash;
    }

    @Override
    public InputField field() {
        return InputField.text(input);
    }
}
