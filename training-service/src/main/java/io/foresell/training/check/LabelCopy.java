package io.foresell.training.check;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import java.util.HashMap;
import java.util.Map;

/** Tells whether a column is the label under another name. */
final class LabelCopy {
    /** Beyond it, a number is the label on another scale. */
    static final double SAME_CORRELATION = 0.99999;

    private LabelCopy() {}

    /** Returns whether each value goes with one class and each class with one value, in every row. */
    static boolean isCopy(InputField field, Rows rows, double[] labels) {
        if (field.width() != 1) {
            return false;
        }
        Map<Object, Double> labelOfValue = new HashMap<>();
        Map<Double, Object> valueOfLabel = new HashMap<>();
        for (int row = 0; row < labels.length; row++) {
            // Minus zero is zero.
            Object value = field.kind() == InputKind.TEXT ? rows.texts()[row] : (Object) (rows.numbers()[row] + 0f);
            Double label = labelOfValue.putIfAbsent(value, labels[row]);
            Object known = valueOfLabel.putIfAbsent(labels[row], value);
            if ((label != null && label != labels[row]) || (known != null && !known.equals(value))) {
                return false;
            }
        }
        return true;
    }

    /** Returns Pearson's correlation over the rows with a value; 0 where any is missing or one side is constant. */
    static double correlation(float[] values, double[] labels) {
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < labels.length; i++) {
            meanX += values[i] / labels.length;
            meanY += labels[i] / labels.length;
        }
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < labels.length; i++) {
            xy += (values[i] - meanX) * (labels[i] - meanY);
            xx += (values[i] - meanX) * (values[i] - meanX);
            yy += (labels[i] - meanY) * (labels[i] - meanY);
        }
        double correlation = xy / Math.sqrt(xx * yy);
        return Double.isNaN(correlation) ? 0 : correlation;
    }
}
