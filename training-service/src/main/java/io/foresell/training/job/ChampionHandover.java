package io.foresell.training.job;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.gate.ChampionGate;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.ModelVersion;
import io.foresell.training.registry.PackageDownload;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the package of the champion that a gate names into the folder of a job, so that its training can judge it on the same rows. */
final class ChampionHandover {
    private static final Logger log = LoggerFactory.getLogger(ChampionHandover.class);

    private final ModelRegistry registry;

    ChampionHandover(ModelRegistry registry) {
        this.registry = registry;
    }

    /**
     * Returns the version that is champion now, its package in the job's folder; empty when there is none.
     *
     * @throws ServiceException DATA_LOSS when the stored package is damaged, FAILED_PRECONDITION when the folder cannot be written
     */
    Optional<JobRun.Champion> handOver(RunningJob running, ChampionGate gate) {
        Path file = running.folder().champion();
        return StorePatience.of(running, () -> registry.champion(running.job().model(), gate.which()))
                .map(champion -> StorePatience.of(running, () -> fetched(champion, file)));
    }

    private JobRun.Champion fetched(ModelVersion champion, Path file) {
        try (PackageDownload download = registry.download(champion.model(), champion.version());
                OutputStream out = Files.newOutputStream(file)) {
            for (byte[] chunk = download.next(); chunk != null; chunk = download.next()) {
                out.write(chunk);
            }
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "JOB_FOLDER_UNWRITABLE",
                            "jobs.folder: %s (expected: a writable folder with space)".formatted(e.getMessage())),
                    e);
        }
        log.info("champion handed over model={} version={}", champion.model(), champion.version());
        return new JobRun.Champion(file, champion.version());
    }
}
