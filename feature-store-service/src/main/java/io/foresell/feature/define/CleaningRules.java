package io.foresell.feature.define;

import java.util.List;

/**
 * How values of one column are cleaned before they are checked.
 *
 * @param fillValue the text filled in by {@link MissingRule#CONSTANT}; empty otherwise
 * @param missingTexts texts that mean "missing" besides the empty text
 */
public record CleaningRules(MissingRule missing, String fillValue, OutlierRule outlier, List<String> missingTexts) {
    public static final CleaningRules NONE = new CleaningRules(MissingRule.KEEP, "", OutlierRule.QUARANTINE, List.of());

    public CleaningRules {
        missingTexts = List.copyOf(missingTexts);
    }
}
