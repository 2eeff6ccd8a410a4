package io.foresell.cli.command;

import com.google.protobuf.ByteString;
import io.foresell.cli.call.Upload;
import io.foresell.cli.source.CsvFile;
import io.foresell.cli.spec.YamlProtos;
import io.foresell.cli.terminal.ProgressBar;
import io.foresell.cli.terminal.Terminal;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.registry.v1.ImportModelHeader;
import io.foresell.proto.registry.v1.ImportModelRequest;
import io.foresell.proto.registry.v1.ImportModelResponse;
import io.foresell.proto.registry.v1.InspectModelRequest;
import io.foresell.proto.registry.v1.InspectModelResponse;
import io.foresell.proto.registry.v1.ModelSignature;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers a model trained elsewhere, or drafts what has to be said about it. */
@Command(
        name = "import",
        sortOptions = false,
        description = {
            "Publish a model trained elsewhere: an ONNX file of scikit-learn, LightGBM, XGBoost, PyTorch...",
            "Without --signature it prints one drafted from the file, for you to edit: name the columns,",
            "check task and output, save it and import again."
        })
final class ImportCommand implements Callable<Integer> {
    private static final int CHUNK_BYTES = 512 << 10;
    private static final int MAX_CHUNKS = 140; // 70 MiB: a little more than a server takes, so that it can say so

    private final Session session;

    @Parameters(paramLabel = "FILE.onnx", description = "The model.")
    private @Nullable Path file;

    @Option(names = "--model", paramLabel = "NAME", order = 1, description = "The model's name.")
    private String model = "";

    @Option(
            names = "--signature",
            paramLabel = "FILE.yaml",
            order = 2,
            description = "What the file means: task, output, columns.")
    private @Nullable Path signatureFile;

