package io.foresell.training.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.PlannedRows;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.FitRequest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Texts become numbers as scikit-learn makes them, where it does. */
final class TextsTest {
    private static final TextRule.TermChoice TWICE = new TextRule.TermChoice(1000, 2, true, true, true);

    private static Preprocessing encoded(TrainingSet set, ColumnRule... rules) {
        return Formulas.request(set, Formulas.columns(rules)).encodings().rawFlat();
    }

    private static float[] served(Preprocessing encoded, String... texts) {
        return encoded.encode(new Rows(texts.length, new float[0], texts));
    }

    private static TrainingSet texts(String... texts) {
        return PlannedRows.of(texts.length).text("t", texts).labelled(PlannedRows.numbers(texts.length, i -> i % 2));
    }

    /** Scikit-learn 1.9.1: TfidfVectorizer(sublinear_tf, ngram_range (1, 2), token_pattern "[^ ]+", min_df 2). */
    @Test
    void weightsOfWordsAreThoseOfScikitLearn() {
        TrainingSet set = texts(
                "How do I top up my card?",
                "My card has not arrived",
                "Top up the card card, card!",
                "has the card arrived?");
        Preprocessing encoded = encoded(set, Formulas.text("t", new TextRule.Words(1, 2, TWICE)));
        assertThat(encoded.encodedWidth()).isEqualTo(10);
        float[] expected = {
            0, 0.283832f, 0, 0.428821f, 0.428821f, 0, 0, 0.428821f, 0.428821f, 0.428821f, 0.474681f, 0.314186f,
            0.474681f, 0.474681f, 0.474681f, 0, 0, 0, 0, 0, 0, 0.527677f, 0, 0, 0, 0.379883f, 0.379883f, 0.379883f,
            0.379883f, 0.379883f, 0.474681f, 0.314186f, 0.474681f, 0, 0, 0.474681f, 0.474681f, 0, 0, 0
        };
        Rows rows = TrainingFold.all(set).rows(encoded.signature());
        assertThat(encoded.encode(rows)).containsExactly(expected, within(2e-6f));
    }

    @Test
    void spellingsOfAWordShareItsColumn() {
        TrainingSet set = texts("my \"Card\" is lost", "the CARD? is here", "lost", "nothing");
        Preprocessing encoded = encoded(
                set,
                Formulas.text("t", new TextRule.Words(1, 2, new TextRule.TermChoice(100, 1, false, false, false))));
        int card = encoded.encodedNames().indexOf("t has \"Card\"");
        assertThat(card).isNotNegative();
        float[] counts = served(encoded, "card \"Card\" Card. CARD, CARD? cArd");
        // The last spelling is neither one of the fold nor a usual one.
        assertThat(counts[card]).isEqualTo(5);
        int phrase = encoded.encodedNames().indexOf("t has Is here");
        assertThat(served(encoded, "is here!")[phrase]).isEqualTo(1);
        assertThat(WordTerms.word("\"L'Été?!\"")).isEqualTo("l'été");
        assertThat(WordTerms.word("--")).isEmpty();
    }

    /** Scikit-learn 1.9.1: TfidfVectorizer(analyzer "char", sublinear_tf, ngram_range (1, 2), min_df 2). */
    @Test
    void weightsOfChineseCharactersAreThoseOfScikitLearn() {
        TrainingSet set = texts("银行卡丢了", "我的银行卡", "卡丢了怎么办", "的卡");
        Preprocessing encoded = encoded(set, Formulas.text("t", new TextRule.Characters(1, 2, TWICE)));
        assertThat(encoded.encodedNames()).startsWith("t has 丢", "t has 丢了", "t has 了", "t has 卡");
        float[] expected = {
            0.344253f, 0.344253f, 0.344253f, 0.227857f, 0.344253f, 0, 0.344253f, 0.344253f, 0.344253f, 0.344253f, 0, 0,
            0, 0.283832f, 0, 0.428821f, 0.428821f, 0.428821f, 0.428821f, 0.428821f, 0.474681f, 0.474681f, 0.474681f,
            0.314186f, 0.474681f, 0, 0, 0, 0, 0, 0, 0, 0, 0.551939f, 0, 0.833884f, 0, 0, 0, 0
        };
        assertThat(encoded.encode(TrainingFold.all(set).rows(encoded.signature())))
                .containsExactly(expected, within(2e-6f));
    }

    @Test
    void theMostFrequentTermsStay() {
        TrainingSet set = texts("a b c", "b c", "c", "d");
        TextRule.TermChoice two = new TextRule.TermChoice(2, 1, false, false, false);
        assertThat(encoded(set, Formulas.text("t", new TextRule.Characters(1, 1, two)))
                        .encodedNames())
                .containsExactly("t has  ", "t has c");
        assertThat(encoded(set, Formulas.text("t", new TextRule.Words(1, 1, two)))
                        .encodedNames())
                .hasSize(2);
        ServiceException refused = catchThrowableOfType(
                ServiceException.class,
                () -> encoded(
                        set,
                        Formulas.text("t", new TextRule.Words(1, 1, new TextRule.TermChoice(9, 5, true, true, true)))));
        assertThat(refused.failure().reason()).isEqualTo("NO_TERMS");
    }

