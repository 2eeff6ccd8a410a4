package io.foresell.benchmarks.model;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.SequenceEncoding;
import io.foresell.model.graph.TextEncoding;
import java.util.ArrayList;
import java.util.List;

/** The models of the speed targets. */
public enum ModelFamily {
    /** 40 numbers, 64 and 32 ReLU units, sigmoid. */
    MLP("MLP 40-64-32-1", numbers(40), 0) {
        @Override
        TestedModel draw() {
            return Networks.perceptron();
        }
    },
    /** 8 sequences of 30 steps, convolutions of 16 and 32 filters over 3 steps, maximum over the steps, dense head. */
    CONVOLUTION("Conv1D 30x8, 16/32 filters", sequences(), 0) {
        @Override
        TestedModel draw() {
            return Networks.convolution();
        }
    },
    /** 8 sequences of 30 steps, 32 LSTM units, dense head on the last state. */
    LSTM("LSTM 30x8, 32 units", sequences(), 0) {
        @Override
        TestedModel draw() {
            return Networks.lstm();
        }
    },
    /** 100 trees of depth 10 over 40 numbers, grown by XGBoost. */
    FOREST("forest 100 x depth 10", numbers(40), 0.05) {
        @Override
        TestedModel draw() {
            return GrownTrees.forest(100, 10);
        }
    },
    /** 200 trees of depth 6 over 40 numbers, grown by XGBoost. */
    BOOSTED("boosted 200 x depth 6", numbers(40), 0.05) {
        @Override
        TestedModel draw() {
            return GrownTrees.boosted(200, 6);
        }
    },
    /** 20 numbers, imputed and standardised, and 10 texts of 8 categories, one-hot. */
    LOGISTIC("logistic 30 columns with encoding", columns(), 0.05) {
        @Override
        TestedModel draw() {
            return LogisticModel.draw();
        }
    };

    private static final int CHANNELS = 8;
    private static final int STEPS = 30;
    private static final int CATEGORIES = 8;

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // Immutable, says its documentation.
    private final Preprocessing preprocessing;

    private final double missingShare;

    ModelFamily(String title, List<InputEncoding> encodings, double missingShare) {
        this.title = title;
        this.preprocessing = new Preprocessing(encodings);
        this.missingShare = missingShare;
    }

    private static List<InputEncoding> numbers(int count) {
        List<InputEncoding> encodings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            encodings.add(NumberEncoding.raw("number" + i));
        }
        return encodings;
    }

    private static List<InputEncoding> sequences() {
        List<InputEncoding> encodings = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            encodings.add(new SequenceEncoding("weekly" + i, STEPS, 0, 0, 1));
        }
        return encodings;
    }

    private static List<InputEncoding> columns() {
        List<InputEncoding> encodings = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            encodings.add(NumberEncoding.standardized("number" + i, 0.1 * i, 1 + 0.1 * i));
        }
        for (int i = 0; i < 10; i++) {
            encodings.add(new TextEncoding("text" + i, List.of(RandomRows.categories(CATEGORIES))));
        }
        return encodings;
    }

    /** Returns a new model from a fixed seed, with everything that any engine needs. */
    abstract TestedModel draw();

    /** Returns how tables call it. */
    String title() {
        return title;
    }

    Preprocessing preprocessing() {
        return preprocessing;
    }

    Signature signature() {
        return preprocessing.signature();
    }

    /** Returns rows of this family, missing values included where it has some. */
    Rows rows(int rowCount, long seed) {
        return RandomRows.draw(signature(), rowCount, missingShare, seed);
    }
}
