package io.foresell.model.graph;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;

/**
 * One column, 1 where a number is NaN or a text is empty, else 0. Goes beside another encoding of the same input.
 *
 * @param field a number or a text, not a sequence
 */
public record MissingEncoding(InputField field) implements InputEncoding {
    public MissingEncoding {
        if (field.width() != 1) {
            throw new IllegalArgumentException("width of %s: %d (expected: 1 to tell whether it is missing)"
                    .formatted(field.name(), field.width()));
        }
    }

    boolean isText() {
        return field.kind() == InputKind.TEXT;
    }
}
