package io.foresell.inference.serve;

import io.foresell.inference.admit.AdaptiveLimit;
import io.foresell.inference.ladder.Cause;
import io.foresell.inference.ladder.KnownScore;
import io.foresell.inference.ladder.Rung;
import io.foresell.inference.lookup.FeatureLookup;
import io.foresell.inference.lookup.FoundFeatures;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.SlotLadder;
import io.foresell.inference.serve.LadderRequest.Trouble;
import io.foresell.kit.ServiceException;
import io.grpc.Context;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of releases that declare a ladder: by the highest rung that fits into the time left, asked again after every wait, and
 * by the next one when the version chosen cannot answer. What is wrong with a request is an error on every rung. Thread-safe.
 */
final class LadderScoring {
    // What is kept of a deadline for the way back and for what comes after the look-up: an eighth, within these.
    private static final long LEAST_RESERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MOST_RESERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final FeatureLookup lookup;
    private final HeavyLane heavyLane;
    private final AdaptiveLimit limit;
    private final StepDowns steps;

    LadderScoring(FeatureLookup lookup, HeavyLane heavyLane, AdaptiveLimit limit, MeterRegistry meters) {
        this.lookup = lookup;
        this.heavyLane = heavyLane;
        this.limit = limit;
        this.steps = new StepDowns(meters);
    }

    /**
     * Answers a request: by one response and the end, or by an error.
     *
     * @throws ServiceException what is wrong with the request, or why no rung answers, when it is known at once
     */
    void score(RoutedAnswer answer, SlotLadder ladder) {
        for (Batch batch : answer.batches()) {
            BatchScorer.requireLabel(answer.query(), batch);
        }
        LadderRequest request = new LadderRequest(answer, ladder);
        if (request.isOfEntities()) {
            Scoring.requireKeys(answer.query().request().getEntityKeys().getKeysList());
            lookUp(request);
        } else {
            start(request);
        }
    }

    private void lookUp(LadderRequest request) {
        RoutedAnswer answer = request.answer();
        long left = Calls.leftNanos();
        Rung rung = request.highest(left, heavyLane.waitNanos());
        if (rung.compareTo(Rung.FALLBACK) > 0) {
            finish(request, rung, new Trouble(Cause.DEADLINE, null)); // with features in hand it would be too late, too
            return;
        }
        long startNanos = System.nanoTime();
        Duration atMost = Duration.ofNanos(lookupNanos(left, request.nanos(rung)));
        List<CompletableFuture<FoundFeatures>> lookups = new ArrayList<>();
        for (Batch batch : answer.batches()) {
            lookups.add(find(answer, batch, atMost));
        }
        // The context carries deadline and trace to the thread on which the features arrive.
        Context context = Context.current();
        CompletableFuture<Void> all = CompletableFuture.allOf(lookups.toArray(new CompletableFuture<?>[0]));
        var unused = all.whenComplete((nothing, error) -> context.run(() -> {
            limit.lookedUp(System.nanoTime() - startNanos);
            Calls.guarded(answer, () -> {
                take(request, lookups);
                start(request);
            });
        }));
    }

    private CompletableFuture<FoundFeatures> find(RoutedAnswer answer, Batch batch, Duration atMost) {
        ServedVersion served = batch.served();
        if (served.modelPackage().manifest().getFeatureSet().isEmpty()) {
            throw Scoring.withoutFeatureSet(served, answer.query().request().getModel());
        }
        return lookup.find(
                Scoring.setOf(served), served.modelPackage().signature(), Scoring.keys(answer.query(), batch), atMost);
    }

    /** Returns how long a look-up may take so that what it was for still fits. */
    static long lookupNanos(long leftNanos, long computeNanos) {
        if (leftNanos == Long.MAX_VALUE) {
            return leftNanos;
        }
        long reserve = Math.min(MOST_RESERVE_NANOS, Math.max(LEAST_RESERVE_NANOS, leftNanos / 8));
        return Math.max(leftNanos / 4, leftNanos - reserve - Math.min(computeNanos, leftNanos / 2));
    }

    private static void take(LadderRequest request, List<CompletableFuture<FoundFeatures>> lookups) {
        for (int i = 0; i < lookups.size(); i++) {
            try {
                request.found(i, lookups.get(i).join()); // complete by now
            } catch (CompletionException e) {
                RuntimeException error = e.getCause() instanceof ServiceException known ? known : e;
                Cause cause = causeOf(error);
                if (cause == null) {
                    Batch batch = request.answer().batches().get(i);
                    request.answer().begin(batch);
                    request.forget(batch); // an entity that the store does not know may have been erased
                    throw error;
                }
                request.troubled(i, new Trouble(cause, error));
            }
        }
    }

    /** Returns why features are not there; null when the store answered, and refused. */
    private static @Nullable Cause causeOf(RuntimeException error) {
        if (!(error instanceof ServiceException known) || known.failure().code() != Status.Code.UNAVAILABLE) {
            return null;
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            boolean isLate = cause instanceof TimeoutException
                    || (cause instanceof ServiceException said
                            && said.failure().code() == Status.Code.DEADLINE_EXCEEDED);
            if (isLate) {
                return Cause.FEATURES_LATE;
            }
        }
        return Cause.FEATURES_AWAY;
    }

