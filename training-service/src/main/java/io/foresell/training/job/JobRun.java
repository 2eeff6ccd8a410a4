package io.foresell.training.job;

import com.google.protobuf.ByteString;
import io.foresell.training.run.Progress;
import java.nio.file.Path;
import java.util.Optional;

/** One attempt at a job, as its runner sees it. Thread-safe. */
public interface JobRun {
    /** Returns the job's id. */
    String id();

    /** Returns what was asked, in the form of {@link JobEncoding}. */
    ByteString spec();

    /** Returns what the job may take. */
    JobNeeds needs();

    /** Returns a folder of the job's own, the same at every attempt in this place, kept until the job ends. */
    JobFolder folder();

    /** Returns the version that candidates are compared with; empty when none is asked for, or there is none. */
    Optional<Champion> champion();

    /** Hears how far the run is. */
    void report(Progress progress);

    /** Hears that a candidate was judged. */
    void judged(ByteString result);

    /** Says whether the run must stop, which it does within a second. */
    boolean isStopped();

    /** A version whose package lies in the job's folder. */
    record Champion(Path packageFile, int version) {}

    /** Names the files of a job. */
    record JobFolder(Path path) {
        /** Returns the spec as the run reads it. */
        public Path spec() {
            return path.resolve("spec.json");
        }

        /** Returns the package of the version that candidates are compared with; not there without one. */
        public Path champion() {
            return path.resolve("champion.zip");
        }

        /** Returns where packages and results go. */
        public Path output() {
            return path.resolve("output");
        }

        /** Returns where long fits keep how far they are. */
        public Path checkpoints() {
            return path.resolve("checkpoints");
        }

        /** Returns where temporary files go. */
        public Path temporary() {
            return path.resolve("tmp");
        }

        /** Returns what the run printed. */
        public Path log() {
            return path.resolve("log.txt");
        }
    }
}
