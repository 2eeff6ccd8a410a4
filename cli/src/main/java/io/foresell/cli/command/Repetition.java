package io.foresell.cli.command;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.DownloadPackageResponse;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.TrainingSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Repeats the training of a version from the spec in its package, and says whether the same came out. */
final class Repetition {
    private static final String SPEC = "source/spec.json";
    private static final int MAX_SPEC_BYTES = 4 << 20;

    private final Session session;
    private final ModelVersion original;

    Repetition(Session session, ModelVersion original) {
        this.session = session;
        this.original = original;
    }

    /** Reads the spec out of the package. */
    TrainingSpec spec() {
        try {
            Path file = Files.createTempFile("foresell", ".zip");
            try {
                download(file);
                return read(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition("PACKAGE_UNREADABLE", "package of %s: %s".formatted(name(), e)), e);
        }
    }

    private String name() {
        return "%s@%d".formatted(original.getModel(), original.getVersion());
    }

    private void download(Path file) throws IOException {
        Iterator<DownloadPackageResponse> chunks = session.services()
                .registryDownloads()
                .downloadPackage(DownloadPackageRequest.newBuilder()
                        .setModel(original.getModel())
                        .setVersion(original.getVersion())
                        .build());
        try (OutputStream out = Files.newOutputStream(file)) {
            while (chunks.hasNext()) {
                chunks.next().getChunk().writeTo(out);
            }
        }
    }

    private TrainingSpec read(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(SPEC);
            if (entry == null) {
                throw new ServiceException(Failure.precondition(
                        "SPEC_MISSING",
                        "%s: has no %s (expected: a version trained here, by a release that keeps its spec)"
                                .formatted(name(), SPEC)));
            }
            try (InputStream in = zip.getInputStream(entry)) {
                TrainingSpec.Builder spec = TrainingSpec.newBuilder();
                JsonFormat.parser().merge(new String(in.readNBytes(MAX_SPEC_BYTES), StandardCharsets.UTF_8), spec);
                return spec.build();
            }
        } catch (InvalidProtocolBufferException e) {
            throw new ServiceException(
                    Failure.precondition("SPEC_UNREADABLE", "%s of %s: %s".formatted(SPEC, name(), e.getMessage())), e);
        }
    }

    /** Compares what the job published for the same candidate; exit code 3 when it is another package. */
    int compare(String jobId) {
        Job job = session.services()
                .training()
                .getJob(GetJobRequest.newBuilder().setJobId(jobId).build())
                .getJob();
        String candidate = original.getParametersMap().getOrDefault("candidate", "");
        int version = job.getResultsList().stream()
                .filter(result -> result.getCandidate().equals(candidate))
                .mapToInt(CandidateResult::getVersion)
                .findFirst()
                .orElse(0);
        if (version == 0) {
            session.terminal()
                    .note("%s: candidate %s was not published again: another one is best now"
                            .formatted(name(), candidate));
            return ExitCode.PARTLY;
        }
        ModelVersion repeated = session.services()
                .registry()
                .getVersion(GetVersionRequest.newBuilder()
                        .setModel(original.getModel())
                        .setVersion(version)
                        .build())
                .getVersion();
        return say(repeated);
    }

    private int say(ModelVersion repeated) {
        if (repeated.getDigest().equals(original.getDigest())) {
            session.terminal().note("the same package came out: %s is repeated bit for bit".formatted(name()));
            return ExitCode.OK;
        }
        session.terminal()
                .note("another package came out: version %d beside %d"
                        .formatted(repeated.getVersion(), original.getVersion()));
        differs("data digest", original.getDataDigest(), repeated.getDataDigest());
        differs("feature set hash", original.getFeatureSetHash(), repeated.getFeatureSetHash());
        Map<String, String> before = original.getParametersMap();
        repeated.getParametersMap()
                .forEach((key, value) -> differs("parameter " + key, before.getOrDefault(key, "(none)"), value));
        if (original.getDataDigest().equals(repeated.getDataDigest())) {
            session.terminal()
                    .note(
                            "  same rows: the release of Foresell, its libraries, or more than one thread made the difference");
        }
        return ExitCode.PARTLY;
    }

    private void differs(String what, String before, String after) {
        if (!before.equals(after)) {
            session.terminal().note("  %s: %s (was: %s)".formatted(what, after, before));
        }
    }
}
