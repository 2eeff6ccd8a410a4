package io.foresell.training.serve.process;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.pack.ModelPackage;
import io.foresell.proto.training.v1.TrainResults;
import io.foresell.proto.training.v1.TrainedCandidate;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.serve.TrainingProtos;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** What a training leaves behind. Every file is written beside its place, forced to disk and moved; results.json comes last. */
final class OutputFolder {
    private static final String RESULTS = "results.json";

    private final Path folder;

    OutputFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes packages and results.
     *
     * @return the number of packages
     * @throws ServiceException FAILED_PRECONDITION when they cannot be written, as on a full disk; results.json is then not there
     */
    int write(List<CandidateOutcome> outcomes, String remark) {
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(folder.resolve(RESULTS));
            TrainResults.Builder results = TrainResults.newBuilder().setRemark(remark);
            int packages = 0;
            for (CandidateOutcome outcome : outcomes) {
                TrainedCandidate.Builder candidate =
                        results.addCandidatesBuilder().setResult(TrainingProtos.ofOutcome(outcome));
                if (outcome.packageBytes().isPresent()) {
                    byte[] bytes = outcome.packageBytes().get();
                    String name = "candidate-%d.zip".formatted(results.getCandidatesCount());
                    write(name, bytes);
                    candidate.setPackageFile(name).setPackageDigest(ModelPackage.digestOf(bytes));
                    packages++;
                }
            }
            write(RESULTS, TrainingProtos.json(results.build()).getBytes(StandardCharsets.UTF_8));
            return packages;
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "OUTPUT_UNWRITABLE",
                            "output folder %s: %s (expected: a writable folder with space)".formatted(folder, e)),
                    e);
        }
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path partial = folder.resolve(name + ".partial");
        Files.write(partial, bytes);
        try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(partial, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Says whether a training has come to its end here. */
    boolean isComplete() {
        return Files.isRegularFile(folder.resolve(RESULTS));
    }

    /** Reads the results. */
    TrainResults read() throws IOException {
        TrainResults.Builder results = TrainResults.newBuilder();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(Files.readString(folder.resolve(RESULTS)), results);
        } catch (InvalidProtocolBufferException e) {
            throw new IOException("results.json: " + e.getMessage(), e);
        }
        return results.build();
    }

    /** Returns a file of the folder itself; a path that leads elsewhere is refused. */
    Path file(String name) throws IOException {
        Path file = folder.resolve(name).normalize();
        if (!folder.normalize().equals(file.getParent()) || !Files.isRegularFile(file)) {
            throw new IOException("package_file: '%s' (expected: a file in %s)".formatted(name, folder));
        }
        return file;
    }
}
