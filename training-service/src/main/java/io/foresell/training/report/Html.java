package io.foresell.training.report;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A piece of well-formed markup (HTML that is XML too) in which every foreign text has been escaped. Immutable.
 *
 * @param text the markup itself
 */
record Html(String text) {
    static final Html NONE = new Html("");

    private static final String PLACE = "{}";

    /**
     * Fills a template of our own: each {@code {}} takes the next value. Markup is taken as it is, a list part by part, any other
     * text escaped, for content and quoted attributes alike.
     */
    static Html html(String template, Object... values) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        for (Object value : values) {
            int place = template.indexOf(PLACE, from);
            if (place < 0) {
                throw new IllegalArgumentException(
                        "template %s: %d values (expected: one per {})".formatted(template, values.length));
            }
            filled.append(template, from, place);
            put(value, filled);
            from = place + PLACE.length();
        }
        if (template.indexOf(PLACE, from) >= 0) {
            throw new IllegalArgumentException(
                    "template %s: %d values (expected: one per {})".formatted(template, values.length));
        }
        return new Html(filled.append(template, from, template.length()).toString());
    }

    static Html join(Html... parts) {
        return join(Arrays.asList(parts));
    }

    static Html join(List<Html> parts) {
        return new Html(parts.stream().map(Html::text).collect(Collectors.joining("\n")));
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    private static void put(Object value, StringBuilder into) {
        if (value instanceof Html markup) {
            into.append(markup.text);
        } else if (value instanceof List<?> parts) {
            parts.forEach(part -> put(part, into));
        } else if (value instanceof Double || value instanceof Float) {
            throw new IllegalArgumentException("number %s: not formatted (expected: a text)".formatted(value));
        } else {
            escape(String.valueOf(value), into);
        }
    }

    private static void escape(String text, StringBuilder into) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> into.append("&amp;");
                case '<' -> into.append("&lt;");
                case '>' -> into.append("&gt;");
                case '"' -> into.append("&quot;");
                case '\'' -> into.append("&#39;");
                default -> into.appendCodePoint(isShowable(c) ? c : '\uFFFD');
            }
        });
    }

    /** No control characters, no halves of characters, nothing that turns the direction of the text around it. */
    private static boolean isShowable(int c) {
        boolean isBlank = c == '\t' || c == '\n';
        boolean isTurning = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        int kind = Character.getType(c);
        boolean isCharacter = kind != Character.CONTROL && kind != Character.SURROGATE && (c & 0xFFFE) != 0xFFFE;
        return isBlank || (isCharacter && !isTurning);
    }
}