    /** Scikit-learn 1.9.1: TargetEncoder(smooth=3), the encodings of the whole set. */
    @Test
    void meansOfServedTextsAreThoseOfScikitLearn() {
        Preprocessing classes = encoded(
                Formulas.classes(), Formulas.text("city", new TextRule.Target(3, 5)), leftOut("x", "y", "plan"));
        assertThat(served(classes, "Bonn", "Lyon", "Rome", "Oslo", ""))
                .containsExactly(new float[] {0.695588f, 0.362255f, 0.350926f, 59 / 120f, 59 / 120f}, within(2e-6f));
        Preprocessing values =
                encoded(Formulas.values(), Formulas.text("city", new TextRule.Target(3, 5)), leftOut("x", "y", "plan"));
        assertThat(served(values, "Bonn", "Lyon", "Rome"))
                .containsExactly(new float[] {4.084387f, 3.989289f, 3.707546f}, within(1e-5f));
        TrainingSet plans = Formulas.columns().labelled(PlannedRows.texts(Formulas.ROWS, Formulas::plan));
        Preprocessing several =
                encoded(plans, Formulas.text("city", new TextRule.Target(3, 5)), leftOut("x", "y", "plan"));
        assertThat(served(several, "Bonn", "Lyon", "Rome"))
                .containsExactly(
                        new float[] {
                            0.352941f, 0.294118f, 0.352941f,
                            0.333333f, 0.352941f, 0.313725f,
                            0.296296f, 0.37037f, 0.333333f
                        },
                        within(2e-6f));
    }

    static ColumnRule leftOut(String... columns) {
        return new ColumnRule(List.of(columns), new LeftOut());
    }

    /** Labels of pure chance and a text of its own for every two rows: means of all rows would give the label away. */
    @Test
    void rowsThatTrainDoNotReadTheirOwnLabel() {
        int rowCount = 600;
        Random random = new Random(2);
        double[] labels = PlannedRows.numbers(rowCount, i -> random.nextInt(2));
        TrainingSet set = PlannedRows.of(rowCount)
                .text("t", PlannedRows.texts(rowCount, i -> "t" + i / 2))
                .labelled(labels);
        Preparation plan = Formulas.columns(Formulas.text("t", new TextRule.Target(1, 5)));
        FitRequest request = Formulas.request(set, plan);
        Preprocessing encoded = request.encodings().rawFlat();
        float[] ofTraining = encoded.encode(request.encodings().rows());
        float[] asServed = encoded.encode(TrainingFold.all(set).rows(encoded.signature()));
        assertThat(correlation(ofTraining, labels)).isBetween(-0.15, 0.15);
        assertThat(correlation(asServed, labels)).isGreaterThan(0.6);
        // Turning a row's own label around changes nothing about what that row reads.
        double[] turned = labels.clone();
        turned[100] = 1 - turned[100];
        TrainingSet other = PlannedRows.of(rowCount)
                .text("t", PlannedRows.texts(rowCount, i -> "t" + i / 2))
                .labelled(turned);
        FitRequest again = Formulas.request(other, plan);
        float[] ofOther = again.encodings().rawFlat().encode(again.encodings().rows());
        assertThat(ofOther[100]).isEqualTo(ofTraining[100]);
        assertThat(ofOther).isNotEqualTo(ofTraining);
    }

    private static double correlation(float[] x, double[] y) {
        double meanX = 0;
        double meanY = 0;
        for (int i = 0; i < x.length; i++) {
            meanX += x[i] / x.length;
            meanY += y[i] / y.length;
        }
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xy / Math.sqrt(xx * yy);
    }

    @Test
    void rareTextsShareAColumn() {
        TrainingSet set = texts("a", "a", "a", "b", "b", "c", "d", "");
        Preprocessing encoded = encoded(set, Formulas.text("t", new TextRule.OneHot(2, 0)));
        assertThat(encoded.encodedNames()).containsExactly("t=a", "t=b", "t bucket 2");
        assertThat(served(encoded, "b", "c", "never seen", "")).containsExactly(0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0);
        Preprocessing one = encoded(set, Formulas.text("t", new TextRule.OneHot(1, 1)));
        assertThat(one.encodedNames()).containsExactly("t=a", "t bucket 1");
    }

    @Test
    void textsHaveAnOrder() {
        TrainingSet set = texts("b", "c", "a", "");
        assertThat(served(encoded(set, Formulas.text("t", new TextRule.Ordinal())), "a", "c", "x", ""))
                .containsExactly(1, 3, 0, 0);
    }
}
