package io.foresell.feature.prediction;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides subjects into {@value #COUNT} parts of about the same size, the same for every model: a question too large to be answered at once
 * is asked part by part.
 */
public final class SubjectParts {
    /** How many parts there are; part of the stored format. */
    public static final int COUNT = 64;

    private SubjectParts() {}

    /** Returns the part of a subject, from 0: FNV-1a over UTF-16 units, mixed, by another seed than those of sampling and of routes. */
    static int of(String subject) {
        long hash = 0x27D4EB2F165667C5L;
        for (int i = 0; i < subject.length(); i++) {
            hash = (hash ^ subject.charAt(i)) * 0x100000001B3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return (int) ((hash ^ (hash >>> 33)) & (COUNT - 1));
    }

    /** Returns the parts that make up one of {@code partCount}, a power of two up to {@value #COUNT}; none means all, subjects or not. */
    public static List<Integer> within(int partCount, int part) {
        return partCount <= 1
                ? List.of()
                : IntStream.range(0, COUNT)
                        .filter(each -> each % partCount == part)
                        .boxed()
                        .toList();
    }
}
