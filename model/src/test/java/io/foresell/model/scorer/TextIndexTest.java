package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextIndexTest {
    private static final long SEED = 5;

    @Test
    void findsWhatAMapFinds() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            List<String> texts = new ArrayList<>();
            Map<String, Integer> expected = new HashMap<>();
            for (int i = random.nextInt(300); i > 0; i--) {
                String text = Integer.toString(random.nextInt(400), 2 + random.nextInt(30));
                expected.putIfAbsent(text, texts.size());
                texts.add(text);
            }
            TextIndex index = new TextIndex(texts);
            assertThat(index.size()).isEqualTo(expected.size());
            for (int i = 0; i < 400; i++) {
                String text = Integer.toString(i, 2 + i % 30);
                assertThat(index.find(text)).as(text).isEqualTo(expected.getOrDefault(text, -1));
            }
        }
    }

    @Test
    void findsTextsOfEqualHashCodes() {
        // "Aa" and "BB" have equal hash codes, and so have all words made of them.
        List<String> texts = List.of("");
        for (int length = 0; length < 12; length++) {
            List<String> longer = new ArrayList<>();
            texts.forEach(text -> longer.addAll(List.of(text + "Aa", text + "BB")));
            texts = longer;
        }
        assertThat(texts.stream().map(String::hashCode).distinct()).hasSize(1);
        for (int count : new int[] {2, 15, 16, 17, 4096}) {
            TextIndex index = new TextIndex(texts.subList(0, count));
            for (int i = 0; i < texts.size(); i++) {
                assertThat(index.find(texts.get(i))).isEqualTo(i < count ? i : -1);
            }
        }
    }

    @Test
    void knowsNothingOfAnEmptyList() {
        assertThat(new TextIndex(List.of()).find("")).isEqualTo(-1);
        assertThat(new TextIndex(List.of("")).find("")).isZero();
    }
}
