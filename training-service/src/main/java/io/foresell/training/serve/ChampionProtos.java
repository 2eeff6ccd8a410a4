package io.foresell.training.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.PackageException;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Scorer;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.registry.OpenPackage;
import io.foresell.training.run.Champion;
import io.foresell.training.run.ChampionModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Reads the champion of a training out of its package: what it is, and the spec that it was trained by. */
final class ChampionProtos {
    private static final String SPEC = "source/spec.json";
    private static final int MAX_SPEC_BYTES = 4 << 20;

    private ChampionProtos() {}

    /** A spec, or why there is none. */
    private record Known(io.foresell.training.run.@Nullable TrainingSpec spec, String obstacle) {
        static Known not(String obstacle) {
            return new Known(null, obstacle);
        }
    }

    /**
     * Reads a package.
     *
     * @throws ServiceException FAILED_PRECONDITION when it is none that this release can read
     */
    static Champion toChampion(Path packageFile, int version, @Nullable Metric metric, int threadCount) {
        try {
            ModelPackage read = ModelPackage.read(packageFile);
            Known known = known(packageFile);
            return new Champion(
                    version,
                    read.manifest(),
                    read.signature(),
                    known.spec(),
                    known.obstacle(),
                    () -> open(packageFile, threadCount),
                    metric);
        } catch (IOException | PackageException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "CHAMPION_UNREADABLE",
                            "package of the champion, version %d: %s (expected: a model package)"
                                    .formatted(version, e.getMessage())),
                    e);
        }
    }

    private static Known known(Path packageFile) throws IOException {
        try (ZipFile zip = new ZipFile(packageFile.toFile())) {
            ZipEntry entry = zip.getEntry(SPEC);
            if (entry == null) {
                return Known.not("it was not trained here, so its package has no spec");
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return known(new String(in.readNBytes(MAX_SPEC_BYTES), StandardCharsets.UTF_8));
            }
        }
    }

    private static Known known(String json) {
        try {
            TrainingSpec.Builder spec = TrainingSpec.newBuilder();
            JsonFormat.parser().merge(json, spec);
            return new Known(SpecProtos.toSpec(spec.build()), "");
        } catch (InvalidProtocolBufferException e) {
            return Known.not("its spec cannot be read by this release (%s)".formatted(e.getMessage()));
        } catch (ServiceException e) {
            return Known.not("its spec cannot run in this release (%s)"
                    .formatted(e.failure().message()));
        }
    }

    private static ChampionModel open(Path packageFile, int threadCount) {
        try {
            OpenPackage open = OpenPackage.of(ModelPackage.read(packageFile), threadCount);
            return new ChampionModel() {
                @Override
                public ModelPackage modelPackage() {
                    return open.modelPackage();
                }

                @Override
                public Scorer scorer() {
                    return open.scorer();
                }

                @Override
                public void close() {
                    open.close();
                }
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
