package io.foresell.model.adopt;

import java.util.Locale;

/** What a value of a foreign graph is made of. */
public enum Element {
    FLOAT(1),
    UINT8(2),
    INT8(3),
    UINT16(4),
    INT16(5),
    INT32(6),
    INT64(7),
    STRING(8),
    BOOL(9),
    FLOAT16(10),
    DOUBLE(11),
    UINT32(12),
    UINT64(13),
    BFLOAT16(16),
    /** Complex numbers, or a type that is newer than Foresell. */
    OTHER(-1),
    /** No tensor: a sequence, a map, an optional value. */
    SEQUENCE(-1);

    private final int number;

    Element(int number) {
        this.number = number;
    }

    /** Returns the element type of this TensorProto.DataType. */
    static Element of(int number) {
        for (Element element : values()) {
            if (element.number == number && number > 0) {
                return element;
            }
        }
        return OTHER;
    }

    /** Returns the TensorProto.DataType; -1 when it has none. */
    int number() {
        return number;
    }

    /** Returns whether a column of numbers can be cast to it. */
    boolean isNumber() {
        return number > 0 && this != STRING;
    }

    /** Returns whether it holds fractions, as an answer does. */
    boolean isReal() {
        return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
