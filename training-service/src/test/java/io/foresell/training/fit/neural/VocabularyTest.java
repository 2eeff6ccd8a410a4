package io.foresell.training.fit.neural;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.graph.WordSequenceEncoding;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VocabularyTest {
    @Test
    void formsOfOneWordShareItsIndexAndRareWordsAreUnknown() {
        WordSequenceEncoding words = Vocabulary.fit(
                "message", List.of("My CARD, is (late)", "my card? Late", "", "the card 银行 is gone"), 100, 0);

        float[] encoded = words.encode(List.of("card", "Card!", "(late) rare", "MY", "is"));
        int length = words.length();
        assertThat(length).isEqualTo(4);
        // card is in three texts; is, late and my in two each; the others in one.
        assertThat(words.indexCount()).isEqualTo(2 + 4);
        assertThat(encoded[0]).isEqualTo(WordSequenceEncoding.FIRST_WORD);
        assertThat(encoded[length]).isEqualTo(WordSequenceEncoding.FIRST_WORD);
        assertThat(encoded[2 * length]).isEqualTo(WordSequenceEncoding.FIRST_WORD + 2);
        assertThat(encoded[2 * length + 1]).isEqualTo(WordSequenceEncoding.UNKNOWN_WORD);
        assertThat(encoded[3 * length]).isEqualTo(WordSequenceEncoding.FIRST_WORD + 3);
        assertThat(encoded[4 * length]).isEqualTo(WordSequenceEncoding.FIRST_WORD + 1);
    }

    @Test
    void theMostFrequentWordsAreKept() {
        WordSequenceEncoding words = Vocabulary.fit("message", List.of("a b", "a b", "a c", "c b d", "d a"), 2, 3);
        assertThat(words.indexCount()).isEqualTo(4);
        assertThat(words.encode(List.of("a b c"))).containsExactly(2, 3, 1);
    }

    @Test
    void textsWithoutACommonWordAreReadAllTheSame() {
        assertThat(Vocabulary.fit("message", List.of("one", "two"), 100, 0).indexCount())
                .isEqualTo(4);
    }
}
