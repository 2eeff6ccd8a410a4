package io.foresell.standalone.company;

import java.util.List;
import java.util.Map;

/**
 * What was planted in the files of a made-up company: the answer sheet.
 *
 * @param drivers what makes customers leave
 * @param files what is in each file, by file name
 * @param labelCount rows of churn_labels.csv
 * @param churnedCount rows of it whose customer left
 * @param churnRate {@code churnedCount / labelCount}
 */
public record Planted(
        List<Driver> drivers, Map<String, FileFacts> files, int labelCount, int churnedCount, double churnRate) {
    public Planted {
        drivers = List.copyOf(drivers);
        files = Map.copyOf(files);
    }

    /**
     * A cause of churn.
     *
     * @param name names the cause
     * @param features the features of the set churn_features that show it, strongest first
     * @param raisesChurn whether more of the first feature means more churn; for text features, of {@code text}
     * @param text the category meant, or empty for numbers
     * @param words says for people how it works
     */
    public record Driver(String name, List<String> features, boolean raisesChurn, String text, String words) {
        public Driver {
            features = List.copyOf(features);
        }
    }

    /**
     * What one file holds.
     *
     * @param rowCount rows without the header, spoiled ones included
     * @param defectCounts spoiled rows by kind; each row is spoiled at most once
     * @param duplicateCount rows that repeat the row before them
     * @param quarantinedCount rows that break the demo's definitions
     */
    public record FileFacts(int rowCount, Map<String, Integer> defectCounts, int duplicateCount, int quarantinedCount) {
        public FileFacts {
            defectCounts = Map.copyOf(defectCounts);
        }
    }
}
