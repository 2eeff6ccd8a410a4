package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.load.LoadGenerator;
import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.load.Phase;
import io.foresell.benchmarks.load.ProcessMemory;
import io.foresell.benchmarks.load.ProcessTime;
import io.foresell.benchmarks.load.ProcessorTicks;
import io.foresell.benchmarks.load.ProgressLine;
import io.foresell.benchmarks.load.ReplyListener;
import io.foresell.benchmarks.load.SaturationSearch;
import io.foresell.benchmarks.load.SaturationSearch.Saturation;
import io.foresell.benchmarks.load.Schedule;
import io.foresell.benchmarks.load.Subject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs all subjects in turn, round by round, so that a noisy minute of the machine hits all of them. */
final class Rounds {
    private static final Duration SHORTEST_OPEN_LOOP = Duration.ofMillis(100);
    private static final Duration LONGEST_SEARCH_STEP = Duration.ofMillis(1500);

    /**
     * How much is run.
     *
     * @param maxStolenPercent of a round that is not run again ({@link CalmTurns})
     * @param maxConcurrency up to where the saturation search goes
     * @param maxInFlight of the open loops
     * @param warmUp closed loop before anything is measured: cold code is another program
     * @param pids processes whose memory is looked at
     * @param allPids processes whose processor time is looked at: those of every subject
     */
    record Plan(
            int roundCount,
            double maxStolenPercent,
            Duration warmUp,
            Duration run,
            int maxConcurrency,
            int maxInFlight,
            boolean withOverload,
            List<Long> pids,
            List<Long> allPids) {}

    private static final Duration RECOVERY = Duration.ofSeconds(5); // at most twice a run

    private final List<Contender> contenders;
    private final Plan plan;
    private final ProgressLine progress;

    Rounds(List<Contender> contenders, Plan plan, ProgressLine progress) {
        this.contenders = List.copyOf(contenders);
        this.plan = plan;
        this.progress = progress;
    }

    ServingTable run() throws InterruptedException {
        AtomicInteger stepCount = new AtomicInteger(contenders.size() * (2 + plan.roundCount()));
        progress.expect(stepCount.get());
        Map<String, Saturation> saturations = new LinkedHashMap<>();
        ServingTable table = new ServingTable();
        for (Contender contender : contenders) {
            Subject subject = contender.subject();
            progress.next("saturation of " + subject.name());
            LoadGenerator.requireAnswer(subject);
            warmUp(subject);
            Saturation saturation = SaturationSearch.of(subject, plan.maxConcurrency(), searchStep());
            saturations.put(subject.name(), saturation);
            table.add(contender, saturation.concurrency());
        }
        // Round 0 counts for nothing: it is the first in which both sides do all that a round does.
        var unused = round(0, saturations);
        CalmTurns<Map<Contender, Round>> turns = CalmTurns.run(
                plan.roundCount(),
                plan.maxStolenPercent(),
                number -> round(number, saturations),
                () -> progress.expect(stepCount.addAndGet(contenders.size())));
        turns.kept().forEach(turn -> turn.found().forEach(table::add));
        table.disturbed(turns.leftOut().size(), plan.maxStolenPercent());
        return table;
    }

    private Map<Contender, Round> round(int number, Map<String, Saturation> saturations) throws InterruptedException {
        Map<Contender, Round> rounds = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            String name = contender.subject().name();
            progress.next(CalmTurns.name(number, plan.roundCount()) + ": " + name);
            Saturation saturation = saturations.get(name);
            if (saturation != null) {
                rounds.put(contender, round(contender, saturation.concurrency(), number % 2 == 0));
            }
        }
        return rounds;
    }

    /** Warms up both ways to send: an open loop that is cold is late for its first second. */
    private void warmUp(Subject subject) throws InterruptedException {
        LoadResult closed = LoadGenerator.saturate(subject, plan.maxConcurrency() / 2 + 1, plan.warmUp());
        if (plan.warmUp().compareTo(SHORTEST_OPEN_LOOP) >= 0) {
            double third = Math.max(1, closed.answeredPerSecond() / 3);
            LoadGenerator.atRate(
                    subject,
                    new Schedule(third, plan.maxInFlight(), plan.warmUp().dividedBy(3)),
                    ReplyListener.NONE);
        }
    }

    /** Half and double of what this round's closed loop reached: the machine may be faster or slower than in the round before. */
    private Round round(Contender contender, int concurrency, boolean isBaselineFirst) throws InterruptedException {
        Subject subject = contender.subject();
        ProcessorTicks ticksBefore = ProcessorTicks.now();
        double cpuBefore = ProcessTime.micros(plan.allPids());
        LoadResult saturated = LoadGenerator.saturate(subject, concurrency, plan.run());
        double cpuMicros = (ProcessTime.micros(plan.allPids()) - cpuBefore) / Math.max(1, saturated.answeredCount());
        double rate = Math.max(1, saturated.answeredPerSecond());
        Subject baseline = contender.baseline();
        LoadResult before = isBaselineFirst ? atRate(baseline, rate / 2) : null;
        LoadResult half = LoadGenerator.atRate(subject, schedule(rate / 2), ReplyListener.NONE);
        LoadResult baselineHalf = isBaselineFirst ? before : atRate(baseline, rate / 2);
        Overload overload =
                plan.withOverload() ? overload(subject, rate, half.latencies().p99Nanos()) : null;
        double stolenPercent = ProcessorTicks.now().stolenPercentSince(ticksBefore);
        return new Round(saturated, half, baselineHalf, overload, cpuMicros, stolenPercent);
    }

    /** Half of the rate follows without a pause: what the overload left to do is what callers feel then. */
    private Overload overload(Subject subject, double rate, long normalP99Nanos) throws InterruptedException {
        double residentBefore = ProcessMemory.residentMib(plan.pids());
        Recovery recovery = new Recovery();
        Duration after = plan.run().multipliedBy(2);
        after = after.compareTo(RECOVERY) < 0 ? after : RECOVERY;
        List<LoadResult> runs = LoadGenerator.inPhases(
                subject,
                List.of(
                        new Phase(schedule(2 * rate), ReplyListener.NONE),
                        new Phase(new Schedule(rate / 2, plan.maxInFlight(), after), recovery)));
        return new Overload(
                runs.get(0),
                runs.get(1),
                recovery.seconds(normalP99Nanos),
                residentBefore,
                ProcessMemory.residentMib(plan.pids()));
    }

    private Duration searchStep() {
        Duration half = plan.run().dividedBy(2);
        return half.compareTo(LONGEST_SEARCH_STEP) < 0 ? half : LONGEST_SEARCH_STEP;
    }

    private @Nullable LoadResult atRate(@Nullable Subject subject, double callsPerSecond) throws InterruptedException {
        return subject == null ? null : LoadGenerator.atRate(subject, schedule(callsPerSecond), ReplyListener.NONE);
    }

    private Schedule schedule(double callsPerSecond) {
        return new Schedule(callsPerSecond, plan.maxInFlight(), plan.run());
    }
}
