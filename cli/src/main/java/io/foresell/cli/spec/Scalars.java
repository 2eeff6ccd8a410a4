package io.foresell.cli.spec;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import io.foresell.kit.Names;
import io.foresell.proto.feature.v1.FeatureRef;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** How single values are written: numbers, texts, enum values, durations. Readers return null for another form. */
final class Scalars {
    private static final Pattern DURATION = Pattern.compile("(?:\\d{1,9}(?:\\.\\d{1,9})?(?:ms|w|d|h|m|s))+");
    private static final Pattern DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|w|d|h|m|s)");
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?");
    private static final long MAX_SECONDS = 315_576_000_000L; // the bound of google.protobuf.Duration

    private Scalars() {}

    /** Says in words what a field takes. */
    static String expected(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> "a whole number";
            case LONG -> "a whole number";
            case FLOAT, DOUBLE -> "a number";
            case BOOLEAN -> "true or false";
            case STRING -> "a text";
            case ENUM -> "one of " + String.join(", ", enumNames(field.getEnumType()));
            case BYTE_STRING, MESSAGE -> "a field that YAML can hold";
        };
    }

    static @Nullable Object parse(FieldDescriptor field, ScalarNode scalar) {
        String text = scalar.getValue();
        return switch (field.getJavaType()) {
            case STRING -> text;
            case ENUM -> enumValue(field.getEnumType(), text);
            case BOOLEAN -> !scalar.isPlain() ? null : bool(text);
            case INT, LONG, FLOAT, DOUBLE -> !scalar.isPlain() ? null : number(field, text);
            case BYTE_STRING, MESSAGE -> null;
        };
    }

    private static @Nullable Boolean bool(String text) {
        return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
    }

    private static @Nullable Object number(FieldDescriptor field, String text) {
        if (text.length() > 40 || !NUMBER.matcher(text).matches()) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return switch (field.getJavaType()) {
                case INT -> (Object) number.intValueExact();
                case LONG -> number.longValueExact();
                case FLOAT -> number.floatValue();
                default -> number.doubleValue();
            };
        } catch (ArithmeticException e) {
            return null; // a fraction, or out of range
        }
    }

    private static @Nullable EnumValueDescriptor enumValue(EnumDescriptor type, String text) {
        String wanted = text.toUpperCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
        for (EnumValueDescriptor value : type.getValues()) {
            if (value.getName().equals(wanted) || shortName(value).equals(wanted)) {
                return value;
            }
        }
        return null;
    }

    /** Says in words what a field takes, with the name nearest to what was given where it takes names. */
    static String expected(FieldDescriptor field, String given) {
        return field.getJavaType() == FieldDescriptor.JavaType.ENUM
                ? "%s; nearest: %s"
                        .formatted(
                                expected(field),
                                Names.nearest(given.toLowerCase(Locale.ROOT), enumNames(field.getEnumType())))
                : expected(field);
    }

    private static List<String> enumNames(EnumDescriptor type) {
        return type.getValues().stream()
                .filter(value -> value.getNumber() != 0)
                .map(Scalars::yamlName)
                .toList();
    }

    /** Returns how an enum value is written: lower case, without the prefix of its type. */
    static String yamlName(EnumValueDescriptor value) {
        return shortName(value).toLowerCase(Locale.ROOT);
    }

    private static String shortName(EnumValueDescriptor value) {
        String zero = value.getType().getValues().get(0).getName();
        String prefix = zero.substring(0, zero.length() - "UNSPECIFIED".length());
        return value.getName().startsWith(prefix) ? value.getName().substring(prefix.length()) : value.getName();
    }

    /** Reads {@code 30d}, {@code 1d12h}, {@code 90s}, {@code 1.5h} or ISO-8601 such as {@code PT1H}. */
    static @Nullable Duration duration(ScalarNode scalar) {
        String text = scalar.getValue().replace(" ", "");
        if (text.startsWith("P") && text.length() < 40) {
            return isoDuration(text);
        }
        if (text.length() > 60 || !DURATION.matcher(text).matches()) {
            return null;
        }
        BigDecimal millis = BigDecimal.ZERO;
        Matcher parts = DURATION_PART.matcher(text);
        while (parts.find()) {
            millis =
                    millis.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unitMillis(parts.group(2)))));
        }
        return ofNanos(millis.multiply(BigDecimal.valueOf(1_000_000)));
    }

    private static @Nullable Duration isoDuration(String text) {
        try {
            java.time.Duration parsed = java.time.Duration.parse(text);
            BigDecimal seconds = BigDecimal.valueOf(parsed.getSeconds());
            return ofNanos(seconds.movePointRight(9).add(BigDecimal.valueOf(parsed.getNano())));
        } catch (java.time.format.DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable Duration ofNanos(BigDecimal nanos) {
        BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000));
        if (parts[0].abs().compareTo(BigDecimal.valueOf(MAX_SECONDS)) > 0) {
            return null;
        }
        return Duration.newBuilder()
                .setSeconds(parts[0].longValue())
                .setNanos(parts[1].intValue())
                .build();
    }

    private static long unitMillis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 7 * 86_400_000L;
        };
    }

    /** Writes a duration in the largest unit that divides it. */
    static String yamlDuration(Duration duration) {
        if (duration.getNanos() != 0) {
            return BigDecimal.valueOf(duration.getNanos(), 9)
                            .add(BigDecimal.valueOf(duration.getSeconds()))
                            .stripTrailingZeros()
                            .toPlainString()
                    + "s";
        }
        long seconds = duration.getSeconds();
        if (seconds != 0 && seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds != 0 && seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds + "s";
    }

    /** Reads {@code view.feature}; a view's name has no dot, a feature's name may. */
    static @Nullable FeatureRef featureRef(ScalarNode scalar) {
        int dot = scalar.getValue().indexOf('.');
        if (dot < 1 || dot == scalar.getValue().length() - 1) {
            return null;
        }
        return FeatureRef.newBuilder()
                .setView(scalar.getValue().substring(0, dot))
                .setFeature(scalar.getValue().substring(dot + 1))
                .build();
    }
}
