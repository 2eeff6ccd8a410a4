package io.foresell.training.job;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.gate.ChampionGate;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.Champion;
import io.foresell.training.run.Progress;
import io.foresell.training.run.ProgressListener;
import io.foresell.training.run.RunSettings;
import io.foresell.training.run.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Trains in this process: quick to start, but whatever brings the process down brings the service down. */
public final class InsideRunner implements JobRunner {
    private final JobEncoding encoding;
    private final Trainer trainer;

    public InsideRunner(JobEncoding encoding, Trainer trainer) {
        this.encoding = encoding;
        this.trainer = trainer;
    }

    @Override
    public TrainedJob run(JobRun run) {
        TrainingSpec spec = encoding.readSpec(run.spec());
        JobOptions options = encoding.readOptions(run.spec());
        RunSettings settings = new RunSettings(
                run.needs().threads(),
                encoding.specText(run.spec()),
                run.folder().checkpoints(),
                options.drift(),
                champion(run, options));
        RemarkListener listener = new RemarkListener(run);
        List<CandidateOutcome> outcomes = trainer.train(spec, settings, listener, run::isStopped);
        List<TrainedCandidate> candidates = new ArrayList<>();
        for (CandidateOutcome outcome : outcomes) {
            candidates.add(new TrainedCandidate(
                    outcome.name(),
                    outcome.isBest(),
                    encoding.writeResult(outcome),
                    outcome.packageBytes().map(bytes -> write(run, candidates.size(), bytes))));
        }
        return new TrainedJob(candidates, listener.remark);
    }

    /** Returns what the spec's gate compares with; null without such a gate, or without a champion. */
    private @Nullable Champion champion(JobRun run, JobOptions options) {
        Optional<ChampionGate> gate = options.gates().champion();
        if (gate.isEmpty() || run.champion().isEmpty()) {
            return null;
        }
        JobRun.Champion champion = run.champion().get();
        return encoding.readChampion(
                champion.packageFile(),
                champion.version(),
                gate.get().metric(),
                run.needs().threads());
    }

    private static Path write(JobRun run, int index, byte[] packageBytes) {
        try {
            Path folder = Files.createDirectories(run.folder().output());
            return Files.write(folder.resolve("candidate-%d.zip".formatted(index + 1)), packageBytes);
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "OUTPUT_UNWRITABLE",
                            "job folder: %s (expected: a writable folder with space)".formatted(e.getMessage())),
                    e);
        }
    }

    private final class RemarkListener implements ProgressListener {
        private final JobRun run;
        private String remark = ""; // written by the thread of the run

        RemarkListener(JobRun run) {
            this.run = run;
        }

        @Override
        public void report(Progress progress) {
            run.report(progress);
        }

        @Override
        public void judged(CandidateOutcome outcome) {
            run.judged(encoding.writeResult(outcome));
        }

        @Override
        public void decided(String sentence) {
            remark = remark.isEmpty() ? sentence : remark + "\n" + sentence;
        }
    }
}
