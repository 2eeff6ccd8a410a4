package io.foresell.model;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** How many bytes a call leaves behind once the second compiler has seen it. */
public final class Allocation {
    /** Less than this over {@link #CALLS} calls is what asking costs itself. */
    public static final long NOTHING = 200;

    private static final int CALLS = 100;
    // The compiler works in the background, behind whatever the tests before have left for it.
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Returns the bytes allocated by a hundred calls: the least of many tries, until there is nothing or time is up. */
    public static long of(Runnable call) {
        long start = System.nanoTime();
        long least = Long.MAX_VALUE;
        while (least >= NOTHING && System.nanoTime() - start < PATIENCE_NANOS) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
