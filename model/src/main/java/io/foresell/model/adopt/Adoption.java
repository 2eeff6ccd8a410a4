package io.foresell.model.adopt;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a foreign graph is to be asked.
 *
 * @param columns for each input of the graph, the columns it is made of, in order; their widths add up to the input's values a row
 * @param answer which output answers what; its {@link Answer#output} is a name of the foreign graph
 * @param isNegated whether the answer is minus the output: true for distances to clusters, where the smallest wins
 */
public record Adoption(Map<String, List<InputField>> columns, Answer answer, boolean isNegated) {
    public Adoption {
        Map<String, List<InputField>> copy = new LinkedHashMap<>();
        columns.forEach((input, fields) -> copy.put(input, List.copyOf(fields)));
        columns = copy;
    }

    /** Returns columns that are named after their input: "age", or "input_1", "input_2" when it has several. */
    public static List<InputField> columnsOf(ForeignPort input) {
        List<InputField> fields = new ArrayList<>();
        long count = input.columns();
        for (int i = 1; i <= count; i++) {
            String name = count == 1 ? input.name() : input.name() + "_" + i;
            fields.add(input.element() == Element.STRING ? InputField.text(name) : InputField.number(name));
        }
        return fields;
    }
}
