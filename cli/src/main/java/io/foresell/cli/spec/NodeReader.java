package io.foresell.cli.spec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.foresell.kit.Failure;
import io.foresell.kit.Failure.FieldViolation;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.FeatureRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Fills messages from YAML trees and gathers everything that is wrong, so that a person fixes a file in one go. */
final class NodeReader {
    private static final int MAX_VIOLATIONS = 20;

    private final String source;
    private final List<FieldViolation> violations = new ArrayList<>();

    NodeReader(String source) {
        this.source = source;
    }

    /** A key that names a field, and its value. */
    record Entry(FieldDescriptor field, Node value) {}

    void throwIfInvalid() {
        if (!violations.isEmpty()) {
            throw new ServiceException(Failure.invalid("SPEC_INVALID", violations));
        }
    }

    void refuse(Node node, String path, String description) {
        if (violations.size() < MAX_VIOLATIONS) {
            String place = source + ":" + YamlDocuments.line(node.getStartMark());
            violations.add(new FieldViolation(path.isEmpty() ? place : place + " " + path, description));
        }
    }

    /** Returns the entries whose keys name fields; unknown and duplicate keys are refused. */
    List<Entry> entries(MappingNode mapping, String path, Descriptor type) {
        Map<FieldDescriptor, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            FieldDescriptor field = field(tuple.getKeyNode(), path, type);
            if (field == null) {
                continue;
            }
            Entry entry = new Entry(field, tuple.getValueNode());
            if (entries.putIfAbsent(field, entry) != null) {
                refuse(tuple.getKeyNode(), child(path, field.getName()), "duplicate key (expected: once)");
            }
        }
        return List.copyOf(entries.values());
    }

    private @Nullable FieldDescriptor field(Node key, String path, Descriptor type) {
        if (!(key instanceof ScalarNode name)) {
            refuse(key, path, "the key is " + shown(key) + " (expected: a name)");
            return null;
        }
        for (FieldDescriptor field : type.getFields()) {
            if (field.getName().equals(name.getValue()) || field.getJsonName().equals(name.getValue())) {
                return field;
            }
        }
        List<String> known = type.getFields().stream().map(YamlProtos::yamlName).toList();
        refuse(
                key,
                child(path, name.getValue()),
                "unknown key (nearest: %s; expected: %s)"
                        .formatted(Names.nearest(name.getValue(), known), String.join(", ", known)));
        return null;
    }

    void readMessage(Message.Builder target, Node node, String path) {
        if (target instanceof Duration.Builder duration) {
            readScalar(node, path, "a duration such as 30d, 26w or 12h", Scalars::duration, duration::mergeFrom);
        } else if (target instanceof FeatureRef.Builder reference && node instanceof ScalarNode) {
            readScalar(node, path, "view.feature", Scalars::featureRef, reference::mergeFrom);
        } else if (node instanceof MappingNode mapping) {
            readMapping(target, mapping, path);
        } else if (!YamlDocuments.isNull(node)) {
            refuse(node, path, shown(node) + " (expected: a mapping)");
        }
    }

    private void readMapping(Message.Builder target, MappingNode mapping, String path) {
        Map<OneofDescriptor, FieldDescriptor> chosen = new LinkedHashMap<>();
        for (Entry entry : entries(mapping, path, target.getDescriptorForType())) {
            FieldDescriptor field = entry.field();
            OneofDescriptor oneof = field.getRealContainingOneof();
            FieldDescriptor other = oneof == null ? null : chosen.putIfAbsent(oneof, field);
            if (other != null && oneof != null) {
                refuse(
                        entry.value(),
                        child(path, field.getName()),
                        "'%s' is given too (expected: only one of %s)".formatted(other.getName(), members(oneof)));
            } else {
                readField(target, field, entry.value(), child(path, field.getName()));
            }
        }
    }

    private static String members(OneofDescriptor oneof) {
        return oneof.getFields().stream().map(YamlProtos::yamlName).collect(Collectors.joining(", "));
    }

    void readField(Message.Builder target, FieldDescriptor field, Node node, String path) {
        if (field.isMapField()) {
            readMap(target, field, node, path);
        } else if (field.isRepeated()) {
            readList(target, field, node, path);
        } else {
            readValue(target, field, node, path, value -> target.setField(field, value));
        }
    }

    private void readList(Message.Builder target, FieldDescriptor field, Node node, String path) {
        if (!(node instanceof SequenceNode list)) {
            refuse(node, path, shown(node) + " (expected: a list)");
            return;
        }
        int index = 0;
        for (Node element : list.getValue()) {
            String elementPath = "%s[%d]".formatted(path, index++);
            readValue(target, field, element, elementPath, value -> target.addRepeatedField(field, value));
        }
    }

    private void readMap(Message.Builder target, FieldDescriptor field, Node node, String path) {
        if (!(node instanceof MappingNode mapping)) {
            refuse(node, path, shown(node) + " (expected: a mapping)");
            return;
        }
        FieldDescriptor valueField = field.getMessageType().findFieldByName("value");
        FieldDescriptor keyField = field.getMessageType().findFieldByName("key");
        Map<String, Node> seen = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                refuse(tuple.getKeyNode(), path, "the key is " + shown(tuple.getKeyNode()) + " (expected: a text)");
            } else if (seen.put(key.getValue(), key) != null) {
                refuse(key, child(path, key.getValue()), "duplicate key (expected: once)");
            } else {
                Message.Builder entry = target.newBuilderForField(field);
                entry.setField(keyField, key.getValue());
                readValue(entry, valueField, tuple.getValueNode(), child(path, key.getValue()), value -> {
                    entry.setField(valueField, value);
                    target.addRepeatedField(field, entry.build());
                });
            }
        }
    }

    private void readValue(
            Message.Builder target,
            FieldDescriptor field,
            Node node,
            String path,
            java.util.function.Consumer<Object> take) {
        if (field.getJavaType() == JavaType.MESSAGE) {
            Message.Builder inner = target.newBuilderForField(field);
            readMessage(inner, node, path);
            take.accept(inner.build());
        } else {
            String given = node instanceof ScalarNode scalar ? scalar.getValue() : "";
            readScalar(node, path, Scalars.expected(field, given), scalar -> Scalars.parse(field, scalar), take);
        }
    }

    /** Turns one scalar into a value; null means that it does not have the form expected. */
    private interface ScalarReading<T> {
        @Nullable
        T read(ScalarNode scalar);
    }

    private <T> void readScalar(
            Node node, String path, String expected, ScalarReading<T> reading, java.util.function.Consumer<T> take) {
        T value = node instanceof ScalarNode scalar && !YamlDocuments.isNull(node) ? reading.read(scalar) : null;
        if (value == null) {
            refuse(node, path, "%s (expected: %s)".formatted(shown(node), expected));
        } else {
            take.accept(value);
        }
    }

    private static String child(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Returns what a person sees of a node. */
    static String shown(Node node) {
        if (node instanceof ScalarNode scalar) {
            if (YamlDocuments.isNull(node)) {
                return "nothing";
            }
            String text = scalar.getValue();
            String cut = text.length() <= 60 ? text : text.substring(0, 57) + "...";
            return scalar.isPlain() ? cut : "'" + cut + "'";
        }
        return node instanceof SequenceNode ? "a list" : "a mapping";
    }
}
