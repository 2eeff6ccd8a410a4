package io.foresell.training;

import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.job.Trainer;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.CandidateSpec;
import io.foresell.training.run.Progress;
import io.foresell.training.run.ProgressListener;
import io.foresell.training.run.PublishRule;
import io.foresell.training.run.RunSettings;
import io.foresell.training.run.TrainingSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Stands for the fitting: reports progress, waits until told to finish, and gives small real packages. The last candidate is best. */
final class ScriptedTrainer implements Trainer {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch finish;
    final AtomicInteger runs = new AtomicInteger();

    private ScriptedTrainer(boolean waits) {
        this.finish = new CountDownLatch(waits ? 1 : 0);
    }

    static ScriptedTrainer quick() {
        return new ScriptedTrainer(false);
    }

    static ScriptedTrainer waiting() {
        return new ScriptedTrainer(true);
    }

    @Override
    public List<CandidateOutcome> train(
            TrainingSpec spec, RunSettings settings, ProgressListener listener, BooleanSupplier isStopped) {
        runs.incrementAndGet();
        begun.countDown();
        listener.report(new Progress("fit", 0.5, OptionalDouble.of(0.4), 3, 10, OptionalDouble.of(7)));
        await(isStopped);
        List<CandidateOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < spec.candidates().size(); i++) {
            outcomes.add(outcome(spec, i));
            listener.judged(outcomes.get(i));
        }
        return outcomes;
    }

    private void await(BooleanSupplier isStopped) {
        try {
            while (!finish.await(20, TimeUnit.MILLISECONDS)) {
                if (isStopped.getAsBoolean()) {
                    throw new CancellationException("stopped");
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CandidateOutcome outcome(TrainingSpec spec, int index) {
        CandidateSpec candidate = spec.candidates().get(index);
        boolean isBest = index == spec.candidates().size() - 1;
        boolean isPublished = spec.publish() == PublishRule.ALL || (spec.publish() == PublishRule.BEST && isBest);
        Evaluation evaluation = new Evaluation(
                Map.of("roc_auc", 0.8 + index / 100.0),
                Map.of("roc_auc", 0.5),
                Map.of(),
                spec.split().describe(),
                100,
                100,
                0.3,
                List.of(),
                List.of(),
                List.of(),
                List.of());
        Optional<byte[]> packageBytes =
                isPublished ? Optional.of(TestPackages.sound(spec.model(), index + 1)) : Optional.empty();
        return new CandidateOutcome(
                candidate.name(), candidate.algorithm().key(), evaluation, packageBytes, 0.1, isBest);
    }
}
