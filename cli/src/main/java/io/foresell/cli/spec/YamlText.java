package io.foresell.cli.spec;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import io.foresell.proto.feature.v1.FeatureRef;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes messages the way a person would: block style for what is long, one line for what fits, comments beside. */
final class YamlText {
    private static final int MAX_LINE = 120;
    private static final int MAX_COMMENT_COLUMN = 60;
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_. /()+%-]*");
    private static final Set<String> WORDS =
            Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n", "t", "f", "nan", "inf");

    private final Map<String, String> comments;
    private final StringBuilder text = new StringBuilder();

    YamlText(Map<String, String> comments) {
        this.comments = comments;
    }

    String document(Message message) {
        block(message, "", "", "");
        return text.toString();
    }

    /** Writes the fields of a message; the first line starts with {@code lead} instead of the indent. */
    private void block(Message message, String indent, String lead, String path) {
        String start = lead.isEmpty() ? indent : lead;
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            field(
                    field,
                    entry.getValue(),
                    indent,
                    start,
                    path.isEmpty() ? field.getName() : path + "." + field.getName());
            start = indent;
        }
    }

    private void field(FieldDescriptor field, Object value, String indent, String start, String path) {
        String key = YamlProtos.yamlName(field) + ":";
        if (field.isMapField() || isScalar(field, value)) {
            line(start + key + " " + flow(field, value), indent, path);
        } else if (field.isRepeated()) {
            list(field, (List<?>) value, indent, start + key, path);
        } else {
            line(start + key, indent, path);
            block((Message) value, indent + "  ", "", path);
        }
    }

    private void list(FieldDescriptor field, List<?> values, String indent, String key, String path) {
        String inLine = key + " " + flow(field, values);
        boolean isOfTexts = field.getJavaType() != FieldDescriptor.JavaType.MESSAGE;
        if (isOfTexts && inLine.length() <= MAX_LINE) {
            line(inLine, indent, path);
            return;
        }
        line(key, indent, path);
        int width = commentColumn(field, values, indent);
        for (int i = 0; i < values.size(); i++) {
            String elementPath = "%s[%d]".formatted(path, i);
            String element = indent + "  - " + flowValue(field, values.get(i));
            if (element.length() <= MAX_LINE || !(values.get(i) instanceof Message)) {
                line(padded(element, width, elementPath), indent + "  ", elementPath);
            } else {
                remark(elementPath, indent + "  ");
                block((Message) values.get(i), indent + "    ", indent + "  - ", elementPath);
            }
        }
    }

    /** Returns where the comments of a list begin, so that they stand below each other. */
    private static int commentColumn(FieldDescriptor field, List<?> values, String indent) {
        return values.stream()
                .mapToInt(value -> (indent + "  - " + flowValue(field, value)).length())
                .filter(length -> length <= MAX_COMMENT_COLUMN)
                .max()
                .orElse(0);
    }

    private String padded(String element, int width, String path) {
        String comment = comments.get(path);
        boolean isBeside = comment != null && Math.max(width, element.length()) + comment.length() + 4 <= MAX_LINE;
        return isBeside ? element + " ".repeat(Math.max(0, width - element.length())) : element;
    }

    private void line(String line, String indent, String path) {
        String comment = comments.get(path);
        if (comment == null) {
            text.append(line).append('\n');
        } else if (line.length() + comment.length() + 4 <= MAX_LINE && !comment.contains("\n")) {
            text.append(line).append("  # ").append(comment).append('\n');
        } else {
            remark(path, indent);
            text.append(line).append('\n');
        }
    }

    /** Writes the comment of a path on lines of its own. */
    private void remark(String path, String indent) {
        String comment = comments.getOrDefault(path, "");
        comment.lines()
                .forEach(part -> text.append(indent).append("# ").append(part).append('\n'));
    }

    private static boolean isScalar(FieldDescriptor field, Object value) {
        return !field.isRepeated() && (!(value instanceof Message message) || isShort(message));
    }

    /** Says whether a message is written as one scalar. */
    private static boolean isShort(Message message) {
        return message instanceof Duration
                || (message instanceof FeatureRef reference
                        && !reference.getView().isEmpty());
    }

    private static String flow(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            return ((List<?>) value)
                    .stream()
                            .map(entry -> mapEntry(field, (MapEntry<?, ?>) entry))
                            .collect(Collectors.joining(", ", "{", "}"));
        }
        if (field.isRepeated()) {
            return ((List<?>) value)
                    .stream().map(element -> flowValue(field, element)).collect(Collectors.joining(", ", "[", "]"));
        }
        return flowValue(field, value);
    }

    private static String mapEntry(FieldDescriptor field, MapEntry<?, ?> entry) {
        FieldDescriptor valueField = field.getMessageType().findFieldByName("value");
        return quoted(String.valueOf(entry.getKey())) + ": " + flowValue(valueField, entry.getValue());
    }

    private static String flowValue(FieldDescriptor field, Object value) {
        if (value instanceof Duration duration) {
            return Scalars.yamlDuration(duration);
        }
        if (value instanceof FeatureRef reference && !reference.getView().isEmpty()) {
            return quoted(reference.getView() + "." + reference.getFeature());
        }
        if (value instanceof Message message) {
            return message.getAllFields().entrySet().stream()
                    .map(entry -> YamlProtos.yamlName(entry.getKey()) + ": " + flow(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof EnumValueDescriptor name) {
            return Scalars.yamlName(name);
        }
        if (value instanceof Double number) {
            return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
        }
        return field.getJavaType() == FieldDescriptor.JavaType.STRING ? quoted(value.toString()) : value.toString();
    }

    /** Writes a text plainly when no YAML reader could take it for something else. */
    static String quoted(String text) {
        boolean isPlain =
                PLAIN.matcher(text).matches() && !text.endsWith(" ") && !WORDS.contains(text.toLowerCase(Locale.ROOT));
        if (isPlain) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