    @Option(
            names = "--sample",
            paramLabel = "ROWS.csv",
            order = 3,
            description = "Rows under the columns' names: they check every later load and back the reasons.")
    private @Nullable Path sampleFile;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            order = 4,
            description = "binary, multiclass, regression, clusters or ranking, instead of the signature's.")
    private String task = "";

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            order = 5,
            description = "Field separator of the rows (default: recognised).")
    private String delimiter = "";

    @Option(names = "--print-signature", order = 6, description = "Draft a signature and print it; import nothing.")
    private boolean isDraftAsked;

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (file == null) {
            throw new IllegalStateException("picocli requires the file");
        }
        if (signatureFile == null || isDraftAsked) {
            draft(file);
            return ExitCode.OK;
        }
        if (model.isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "USAGE", "import: arguments do not fit (expected: --model NAME beside --signature)"));
        }
        ModelSignature signature = withFeatureSet(read(signatureFile));
        ImportModelResponse response = send(file, signature);
        session.answer(response, () -> print(response));
        return ExitCode.OK;
    }

    private void draft(Path source) {
        InspectModelResponse response = upload(
                source,
                session.services().registryUploads()::inspectModel,
                List.of(),
                chunk -> InspectModelRequest.newBuilder().setChunk(chunk).build(),
                List.of());
        InspectModelResponse shown = task.isEmpty()
                ? response
                : response.toBuilder()
                        .setSignature(response.getSignature().toBuilder().setTask(task))
                        .build();
        session.answer(shown, () -> session.terminal().out().print(yaml(source, shown)));
    }

    private static String yaml(Path source, InspectModelResponse response) {
        Map<String, String> comments = new HashMap<>();
        comments.put("task", "guessed: binary, multiclass, regression, clusters or ranking");
        comments.put("inputs", "name the columns as in your data; a description is the wording of reasons");
        List<String> outputs = response.getOutputsList().stream()
                .map(output -> "%s: %s".formatted(output.getName(), output.getType()))
                .toList();
        comments.put("output", "the file has " + String.join("; ", outputs.subList(0, Math.min(8, outputs.size()))));
        StringBuilder text = new StringBuilder("# Drafted from %s".formatted(source.getFileName()));
        text.append(response.getProducer().isEmpty() ? "" : ", written by " + oneLine(response.getProducer()))
                .append(".\n# Edit and save it, then: foresell models import %s --model NAME --signature THIS_FILE"
                        .formatted(source.getFileName()))
                .append(" --sample ROWS.csv\n# Served by entity id when the columns are a feature set:")
                .append(" add 'entity: NAME' and 'feature_set: NAME'.\n");
        response.getWarningsList()
                .forEach(warning -> text.append("# ! ").append(oneLine(warning)).append('\n'));
        return text + YamlProtos.write(response.getSignature(), comments);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private ModelSignature read(Path source) {
        ModelSignature signature = YamlProtos.message(source, ModelSignature.getDefaultInstance());
        return task.isEmpty() ? signature : signature.toBuilder().setTask(task).build();
    }

    /** Looks up hash and entity of the feature set, unless the file pins the hash. */
    private ModelSignature withFeatureSet(ModelSignature signature) {
        String name = signature.getFeatureSet();
        if (name.isEmpty() || !signature.getFeatureSetHash().isEmpty()) {
            return signature;
        }
        List<StoredDefinition> sets = session
                .services()
                .featureStore()
                .listDefinitions(ListDefinitionsRequest.getDefaultInstance())
                .getDefinitionsList()
                .stream()
                .filter(stored -> stored.getDefinition().hasFeatureSet())
                .toList();
        List<String> names = sets.stream()
                .map(stored -> stored.getDefinition().getFeatureSet().getName())
                .toList();
        if (!names.contains(name)) {
            throw new ServiceException(Failure.notFound(
                    "feature_set",
                    name,
                    names.isEmpty() ? "a feature set; none is defined" : Names.nearest(name, names)));
        }
        StoredDefinition found = sets.get(names.indexOf(name));
        return signature.toBuilder()
                .setFeatureSetHash(found.getHash())
                .setEntity(found.getDefinition().getFeatureSet().getEntity())
                .build();
    }

    private ImportModelResponse send(Path source, ModelSignature signature) {
        ImportModelHeader header = ImportModelHeader.newBuilder()
                .setModel(model)
                .setSignature(signature)
                .setFileName(plainName(source))
                .build();
        List<ImportModelRequest> sample = Optional.ofNullable(sampleFile)
                .map(csv -> SampleMessages.of(CsvFile.open(csv, Delimiter.parse(delimiter)), signature))
                .orElse(List.of());
        return upload(
                source,
                session.services().registryUploads()::importModel,
                List.of(ImportModelRequest.newBuilder().setHeader(header).build()),
                chunk -> ImportModelRequest.newBuilder().setChunk(chunk).build(),
                sample);
    }

    private static String plainName(Path source) {
        String name = String.valueOf(source.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
        String safe = name.startsWith(".") ? "_" + name : name;
        return safe.length() > 100 ? safe.substring(safe.length() - 100).replaceFirst("^\\.", "_") : safe;
    }

    /** Sends what comes first, the file in chunks, and what comes last. */
    private <Q, A> A upload(
            Path source,
            Function<StreamObserver<A>, StreamObserver<Q>> call,
            List<Q> first,
            Function<ByteString, Q> wrap,
            List<Q> last) {
        List<Q> messages = new ArrayList<>(first);
        try (InputStream in = Files.newInputStream(source);
                ProgressBar bar = session.progress()) {
            for (byte[] chunk = in.readNBytes(CHUNK_BYTES); chunk.length > 0; chunk = in.readNBytes(CHUNK_BYTES)) {
                messages.add(wrap.apply(ByteString.copyFrom(chunk)));
                if (messages.size() > MAX_CHUNKS) {
                    break;
                }
            }
            messages.addAll(last);
            int[] sentCount = {0};
            return Upload.send(call, messages.iterator(), message -> {
                sentCount[0]++;
                bar.update("send", (double) sentCount[0] / messages.size(), "");
            });
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.invalid("FILE_UNUSABLE", "%s: %s (expected: a usable file)".formatted(source, e)), e);
        }
    }

    private void print(ImportModelResponse response) {
        Terminal terminal = session.terminal();
        ModelsCommand.printHead(terminal, response.getVersion());
        terminal.line(
                response.getFallbackReason().isEmpty()
                        ? "engine: " + response.getEngine()
                        : "engine: %s, because %s".formatted(response.getEngine(), response.getFallbackReason()));
        response.getWarningsList().forEach(warning -> terminal.line(terminal.yellow("! " + warning)));
        terminal.note("next: foresell release %s@%d"
                .formatted(
                        response.getVersion().getModel(), response.getVersion().getVersion()));
    }
}
