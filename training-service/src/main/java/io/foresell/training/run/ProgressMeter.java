package io.foresell.training.run;

import java.util.OptionalDouble;

/** Turns stages and iterations into one fraction of the whole run. Used by the thread of the run only. */
final class ProgressMeter {
    private static final double READ_SHARE = 0.05;
    private static final double PACK_SHARE = 0.02;
    private static final long REPORT_NANOS = 100_000_000;

    private final ProgressListener listener;
    private final long startNanos = System.nanoTime();
    private double allWork;
    /** Of a run whose length is a time, not an amount of work; 0 otherwise. */
    private final double budgetNanos;

    private long budgetStartNanos = startNanos;
    private double doneWork;
    /** Of the fits of one candidate on one fold, those that have ended. */
    private double partWork;

    private double fitWork;
    /** How many models more tell when to refuse, for each that is judged or published. */
    private final int fitsToRefuse;

    private String stage = "";
    private double fraction;
    private long lastReportNanos = Long.MIN_VALUE;

    ProgressMeter(TrainingSpec spec, ProgressListener listener) {
        this.listener = listener;
        this.budgetNanos = spec.choose() == null ? 0 : spec.choose().seconds() * 1e9;
        RefusalPlan refusal = spec.refusal();
        this.fitsToRefuse = refusal == null || refusal.below().isPresent() ? 0 : refusal.foldCount();
        int fits = spec.split().fitCount();
        double work = 0;
        double greatest = 0;
        for (CandidateSpec candidate : spec.candidates()) {
            double whole = whole(candidate);
            work += fits * (whole + (candidate.search() == null ? 0 : whole(candidate.withoutSearch())));
            greatest = Math.max(greatest, whole);
            work += spec.split().isRefitted() && spec.publish() == PublishRule.ALL ? whole : 0;
        }
        this.allWork = work + (spec.split().isRefitted() && spec.publish() == PublishRule.BEST ? greatest : 0);
    }

    private double whole(CandidateSpec candidate) {
        return candidate.work() * (1 + fitsToRefuse);
    }

    /** Hears that more will be fitted than the spec's candidates. */
    void expect(double work) {
        allWork += work;
    }

    /** Enters a stage. */
    void stage(String name) {
        stage = name;
        report(OptionalDouble.empty(), 0, 0);
    }

    /** Enters the stage of one fit, whose iterations count until {@link #fitted}. */
    void fitStage(String name, CandidateSpec candidate) {
        fitWork = candidate.work();
        partWork = 0;
        stage(name);
    }

    /** Ends the run. */
    void done() {
        fraction = 1;
        stage("done");
    }

    /** Hears how many rows were read. */
    void read(long rowCount, long totalRowCount) {
        advance(totalRowCount <= 0 ? 0 : READ_SHARE * Math.min(1, rowCount / (double) totalRowCount));
        throttled(OptionalDouble.empty(), 0, 0);
    }

    /** Hears of an iteration of the current fit. */
    void progressed(int iteration, int iterationCount, double loss) {
        advance(fitFraction(doneWork + partWork + fitWork * iteration / iterationCount));
        throttled(Double.isNaN(loss) ? OptionalDouble.empty() : OptionalDouble.of(loss), iteration, iterationCount);
    }

    /** Hears that a configuration has been tried; its trials take all but the last part of the fit. */
    void tried(int trial, int trialCount, double best) {
        double share = trial / (trialCount + 1.0);
        advance(fitFraction(doneWork + fitWork * share));
        report(Double.isNaN(best) ? OptionalDouble.empty() : OptionalDouble.of(best), trial, trialCount);
    }

    /** Hears that one of the models of {@link #fitStage} has been fitted; others of the same candidate and rows follow. */
    void partFitted() {
        partWork += fitWork;
        advance(fitFraction(doneWork + partWork));
    }

    /** Hears that all models of {@link #fitStage} have been fitted and judged. */
    void fitted(CandidateSpec candidate) {
        doneWork += whole(candidate);
        partWork = 0;
        advance(fitFraction(doneWork));
    }

    /** Hears that rows have been read and the time of a budget begins. */
    void startBudget() {
        budgetStartNanos = System.nanoTime();
        advance(READ_SHARE);
    }

    private double fitFraction(double work) {
        double share = budgetNanos > 0 ? (System.nanoTime() - budgetStartNanos) / budgetNanos : work / allWork;
        return READ_SHARE + (1 - READ_SHARE - PACK_SHARE) * Math.min(1, share);
    }

    private void throttled(OptionalDouble loss, int iteration, int iterationCount) {
        boolean isLast = iteration == iterationCount;
        if (isLast || System.nanoTime() - lastReportNanos > REPORT_NANOS || lastReportNanos == Long.MIN_VALUE) {
            report(loss, iteration, iterationCount);
        }
    }

    private void advance(double reached) {
        fraction = Math.max(fraction, Math.min(1, reached));
    }

    private void report(OptionalDouble loss, int iteration, int iterationCount) {
        lastReportNanos = System.nanoTime();
        double seconds = (lastReportNanos - startNanos) / 1e9;
        OptionalDouble secondsLeft = fraction > 2 * READ_SHARE
                ? OptionalDouble.of(seconds / fraction * (1 - fraction))
                : OptionalDouble.empty();
        listener.report(new Progress(stage, fraction, loss, iteration, iterationCount, secondsLeft));
    }
}
