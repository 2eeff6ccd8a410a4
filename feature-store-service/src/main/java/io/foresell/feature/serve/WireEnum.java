package io.foresell.feature.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.List;

/** The numbers of an enum on the wire: the place of each constant in a list. Immutable. */
final class WireEnum<E extends Enum<E>> {
    private final String field;
    private final List<E> byNumber;

    WireEnum(String field, List<E> byNumber) {
        this.field = field;
        this.byNumber = List.copyOf(byNumber);
    }

    int number(E constant) {
        return byNumber.indexOf(constant);
    }

    /**
     * Returns the constant of a number.
     *
     * @throws ServiceException INVALID_ARGUMENT for a number that is none
     */
    E constant(int number) {
        if (number < 0 || number >= byNumber.size()) {
            throw new ServiceException(
                    Failure.invalid("DEFINITION_INVALID", field, number, "0..%d".formatted(byNumber.size() - 1)));
        }
        return byNumber.get(number);
    }
}
