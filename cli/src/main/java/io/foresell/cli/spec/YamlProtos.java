package io.foresell.cli.spec;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.training.v1.TrainingSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads and writes proto messages as YAML. Keys are proto field names in snake_case or camelCase; enum values are written
 * with or without their prefix in any case; durations as {@code 30d}, {@code 26w}, {@code 12h}; a feature reference may be
 * {@code view.feature}. Anchors, tags, duplicate keys, files above {@link #MAX_BYTES} and nesting above
 * {@link #MAX_DEPTH} are refused, so a file from a stranger can do no harm.
 *
 * <p>Every method throws {@link ServiceException} INVALID_ARGUMENT that names all places at fault, each with file, line
 * and path.
 */
public final class YamlProtos {
    /** The largest file accepted. */
    public static final int MAX_BYTES = 1 << 20;

    /** The deepest nesting accepted. */
    public static final int MAX_DEPTH = 32;

    private YamlProtos() {}

    /** Reads the definitions of a file, see {@link #definitions(String, String)}. */
    public static List<Definition> definitions(Path file) {
        return definitions(file.toString(), text(file));
    }

    /**
     * Reads definitions in the order written: any number of documents, each a mapping such as {@code feature_view: {...}}
     * with one or more kinds, or a list of such mappings. At least one.
     *
     * @param source names the text in messages, e.g. the file's name
     */
    public static List<Definition> definitions(String source, String text) {
        NodeReader reader = new NodeReader(source);
        List<Definition> definitions = new ArrayList<>();
        for (Node document : YamlDocuments.parse(source, text)) {
            if (document instanceof SequenceNode list) {
                list.getValue().forEach(element -> addDefinitions(reader, element, definitions));
            } else {
                addDefinitions(reader, document, definitions);
            }
        }
        reader.throwIfInvalid();
        if (definitions.isEmpty()) {
            throw invalid("%s: no definition found (expected: entity, feature_view, label_view or feature_set)"
                    .formatted(source));
        }
        return List.copyOf(definitions);
    }

    private static void addDefinitions(NodeReader reader, Node node, List<Definition> definitions) {
        if (!(node instanceof MappingNode mapping)) {
            reader.refuse(node, "", NodeReader.shown(node) + " (expected: a mapping such as 'feature_view: {...}')");
            return;
        }
        for (NodeReader.Entry entry : reader.entries(mapping, "", Definition.getDescriptor())) {
            Definition.Builder definition = Definition.newBuilder();
            reader.readField(
                    definition, entry.field(), entry.value(), entry.field().getName());
            definitions.add(definition.build());
        }
    }

    /** Reads the training spec of a file, see {@link #trainingSpec(String, String)}. */
    public static TrainingSpec trainingSpec(Path file) {
        return trainingSpec(file.toString(), text(file));
    }

    /** Reads one training spec from a text of exactly one document. */
    public static TrainingSpec trainingSpec(String source, String text) {
        return message(source, text, TrainingSpec.getDefaultInstance());
    }

    /** Reads one message from a file, see {@link #message(String, String, Message)}. */
    public static <M extends Message> M message(Path file, M prototype) {
        return message(file.toString(), text(file), prototype);
    }

    /** Reads one message from a text of exactly one document. */
    public static <M extends Message> M message(String source, String text, M prototype) {
        List<Node> documents = YamlDocuments.parse(source, text);
        if (documents.size() != 1) {
            throw invalid("%s: %d documents (expected: 1)".formatted(source, documents.size()));
        }
        NodeReader reader = new NodeReader(source);
        Message.Builder target = prototype.newBuilderForType();
        reader.readMessage(target, documents.get(0), "");
        reader.throwIfInvalid();
        @SuppressWarnings("unchecked") // a builder builds the type of the prototype it came from
        M message = (M) target.build();
        return message;
    }

    /**
     * Writes a message as YAML that {@link #message} reads back equal. Unset fields are left out.
     *
     * @param comments remarks by path, such as {@code feature_view.columns[3]}; each is put where it belongs
     */
    public static String write(Message message, Map<String, String> comments) {
        return new YamlText(comments).document(message);
    }

    /** Returns how a field is called in YAML. */
    static String yamlName(FieldDescriptor field) {
        return field.getName();
    }

    /** Reads a whole small UTF-8 file. */
    static String text(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.invalid("FILE_UNREADABLE", "file: %s (expected: a readable file)".formatted(file)), e);
        }
        if (bytes.length > MAX_BYTES) {
            throw invalid("%s: more than %d bytes (expected: at most 1 MiB)".formatted(file, MAX_BYTES));
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ServiceException(
                    Failure.invalid("SPEC_INVALID", "%s: not UTF-8 (expected: UTF-8 text)".formatted(file)), e);
        }
    }

    static ServiceException invalid(String message) {
        return new ServiceException(Failure.invalid("SPEC_INVALID", message));
    }
}
