package io.foresell.benchmarks.soak;

import io.foresell.benchmarks.load.Reply;
import io.foresell.benchmarks.load.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Calls of many kinds in a fixed, shuffled turn, counted by kind. */
final class CallMix implements Subject {
    private static final long SEED = 5;

    private final List<CallKind> turn = new ArrayList<>();
    private final Map<String, Counted> counts = new LinkedHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    /** What became of one kind. */
    static final class Counted {
        private final LongAdder answered = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private volatile String firstFailure = ""; // of several at once any

        private void count(Reply reply) {
            switch (reply.outcome()) {
                case ANSWERED -> answered.increment();
                case REFUSED -> refused.increment();
                case FAILED -> {
                    failed.increment();
                    firstFailure = firstFailure.isEmpty() ? reply.detail() : firstFailure;
                }
            }
        }

        long answered() {
            return answered.sum();
        }

        long refused() {
            return refused.sum();
        }

        long failed() {
            return failed.sum();
        }

        String firstFailure() {
            return firstFailure;
        }
    }

    CallMix(List<CallKind> kinds) {
        for (CallKind kind : kinds) {
            counts.put(kind.name(), new Counted());
            turn.addAll(Collections.nCopies(kind.weight(), kind));
        }
        Collections.shuffle(turn, new Random(SEED));
    }

    @Override
    public String name() {
        return "mix";
    }

    @Override
    public int requestBytes() {
        return 0;
    }

    Map<String, Counted> counts() {
        return Collections.unmodifiableMap(counts);
    }

    @Override
    public CompletableFuture<Reply> call() {
        CallKind kind = turn.get(Math.floorMod(next.getAndIncrement(), turn.size()));
        CompletableFuture<Reply> reply;
        try {
            reply = kind.call().get();
        } catch (RuntimeException e) {
            reply = CompletableFuture.completedFuture(Reply.failed(String.valueOf(e)));
        }
        return reply.exceptionally(error -> Reply.failed(String.valueOf(error))).whenComplete((ended, error) -> {
            Counted counted = counts.get(kind.name());
            if (counted != null && ended != null) {
                counted.count(ended);
            }
        });
    }
}