    /** Computes here, or on the lane for large batches. */
    private void start(LadderRequest request) {
        Rung rung = request.highest(Calls.leftNanos(), heavyLane.waitNanos());
        Trouble trouble = new Trouble(Cause.DEADLINE, null);
        if (!request.isHeavy(request.nanos(rung)) || rung.compareTo(Rung.FALLBACK) > 0) {
            finish(request, rung, trouble);
            return;
        }
        RoutedAnswer answer = request.answer();
        Runnable work = () -> Calls.guarded(answer, () -> {
            Calls.requireTimeLeft();
            finish(request, request.highest(Calls.leftNanos(), 0), trouble);
        });
        try {
            heavyLane.run(request.nanos(rung), Context.current().wrap(work));
        } catch (ServiceException full) {
            finish(request, request.below(rung, Calls.leftNanos()), new Trouble(Cause.QUEUE_FULL, full));
        }
    }

    private void finish(LadderRequest request, Rung rung, Trouble trouble) {
        RoutedAnswer answer = request.answer();
        for (int i = 0; i < answer.batches().size(); i++) {
            answer.begin(answer.batches().get(i));
            Trouble own = request.trouble(i);
            if (own == null) {
                score(request, i, rung, trouble);
            } else {
                giveAgain(request, i, own);
            }
        }
        answer.answer(request.answers());
    }

    private void score(LadderRequest request, int index, Rung rung, Trouble trouble) {
        Batch batch = request.answer().batches().get(index);
        ServedVersion fallback = request.fallback();
        boolean isOwn = rung == Rung.FALLBACK && batch.served() == fallback;
        if (rung == Rung.CHOSEN || isOwn) {
            scoreByChosen(request, index);
        } else if (rung == Rung.FALLBACK && fallback != null) {
            scoreByFallback(request, index, fallback, trouble);
        } else if (rung == Rung.LAST_KNOWN) {
            giveAgain(request, index, trouble);
        } else {
            throw refused(request, index, trouble);
        }
    }

    private void scoreByChosen(LadderRequest request, int index) {
        Batch batch = request.answer().batches().get(index);
        try {
            request.answer().score(batch, request.rows(index), request.features(index), request.answers());
        } catch (ServiceException e) {
            throw e; // of the request
        } catch (RuntimeException e) {
            logSeldom(request, batch.served(), e);
            Trouble trouble = new Trouble(Cause.SCORER_FAILED, e);
            ServedVersion fallback = request.fallback();
            if (fallback != null && canReplace(request, index, fallback)) {
                scoreByFallback(request, index, fallback, trouble);
            } else {
                giveAgain(request, index, trouble);
            }
        }
    }

    private static boolean canReplace(LadderRequest request, int index, ServedVersion fallback) {
        return fallback != request.answer().batches().get(index).served()
                && request.isAnsweredBy(fallback, index)
                && request.nanos(Rung.FALLBACK) <= Calls.leftNanos();
    }

    private void scoreByFallback(LadderRequest request, int index, ServedVersion fallback, Trouble trouble) {
        Batch batch = request.answer().batches().get(index);
        try {
            request.answer()
                    .scoreByFallback(
                            batch,
                            fallback,
                            request.rowsFor(fallback, index),
                            request.features(index),
                            trouble.cause(),
                            request.answers());
            count(request, batch, Rung.FALLBACK, trouble);
        } catch (ServiceException e) {
            throw e;
        } catch (RuntimeException e) {
            logSeldom(request, fallback, e);
            giveAgain(request, index, trouble.error() == null ? new Trouble(trouble.cause(), e) : trouble);
        }
    }

    private void giveAgain(LadderRequest request, int index, Trouble trouble) {
        Batch batch = request.answer().batches().get(index);
        if (!request.isOfEntities()) {
            var unused = request.rows(index); // a row that is wrong is an error on every rung
        }
        long now = System.nanoTime();
        int labelCount = request.answer().query().labelCount();
        for (int place = 0; place < batch.rowCount(); place++) {
            int row = batch.requestRow(place);
            KnownScore known = request.known(row, now);
            if (known == null) {
                throw refused(request, index, trouble);
            }
            request.answers()[row] = LadderProtos.again(known, batch, trouble.cause(), labelCount, now);
        }
        request.answer().stepped(batch, Rung.LAST_KNOWN, trouble.cause());
        count(request, batch, Rung.LAST_KNOWN, trouble);
    }

    private RuntimeException refused(LadderRequest request, int index, Trouble trouble) {
        Batch batch = request.answer().batches().get(index);
        count(request, batch, Rung.REFUSAL, trouble);
        RuntimeException error = trouble.error();
        return error == null ? StepDowns.tooShort(request.nanos(Rung.CHOSEN)) : error;
    }

    private void count(LadderRequest request, Batch batch, Rung rung, Trouble trouble) {
        steps.count(request.answer().slot().model(), rung, trouble.cause(), batch.rowCount());
    }

    private void logSeldom(LadderRequest request, ServedVersion served, RuntimeException error) {
        steps.logSeldom(request.answer().slot().model(), served.version(), error);
    }
}
